package recognize

import "strings"

// jsonKind is the type of a JSON value.
type jsonKind uint8

const (
	jsonObject jsonKind = 1 << iota
	jsonArray
	jsonString
	jsonNumber
	jsonBool
	jsonNull
)

// span is a part of the text.
type span struct{ start, end int32 }

// node is one value of a JSON text.
type node struct {
	kind  jsonKind
	name  nameID // what the member's name is known as; 0 if it is unknown or the value is an element
	key   span   // the member's name, without quotes
	val   span   // the value; of a string what is between the quotes
	child int32  // the first member or element; 0 if there is none
	next  int32  // the next member or element of the same parent; 0 if there is none
}

// is reports whether n is there and of one of the kinds.
func (n *node) is(kinds jsonKind) bool { return n != nil && n.kind&kinds != 0 }

// scanner makes a table of the values of a JSON text, in the order of the text.
// It reads the text once and is tolerant: it accepts what template engines and
// `print` make of JSON (single quotes, trailing commas, bare control
// characters), and keeps what was complete before the text ended or went wrong.
type scanner struct {
	text  string
	pos   int
	nodes []node
	t     *jsonTables // the names that are known, and what they mean

	// Values that are over one of these bounds are passed over.
	maxNodes    int // size of the table, but for a reserve for members of the root
	maxElements int // elements of one array
}

// reserve is how many members of the root still have a place in a table that is
// full for all others.
const reserve = 64

// maxJSON is the most bytes of a text that are looked at.
const maxJSON = 1 << 20

// scan fills the table, and reports whether there is anything in it that only
// JSON has: a log line may start with a bracket and a number.
func (s *scanner) scan() bool {
	s.text = s.text[:min(len(s.text), maxJSON)]
	s.space()
	whole := s.value(&node{}, 0, 0, 0)
	if whole || len(s.nodes) == 0 {
		return whole
	}
	child := s.at(s.nodes[0].child)
	return child != nil && (s.nodes[0].kind == jsonObject || child.kind != jsonNumber)
}

// at returns the node that a link leads to, nil if it leads nowhere.
func (s *scanner) at(link int32) *node {
	if link == 0 {
		return nil
	}
	return &s.nodes[link]
}

// value reads the value at pos into the table, as a child of parent that
// follows prev, and reports whether it was whole. A scalar that is not whole
// leaves no trace; an object or array keeps what came before.
func (s *scanner) value(n *node, depth int, parent, prev int32) bool {
	if s.pos >= len(s.text) {
		return false
	}
	var whole bool
	n.val.start = int32(s.pos)
	switch s.text[s.pos] {
	case '{':
		n.kind = jsonObject
		return s.members(s.add(n, parent, prev), depth, '}')
	case '[':
		n.kind = jsonArray
		return s.members(s.add(n, parent, prev), depth, ']')
	case '"', '\'':
		n.kind = jsonString
		n.val, whole = s.quoted()
	default:
		n.kind, whole = s.bare()
		n.val.end = int32(s.pos)
	}
	if whole {
		s.add(n, parent, prev)
	}
	return whole
}

// add appends a copy of n to the table and links it.
func (s *scanner) add(n *node, parent, prev int32) int32 {
	i := int32(len(s.nodes))
	s.nodes = append(s.nodes, *n)
	if prev != 0 {
		s.nodes[prev].next = i
	} else if i != 0 {
		s.nodes[parent].child = i
	}
	return i
}

// members reads the rest of the object or array self, which is at depth and
// whose opening bracket is at pos.
func (s *scanner) members(self int32, depth int, closing byte) bool {
	s.pos++
	var prev int32
	for count := 0; ; count++ {
		if s.separator(); s.pos >= len(s.text) {
			return false
		}
		if s.text[s.pos] == closing {
			s.pos++
			s.nodes[self].val.end = int32(s.pos)
			return true
		}
		var n node
		if closing == '}' {
			var ok bool
			if n.key, ok = s.memberName(); !ok {
				return false
			}
		}
		if depth >= MaxDepth || closing == ']' && count >= s.maxElements ||
			len(s.nodes) >= s.maxNodes && (depth > 0 || len(s.nodes) >= s.maxNodes+reserve) {
			if !s.skip() {
				return false
			}
			continue
		}
		if closing == '}' {
			n.name = s.t.names.of(s.text[n.key.start:n.key.end])
		}
		i := int32(len(s.nodes))
		whole := s.value(&n, depth+1, self, prev)
		if !whole {
			return false
		}
		prev = i
	}
}

// memberName reads the name of a member and the colon after it.
func (s *scanner) memberName() (name span, ok bool) {
	switch c := s.text[s.pos]; {
	case c == '"' || c == '\'':
		if name, ok = s.quoted(); !ok {
			return name, false
		}
	case isLetter(c):
		name.start = int32(s.pos)
		for s.pos < len(s.text) && (isLetter(s.text[s.pos]) || isDigit(s.text[s.pos])) {
			s.pos++
		}
		name.end = int32(s.pos)
	default:
		return name, false
	}
	s.space()
	if s.pos >= len(s.text) || s.text[s.pos] != ':' {
		return name, false
	}
	s.pos++
	s.space()
	return name, true
}

// quoted reads the string at pos. Its escapes are left for whoever needs it.
func (s *scanner) quoted() (span, bool) {
	quote, start := s.text[s.pos], s.pos+1
	for i := start; ; {
		n := strings.IndexByte(s.text[i:], quote)
		if n < 0 {
			s.pos = len(s.text)
			return span{}, false
		}
		i += n + 1
		escapes := 0
		for j := i - 2; j >= start && s.text[j] == '\\'; j-- {
			escapes++
		}
		if escapes%2 == 0 {
			s.pos = i
			return span{int32(start), int32(i - 1)}, true
		}
	}
}

// bare reads the number or literal at pos. Whether a number is well-formed does
// not matter; whether it is whole does, and at the end of the text nobody knows.
func (s *scanner) bare() (jsonKind, bool) {
	start := s.pos
	for s.pos < len(s.text) {
		c := s.text[s.pos]
		if !isLetter(c) && !isDigit(c) && c != '-' && c != '+' && c != '.' {
			break
		}
		s.pos++
	}
	if s.pos == len(s.text) || s.pos == start {
		return 0, false
	}
	if c := s.text[start]; isDigit(c) || c == '-' {
		return jsonNumber, true
	}
	switch s.text[start:s.pos] {
	case "true", "false", "True", "False":
		return jsonBool, true
	case "null", "None", "undefined", "NaN", "Infinity":
		return jsonNull, true
	}
	return 0, false
}

// skip passes over the value at pos, whatever its depth.
func (s *scanner) skip() bool {
	for depth := 0; s.pos < len(s.text); {
		switch s.text[s.pos] {
		case '"', '\'':
			if _, ok := s.quoted(); !ok {
				return false
			}
		case '{', '[':
			depth++
			s.pos++
		case '}', ']':
			depth--
			s.pos++
		case ',', ':', ' ', '\t', '\r', '\n':
			s.pos++
			continue
		default:
			if _, ok := s.bare(); !ok {
				return false
			}
		}
		if depth <= 0 {
			return true
		}
	}
	return false
}

// space passes over white space.
func (s *scanner) space() {
	for s.pos < len(s.text) && s.text[s.pos] <= ' ' {
		s.pos++
	}
}

// separator passes over white space and commas.
func (s *scanner) separator() {
	for s.pos < len(s.text) && (s.text[s.pos] <= ' ' || s.text[s.pos] == ',') {
		s.pos++
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c == '$'
}
