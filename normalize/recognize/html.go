package recognize

import "strings"

// readHTML reads a body that starts with markup. Only a family with a message
// slot yields a message; of all other pages the title serves the record.
func readHTML(in *Input) (Evidence, bool) {
	text := strings.TrimLeft(in.Text, " \t\r\n\f")
	if len(text) < 2 || text[0] != '<' || !isTagByte(text[1]) && text[1] != '!' && text[1] != '?' {
		return Evidence{}, false
	}
	p := parseHTML(in, text)
	ev, ok := firstOf(htmlFamilies, p)
	if ev.Message == "" {
		if ev.Title = p.title; ev.Title == "" {
			ev.Title = p.heading()
		}
	}
	return ev, ok
}

// heading returns the first heading, or the first text if there is none.
func (p *page) heading() string {
	switch {
	case p.h1 != "":
		return p.h1
	case p.h2 != "":
		return p.h2
	case len(p.blocks) > 0:
		return fold(plain(p.blocks[0].text))
	}
	return ""
}

// place is a part of a page that is searched for a sign.
type place uint8

const (
	title     place = iota // the title
	h1                     // the first h1
	h2                     // the first h2
	first                  // the first block, whatever its tag
	text                   // the beginning of any block
	footer                 // the beginning of a center or address element
	bodyTag                // the attributes of the body element
	attribute              // the attributes of any block
)

// placeNames are what the documentation calls the places.
var placeNames = [...]string{
	title: "title", h1: "h1", h2: "h2", first: "first text", text: "text", footer: "footer",
	bodyTag: "body's attributes", attribute: "attribute",
}

// sign is what gives a family away: text, case and all, at a place. In a title
// or heading that starts with the text if the sign ends in "…", else has it
// anywhere; a block starts with it.
type sign struct {
	place place
	text  string
}

// in reports whether p bears the sign.
func (s *sign) in(p *page) bool {
	switch s.place {
	case title:
		return hasSign(p.title, s.text)
	case h1:
		return hasSign(p.h1, s.text)
	case h2:
		return hasSign(p.h2, s.text)
	case bodyTag:
		return strings.Contains(p.body, s.text)
	case attribute:
		for i := range p.blocks {
			if strings.Contains(p.blocks[i].attrs, s.text) {
				return true
			}
		}
		return false
	case first:
		return len(p.blocks) > 0 && strings.HasPrefix(p.blocks[0].text, s.text)
	}
	if p.initials&(1<<(s.text[0]&63)) == 0 {
		return false
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if s.place == footer && b.tag != "center" && b.tag != "address" {
			continue
		}
		if strings.HasPrefix(b.text, s.text) {
			return true
		}
	}
	return false
}

// hasSign looks for a sign in a title or heading.
func hasSign(s, sign string) bool {
	if prefix, ok := strings.CutSuffix(sign, "…"); ok {
		return strings.HasPrefix(s, prefix)
	}
	return strings.Contains(s, sign)
}

// slot takes the message, and the code if there is one, from a page.
type slot struct {
	code, message string // for the documentation
	take          func(*page, *Evidence)
}

// The slots of families without one.
var (
	none  = slot{}
	debug = slot{take: func(_ *page, ev *Evidence) { ev.Leaky = true }}
)

// htmlRow makes a row of a family that any of the signs gives away.
func htmlRow(name string, slot slot, signs ...sign) family[page] {
	signature := ""
	for i, s := range signs {
		switch {
		case i == 0:
			signature = placeNames[s.place]
		case s.place == signs[i-1].place:
			signature += ","
		default:
			signature += ", or " + placeNames[s.place]
		}
		signature += " `" + s.text + "`"
	}
	return htmlFamily(name, signature, slot, func(p *page) bool {
		for i := range signs {
			if signs[i].in(p) {
				return true
			}
		}
		return false
	})
}

// htmlFamily makes a row of a family that takes code to recognise.
func htmlFamily(name, signature string, slot slot, is func(*page) bool) family[page] {
	return family[page]{
		name: name, signature: signature, code: slot.code, message: slot.message,
		read: func(p *page, ev *Evidence) bool {
			if !is(p) {
				return false
			}
			if slot.take != nil {
				slot.take(p, ev)
			}
			return true
		},
	}
}
