package recognize

import (
	"fmt"
	"strings"
)

// nameID stands for a member name that a family, or the generic reader, asks
// for; 0 for any other name. Services disagree about the spelling of a name
// (errorCode, error_code, ErrorCode, error-code), so an ID stands for all of
// them.
type nameID uint16

// maxName is the length of the longest name that can be known.
const maxName = 40

// nameTable holds the names that are asked for: a hash table that is built
// once and then only read.
type nameTable struct {
	names []string // by ID, folded
	slots [1024]nameID
}

// id returns the ID for name, which it learns if it is new.
func (t *nameTable) id(name string) nameID {
	var buf [maxName]byte
	short, slot := foldName(&buf, name)
	if len(short) == 0 {
		panic(fmt.Sprintf("member name %q folds to nothing or is too long", name))
	}
	for ; t.slots[slot] != 0; slot = (slot + 1) % len(t.slots) {
		if t.names[t.slots[slot]] == string(short) {
			return t.slots[slot]
		}
	}
	if len(t.names) == 0 {
		t.names = append(t.names, "")
	}
	t.slots[slot] = nameID(len(t.names))
	t.names = append(t.names, string(short))
	return t.slots[slot]
}

// of returns the ID of name, or 0 if nobody asks for it.
func (t *nameTable) of(name string) nameID {
	var buf [maxName]byte
	short, slot := foldName(&buf, name)
	if len(short) == 0 {
		return 0
	}
	for ; t.slots[slot] != 0; slot = (slot + 1) % len(t.slots) {
		if t.names[t.slots[slot]] == string(short) {
			return t.slots[slot]
		}
	}
	return 0
}

// foldName writes name into buf in lower case and without the punctuation that
// is only a matter of taste (that at the beginning is not: `@type` and `__type`
// are no `type`), and returns it with its place in a nameTable; nothing if the
// name is too long to be known.
func foldName(buf *[maxName]byte, name string) (short []byte, slot int) {
	if len(name) > maxName {
		return nil, 0
	}
	n, h := 0, uint32(0)
	for i := 0; i < len(name); i++ {
		c := folded[name[i]]
		if c == 0 {
			if n > 0 {
				continue
			}
			c = name[i]
		}
		buf[n] = c
		n++
		h = h*31 + uint32(c)
	}
	return buf[:n], int((h ^ h>>15) % 1024)
}

// folded maps letters to small ones, and to 0 what foldName drops.
var folded = func() (table [256]byte) {
	for i := range table {
		c := byte(i)
		switch {
		case isUpper(c):
			table[i] = c | 0x20
		case strings.IndexByte("_-. :", c) < 0:
			table[i] = c
		}
	}
	return table
}()

// A trait is that the top object has a member of some name, and of one of some
// kinds. It is a number, by which traits are in a traitSet.
type trait struct {
	number int
	kinds  jsonKind
}

// anyKind are all kinds.
const anyKind = jsonObject | jsonArray | jsonString | jsonNumber | jsonBool | jsonNull

// maxTraits is how many traits a traitSet has room for.
const maxTraits = 192

// traitSet is a set of traits.
type traitSet [maxTraits / 64]uint64

func (s *traitSet) add(number int) { s[number/64] |= 1 << (number % 64) }

// holds reports whether all of other is in s.
func (s *traitSet) holds(other *traitSet) bool {
	return other[0]&^s[0] == 0 && other[1]&^s[1] == 0 && other[2]&^s[2] == 0
}

// meets reports whether some of other is in s.
func (s *traitSet) meets(other *traitSet) bool {
	return other[0]&s[0]|other[1]&s[1]|other[2]&s[2] != 0
}

// lower writes s into buf with its ASCII letters in lower case, and returns it;
// nothing if it does not fit.
func lower(buf []byte, s string) []byte {
	if len(s) > len(buf) {
		return nil
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if isUpper(c) {
			c |= 0x20
		}
		buf[i] = c
	}
	return buf[:len(s)]
}
