package recognize

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// xmlMember is an element or attribute of an XML text.
type xmlMember struct {
	path   string
	value  string
	scalar bool // it is an attribute, or an element with text or without children
}

// xmlElement is an element whose end has not come yet.
type xmlElement struct {
	member int            // its place in the list
	seen   map[string]int // how many children of each name it has
}

// parseXMLMembers lists the elements and attributes of text, in its order, at
// most MaxMembers scalars and not deeper than MaxDepth, up to where it ends or
// goes wrong.
func parseXMLMembers(text string) []xmlMember {
	if isHTML(text) {
		return nil
	}
	dec := xml.NewDecoder(strings.NewReader(text))
	dec.Strict = false
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 already

	var (
		members []xmlMember
		open    []xmlElement // the innermost last
		deeper  int          // open elements below MaxDepth
	)
	for len(members) < 2*MaxMembers {
		token, err := dec.RawToken()
		if err != nil {
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(open) == MaxDepth {
				deeper++
				continue
			}
			path := t.Name.Local
			if len(open) > 0 {
				path = open[len(open)-1].child(members, path)
			} else if len(members) > 0 {
				return members // what follows the root element is not its document
			}
			open = append(open, xmlElement{member: len(members)})
			members = append(members, xmlMember{path: path, scalar: true})
			for _, a := range t.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					members = append(members, xmlMember{path: path + ".@" + a.Name.Local, value: a.Value, scalar: true})
				}
			}
		case xml.EndElement:
			switch {
			case deeper > 0:
				deeper--
			case len(open) > 0:
				open = open[:len(open)-1]
			}
		case xml.CharData:
			if s := strings.TrimSpace(string(t)); s != "" && deeper == 0 && len(open) > 0 {
				m := &members[open[len(open)-1].member]
				m.value, m.scalar = m.value+s, true
			}
		}
	}
	return members[:min(len(members), MaxMembers)]
}

// child returns the path of the next child of e with a name. An element with
// children is a scalar only if it has text as well.
func (e *xmlElement) child(members []xmlMember, name string) string {
	if e.seen == nil {
		e.seen = map[string]int{}
	}
	parent := &members[e.member]
	parent.scalar = parent.value != ""
	path := parent.path + "." + name
	if n := e.seen[name]; n > 0 {
		path += "." + strconv.Itoa(n)
	}
	e.seen[name]++
	return path
}

// lookupXML returns the member at path.
func lookupXML(members []xmlMember, path string) (value string, ok bool) {
	first := strings.TrimSuffix(strings.ReplaceAll(path, ".0.", "."), ".0")
	for _, m := range members {
		if m.path == path || m.path == first {
			return m.value, true
		}
	}
	return "", false
}

// isHTML reports whether text starts like an HTML document.
func isHTML(text string) bool {
	head := strings.ToLower(text[:min(len(text), 64)])
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html")
}
