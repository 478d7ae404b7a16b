package normalize

import "slices"

// ruleIndex finds the rules whose body lines may hold of a response without
// trying them all. Each rule with such a line is filed under the most selective
// one: by its exact values, or by a few bytes that a text must contain for a
// pattern to match. What it finds is a candidate, no more.
type ruleIndex struct {
	rules map[ruleKey][]int32
	// filter says which keys of pieces may be in rules: reading a text takes
	// one test a byte however many rules there are.
	filter [keyKinds]pieceFilter
	// paths are the members that field lines ask for; presence says that some
	// line asks for a member whatever its value.
	paths    map[string]*memberPath
	presence bool
}

// memberPath is one path of field lines.
type memberPath struct{ path string }

// keyKind is what the text of a [ruleKey] is taken from.
type keyKind uint8

const (
	byCode keyKind = iota
	byMessage
	byMember
	byFormat
	keyKinds
)

// ruleKey is what a rule is filed under: the whole of a text or, with piece
// set, some bytes of it. A member that must only be there has no text.
type ruleKey struct {
	kind  keyKind
	piece bool
	path  string // of a member
	text  string
}

// maxPiece is the most bytes of a piece. Four tell most patterns apart, and fit
// a word.
const maxPiece = 4

// newRuleIndex files rules, and returns the kind of keys that finds each;
// keyKinds if none does.
func newRuleIndex(rules []compiledRule, paths map[string]*memberPath) (ruleIndex, []keyKind) {
	x := ruleIndex{rules: make(map[ruleKey][]int32), paths: paths}
	// How many rules could be filed under a key tells how selective it is.
	count := make(map[ruleKey]int)
	for i := range rules {
		for _, line := range rules[i].keyLines() {
			for _, alternative := range line {
				for _, key := range alternative {
					count[key]++
				}
			}
		}
		for _, line := range rules[i].fields {
			x.presence = x.presence || len(line.values) == 0
		}
	}
	kinds := make([]keyKind, len(rules))
	for i := range rules {
		kinds[i] = keyKinds
		for _, key := range bestKeys(rules[i].keyLines(), count) {
			kinds[i] = key.kind
			x.rules[key] = append(x.rules[key], int32(i))
			if key.piece {
				x.filter[key.kind].add(key.text)
			}
		}
	}
	return x, kinds
}

// bestKeys takes the line, and of each of its alternatives the key, that the
// fewest rules share.
func bestKeys(lines [][][]ruleKey, count map[ruleKey]int) []ruleKey {
	var best []ruleKey
	least := -1
	for _, line := range lines {
		var keys []ruleKey
		total := 0
		for _, alternative := range line {
			key := slices.MinFunc(alternative, func(a, b ruleKey) int { return count[a] - count[b] })
			keys = append(keys, key)
			total += count[key]
		}
		if least < 0 || total < least {
			best, least = keys, total
		}
	}
	return best
}

// keyLines lists the lines that the rule can be filed under, their alternatives,
// and the keys of which any one finds an alternative. A line with an
// alternative that has no key is not among them.
func (r *compiledRule) keyLines() [][][]ruleKey {
	var lines [][][]ruleKey
	add := func(kind keyKind, path string, patterns []pattern) {
		var line [][]ruleKey
		for _, p := range patterns {
			keys := p.keys(kind, path)
			if len(keys) == 0 && kind == byMember {
				keys = []ruleKey{{kind: kind, path: path}}
			}
			if len(keys) == 0 {
				return
			}
			line = append(line, keys)
		}
		if len(line) > 0 {
			lines = append(lines, line)
		}
	}
	add(byCode, "", r.codes)
	add(byMessage, "", r.messages)
	for _, line := range r.fields {
		if len(line.values) == 0 {
			lines = append(lines, [][]ruleKey{{{kind: byMember, path: line.member.path}}})
		}
		add(byMember, line.member.path, line.values)
	}
	var formats [][]ruleKey
	for _, format := range r.lines.Format {
		formats = append(formats, []ruleKey{{kind: byFormat, text: format}})
	}
	if formats != nil {
		lines = append(lines, formats)
	}
	return lines
}

// keys lists the keys of which any one finds p in a text of a kind.
func (p pattern) keys(kind keyKind, path string) []ruleKey {
	if p.exact() {
		return []ruleKey{{kind: kind, path: path, text: p.literals[0]}}
	}
	longest := 0
	for _, literal := range p.literals {
		longest = max(longest, len(literal))
	}
	size := min(longest, maxPiece)
	if size == 0 {
		return nil
	}
	var keys []ruleKey
	for _, literal := range p.literals {
		for i := 0; i+size <= len(literal); i++ {
			keys = append(keys, ruleKey{kind: kind, piece: true, path: path, text: literal[i : i+size]})
		}
	}
	return keys
}

// candidates appends, in order and once each, the rules of plan that the index
// finds.
func (x *ruleIndex) candidates(plan *rulePlan, f *ruleFacts, found []int32) []int32 {
	if plan.kinds[byCode] {
		for _, code := range f.foldedCodes() {
			found = x.find(found, byCode, "", code)
		}
	}
	if plan.kinds[byMessage] {
		for _, message := range f.foldedMessages() {
			found = x.find(found, byMessage, "", message)
		}
	}
	if plan.kinds[byMember] {
		for _, m := range f.foundMembers() {
			found = append(found, x.rules[ruleKey{kind: byMember, path: m.path.path}]...)
			if m.scalar {
				found = x.find(found, byMember, m.path.path, m.value)
			}
		}
	}
	if plan.kinds[byFormat] {
		found = append(found, x.rules[ruleKey{kind: byFormat, text: f.ev.Format}]...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// find appends the rules that are filed under text or a piece of it.
func (x *ruleIndex) find(found []int32, kind keyKind, path, text string) []int32 {
	found = append(found, x.rules[ruleKey{kind: kind, path: path, text: text}]...)
	filter := &x.filter[kind]
	for size := 1; size <= maxPiece; size++ {
		if !filter.sizes[size] {
			continue
		}
		for i := 0; i+size <= len(text); i++ {
			if piece := text[i : i+size]; filter.has(piece) {
				found = append(found, x.rules[ruleKey{kind: kind, piece: true, path: path, text: piece}]...)
			}
		}
	}
	return found
}

// pieceFilter is a set of pieces that may hold some more than were added.
type pieceFilter struct {
	sizes [maxPiece + 1]bool
	bits  [1 << (filterBits - 6)]uint64
}

// filterBits is the logarithm of the bits in a filter: a thousand pieces fill
// a sixteenth of it.
const filterBits = 14

func (s *pieceFilter) add(piece string) {
	s.sizes[len(piece)] = true
	h := pieceHash(piece)
	s.bits[h/64] |= 1 << (h % 64)
}

func (s *pieceFilter) has(piece string) bool {
	h := pieceHash(piece)
	return s.bits[h/64]&(1<<(h%64)) != 0
}

// pieceHash spreads the bytes of a piece over the bits of a filter (Knuth's
// multiplicative hashing).
func pieceHash(piece string) uint32 {
	word := uint32(len(piece)) << 29
	for i := 0; i < len(piece); i++ {
		word ^= uint32(piece[i]) << (8 * i)
	}
	return word * 2654435769 >> (32 - filterBits)
}
