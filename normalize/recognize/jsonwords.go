package recognize

import (
	"net/http"
	"strconv"
	"strings"
)

// weakPhrases are what services say when they have nothing to say, in lower
// case and without the full stop.
var weakPhrases = phraseSet(`
	error; errors; failed; failure; fail; ng; exception; unknown; n/a; none; null; undefined; http error
	bad request; unauthorized; forbidden; access denied; not found; conflict; gone; method not allowed
	unprocessable entity; unprocessable content; too many requests; internal server error; server error
	service unavailable; bad gateway; bad_request; bad request exception
	validation failed; validation error; validation errors; validation exception; validation failure; validation_error
	validationerror; a validation exception occurred; input validation failed; request validation failed
	request validation error; one or more validation errors occurred; one or more errors occurred
	constraint violation; constraint violations; the given data was invalid
	invalid request; invalid input; invalid data; invalid parameters; invalid request data; invalid request parameters
	the request is invalid; your request is not valid; request failed; operation failed
	an error occurred; an error has occurred; error occurred; unknown error; unexpected error; general error
	authentication failed; authentication required; authorization required; not authorized; unauthenticated; authorization failed
	permission denied; operation not permitted; service error; system error; internal error; resource not found; object not found
	invalid parameter; invalid argument; invalid value; invalid arguments; missing parameter; failed validation; data validation failed
	不正なリクエストです; 不正なリクエスト; リクエストが不正です; 無効なリクエストです; エラーが発生しました; エラー; 認証エラー
	잘못된 요청; 잘못된 요청입니다; 오류가 발생했습니다; 오류; 인증 실패; ungültige anfrage; die anforderung ist ungültig
	there was a problem with your request; there was a problem processing your request; there was an error processing your request
	business error; business fault; business exception; application error; application fault; service fault; soap fault; processing error
	no message available; no message; something went wrong; for more on this error consult the server log
`)

// maxWeak is at least the length of the longest of them, with what is trimmed.
const maxWeak = 64

func phraseSet(list string) map[string]bool {
	set := map[string]bool{"": true}
	for line := range strings.Lines(list) {
		for phrase := range strings.SplitSeq(line, ";") {
			set[strings.TrimSpace(phrase)] = true
		}
	}
	return set
}

// weak reports whether words say no more than the status does.
func (d *jsonDoc) weak(s string) bool { return weak(s, d.status) }

func weak(s string, status int) bool {
	if len(s) > maxWeak {
		return false
	}
	s = strings.TrimSuffix(s, "。")
	for s != "" && (s[len(s)-1] <= ' ' || s[len(s)-1] == '.' || s[len(s)-1] == '!' || s[len(s)-1] == ':') {
		s = s[:len(s)-1]
	}
	s = strings.TrimLeft(s, " ")
	if len(s) > 5 && strings.EqualFold(s[:5], "HTTP ") {
		s = s[5:]
	}
	if leadingNumber(s) != 0 {
		s = strings.TrimLeft(s[3:], " -")
	}
	var buf [maxWeak]byte
	return weakPhrases[string(lower(buf[:], s))] || strings.EqualFold(s, http.StatusText(status))
}

// isOutcome reports whether a token says only that something failed.
func isOutcome(s string) bool {
	var buf [16]byte
	switch string(lower(buf[:], s)) {
	case "error", "errors", "fail", "failed", "failure", "ng", "nok", "ko", "exception", "false", "true", "ok", "success",
		"unknown", "null", "none", "undefined", "about:blank", "object", "string", "fault":
		return true
	}
	return false
}

// What names that nobody knows end in: errorEnds, if what they hold is about
// errors (tppMessages, businessErrors, context_info), messageEnds, if they hold
// words (_errorMsg, DefaultMessage).
var (
	errorEnds   = [...]string{"error", "errors", "messages", "msgs", "info", "faults", "failures", "problems", "issues", "exceptions"}
	messageEnds = [...]string{"message", "msg", "description", "reason", "errortext"}
)

// saysInside reports whether a name says that what it holds is for developers.
func saysInside(name string) bool {
	var buf [maxName]byte
	name = string(lower(buf[:], name))
	for _, part := range [...]string{"exception", "debug", "develop", "internal", "technical", "inner", "system", "log", "trace", "stack", "raw"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// endsIn reports whether a name is longer than one of ends and ends in it.
func endsIn(name string, ends []string) bool {
	for _, end := range ends {
		if len(name) > len(end) && len(name) <= maxName && strings.EqualFold(name[len(name)-len(end):], end) {
			return true
		}
	}
	return false
}

// isBlank reports whether s is empty but for white space.
func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

// isToken reports whether s could be a code: a word of ASCII letters, digits
// and punctuation, without spaces, and no address.
func isToken(s string) bool {
	if len(s) == 0 || len(s) > maxCode || strings.Contains(s, "://") {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isLetter(c) && !isDigit(c) && c != '.' && c != '-' && c != ':' && c != '/' && c != '#' {
			return false
		}
	}
	return s[len(s)-1] != '.' && s[len(s)-1] != ':'
}

// isConstant reports whether s is written for programs: MISSING_FIELD,
// missing_field, error.missing.field, path/not_found/.., GetUserByName.
func isConstant(s string) bool {
	s = strings.TrimRight(s, "/.")
	return isToken(s) && !strings.HasPrefix(s, "/") && (strings.ContainsAny(s, "_.:#") || humps(s) > 1)
}

// humps counts the capitals that follow a small letter.
func humps(s string) int {
	n := 0
	for i := 1; i < len(s); i++ {
		if isUpper(s[i]) && isLetter(s[i-1]) && !isUpper(s[i-1]) {
			n++
		}
	}
	return n
}

// isUpperSnake reports whether s is like INVALID_ARGUMENT.
func isUpperSnake(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isUpper(c) && c != '_' && !isDigit(c) {
			return false
		}
	}
	return s != "" && isUpper(s[0])
}

// hasDigit reports whether s has a digit.
func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// leadingNumber returns the three-digit number that s is or starts with, as in
// "404 Not Found"; else 0.
func leadingNumber(s string) int {
	if len(s) < 3 || len(s) > 3 && s[3] != ' ' {
		return 0
	}
	n, err := strconv.Atoi(s[:3])
	if err != nil {
		return 0
	}
	return n
}
