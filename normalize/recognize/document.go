package recognize

import (
	"strconv"
	"strings"
)

// Document gives access to the members of a body by their paths, for rules. It
// is read-only and safe for concurrent use.
//
// A path is dotted. In JSON it is the names of members, case counts, and
// numbers for the elements of arrays (`errors.0.code`). In XML it is the local
// names of elements from the root element on, whatever their namespaces, with a
// number after the name of an element that has older siblings of that name
// (`Errors.Error.1.Code`; `Errors.Error.0.Code` is `Errors.Error.Code`), and
// `@name` for an attribute. HTML has no members.
type Document struct {
	json *scanner
	xml  []xmlMember
}

// MaxMembers is the most members that [Document.Walk] visits.
const MaxMembers = 512

// Parse makes a Document of the body. It never fails: what cannot be read, or
// was cut off, has no members.
func Parse(in Input) *Document {
	text := strings.TrimLeft(in.Text, " \t\r\n\f")
	if json, ok := jsonStart(&in, text); ok {
		s := &scanner{text: json, t: tables, maxNodes: 4 * MaxMembers, maxElements: MaxMembers}
		if s.scan() {
			return &Document{json: s}
		}
	}
	if strings.HasPrefix(text, "<") {
		return &Document{xml: parseXMLMembers(text)}
	}
	return &Document{}
}

// Lookup returns the member at path. The value of a scalar is its text: strings
// unescaped, numbers, booleans and null as written. An object, array or element
// without text is there, but its value is empty.
func (d *Document) Lookup(path string) (value string, ok bool) {
	if d.json != nil {
		n := d.json.lookup(&d.json.nodes[0], path, 0)
		return d.json.str(n), n != nil
	}
	return lookupXML(d.xml, path)
}

// Walk visits every scalar member once with the path that Lookup finds it by,
// in the order of the document, at most [MaxMembers] and not deeper than
// [MaxDepth], until visit returns false.
func (d *Document) Walk(visit func(path, value string) bool) {
	if d.json != nil {
		w := walker{scanner: d.json, visit: visit, left: MaxMembers}
		w.walk(&d.json.nodes[0], "")
		return
	}
	for _, m := range d.xml {
		if m.scalar && !visit(m.path, m.value) {
			return
		}
	}
}

// lookup returns the value that path leads to from n. A name may itself hold
// dots (`odata.error`), so every member whose name path starts with is tried.
func (s *scanner) lookup(n *node, path string, depth int) *node {
	if depth > MaxDepth || !n.is(jsonObject|jsonArray) {
		return nil
	}
	i := 0
	for m := s.at(n.child); m != nil; m = s.at(m.next) {
		name := ""
		if n.kind == jsonObject {
			name = s.key(m)
		} else {
			name = strconv.Itoa(i)
			i++
		}
		rest, ok := strings.CutPrefix(path, name)
		switch {
		case !ok:
			continue
		case rest == "":
			return m
		case rest[0] == '.':
			if found := s.lookup(m, rest[1:], depth+1); found != nil {
				return found
			}
		}
	}
	return nil
}

// walker is one [Document.Walk] over JSON.
type walker struct {
	*scanner
	visit func(path, value string) bool
	left  int // members that may still be visited
}

// walk visits the scalars in n, whose path is prefix, and reports whether to go
// on.
func (w *walker) walk(n *node, prefix string) bool {
	if !n.is(jsonObject | jsonArray) {
		w.left--
		return w.left >= 0 && w.visit(prefix, w.str(n))
	}
	i := 0
	for m := w.at(n.child); m != nil; m = w.at(m.next) {
		name := ""
		if n.kind == jsonObject {
			name = w.key(m)
		} else {
			name = strconv.Itoa(i)
			i++
		}
		if n != &w.nodes[0] {
			name = prefix + "." + name
		}
		if !w.walk(m, name) {
			return false
		}
	}
	return true
}
