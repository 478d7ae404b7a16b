package prose

import (
	"iter"
	"strings"
)

// A wording is a row of words to look for. In tables, wordings are separated by
// ";" or a line break, their words by white space. A word is:
//
//	word    this word in any case
//	WORD    this word in upper case
//	*       up to five words of any kind
//	#       a number
//
// A word with punctuation at its end (`panic:`, `entry'`, `codes[`) must be
// followed by that very character, white space aside; `'` stands for any quote.
// Punctuation before a word (`(native)`, `...#`) must stand before it likewise.
// What else is not a letter, digit or "_" only separates words, in the wording
// and in the text.
type wording struct {
	kind  string
	elems []elem
	// anchor is the longest word; the wording is tried where it occurs.
	anchor int
}

type elem struct {
	word   string // in lower case, unless exact
	exact  bool
	gap    bool
	number bool
	next   byte   // what must follow, or 0
	prev   string // what must stand before, or ""
}

// maxGap is how many words a "*" stands for at most.
const maxGap = 5

// A trigger is what a word sets off.
type trigger struct {
	phrases []*wording
	kind    string // the word alone is a leak
	key     uint8  // a value after the word is a secret: see secretValue
	sql     bool   // see sqlLeak
	product bool   // with a version after it, the word is a banner
}

// triggers maps lower-case words to what they set off.
var triggers = func() map[string]*trigger {
	m := map[string]*trigger{}
	at := func(word string) *trigger {
		t := m[word]
		if t == nil {
			t = &trigger{}
			m[word] = t
		}
		return t
	}
	for _, table := range leakPhrases {
		for _, p := range parseWordings(table.kind, table.phrases) {
			t := at(p.anchorWord())
			t.phrases = append(t.phrases, p)
		}
	}
	for _, table := range leakWords {
		for _, w := range strings.Fields(table.words) {
			at(w).kind = table.kind
		}
	}
	for i, words := range secretKeys {
		for _, w := range strings.Fields(words) {
			at(w).key = uint8(i)
		}
	}
	for _, w := range strings.Fields(products) {
		at(w).product = true
	}
	for _, w := range strings.Fields(sqlVerbs) {
		at(w).sql = true
	}
	return m
}()

// triggerLengths holds, for each byte that a word of triggers begins with, a
// bit for each length of such a word: most words of a text need no look-up.
var triggerLengths = func() (bits [256]uint64) {
	for w := range triggers {
		bits[w[0]] |= 1 << len(w)
	}
	return bits
}()

// parseWordings reads a table.
func parseWordings(kind, table string) (wordings []*wording) {
	for line := range tableLines(table) {
		wordings = append(wordings, parseWording(kind, line))
	}
	return wordings
}

// tableLines yields what stands between the ";" and line breaks of table.
func tableLines(table string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.FieldsFuncSeq(table, func(r rune) bool { return r == ';' || r == '\n' }) {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// parseWording reads one wording.
func parseWording(kind, line string) *wording {
	p := &wording{kind: kind}
	longest := -1
	for _, f := range strings.Fields(line) {
		switch f {
		case "*":
			p.elems = append(p.elems, elem{gap: true})
			continue
		}
		before := f[:len(f)-len(strings.TrimLeft(f, "(.{@$*["))]
		if rest, ok := strings.CutPrefix(f[len(before):], "#"); ok {
			e := elem{number: true, prev: before}
			if rest != "" {
				e.next = rest[0]
			}
			p.elems = append(p.elems, e)
			continue
		}
		s := cutText(f, nil, nil)
		for i, w := range s.words {
			e := elem{word: f[w.start:w.end]}
			if i == len(s.words)-1 && int(w.end) < len(f) {
				e.next = f[w.end]
			}
			if i == 0 {
				e.prev = before
			}
			e.exact = strings.ToLower(e.word) != e.word
			if len(e.word) > longest {
				longest, p.anchor = len(e.word), len(p.elems)
			}
			p.elems = append(p.elems, e)
		}
	}
	return p
}

// anchorWord returns the anchor in lower case.
func (p *wording) anchorWord() string { return strings.ToLower(p.elems[p.anchor].word) }

// matches reports whether p holds with its anchor at word i.
func (p *wording) matches(s *sentence, i int) bool {
	return p.elems[p.anchor].matches(s, i) && p.walk(s, p.anchor+1, i+1, 1) && p.walk(s, p.anchor-1, i-1, -1)
}

// walk matches the elements from e on against the words from i on, in the
// direction of step.
func (p *wording) walk(s *sentence, e, i, step int) bool {
	for ; 0 <= e && e < len(p.elems); e += step {
		if p.elems[e].gap {
			for range maxGap + 1 {
				if p.walk(s, e+step, i, step) {
					return true
				}
				i += step
			}
			return false
		}
		if i < 0 || i >= len(s.words) || !p.elems[e].matches(s, i) {
			return false
		}
		i += step
	}
	return true
}

// matches reports whether word i is the element.
func (e *elem) matches(s *sentence, i int) bool {
	w := s.word(i)
	switch {
	case e.number:
		if !isNumber(w) {
			return false
		}
	case e.exact:
		if w != e.word {
			return false
		}
	case !equalLower(w, e.word):
		return false
	}
	if e.prev != "" && !strings.HasSuffix(strings.TrimRight(s.text[:s.words[i].start], " "), e.prev) {
		return false
	}
	if e.next == 0 {
		return true
	}
	rest := strings.TrimLeft(s.after(i), " ")
	if e.next == '\'' {
		return startsWithQuote(rest)
	}
	return rest != "" && rest[0] == e.next
}

// equalLower reports whether s is low but for the case of ASCII letters.
func equalLower(s, low string) bool {
	if len(s) != len(low) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if isUpper(c) {
			c += 'a' - 'A'
		}
		if c != low[i] {
			return false
		}
	}
	return true
}

func isNumber(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// startsWithQuote reports whether s begins with a quotation mark.
func startsWithQuote(s string) bool {
	for _, q := range [...]string{`"`, "'", "`", `\"`, `\'`, "“", "‘", "«", "»", "„", "「", "[", "("} {
		if strings.HasPrefix(s, q) {
			return true
		}
	}
	return false
}

// wordLeak looks up word i.
func (s *sentence) wordLeak(i int) string {
	var buf [maxLower]byte
	w := s.word(i)
	if len(w) < 2 {
		if isLetter(w[0]) && strings.HasPrefix(s.after(i), `:\`) {
			return "path"
		}
		return ""
	}
	if kind := s.codeLeak(i, w); kind != "" {
		return kind
	}
	low := lower(&buf, w)
	if low == nil {
		return ""
	}
	var t *trigger
	if triggerLengths[low[0]]&(1<<len(low)) != 0 {
		t = triggers[string(low)]
	}
	if t == nil || t.key == 0 {
		if kind := s.partSecret(i, low); kind != "" {
			return kind
		}
	}
	if t == nil {
		return ""
	}
	if t.kind != "" {
		return t.kind
	}
	for _, p := range t.phrases {
		if p.matches(s, i) {
			return p.kind
		}
	}
	if t.key != 0 {
		if kind := s.secretValue(i, t.key); kind != "" {
			return kind
		}
	}
	if t.product && s.versionFollows(i) {
		return "banner"
	}
	if t.sql {
		return s.sqlLeak(i)
	}
	return ""
}

// partSecret reports a secret after word i if a part of the word, which low is
// in lower case, announces one: "db_password", "secret_key_base".
func (s *sentence) partSecret(i int, low []byte) string {
	for start, end := 0, 0; end < len(low); start = end + 1 {
		for end = start; end < len(low) && low[end] != '_'; {
			end++
		}
		if end-start == len(low) {
			return "" // no part but the whole
		}
		if t := triggers[string(low[start:end])]; t != nil && t.key != 0 {
			if kind := s.secretValue(i, t.key); kind != "" {
				return kind
			}
		}
	}
	return ""
}
