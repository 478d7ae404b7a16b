package recognize

import (
	"html"
	"strings"
)

// Bounds on the reading of HTML. What a page is and what it says stands at its
// beginning; style sheets and scripts before that do not count.
const (
	maxHTML     = 8 << 10  // bytes looked at
	maxHTMLSkip = 32 << 10 // bytes of style sheets and scripts skipped beside
	maxBlocks   = 48       // blocks recorded
)

// block is the text between two tags of block level, with the inline markup
// that it holds. Its strings are slices of the body, as written.
type block struct {
	tag   string // the start tag's name in lower case; empty after an end tag
	attrs string // the inside of the start tag after its name
	text  string
}

// page is the beginning of an HTML body as the line of its blocks.
type page struct {
	in     *Input
	raw    string // as much of the body as was looked at
	blocks []block
	// title, h1 and h2 are the texts of the first of each, folded; body is the
	// inside of the body's start tag, comment the inside of the first comment.
	title, h1, h2, body, comment string
	bare                         bool // there is no head element
	// initials has a bit for the first byte of every block, modulo 64.
	initials uint64
}

// parseHTML reads as much of text as the bounds allow. Every byte is looked at
// a bounded number of times: a construct that does not end ends the reading.
func parseHTML(in *Input, text string) *page {
	p := &page{in: in, blocks: make([]block, 0, 16), bare: true}
	limit := min(len(text), maxHTML)
	current := block{}
	begin, pos := 0, 0
	for len(p.blocks) < maxBlocks {
		i := strings.IndexByte(text[pos:limit], '<')
		if i < 0 || pos+i+1 >= limit {
			pos = limit
			break
		}
		lt := pos + i
		c := text[lt+1]
		if c == '!' || c == '?' {
			end := endOfDeclaration(text[:limit], lt)
			if c == '!' && p.comment == "" && strings.HasPrefix(text[lt:], "<!--") {
				p.comment = strings.TrimSpace(strings.TrimSuffix(text[lt+len("<!--"):end], "-->"))
			}
			if strings.TrimSpace(text[begin:lt]) == "" {
				begin = end
			}
			pos = end
			continue
		}
		closing := c == '/'
		start := lt + 1
		if closing {
			start++
		}
		end := start
		for end < limit && isTagByte(text[end]) {
			end++
		}
		if end == start { // a "<" that starts no tag
			pos = start
			continue
		}
		var tag tagInfo
		if end-start <= maxTagName {
			tag = lookupTag(text[start:end])
		}
		gt := endOfTag(text[:limit], end)
		if gt < 0 {
			// Not a tag, or one that the limit cut: go on behind the name, but
			// do not look for its end again.
			if gt = strings.IndexByte(text[end:limit], '>'); gt < 0 {
				pos = limit
				break
			}
			gt += end
		}
		attrs := text[end:gt]
		pos = gt + 1
		if tag.kind == inline {
			continue
		}
		current.text = text[begin:lt]
		p.add(current)
		current = block{}
		begin = pos
		if closing {
			continue
		}
		switch tag.kind {
		case raw:
			end := endOfRaw(text, pos, tag.name)
			if tag.name == "title" {
				if p.title == "" {
					p.title = fold(plain(text[pos:min(end, pos+4*MaxMessage)]))
				}
			} else if limit < maxHTML+maxHTMLSkip {
				limit = min(len(text), limit+end-pos, maxHTML+maxHTMLSkip)
			}
			pos = min(end, limit)
			begin = pos
		case blockLevel:
			current = block{tag: tag.name, attrs: attrs}
			switch tag.name {
			case "body":
				p.body = attrs
			case "head":
				p.bare = false
			}
		}
	}
	p.raw = text[:pos]
	if len(p.blocks) < maxBlocks {
		current.text = text[begin:pos]
		p.add(current)
	}
	return p
}

// add records a block that has any text.
func (p *page) add(b block) {
	b.text = strings.TrimSpace(b.text)
	if b.text == "" {
		return
	}
	switch b.tag {
	case "h1":
		if p.h1 == "" {
			p.h1 = fold(plain(b.text))
		}
	case "h2":
		if p.h2 == "" {
			p.h2 = fold(plain(b.text))
		}
	}
	p.initials |= 1 << (b.text[0] & 63)
	p.blocks = append(p.blocks, b)
}

// isTagByte reports whether c belongs to the name of a tag.
func isTagByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

// endOfDeclaration returns the position after the comment, declaration or
// processing instruction at lt; the end of s if it does not end.
func endOfDeclaration(s string, lt int) int {
	end := ">"
	if strings.HasPrefix(s[lt:], "<!--") {
		end = "-->"
	}
	i := strings.Index(s[lt:], end)
	if i < 0 {
		return len(s)
	}
	return lt + i + len(end)
}

// endOfRaw returns the position of the end tag of the element name whose
// content starts at pos: everything up to it is text. Where there is none, the
// element goes on to the bound.
func endOfRaw(s string, pos int, name string) int {
	s = s[:min(len(s), maxHTML+maxHTMLSkip)]
	for at := pos; at < len(s); {
		i := strings.Index(s[at:], "</")
		if i < 0 {
			break
		}
		at += i
		if hasPrefixFold(s[at+2:], name) {
			return at
		}
		at += 2
	}
	return max(pos, len(s))
}

// tagKind says what an element does to the line of blocks.
type tagKind uint8

const (
	inline     tagKind = iota // belongs to the block around it
	blockLevel                // starts and ends blocks
	raw                       // holds no tags
)

// tagInfo is an element that is not inline.
type tagInfo struct {
	name string
	kind tagKind
}

// maxTagName is the length of the longest name that lookupTag knows.
const maxTagName = len("blockquote")

// lookupTag returns the element of a name in any case; unknown ones are inline.
func lookupTag(name string) tagInfo {
	var buf [16]byte
	switch lower := lowerName(&buf, name); string(lower) {
	case "p":
		return tagInfo{"p", blockLevel}
	case "div":
		return tagInfo{"div", blockLevel}
	case "h1":
		return tagInfo{"h1", blockLevel}
	case "h2":
		return tagInfo{"h2", blockLevel}
	case "h3":
		return tagInfo{"h3", blockLevel}
	case "h4", "h5", "h6":
		return tagInfo{"h4", blockLevel}
	case "pre":
		return tagInfo{"pre", blockLevel}
	case "td":
		return tagInfo{"td", blockLevel}
	case "th":
		return tagInfo{"th", blockLevel}
	case "li", "dt", "dd":
		return tagInfo{"li", blockLevel}
	case "center":
		return tagInfo{"center", blockLevel}
	case "address":
		return tagInfo{"address", blockLevel}
	case "hr":
		return tagInfo{"hr", blockLevel}
	case "head":
		return tagInfo{"head", blockLevel}
	case "body":
		return tagInfo{"body", blockLevel}
	case "html", "header", "footer", "main", "section", "article", "nav", "aside", "blockquote", "form", "fieldset", "legend",
		"table", "thead", "tbody", "tr", "ul", "ol", "dl", "meta", "link", "base":
		return tagInfo{"box", blockLevel}
	case "title":
		return tagInfo{"title", raw}
	case "style":
		return tagInfo{"style", raw}
	case "script":
		return tagInfo{"script", raw}
	case "svg":
		return tagInfo{"svg", raw}
	case "textarea":
		return tagInfo{"textarea", raw}
	case "iframe":
		return tagInfo{"iframe", raw}
	}
	return tagInfo{}
}

// plain returns the text of a block: inline tags dropped, references decoded.
func plain(s string) string {
	s = strings.TrimSpace(s[:min(len(s), 4*MaxMessage)])
	if strings.IndexByte(s, '<') >= 0 {
		var b strings.Builder
		for s != "" {
			i := strings.IndexByte(s, '<')
			if i < 0 {
				i = len(s)
			}
			b.WriteString(s[:i])
			if s = s[i:]; s == "" {
				break
			}
			if len(s) < 2 || !isTagByte(s[1]) && s[1] != '/' && s[1] != '!' && s[1] != '?' {
				b.WriteByte('<')
				s = s[1:]
				continue
			}
			if hasPrefixFold(s, "<br") {
				b.WriteByte('\n')
			}
			s = s[endOfDeclaration(s, 0):]
		}
		s = b.String()
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	return strings.TrimSpace(s)
}

// fold folds runs of white space to one space.
func fold(s string) string {
	if !strings.ContainsAny(s, "\n\t\r\u00a0") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}
