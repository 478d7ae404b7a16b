package recognize

import (
	"net/http"
	"strings"
)

// finding is what a survey of an object found.
type finding struct {
	message string
	code    string
	weak    bool // message says no more than the status does
}

// textualCodeNames is the rank in codeNames (… errorName) up to which a textual
// code is preferred to a number.
const textualCodeNames = 9

// maxSurvey is the deepest object that is surveyed.
const maxSurvey = 5

// survey looks for words and a code in n by the usual names: first in its own
// members, then in the objects that usually hold them. It is how a dialect that
// nobody listed is read.
func (d *jsonDoc) survey(n *node, depth int) finding {
	switch {
	case n.is(jsonArray):
		return d.surveyArray(n, depth)
	case n.is(jsonString) && depth == 0: // a text that is one string
		return finding{message: d.str(n), weak: d.weak(d.str(n))}
	}
	if !n.is(jsonObject) || depth > maxSurvey {
		return finding{}
	}
	var (
		found               = finding{weak: true}
		message, weak, code = uint8(255), uint8(255), uint8(255) // ranks
		inside              [4]*node
	)
	for m := d.at(n.child); m != nil; m = d.at(m.next) {
		r := &d.t.roles[m.name]
		switch m.kind {
		case jsonString:
			if r.message == 0 && r.code == 0 {
				continue
			}
			s := d.str(m)
			if isBlank(s) {
				continue
			}
			token := isToken(s)
			if r.code != 0 && r.code < code && token && (r.message == 0 || r.either) {
				if c := d.codeOf(m); c != "" && !isOutcome(c) {
					found.code, code = c, r.code
				}
			}
			if r.message == 0 || r.message >= message {
				continue
			}
			switch {
			case d.weak(s):
				if message == 255 && r.message < weak {
					found.message, weak = s, r.message
				}
			case !token || !r.either && !isConstant(s):
				found.message, found.weak, message = s, false, r.message
			case r.code == 0 && code == 255 && isConstant(s):
				found.code, code = s, 254
			}
		case jsonNumber:
			if rank := r.code + textualCodeNames; r.code != 0 && rank < code {
				if c := d.codeOf(m); c != "" {
					found.code, code = c, rank
				}
			}
		case jsonArray, jsonObject:
			if r.inside != 0 {
				d.insert(&inside, m)
			}
		}
	}
	for _, m := range inside {
		if m == nil || !found.weak && found.code != "" {
			break
		}
		sub := d.survey(m, depth+1)
		switch {
		case found.weak && !sub.weak:
			if sub.code != "" {
				found.code = sub.code
			}
			found.message, found.weak = sub.message, false
		case found.message == "" && sub.message != "":
			found.message = sub.message
			if sub.code != "" {
				found.code = sub.code
			}
		}
		if found.code == "" {
			found.code = sub.code
		}
	}
	if found.message == "" && depth < 2 {
		d.surveyStrangers(n, depth, &found)
	}
	return found
}

// surveyStrangers looks into the objects of n whose names mean nothing, such as
// the one that holds a whole answer.
func (d *jsonDoc) surveyStrangers(n *node, depth int, found *finding) {
	for m, i := d.at(n.child), 0; m != nil && i < 4; m = d.at(m.next) {
		if !m.is(jsonObject) || d.t.roles[m.name].inside != 0 {
			continue
		}
		i++
		if sub := d.survey(m, depth+1); sub.message != "" {
			if found.code == "" || sub.code != "" {
				found.code = sub.code
			}
			found.message, found.weak = sub.message, sub.weak
			return
		}
	}
}

// surveyArray surveys the first element of n that says something.
func (d *jsonDoc) surveyArray(n *node, depth int) finding {
	found := finding{weak: true}
	for m, i := d.at(n.child), 0; m != nil && i < 4; m, i = d.at(m.next), i+1 {
		sub := finding{weak: true}
		if m.kind == jsonString {
			if s := d.str(m); !isBlank(s) && !isConstant(s) {
				sub.message, sub.weak = s, d.weak(s)
			} else if isToken(s) {
				sub.code = s
			}
		} else {
			sub = d.survey(m, depth+1)
		}
		if !sub.weak || found.message == "" && found.code == "" {
			found = sub
		}
		if !found.weak {
			break
		}
	}
	return found
}

// insert puts m into the ranked list of objects to look into.
func (d *jsonDoc) insert(list *[4]*node, m *node) {
	rank := d.t.roles[m.name].inside
	for i, other := range list {
		if other == nil || rank < d.t.roles[other.name].inside {
			copy(list[i+1:], list[i:])
			list[i] = m
			return
		}
	}
}

// weak reports whether words say no more than the status does.
func (d *jsonDoc) weak(s string) bool {
	if len(s) > 48 { // longer than any of them
		return false
	}
	for s != "" && (s[len(s)-1] <= ' ' || s[len(s)-1] == '.' || s[len(s)-1] == '!' || s[len(s)-1] == ':') {
		s = s[:len(s)-1]
	}
	s = strings.TrimLeft(s, " ")
	if len(s) > 5 && strings.EqualFold(s[:5], "HTTP ") {
		s = s[5:]
	}
	if len(s) > 4 && leadingNumber(s) != 0 {
		s = strings.TrimLeft(s[4:], " -")
	}
	if strings.EqualFold(s, http.StatusText(d.status)) {
		return true
	}
	var buf [48]byte
	switch string(lower(buf[:], s)) {
	case "", "error", "errors", "failed", "failure", "fail", "ng", "exception", "unknown", "n/a", "none", "null", "undefined",
		"bad request", "unauthorized", "forbidden", "access denied", "not found", "conflict", "gone", "method not allowed",
		"unprocessable entity", "unprocessable content", "too many requests", "internal server error", "server error",
		"service unavailable", "bad gateway", "validation failed", "validation error", "validation errors",
		"validation exception", "validation failure", "invalid request", "invalid input", "invalid data", "request failed",
		"operation failed", "an error occurred", "an error has occurred", "error occurred", "unknown error",
		"unexpected error", "general error", "constraint violation", "constraint violations", "request validation failed",
		"one or more validation errors occurred", "the given data was invalid", "the request is invalid",
		"request validation error", "input validation failed", "no message available", "no message", "http error",
		"something went wrong", "bad request exception", "invalid parameters", "invalid request data",
		"invalid request parameters", "validation_error", "validationerror", "bad_request", "one or more errors occurred",
		"a validation exception occurred", "your request is not valid", "for more on this error consult the server log":
		return true
	}
	return false
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
