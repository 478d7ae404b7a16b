package recognize

import "strings"

// readGenericXML reads what no family knows as if it were JSON: a dialect that
// nobody listed uses the same names in either syntax.
func readGenericXML(doc *xmlDoc, ev *Evidence) bool {
	doc.generic(ev)
	return true
}

// generic takes code, message and violations by the usual names.
func (doc *xmlDoc) generic(ev *Evidence) {
	in := *doc.in
	in.Text = doc.json()
	*ev, _ = readJSON(&in)
}

// rest takes the violations, and a message if ev has none.
func (doc *xmlDoc) rest(ev *Evidence) {
	var all Evidence
	doc.generic(&all)
	ev.Violations = all.Violations
	if ev.Message == "" {
		ev.Message = all.Message
	}
}

// knownName reports whether an element of this name may hold a message or an
// error in any dialect, so that the name itself says nothing.
func knownName(name string) bool {
	role := &tables.roles[tables.names.of(name)]
	return role.message != 0 || role.inside != 0 || role.list != 0
}

// json returns the document in JSON's syntax: what is below the root, since
// the root stands for the text as a whole.
func (doc *xmlDoc) json() string {
	var b strings.Builder
	b.Grow(1024)
	root := &doc.nodes[0]
	if root.leaf || doc.isList(0) {
		name := root.name
		if !knownName(name) {
			name = "message"
		}
		b.WriteString("{")
		writeJSONString(&b, name)
		b.WriteString(":")
		doc.writeJSON(&b, 0)
		b.WriteString("}")
	} else {
		doc.writeJSON(&b, 0)
	}
	return b.String()
}

// writeJSON writes node i as a value: a list of children of one name is an
// array, and an element without children and telling attributes a string.
func (doc *xmlDoc) writeJSON(b *strings.Builder, i int) {
	i = doc.unwrap(i)
	n := &doc.nodes[i]
	if doc.isList(i) {
		b.WriteByte('[')
		for j := i + 1; j < len(doc.nodes) && doc.nodes[j].depth > n.depth; j++ {
			if doc.nodes[j].parent == i {
				doc.writeJSON(b, j)
				b.WriteByte(',')
			}
		}
		b.WriteByte(']')
		return
	}
	members := 0
	member := func(name string) {
		if members++; members == 1 {
			b.WriteByte('{')
		} else {
			b.WriteByte(',')
		}
		writeJSONString(b, name)
		b.WriteByte(':')
	}
	for rest := n.attrs; rest != ""; {
		name, value, after, ok := nextAttr(rest)
		if !ok {
			break
		}
		if isTellingAttr(name) {
			member(name)
			writeJSONString(b, xmlText(value))
		}
		rest = after
	}
	if n.leaf {
		if members > 0 {
			member("message")
		}
		writeJSONString(b, xmlText(n.inner))
	}
	for j := i + 1; j < len(doc.nodes) && doc.nodes[j].depth > n.depth; j++ {
		if doc.nodes[j].parent == i {
			member(doc.nodes[j].name)
			doc.writeJSON(b, j)
		}
	}
	if members > 0 {
		b.WriteByte('}')
	}
}

// isList reports whether node i is a list: several children, all of one name,
// or a single one of which the node's name is the plural.
func (doc *xmlDoc) isList(i int) bool {
	if doc.nodes[i].leaf || i+1 >= len(doc.nodes) {
		return false
	}
	name, children := doc.nodes[i+1].name, 0
	for j := i + 1; j < len(doc.nodes) && doc.nodes[j].depth > doc.nodes[i].depth; j++ {
		if doc.nodes[j].parent != i {
			continue
		}
		if doc.nodes[j].name != name {
			return false
		}
		children++
	}
	return children > 1 || isItemName(name) || strings.EqualFold(doc.nodes[i].name, name+"s")
}

// isItemName reports whether children of this name make their parent a list
// even if there is only one.
func isItemName(name string) bool {
	switch name {
	case "i", "item", "list-item", "li", "element", "entry", "string", "anyType":
		return true
	}
	return false
}

// unwrap returns the only child of node i, or its only child, if it is a wrapper
// whose name nobody knows.
func (doc *xmlDoc) unwrap(i int) int {
	for i+1 < len(doc.nodes) && !doc.nodes[i].leaf && !doc.nodes[i+1].leaf && !knownName(doc.nodes[i+1].name) && !doc.isList(i) {
		for j := i + 2; j < len(doc.nodes) && doc.nodes[j].depth > doc.nodes[i].depth; j++ {
			if doc.nodes[j].parent == i {
				return i
			}
		}
		i++
	}
	return i
}

// isTellingAttr reports whether an attribute of this name may say what went
// wrong rather than what kind of value the element has.
func isTellingAttr(name string) bool {
	if strings.HasPrefix(name, "xml") || strings.EqualFold(name, "type") || strings.EqualFold(name, "name") {
		return false
	}
	role := &tables.roles[tables.names.of(name)]
	return role.message != 0 || role.code != 0 || role.field != 0 && role.field <= plainFieldNames
}

// writeJSONString writes s as the scanner of JSON reads it, which takes control
// characters as they are.
func writeJSONString(b *strings.Builder, s string) {
	b.WriteByte('"')
	for {
		i := strings.IndexAny(s, `"\\`)
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		b.WriteByte('\\')
		b.WriteByte(s[i])
		s = s[i+1:]
	}
	b.WriteString(s)
	b.WriteByte('"')
}
