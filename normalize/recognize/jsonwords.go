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
func (d *jsonDoc) weak(s string) bool {
	if len(s) > maxWeak {
		return false
	}
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
	return weakPhrases[string(lower(buf[:], s))] || strings.EqualFold(s, http.StatusText(d.status))
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
// missing_field, error.missing.field.
func isConstant(s string) bool {
	return isToken(s) && strings.ContainsAny(s, "_.:#") && !strings.HasPrefix(s, "/")
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
