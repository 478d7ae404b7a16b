package recognize

import (
	"strings"
	"unicode/utf8"
)

// Bounds on the reading of XML: an error says what went wrong at its beginning.
const (
	maxXML      = 16 << 10 // bytes looked at
	maxXMLNodes = 128      // elements recorded
)

// xmlNode is one element. Its strings are slices of the body, as written.
type xmlNode struct {
	name   string // local name
	prefix string // namespace prefix
	attrs  string // what stands between the name and ">"
	inner  string // what stands between the tags; empty if the end tag is absent
	parent int    // index of the parent, -1 at the root
	depth  int    // 0 at the root
	leaf   bool   // has no elements inside
}

// xmlDoc is the beginning of an XML body as a flat tree: elements in the order
// of their start tags, the root first.
type xmlDoc struct {
	in    *Input
	nodes []xmlNode
}

// parseXML reads as much of s as its bounds allow. It is lenient: what no
// parser would accept still has a message to find. There are no entities but
// the predefined ones, so nothing can expand.
func parseXML(in *Input, s string) *xmlDoc {
	s = s[:min(len(s), maxXML)]
	doc := &xmlDoc{in: in, nodes: make([]xmlNode, 0, 16)}
	open := -1               // the innermost open element that is recorded
	skipped := 0             // open elements below it that are not: they are too deep
	var begins [MaxDepth]int // where the content of the open elements begins
	for pos := 0; ; {
		i := strings.IndexByte(s[pos:], '<')
		if i < 0 || pos+i+1 >= len(s) {
			return doc
		}
		lt := pos + i
		switch c := s[lt+1]; {
		case c == '!' || c == '?':
			pos = skipXMLDeclaration(s, lt)
		case c == '/':
			i := strings.IndexByte(s[lt:], '>')
			if i < 0 {
				return doc
			}
			pos = lt + i + 1
			if skipped > 0 {
				skipped--
				continue
			}
			if open < 0 {
				return doc
			}
			n := &doc.nodes[open]
			n.inner = s[begins[n.depth]:lt]
			if open = n.parent; open < 0 {
				return doc
			}
		case !isNameStart(c):
			return doc
		default:
			end := endOfTag(s, lt+1)
			if end < 0 {
				return doc
			}
			pos = end + 1
			empty := s[end-1] == '/'
			depth := 0
			if open >= 0 {
				depth = doc.nodes[open].depth + 1
				doc.nodes[open].leaf = false
			}
			if skipped > 0 || depth >= MaxDepth {
				if !empty {
					skipped++
				}
				continue
			}
			if len(doc.nodes) == maxXMLNodes {
				return doc
			}
			n := newXMLNode(strings.TrimSuffix(s[lt+1:end], "/"))
			n.parent, n.depth, n.leaf = open, depth, true
			doc.nodes = append(doc.nodes, n)
			if !empty {
				open = len(doc.nodes) - 1
				begins[depth] = pos
			} else if open < 0 {
				return doc
			}
		}
	}
}

// isNameStart reports whether c may start the name of an element.
func isNameStart(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c >= utf8.RuneSelf
}

// newXMLNode reads the inside of a start tag.
func newXMLNode(tag string) xmlNode {
	var n xmlNode
	name := tag
	if i := strings.IndexAny(tag, " \t\r\n"); i >= 0 {
		name, n.attrs = tag[:i], tag[i+1:]
	}
	n.name = name
	if i := strings.IndexByte(name, ':'); i >= 0 {
		n.prefix, n.name = name[:i], name[i+1:]
	}
	return n
}

// endOfTag returns the index of the ">" that ends the tag whose inside starts
// at pos, or -1. A ">" in a quoted attribute value ends nothing.
func endOfTag(s string, pos int) int {
	for pos < len(s) {
		switch s[pos] {
		case '>':
			return pos
		case '<':
			return -1
		case '"', '\'':
			i := strings.IndexByte(s[pos+1:], s[pos])
			if i < 0 {
				return -1
			}
			pos += i + 1
		}
		pos++
	}
	return -1
}

// skipXMLDeclaration returns the position after the comment, CDATA section,
// document type declaration or processing instruction at lt; the end of s if
// it does not end.
func skipXMLDeclaration(s string, lt int) int {
	rest, skipped := s[lt:], 0
	end := ">"
	switch {
	case strings.HasPrefix(rest, "<!--"):
		end = "-->"
	case strings.HasPrefix(rest, "<![CDATA["):
		end = "]]>"
	case rest[1] == '?':
		end = "?>"
	case strings.IndexByte(rest, '[') >= 0 && strings.IndexByte(rest, '[') < strings.IndexByte(rest, '>'):
		// A document type declaration with an internal subset, which is
		// skipped unread: nothing in it is ever expanded.
		skipped = strings.IndexByte(rest, ']') + 1
	}
	i := strings.Index(rest[skipped:], end)
	if i < 0 {
		return len(s)
	}
	return lt + skipped + i + len(end)
}

// child returns the first child of node i with one of the names, in any case;
// -1 if there is none.
func (doc *xmlDoc) child(i int, names ...string) int {
	if i < 0 {
		return -1
	}
	depth := doc.nodes[i].depth
	for j := i + 1; j < len(doc.nodes) && doc.nodes[j].depth > depth; j++ {
		if doc.nodes[j].depth != depth+1 {
			continue
		}
		for _, name := range names {
			if strings.EqualFold(doc.nodes[j].name, name) {
				return j
			}
		}
	}
	return -1
}

// find returns the node at path, names separated by slashes, below node i.
func (doc *xmlDoc) find(i int, path string) int {
	for path != "" && i >= 0 {
		var name string
		name, path, _ = strings.Cut(path, "/")
		i = doc.child(i, name)
	}
	return i
}

// text returns the text at path below node i.
func (doc *xmlDoc) text(i int, path string) string {
	if i = doc.find(i, path); i < 0 {
		return ""
	}
	return xmlText(doc.nodes[i].inner)
}

// attr returns the value of an attribute, by its local name in any case.
func (n *xmlNode) attr(local string) string {
	for rest := n.attrs; ; {
		name, value, after, ok := nextAttr(rest)
		if !ok {
			return ""
		}
		if i := strings.LastIndexByte(name, ':'); i >= 0 {
			name = name[i+1:]
		}
		if strings.EqualFold(name, local) {
			return xmlText(value)
		}
		rest = after
	}
}

// namespace returns the namespace of the node, looked up on itself alone.
func (n *xmlNode) namespace() string {
	declaration := "xmlns"
	if n.prefix != "" {
		declaration = "xmlns:" + n.prefix
	}
	for rest := n.attrs; ; {
		name, value, after, ok := nextAttr(rest)
		if !ok {
			return ""
		}
		if name == declaration {
			return value
		}
		rest = after
	}
}

// nextAttr splits the first attribute off attrs; value is as written.
func nextAttr(attrs string) (name, value, rest string, ok bool) {
	i := strings.IndexByte(attrs, '=')
	if i < 0 {
		return "", "", "", false
	}
	name = strings.TrimSpace(attrs[:i])
	if j := strings.LastIndexAny(name, " \t\r\n"); j >= 0 {
		name = name[j+1:]
	}
	rest = strings.TrimLeft(attrs[i+1:], " \t\r\n")
	if rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return name, "", rest, true
	}
	end := strings.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return "", "", "", false
	}
	return name, rest[1 : 1+end], rest[end+2:], true
}

// xmlText returns the text of what stands between two tags: references and
// CDATA sections decoded, tags and comments dropped, trimmed.
func xmlText(inner string) string {
	inner = strings.TrimSpace(inner)
	if strings.IndexByte(inner, '<') < 0 && strings.IndexByte(inner, '&') < 0 {
		return inner
	}
	var b strings.Builder
	for inner != "" && b.Len() <= MaxMessage {
		i := strings.IndexAny(inner, "<&")
		if i < 0 {
			i = len(inner)
		}
		b.WriteString(inner[:min(i, MaxMessage+1)])
		inner = inner[i:]
		switch {
		case inner == "":
		case inner[0] == '&':
			r, n := xmlReference(inner)
			if n == 0 {
				r, n = '&', 1
			}
			b.WriteRune(r)
			inner = inner[n:]
		case strings.HasPrefix(inner, "<![CDATA["):
			end := skipXMLDeclaration(inner, 0)
			b.WriteString(strings.TrimSuffix(inner[len("<![CDATA["):end], "]]>"))
			inner = inner[end:]
		case strings.HasPrefix(inner, "<!"), strings.HasPrefix(inner, "<?"):
			inner = inner[skipXMLDeclaration(inner, 0):]
		default:
			end := endOfTag(inner, 1)
			if end < 0 {
				end = len(inner) - 1
			}
			b.WriteByte(' ') // two words in two elements stay two words
			inner = inner[end+1:]
		}
	}
	return strings.TrimSpace(b.String())
}

// xmlReference decodes the reference that s starts with and returns its length;
// 0 if it is none that every parser knows.
func xmlReference(s string) (rune, int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 0 {
		return 0, 0
	}
	switch name := s[1:end]; name {
	case "lt":
		return '<', end + 1
	case "gt":
		return '>', end + 1
	case "amp":
		return '&', end + 1
	case "quot":
		return '"', end + 1
	case "apos":
		return '\'', end + 1
	default:
		if r, ok := characterReference(name); ok {
			return r, end + 1
		}
	}
	return 0, 0
}

// characterReference decodes `#65` and `#x41`.
func characterReference(name string) (rune, bool) {
	digits, ok := strings.CutPrefix(name, "#")
	base := rune(10)
	if ok && digits != "" && digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	if !ok || digits == "" {
		return 0, false
	}
	var r rune
	for _, c := range []byte(digits) {
		d := rune(99)
		switch {
		case '0' <= c && c <= '9':
			d = rune(c - '0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			d = rune(c|0x20-'a') + 10
		}
		if d >= base {
			return 0, false
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, false
		}
	}
	return r, utf8.ValidRune(r)
}
