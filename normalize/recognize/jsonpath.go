package recognize

import (
	"net/http"
	"strconv"
	"strings"
)

// path leads from an object to a value in it. Written, it is dotted names;
// a number is an element of an array, `*` the first member or element. A name
// asked of an array is asked of its first element. A dot within a name has
// a backslash before it.
type path []step

type step struct {
	name  nameID // 0 for an element
	index int
	any   bool
}

// parsePath parses one path.
func (t *jsonTables) parsePath(text string) path {
	var p path
	text = strings.ReplaceAll(text, `\.`, "") // as foldName does
	for part := range strings.SplitSeq(text, ".") {
		if i, err := strconv.Atoi(part); err == nil {
			p = append(p, step{index: i})
		} else if part == "*" {
			p = append(p, step{any: true})
		} else {
			p = append(p, step{name: t.names.id(part)})
		}
	}
	return p
}

// parsePaths parses paths separated by spaces, the preferred one first.
func (t *jsonTables) parsePaths(text string) []path {
	var paths []path
	for _, field := range strings.Fields(text) {
		paths = append(paths, t.parsePath(field))
	}
	return paths
}

// follow returns the value that p leads to from n, nil if there is none.
func (d *jsonDoc) follow(n *node, p path) *node {
	for _, s := range p {
		switch {
		case n == nil:
			return nil
		case s.name != 0:
			n = d.member(d.first(n), s.name)
		case s.any:
			n = d.at(n.child)
		case n.kind == jsonArray:
			n = d.at(n.child)
			for i := s.index; i > 0 && n != nil; i-- {
				n = d.at(n.next)
			}
		default:
			return nil
		}
	}
	return n
}

// signature is what all bodies of a family have in common. Written, it is terms
// separated by spaces, all of which must hold:
//
//	error.code          there is such a member
//	error:string        it is of that type (types are joined by |)
//	kind=Status         its text is that (any case, * is a wildcard)
//	!errors             there is no such member
//	#2                  the object has two members
//	>X-Amzn-ErrorType   there is such a header field (or, with =, such a value)
type signature struct {
	// needed and excluded are what the members of the top object alone must and
	// must not show; terms are what else must hold.
	needed, excluded traitSet
	terms            []term
}

type term struct {
	path    path
	kinds   jsonKind // 0 for any
	pattern string   // "" for any
	field   string   // the header field, if it is not about a member
	count   int      // the number of members, if it is not about a member
	absent  bool
}

// kindNames are the types as signatures spell them.
var kindNames = map[string]jsonKind{
	"object": jsonObject, "array": jsonArray, "string": jsonString, "number": jsonNumber, "bool": jsonBool, "null": jsonNull,
}

// trait returns the number of a trait, a new one if it has none.
func (t *jsonTables) trait(name nameID, kinds jsonKind) int {
	for _, known := range t.traits[name] {
		if known.kinds == kinds {
			return known.number
		}
	}
	number := t.traitCount
	if t.traitCount++; t.traitCount > maxTraits {
		panic("more traits than maxTraits")
	}
	t.traits[name] = append(t.traits[name], trait{number, kinds})
	return number
}

// cutKinds cuts the types from a term. A colon may also be part of a name.
func cutKinds(field string) (name string, kinds jsonKind) {
	i := strings.LastIndexByte(field, ':')
	for kind := range strings.SplitSeq(field[i+1:], "|") {
		kinds |= kindNames[kind]
	}
	if i < 0 || kinds == 0 {
		return field, 0
	}
	return field[:i], kinds
}

// parseSignature parses one signature.
func (t *jsonTables) parseSignature(text string) signature {
	var sig signature
	for _, field := range strings.Fields(text) {
		var tm term
		if n, ok := strings.CutPrefix(field, "#"); ok {
			tm.count, _ = strconv.Atoi(n)
			sig.terms = append(sig.terms, tm)
			continue
		}
		field, tm.absent = strings.CutPrefix(field, "!")
		field, tm.pattern, _ = strings.Cut(field, "=")
		if name, ok := strings.CutPrefix(field, ">"); ok {
			tm.field = http.CanonicalHeaderKey(name)
			sig.terms = append(sig.terms, tm)
			continue
		}
		field, tm.kinds = cutKinds(field)
		tm.path = t.parsePath(field)
		first, kinds := tm.path[0].name, tm.kinds
		if len(tm.path) > 1 {
			kinds = jsonObject | jsonArray
		} else if kinds == 0 {
			kinds = anyKind
		}
		simple := len(tm.path) == 1 && tm.pattern == ""
		switch {
		case !tm.absent:
			sig.needed.add(t.trait(first, kinds))
		case simple:
			sig.excluded.add(t.trait(first, kinds))
		}
		if !simple {
			sig.terms = append(sig.terms, tm)
		}
	}
	return sig
}

// matches reports whether d has the signature.
func (d *jsonDoc) matches(sig *signature) bool {
	if !d.traits.holds(&sig.needed) || d.traits.meets(&sig.excluded) {
		return false
	}
	for i := range sig.terms {
		if tm := &sig.terms[i]; d.holds(tm) == tm.absent {
			return false
		}
	}
	return true
}

// holds reports whether what tm asks for is there.
func (d *jsonDoc) holds(tm *term) bool {
	switch {
	case tm.count != 0:
		return d.count == tm.count
	case tm.field == "Content-Type":
		return matchFold(tm.pattern, d.media)
	case tm.field != "":
		values := d.header[tm.field]
		value := ""
		if len(values) > 0 {
			value = values[0]
		}
		return value != "" && (tm.pattern == "" || matchFold(tm.pattern, value))
	}
	n := d.follow(d.top, tm.path)
	return n != nil && (tm.kinds == 0 || n.is(tm.kinds)) && (tm.pattern == "" || matchFold(tm.pattern, d.str(n)))
}

// matchFold reports whether s is what pattern describes, in which `*` stands
// for any text; the case of ASCII letters does not count.
func matchFold(pattern, s string) bool {
	head, rest, wild := strings.Cut(pattern, "*")
	if len(s) < len(head) || !strings.EqualFold(s[:len(head)], head) {
		return false
	}
	s = s[len(head):]
	for wild {
		var part string
		part, rest, wild = strings.Cut(rest, "*")
		if !wild {
			return len(s) >= len(part) && strings.EqualFold(s[len(s)-len(part):], part)
		}
		for {
			if len(s) < len(part) {
				return false
			}
			if strings.EqualFold(s[:len(part)], part) {
				break
			}
			s = s[1:]
		}
		s = s[len(part):]
	}
	return s == ""
}
