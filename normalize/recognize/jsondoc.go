package recognize

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonDoc is what the families look at: a JSON text as a table, and what else
// tells families apart.
type jsonDoc struct {
	scanner
	status int
	media  string
	header http.Header

	// top is the object that speaks for the text: its root, or the first object
	// in an array at the root, one that holds an error if there is one (a batch
	// may begin with successes). It is nil if there is none.
	top *node
	// traits are those of top, count is the number of its members.
	traits traitSet
	count  int

	ev Evidence // what has been read
}

// Bounds on the table: an error that is larger says what it has to say at its
// beginning.
const (
	maxNodes    = 384
	maxElements = 2 * MaxViolations
)

// jsonDocs keeps tables for the next body: one is larger than all else that
// reading a body takes.
var jsonDocs = sync.Pool{New: func() any {
	return &jsonDoc{scanner: scanner{nodes: make([]node, 0, 64)}}
}}

// openJSON makes a table of in.Text; nil if that is no JSON. The caller
// releases it.
func openJSON(in *Input) *jsonDoc {
	d := jsonDocs.Get().(*jsonDoc)
	d.text, d.pos, d.nodes = in.Text, 0, d.nodes[:0]
	d.t, d.maxNodes, d.maxElements = tables, maxNodes, maxElements
	d.status, d.media, d.header = in.Status, in.MediaType, in.Header
	d.top, d.traits, d.count = nil, traitSet{}, 0
	if !d.scan() {
		d.release()
		return nil
	}
	if d.top = d.findTop(&d.nodes[0]); d.top != nil {
		for n := d.at(d.top.child); n != nil; n = d.at(n.next) {
			d.takeTraits(n)
			d.count++
		}
	}
	return d
}

// takeTraits adds the traits that the member n of top shows, if it is the first
// of its name.
func (d *jsonDoc) takeTraits(n *node) {
	asked := d.t.roles[n.name].traits
	if len(asked) == 0 || d.member(d.top, n.name) != n {
		return
	}
	for _, t := range asked {
		if n.kind&t.kinds != 0 {
			d.traits.add(t.number)
		}
	}
}

// findTop returns the object that speaks for the text.
func (d *jsonDoc) findTop(root *node) (top *node) {
	switch root.kind {
	case jsonObject:
		return root
	case jsonArray:
		for m := d.at(root.child); m != nil; m = d.at(m.next) {
			if m.kind == jsonObject && (top == nil || d.get(m, "error") != nil) {
				if top = m; d.get(m, "error") != nil {
					break
				}
			}
		}
	}
	return top
}

// release gives the table back. Strings that were read from it stay valid.
func (d *jsonDoc) release() {
	d.text, d.media, d.header, d.top, d.ev = "", "", nil, nil, Evidence{}
	jsonDocs.Put(d)
}

// member returns the first member of the object n with a name; nil if n is no
// object or has none.
func (d *jsonDoc) member(n *node, name nameID) *node {
	if !n.is(jsonObject) {
		return nil
	}
	for m := d.at(n.child); m != nil; m = d.at(m.next) {
		if m.name == name {
			return m
		}
	}
	return nil
}

// get returns the member of the object n whose name is name, in any case.
func (d *jsonDoc) get(n *node, name string) *node {
	if !n.is(jsonObject) {
		return nil
	}
	for m := d.at(n.child); m != nil; m = d.at(m.next) {
		if strings.EqualFold(d.text[m.key.start:m.key.end], name) {
			return m
		}
	}
	return nil
}

// textOf returns the text of the member of the top object whose name is name.
func (d *jsonDoc) textOf(name string) string { return d.str(d.get(d.top, name)) }

// first returns the first element of an array, n itself if it is none.
func (d *jsonDoc) first(n *node) *node {
	if n.is(jsonArray) {
		return d.at(n.child)
	}
	return n
}

// str returns the text of a scalar: a string without escapes, anything else as
// written; "" for objects, arrays and nil.
func (s *scanner) str(n *node) string {
	if !n.is(jsonString | jsonNumber | jsonBool | jsonNull) {
		return ""
	}
	raw := s.text[n.val.start:n.val.end]
	if n.kind == jsonString {
		return unescapeJSON(raw)
	}
	return raw
}

// key returns the name of a member as the text spells it.
func (s *scanner) key(n *node) string { return unescapeJSON(s.text[n.key.start:n.key.end]) }

// unescapeJSON undoes the escapes of a JSON string (RFC 8259 section 7), of at
// most about twice MaxMessage bytes. An escape that is none stays as it is.
func unescapeJSON(raw string) string {
	i := strings.IndexByte(raw, '\\')
	if i < 0 {
		return raw
	}
	var b strings.Builder
	b.Grow(min(len(raw), 2*MaxMessage))
	for ; i >= 0 && b.Len() < 2*MaxMessage; i = strings.IndexByte(raw, '\\') {
		b.WriteString(raw[:i])
		raw = raw[i:]
		if len(raw) < 2 {
			break
		}
		n := 2
		switch c := raw[1]; c {
		case 'n', 'r', 't':
			b.WriteByte(" \n\r\t"[strings.IndexByte("\x00nrt", c)])
		case 'b', 'f':
			b.WriteByte(' ')
		case 'u':
			var r rune
			r, n = unescapeRune(raw)
			b.WriteRune(r)
		case '"', '\'', '\\', '/':
			b.WriteByte(c)
		default:
			b.WriteString(raw[:2])
		}
		raw = raw[n:]
	}
	b.WriteString(raw[:min(len(raw), 2*MaxMessage)])
	return b.String()
}

// unescapeRune reads the \uXXXX at the beginning of raw, or the surrogate pair
// of two of them, and returns its length.
func unescapeRune(raw string) (rune, int) {
	r, ok := hex4(raw)
	if !ok {
		return utf8.RuneError, 2
	}
	if utf16.IsSurrogate(r) {
		if low, ok := hex4(raw[6:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	}
	return r, 6
}

// hex4 reads the \uXXXX at the beginning of raw.
func hex4(raw string) (rune, bool) {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(raw[2:6], 16, 32)
	return rune(n), err == nil
}
