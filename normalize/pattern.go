package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pattern is text in which `*` stands for any run of characters, none included.
// There is no escape: a `*` in the text is matched by the wildcard too.
type pattern struct {
	// literals are what stands between the wildcards: the first begins the
	// text and the last ends it. One literal is the whole text.
	literals []string
}

// newPattern reads a pattern.
func newPattern(s string) pattern {
	for strings.Contains(s, "**") {
		s = strings.ReplaceAll(s, "**", "*")
	}
	return pattern{strings.Split(s, "*")}
}

// newFoldedPattern reads a pattern for text that went through [fold].
func newFoldedPattern(s string) pattern { return newPattern(fold(s)) }

// exact reports whether p has no wildcard.
func (p pattern) exact() bool { return len(p.literals) == 1 }

// match reports whether p matches the whole of text. Each literal is looked for
// once, from where the one before it ended.
func (p pattern) match(text string) bool {
	if p.exact() {
		return text == p.literals[0]
	}
	first, last := p.literals[0], p.literals[len(p.literals)-1]
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, literal := range p.literals[1 : len(p.literals)-1] {
		i := strings.Index(text, literal)
		if i < 0 {
			return false
		}
		text = text[i+len(literal):]
	}
	return true
}

// anyMatch reports whether one of the patterns matches one of the texts.
func anyMatch(patterns []pattern, texts []string) bool {
	for _, text := range texts {
		for _, p := range patterns {
			if p.match(text) {
				return true
			}
		}
	}
	return false
}

// fold makes texts comparable in any case and however their white space is
// spelled: Unicode simple case folding, and every run of white space one space,
// none at the ends.
func fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(foldRune(r))
	}
	return b.String()
}

// isFolded reports whether fold has nothing to do, which is cheap to tell for
// ASCII only.
func isFolded(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= utf8.RuneSelf, 'A' <= c && c <= 'Z', c < ' ':
			return false
		case c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' '):
			return false
		}
	}
	return true
}

// foldRune returns the one rune that stands for all that differ in case only:
// the smallest of them, but lower case in ASCII.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	if 'A' <= least && least <= 'Z' { // the Kelvin sign, the long s
		least += 'a' - 'A'
	}
	return least
}
