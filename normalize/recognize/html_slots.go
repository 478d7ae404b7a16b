package recognize

import (
	"strconv"
	"strings"
)

// firstP takes the first paragraph.
var firstP = slot{message: "first p", take: func(p *page, ev *Evidence) {
	ev.Message = p.textOf(p.find("p"))
}}

// textAfterHeading takes the block after the first one, whatever its tag.
var textAfterHeading = slot{message: "text after the heading", take: func(p *page, ev *Evidence) {
	ev.Message = p.textOf(1)
}}

// onlyText takes the first block; a status at its beginning is no part of the
// message.
var onlyText = slot{message: "the text after the status", take: func(p *page, ev *Evidence) {
	ev.Message = withoutStatus(p.textOf(0), p.in.Status)
}}

// unknownPage takes nothing, but looks whether there is a stack trace.
var unknownPage = slot{take: func(p *page, ev *Evidence) {
	if pre := p.find("pre"); pre >= 0 {
		ev.Leaky = hasFrame(p.textOf(pre))
	}
}}

// find returns the index of the first block of tag, -1 if there is none.
func (p *page) find(tag string) int {
	for i := range p.blocks {
		if p.blocks[i].tag == tag {
			return i
		}
	}
	return -1
}

// textOf returns the text of block i; nothing if there is no such block.
func (p *page) textOf(i int) string {
	if i < 0 || i >= len(p.blocks) {
		return ""
	}
	return plain(p.blocks[i].text)
}

// startsWith returns the index of the first block whose source starts with one
// of the texts, -1 if there is none.
func (p *page) startsWith(texts ...string) int {
	for i := range p.blocks {
		for _, text := range texts {
			if strings.HasPrefix(p.blocks[i].text, text) {
				return i
			}
		}
	}
	return -1
}

// statusTitle reports whether s is a status and a phrase, such as
// "404 Not Found", and returns the phrase.
func statusTitle(s string) (phrase string, ok bool) {
	if len(s) < 5 || s[3] != ' ' {
		return "", false
	}
	for i := range 3 {
		if s[i] < '0' || s[i] > '9' {
			return "", false
		}
	}
	return s[4:], true
}

// withoutStatus drops "404: ", "404 - " or "Error 404: " from the beginning of s.
func withoutStatus(s string, status int) string {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(s, "Error "), strconv.Itoa(status))
	if !ok {
		return s
	}
	for _, separator := range [...]string{": ", " - ", " – "} {
		if text, ok := strings.CutPrefix(rest, separator); ok {
			return strings.TrimSpace(text)
		}
	}
	return s
}

// number returns the decimal digits after prefix in s, if there are any.
func number(s, prefix string) string {
	i := strings.Index(s, prefix)
	if i < 0 {
		return ""
	}
	s = strings.TrimLeft(s[i+len(prefix):], " ")
	n := 0
	for n < len(s) && n < 6 && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return s[:n]
}
