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

// A lexicon finds what a word sets off.
type lexicon struct {
	byWord map[string]*trigger // by the word in lower case
	// sketches has a bit for the sketch of each word: most words of a text need
	// no look-up.
	sketches [1 << 15 / 64]uint64
}

// sketch returns 15 bits made of the length of a word and of three of its
// letters, in any case.
func sketch(word string) uint {
	n := len(word)
	first, middle, last := uint(word[0]&31), uint(word[n/2]&31), uint(word[n-1]&31)
	return (first<<10 | middle<<5 | last) ^ uint(n)*0x4d3&0x7fff
}

func newLexicon() *lexicon { return &lexicon{byWord: map[string]*trigger{}} }

// at returns the trigger of a word in lower case, new if need be.
func (l *lexicon) at(word string) *trigger {
	t := l.byWord[word]
	if t == nil {
		t = &trigger{}
		l.byWord[word] = t
		bit := sketch(word)
		l.sketches[bit/64] |= 1 << (bit % 64)
	}
	return t
}

// add adds a table of wordings.
func (l *lexicon) add(kind, table string) {
	for line := range tableLines(table) {
		p := parseWording(kind, line)
		t := l.at(p.anchorWord())
		t.phrases = append(t.phrases, p)
	}
}

// find returns the trigger of a word in any case, or nil.
func (l *lexicon) find(word string) *trigger {
	if len(word) > maxLower {
		return nil
	}
	if bit := sketch(word); l.sketches[bit/64]&(1<<(bit%64)) == 0 {
		return nil
	}
	var buf [maxLower]byte
	return l.byWord[string(lower(&buf, word))]
}

// triggers holds what leaks.
var triggers = func() *lexicon {
	l := newLexicon()
	for _, table := range leakPhrases {
		l.add(table.kind, table.phrases)
	}
	for _, table := range leakWords {
		for w := range strings.FieldsSeq(table.words) {
			l.at(w).kind = table.kind
		}
	}
	for i, words := range secretKeys {
		for w := range strings.FieldsSeq(words) {
			l.at(w).key = uint8(i)
		}
	}
	for w := range strings.FieldsSeq(products) {
		l.at(w).product = true
	}
	for w := range strings.FieldsSeq(sqlVerbs) {
		l.at(w).sql = true
	}
	return l
}()

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
	if s == "" || isAlnum(s[0]) {
		return false
	}
	for _, q := range [...]string{`"`, "'", "`", `\"`, `\'`, "“", "‘", "«", "»", "„", "「", "[", "("} {
		if strings.HasPrefix(s, q) {
			return true
		}
	}
	return false
}

// wordLeak looks up word i.
func (s *sentence) wordLeak(i int) string {
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
	t := triggers.find(w)
	if !s.words[i].plain && (t == nil || t.key == 0) {
		if kind := s.partSecret(i, w); kind != "" {
			return kind
		}
	}
	if t == nil {
		return ""
	}
	if t.kind != "" {
		return t.kind
	}
	if kind := s.says(t, i); kind != "" {
		return kind
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

// says returns the kind of the first wording of t that holds at word i.
func (s *sentence) says(t *trigger, i int) string {
	for _, p := range t.phrases {
		if p.matches(s, i) {
			return p.kind
		}
	}
	return ""
}

// partSecret reports a secret after word i, w, if a part of the word announces
// one: "db_password", "secret_key_base".
func (s *sentence) partSecret(i int, w string) string {
	if strings.IndexByte(w, '_') < 0 {
		return ""
	}
	for w != "" {
		var part string
		part, w, _ = strings.Cut(w, "_")
		if part == "" {
			continue
		}
		if t := triggers.find(part); t != nil && t.key != 0 {
			if kind := s.secretValue(i, t.key); kind != "" {
				return kind
			}
		}
	}
	return ""
}
