package normalize

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRuleText is the longest that a rule's text becomes, in characters. A value
// of the upstream's in it is as long as a message may be.
const maxRuleText = 500

// template is the description of a rule, read once. Values are inserted as they
// are: what they hold is never read for placeholders again.
type template struct {
	parts []templatePart
}

// templatePart is literal text or one placeholder.
type templatePart struct {
	kind templateKind
	text string // the literal; the path of a field, or the name of a placeholder
	n    int    // the number of a capture
}

type templateKind uint8

const (
	literalText      templateKind = iota
	resourceWord                  // {resource}, {RESOURCE}
	upstreamCode                  // {upstream.code}
	upstreamMessage               // {upstream.message}
	upstreamStatus                // {upstream.status}
	upstreamFormat                // {upstream.format}
	upstreamField                 // {upstream.field.<path>}
	upstreamMatch                 // {upstream.match.<number or name>}
	otherPlaceholder              // [Request].Placeholder knows it, or nobody does
)

// newTemplate reads a rule's text. A backslash before a brace makes it text.
// match gives the numbers of captures to names; it is nil if the rule has no
// regular expression.
func newTemplate(text string, match *bodyRegexp) (*template, error) {
	t := new(template)
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			t.parts = append(t.parts, templatePart{text: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && (text[i+1] == '{' || text[i+1] == '}'):
			i++
			literal.WriteByte(text[i])
		case c == '{':
			name, _, closed := strings.Cut(text[i+1:], "}")
			if !closed || strings.Contains(name, "{") {
				return nil, fmt.Errorf("parsing text: the placeholder %q is not closed; a brace that is text is written \\{", text[i:])
			}
			part, err := newPlaceholder(name, match)
			if err != nil {
				return nil, fmt.Errorf("parsing text: %w", err)
			}
			flush()
			t.parts = append(t.parts, part)
			i += len(name) + 1
		default:
			literal.WriteByte(c)
		}
	}
	flush()
	return t, nil
}

// newPlaceholder reads a placeholder, without braces.
func newPlaceholder(name string, match *bodyRegexp) (templatePart, error) {
	if name == "" {
		return templatePart{}, fmt.Errorf("{} names nothing; braces that are text are written \\{\\}")
	}
	if name == "resource" || name == "RESOURCE" {
		return templatePart{kind: resourceWord}, nil
	}
	upstream, ok := strings.CutPrefix(name, "upstream.")
	if !ok {
		return templatePart{kind: otherPlaceholder, text: name}, nil
	}
	switch upstream {
	case "code":
		return templatePart{kind: upstreamCode}, nil
	case "message":
		return templatePart{kind: upstreamMessage}, nil
	case "status":
		return templatePart{kind: upstreamStatus}, nil
	case "format":
		return templatePart{kind: upstreamFormat}, nil
	}
	if path, ok := strings.CutPrefix(upstream, "field."); ok {
		return templatePart{kind: upstreamField, text: path}, checkFieldPath(path)
	}
	if capture, ok := strings.CutPrefix(upstream, "match."); ok {
		n, err := match.capture(capture)
		return templatePart{kind: upstreamMatch, n: n}, err
	}
	return templatePart{}, fmt.Errorf("{%s} is unknown; there are {upstream.code}, .message, .status, .format, .field.<path> and .match.<capture>", name)
}

// expand fills in the placeholders: one line of at most maxRuleText characters.
// resource is in upper snake, or empty.
//
// ok is false if the text cannot stand: a value of the upstream's is missing or
// may not be shown (see phrase), or no letter and no digit is left.
func (t *template) expand(m ruleMatch, resource string) (text string, ok bool) {
	ok = true
	var b strings.Builder
	for _, part := range t.parts {
		value, upstream := t.value(part, m.facts, resource)
		if upstream {
			var why string
			if value, why = foldSpace(value); why != "" || Leak(value) != "" || echoes(value, m.facts.req) {
				value, ok = "", false
			}
		}
		b.WriteString(value)
		if b.Len() > maxRuleText*utf8.UTFMax {
			break
		}
	}
	text = oneLine(b.String(), maxRuleText)
	return text, ok && strings.ContainsFunc(text, isWordRune)
}

// value returns what part stands for, and whether that is the upstream's words.
func (t *template) value(part templatePart, f *ruleFacts, resource string) (value string, upstream bool) {
	switch part.kind {
	case literalText:
		return part.text, false
	case resourceWord:
		return wordsInto(resourceMark, resource), false
	case upstreamStatus:
		return strconv.Itoa(f.resp.Status), false
	case upstreamFormat: // our name for it, so there is nothing to guard but its lack
		return f.ev.Format, f.ev.Format == ""
	case upstreamCode:
		return f.ev.Code, true
	case upstreamMessage:
		if f.ev.Leaky { // it never reaches a client
			return "", true
		}
		if f.ev.Message == "" && len(f.ev.Violations) > 0 {
			return f.ev.Violations[0].Message, true
		}
		return f.ev.Message, true
	case upstreamField:
		value, _ := f.document().Lookup(part.text)
		if value == "null" {
			value = ""
		}
		return value, true
	case upstreamMatch:
		return f.capture(part.n), true
	default:
		if f.req.Placeholder == nil {
			return "", false
		}
		value, ok := f.req.Placeholder(part.text)
		if !ok {
			return "", false
		}
		return value, false
	}
}

// oneLine folds white space, leaves out what is not printable and cuts to limit
// characters.
func oneLine(s string, limit int) string {
	var b strings.Builder
	space, n := false, 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = n > 0
			continue
		case r == utf8.RuneError || !unicode.IsPrint(r):
			continue
		}
		if space && n+1 < limit {
			b.WriteByte(' ')
			n++
		}
		space = false
		if n++; n > limit {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
