package normalize

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/internal/prose"
)

const (
	// maxDescription is the longest message that is used, in characters.
	maxDescription = 200
	// maxRawMessage is the longest message that is folded, in bytes.
	maxRawMessage = 2 * maxDescription * utf8.UTFMax
	// maxField is the longest field name that is shown, in bytes.
	maxField = 64
	// minEcho is the shortest value of the request whose repetition counts as
	// an echo, in bytes.
	minEcho = 4
	// maxEchoQuery is how much of a query is looked at, in bytes.
	maxEchoQuery = 16 << 10
)

// phrase makes a description of the upstream's message about field, which may
// be empty, if a client may see it. Otherwise the description is empty, and why
// says why ("no message", "too long", "unprintable", "status phrase",
// "boilerplate", "echo", "leak: sql" …); the catalogue then words the answer.
//
// A description is one line of printable text: the message, white space folded,
// with "field: " before it unless it begins with the field already.
func phrase(message, field string, req *Request) (description, why string) {
	message, why = foldSpace(message)
	if why != "" {
		return "", why
	}
	if !harmlessField(field) {
		field = ""
	}
	whole := message
	if field != "" && !startsWithField(message, field) {
		whole = field + ": " + message
	}
	prefix := len(whole) - len(message)
	empty, leak := prose.Judge(whole, prefix, field != "")
	if empty != "" {
		return "", empty
	}
	if echoes(message, req) {
		return "", "echo"
	}
	if leak != "" && prefix > 0 && Leak(field) != "" {
		whole, leak = message, Leak(message) // do without the field
	}
	if leak != "" {
		return "", "leak: " + leak
	}
	return whole, ""
}

// foldSpace makes message one line: white space becomes single spaces, characters
// that are only marks of encoding go. why says if it cannot be shown.
func foldSpace(message string) (line, why string) {
	if isLine(message) {
		return message, ""
	}
	if len(message) > maxRawMessage {
		return "", "too long"
	}
	var b strings.Builder
	b.Grow(len(message))
	runes := 0
	space := false
	for _, r := range message {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case r == '\uFEFF', r == '\u200B', r == '\u00AD':
			continue
		case r == utf8.RuneError, !unicode.IsPrint(r) && r != '\u200C' && r != '\u200D':
			return "", "unprintable"
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
			runes++
		}
		space = false
		b.WriteRune(r)
		if runes++; runes > maxDescription {
			return "", "too long"
		}
	}
	if b.Len() == 0 {
		return "", "no message"
	}
	return b.String(), ""
}

// isLine reports whether message is one line already, as most are: printable
// ASCII with single spaces between words.
func isLine(message string) bool {
	if message == "" || len(message) > maxDescription {
		return false
	}
	before := byte(' ')
	for i := 0; i < len(message); i++ {
		c := message[i]
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return before != ' '
}

// harmlessField reports whether field is a name or a path of names, in any
// script.
func harmlessField(field string) bool {
	if field == "" || len(field) > maxField {
		return false
	}
	for _, r := range field {
		if r < utf8.RuneSelf {
			if !isNameByte(byte(r)) && strings.IndexByte(".[]-", byte(r)) < 0 {
				return false
			}
		} else if r == utf8.RuneError || !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}

// startsWithField reports whether message begins with field, quoted or not and
// in any case.
func startsWithField(message, field string) bool {
	message = strings.TrimLeft(message, "\"'`[(‘“「")
	if len(message) < len(field) || !strings.EqualFold(message[:len(field)], field) {
		return false
	}
	return len(message) == len(field) || !isNameByte(message[len(field)])
}

// echoes reports whether message repeats what the client sent: the path, a value
// of the query, the user agent, a referrer, credentials. Body values are not
// known here.
func echoes(message string, req *Request) bool {
	if req == nil {
		return false
	}
	text := newEchoText(message)
	repeats := func(value string) bool { return len(value) >= minEcho && text.holds(value) }
	if text.holdsPath(req.Path) {
		return true
	}
	query := req.RawQuery[:min(len(req.RawQuery), maxEchoQuery)]
	if repeats(query) {
		return true
	}
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		_, value, ok := strings.Cut(pair, "=")
		if !ok {
			value = pair
		}
		if repeats(value) {
			return true
		}
		if strings.ContainsAny(value, "%+") {
			if plain, err := url.QueryUnescape(value); err == nil && repeats(strings.TrimSpace(plain)) {
				return true
			}
		}
	}
	for _, line := range req.Authorization {
		if _, credentials, _ := strings.Cut(line, " "); repeats(strings.TrimSpace(credentials)) {
			return true
		}
	}
	for _, name := range [...]string{"Referer", "User-Agent", "X-Forwarded-For"} {
		for _, value := range req.Header[name] {
			if repeats(value) {
				return true
			}
		}
	}
	for _, line := range req.Header["Cookie"] {
		for pair := range strings.SplitSeq(line, ";") {
			if _, value, _ := strings.Cut(pair, "="); len(value) >= 8 && repeats(value) {
				return true
			}
		}
	}
	return false
}

// echoText is a message in which echoes are looked for.
type echoText struct {
	message string
	// simple says that it is what it seems, and without a slash: then no path,
	// address or user agent is in it.
	simple bool
	// lower and plain are the message in lower case, as it stands and unfolded,
	// once they are needed.
	lower, plain string
}

func newEchoText(message string) echoText {
	return echoText{message: message, simple: strings.IndexByte(message, '/') < 0 && prose.Unfold(message) == message}
}

// holdsPath reports whether the text holds path as a word of its own.
func (t *echoText) holdsPath(path string) bool {
	if trimmed := strings.Trim(path, "/"); strings.Contains(trimmed, "/") {
		path = trimmed // "No static resource api/x."
	} else if len(path) < 2 {
		return false
	}
	return t.holds(path)
}

// holds reports whether the text holds value, in any case, as a word of its own.
func (t *echoText) holds(value string) bool {
	if t.simple && strings.IndexByte(value, '/') >= 0 {
		return false
	}
	if t.lower == "" {
		t.lower = strings.ToLower(t.message)
		t.plain = t.lower
		if !t.simple {
			t.plain = strings.ToLower(prose.Unfold(t.lower))
		}
	}
	value = strings.ToLower(value)
	return containsValue(t.lower, value) || t.plain != t.lower && containsValue(t.plain, value)
}

// containsValue reports whether text holds value, and not as a part of a
// longer word.
func containsValue(text, value string) bool {
	for offset := 0; ; {
		i := strings.Index(text[offset:], value)
		if i < 0 {
			return false
		}
		start := offset + i
		end := start + len(value)
		if (start == 0 || !isNameByte(text[start-1]) || !isNameByte(value[0])) &&
			(end == len(text) || !isNameByte(text[end]) || !isNameByte(value[len(value)-1])) {
			return true
		}
		offset = start + 1
	}
}

// isNameByte reports whether c may be part of a word.
func isNameByte(c byte) bool { return isUpper(c) || isLower(c) || isDigit(c) || c == '_' }
