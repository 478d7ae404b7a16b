package recognize

import (
	"strings"
	"unicode/utf8"
)

// Recognize reads what the body says about the failure. The media type is a
// hint only, since upstreams lie about it: the first byte that is not white
// space decides which readers are asked. What no family and no generic reader
// understands yields the zero Evidence.
func Recognize(in Input) Evidence {
	text := strings.TrimLeft(in.Text, " \t\r\n\f")
	ev, ok := readAsJSON(&in, text)
	if !ok {
		ev = readOther(in, text)
	}
	if ev.Message == "" && !ev.Leaky {
		ev.Message = reasonMessage(&in)
	}
	if ev.Code == "" {
		ev.Code = headerCode(in.Header)
	}
	if !ev.Leaky && strings.Contains(ev.Message, "\n") {
		ev.Message = withoutIdentifiers(strings.TrimSpace(ev.Message))
	}
	ev.clip()
	return ev
}

// readAsJSON reads text if it looks like JSON.
func readAsJSON(in *Input, text string) (Evidence, bool) {
	text, ok := jsonStart(in, text)
	if !ok {
		return Evidence{}, false
	}
	inner := *in
	inner.Text = text
	return readJSON(&inner)
}

// readOther asks the other readers in the order in which the beginning of text
// suggests.
func readOther(in Input, text string) Evidence {
	if strings.HasPrefix(text, "<") {
		if ev, ok := readXML(&in); ok {
			return ev
		}
		if ev, ok := readHTML(&in); ok {
			return ev
		}
	}
	ev, _ := readText(&in)
	return ev
}

// maxNoise is how far a JSON text may be from the beginning of a body that
// starts with something else.
const maxNoise = 8 << 10

// jsonStart returns the part of text, which starts with no white space, that
// looks like JSON: all of it, or what follows the noise that PHP prints before
// the script's own output, a guard against script inclusion (`)]}',`) or the
// name of a JSONP callback.
func jsonStart(in *Input, text string) (string, bool) {
	if text == "" {
		return "", false
	}
	switch text[0] {
	case '{', '[':
		return text, true
	case '"':
		return text, isJSON(in.MediaType)
	}
	if !isJSON(in.MediaType) && !isNoise(text) {
		return "", false
	}
	head := text[:min(len(text), maxNoise)]
	for i := 0; i < len(head); i++ {
		// Noise holds braces of its own; a JSON object starts with a member or
		// is empty.
		if head[i] != '{' {
			continue
		}
		if rest := strings.TrimLeft(text[i+1:], " \t\r\n"); rest != "" && (rest[0] == '"' || rest[0] == '}') {
			return text[i:], true
		}
	}
	return "", false
}

// isNoise reports whether text starts with what PHP prints about itself, as
// HTML or as text.
func isNoise(text string) bool {
	for _, noise := range [...]string{"<br />", "<br>", "<b>", "PHP ", "Warning: ", "Notice: ", "Deprecated: ", "Fatal error: ", ")]}'", "while(1);", "for(;;);"} {
		if strings.HasPrefix(text, noise) {
			return true
		}
	}
	return false
}

// isJSON reports whether a media type announces JSON (RFC 6839 section 3.1).
func isJSON(mediaType string) bool {
	_, subtype, _ := strings.Cut(mediaType, "/")
	return subtype == "json" || strings.HasSuffix(subtype, "+json") ||
		strings.HasSuffix(subtype, "-json") || strings.HasSuffix(subtype, "javascript")
}

// headerCode returns the code of the services that put it into a field, which
// is all there is to read in an answer to HEAD.
func headerCode(h map[string][]string) string {
	for _, name := range [...]string{"X-Amzn-Errortype", "X-Ms-Error-Code"} {
		if v := h[name]; len(v) > 0 {
			code, _, _ := strings.Cut(v[0], ":")
			if i := strings.LastIndexByte(code, '#'); i >= 0 {
				code = code[i+1:]
			}
			return strings.TrimSpace(code)
		}
	}
	return ""
}

// clip enforces the bounds that [Evidence] promises.
func (ev *Evidence) clip() {
	for _, s := range [...]*string{&ev.Format, &ev.Code, &ev.Message, &ev.Title, &ev.Scope} {
		*s = clip(*s)
	}
	if len(ev.Violations) > MaxViolations {
		ev.Violations = ev.Violations[:MaxViolations]
	}
	for i := range ev.Violations {
		v := &ev.Violations[i]
		v.Field, v.Code, v.Message = clip(v.Field), clip(v.Code), clip(v.Message)
	}
}

// clip cuts s to MaxMessage bytes at a rune boundary.
func clip(s string) string {
	if len(s) <= MaxMessage {
		return s
	}
	n := MaxMessage
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
