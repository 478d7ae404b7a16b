// Package prose judges what a service wrote for people to read: whether it
// shows what runs inside ([Leak]), and whether it says anything at all
// ([Judge]).
//
// A text is cut into words and chunks; tables of wordings are looked up word by
// word, and small scanners read the chunks. Nothing here searches a text for
// one pattern after the other, so that the cost is that of reading it.
package prose

import "strings"

// Bounds on what the guard reads. A message fit for a client is shorter than
// maxLeakText by far, and none needs more layers of escapes undone.
const (
	maxLeakText   = 4096
	maxLeakLayers = 4
)

// Leak returns the kind of the first thing in text that a client must not see,
// such as "stack frame", "exception", "sql", "path", "host", "address", "dsn",
// "token", "email", "card number", "banner" or "markup"; it returns "" if it
// finds none. It is meant for a message of at most a few hundred characters,
// never for a body: a text over 4 KiB counts as a leak ("length").
//
// The text is read as it stands and again with JSON escapes, percent-encoding
// and HTML entities undone, compatibility forms (full-width ASCII) folded and
// invisible characters removed, since the client may do the same.
//
// The guard prefers a false alarm to a miss: an alarm costs only the message.
func Leak(text string) string {
	if len(text) > maxLeakText {
		return "length"
	}
	if kind := leak(text); kind != "" {
		return kind
	}
	return leakWithin(text)
}

// leakWithin reads what text, which itself is harmless, hides under escapes.
func leakWithin(text string) string {
	for layer := 1; ; layer++ {
		plain := Unfold(text)
		switch {
		case plain == text:
			return ""
		case layer == maxLeakLayers:
			return "escapes"
		case len(plain) > maxLeakText:
			return "length"
		}
		if kind := leak(plain); kind != "" {
			return kind
		}
		text = plain
	}
}

// leak reads text as it stands.
func leak(text string) string {
	var (
		words  [64]word
		chunks [32]chunk
	)
	s := cutText(text, words[:], chunks[:])
	return s.leak()
}

// leak reads the text as it stands.
func (s *sentence) leak() string {
	text := s.text
	if s.seen&seenMarkup != 0 && markup(text) {
		return "markup"
	}
	if s.seen&seenBrace != 0 {
		if dump(text) {
			return "echo"
		}
		if strings.Contains(text, "${") {
			return "environment"
		}
	}
	for i := range s.words {
		if kind := s.wordLeak(i); kind != "" {
			return kind
		}
	}
	for _, c := range s.chunks {
		if kind := s.chunkLeak(c); kind != "" {
			return kind
		}
	}
	if s.hasDigits(minPersonalDigits) {
		if kind := personalNumber(text); kind != "" {
			return kind
		}
	}
	if s.seen&seenForeign != 0 {
		if foreignEmail(text) {
			return "email"
		}
		return foreignLeak(text)
	}
	return ""
}

// chunkLeak reads one chunk, which is a path, a host, a class name … or
// nothing special.
func (s *sentence) chunkLeak(c chunk) string {
	t := s.text[c.start:c.end]
	has := func(class uint16) bool { return c.classes&class != 0 }
	if has(classDot | classColon) {
		if kind := s.frameLeak(c); kind != "" {
			return kind
		}
	}
	if has(classColon) && has(classSlash) {
		if scheme, rest, ok := cutScheme(t); ok {
			if kind := urlLeak(scheme, strings.Clone(rest)); kind != "" {
				return kind
			}
			return secretIn(t)
		}
	}
	if has(classAt) {
		if kind := atLeak(t); kind != "" {
			return kind
		}
	}
	if has(classSlash | classBackslash) {
		if kind := pathLeak(t); kind != "" {
			return kind
		}
	}
	if has(classDot) && configFile(t) {
		return "path"
	}
	if has(classDot | classColon) {
		if kind := s.hostLeak(c); kind != "" {
			return kind
		}
	}
	if has(classDot | classColon | classHyphen) {
		if kind := s.classLeak(c); kind != "" {
			return kind
		}
	}
	if has(classHyphen) && machineName(t) {
		return "host"
	}
	if len(t) >= minSecret && !s.requestID(c) {
		return secretIn(t)
	}
	return ""
}

// dump reports whether text holds the beginning of an object in JSON or as
// scripting languages print it: {"name":, {'name':, { name: 'joe'.
func dump(text string) bool {
	for i := 0; i+3 < len(text); i++ {
		if text[i] != '{' {
			continue
		}
		if c := text[i+1]; c == '"' || c == '\'' {
			if _, after, ok := strings.Cut(text[i+2:], text[i+1:i+2]); ok && strings.HasPrefix(strings.TrimLeft(after, " "), ":") {
				return true
			}
			continue
		}
		colon := strings.IndexByte(text[i+1:min(i+1+maxLower, len(text))], ':')
		if colon > 0 && isName(strings.TrimSpace(text[i+1:i+1+colon])) && startsWithQuote(strings.TrimLeft(text[i+2+colon:], " ")) {
			return true
		}
	}
	return false
}

// isName reports whether s is a word that starts with a letter.
func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isWord(s[i]) {
			return false
		}
	}
	return s != "" && isLetter(s[0])
}

// markup reports whether text holds what a browser would take for a tag, a
// comment or a declaration.
func markup(text string) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '<' {
			continue
		}
		switch c := text[i+1]; {
		case isLetter(c), c == '/', c == '!', c == '?':
			return true
		}
	}
	return false
}
