package prose

// A sentence is a text cut twice: into words, which phrases are made of, and
// into chunks, which are what stands between white space, quotes and brackets
// and may be a path, a host, a class name, a token.
type sentence struct {
	text   string
	words  []word
	chunks []chunk
	seen   uint8 // of the seen bits
}

const (
	seenMarkup  uint8 = 1 << iota // a "<"
	seenForeign                   // a character outside ASCII
	seenBrace                     // a "{"
)

// A word is a run of ASCII letters, digits and "_", or a run of letters
// outside ASCII.
type word struct {
	start, end int32
	// plain says that it is ASCII letters, small but for the first, as words of
	// prose are.
	plain bool
}

// A chunk is a run of ASCII without white space, quotes, brackets and commas,
// from the first character on to the last letter or digit.
type chunk struct {
	start, end  int32
	first, last int32  // its words
	classes     uint16 // which classes of characters it has
}

// The classes of characters. Punctuation counts only if a letter or digit
// follows it in the chunk.
const (
	classLower uint16 = 1 << iota
	classUpper
	classDigit
	classUnderscore
	classDot
	classSlash
	classBackslash
	classColon
	classAt
	classHyphen
	classOther // punctuation within a chunk
	classDelim // ends a chunk
	classHigh  // outside ASCII; ends a chunk
	classCamel // of chunks only: an upper-case letter after a lower-case one

	classWord = classLower | classUpper | classDigit | classUnderscore
)

// classOf is the class of each byte.
var classOf = func() (t [256]uint16) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z':
			t[c] = classLower
		case 'A' <= c && c <= 'Z':
			t[c] = classUpper
		case '0' <= c && c <= '9':
			t[c] = classDigit
		case c >= 0x80:
			t[c] = classHigh
		case c <= ' ', c == 0x7f:
			t[c] = classDelim
		default:
			t[c] = classOther
		}
	}
	for _, c := range "\"'`()[]{}<>,;=|" {
		t[c] = classDelim
	}
	t['_'], t['.'], t['/'], t['\\'] = classUnderscore, classDot, classSlash, classBackslash
	t[':'], t['@'], t['-'] = classColon, classAt, classHyphen
	return t
}()

func isLetter(c byte) bool { return classOf[c]&(classLower|classUpper) != 0 }
func isUpper(c byte) bool  { return classOf[c] == classUpper }
func isLower(c byte) bool  { return classOf[c] == classLower }
func isDigit(c byte) bool  { return classOf[c] == classDigit }
func isWord(c byte) bool   { return classOf[c]&classWord != 0 }
func isAlnum(c byte) bool  { return classOf[c]&(classLower|classUpper|classDigit) != 0 }

// cutText cuts text, using words and chunks as far as they reach.
func cutText(text string, words []word, chunks []chunk) sentence {
	s := sentence{text: text, words: words[:0], chunks: chunks[:0]}
	for i := 0; i < len(text); {
		switch class := classOf[text[i]]; {
		case class == classHigh:
			s.seen |= seenForeign
			s.words, i = cutForeign(text, i, s.words)
		case class == classDelim:
			switch text[i] {
			case '<':
				s.seen |= seenMarkup
			case '{':
				s.seen |= seenBrace
			}
			i++
		default:
			c := chunk{start: int32(i), first: int32(len(s.words))}
			s.words, c.classes, c.end, i = cutChunk(text, i, s.words)
			c.last = int32(len(s.words)) - 1
			const interesting = classDot | classSlash | classBackslash | classColon | classAt | classHyphen | classCamel
			if n := c.end - c.start; n >= 3 && (c.classes&interesting != 0 || n >= minSecret) {
				s.chunks = append(s.chunks, c)
			}
		}
	}
	return s
}

// cutChunk cuts the words of the chunk that starts at i and appends them. It
// returns its classes, its end, and where the cutting goes on.
func cutChunk(text string, i int, words []word) (_ []word, classes uint16, end int32, next int) {
	end = int32(i)
	pending, previous := uint16(0), uint16(0)
	for i < len(text) {
		class := classOf[text[i]]
		if class&(classDelim|classHigh) != 0 {
			break
		}
		pending |= class
		previous = class
		if i++; class&classWord == 0 {
			continue
		}
		start, first, rest := i-1, class, uint16(0)
		for i < len(text) {
			if class = classOf[text[i]]; class&classWord == 0 {
				break
			}
			if class == classUpper && previous == classLower {
				pending |= classCamel
			}
			rest |= class
			previous = class
			i++
		}
		words = append(words, word{
			start: int32(start), end: int32(i),
			plain: first&(classLower|classUpper) != 0 && rest&^classLower == 0,
		})
		classes |= pending | rest
		end = int32(i)
		pending = 0
	}
	return words, classes, end, i
}

// cutForeign cuts the words outside ASCII from i on and appends them; East Asian
// and Latin-1 punctuation ends them. It returns where the cutting goes on.
func cutForeign(text string, i int, words []word) (_ []word, next int) {
	start := i
	for i < len(text) && text[i] >= 0x80 {
		if n := foreignPunctuation(text[i:]); n > 0 {
			if i > start {
				words = append(words, word{start: int32(start), end: int32(i)})
			}
			i += n
			start = i
			continue
		}
		i++
	}
	if i > start {
		words = append(words, word{start: int32(start), end: int32(i)})
	}
	return words, i
}

// foreignPunctuation returns the length of the mark that s begins with, which
// is of U+0080–00BF (C2), U+2000–207F (E2 80, E2 81) or U+3000–303F (E3 80);
// or 0.
func foreignPunctuation(s string) int {
	switch s[0] {
	case 0xC2:
		return min(2, len(s))
	case 0xE2:
		if len(s) >= 3 && s[1] <= 0x81 {
			return 3
		}
	case 0xE3:
		if len(s) >= 3 && s[1] == 0x80 {
			return 3
		}
	}
	return 0
}

// word returns the i-th word, or "" if there is none.
func (s *sentence) word(i int) string {
	if i < 0 || i >= len(s.words) {
		return ""
	}
	w := s.words[i]
	return s.text[w.start:w.end]
}

// after returns the text that follows the i-th word.
func (s *sentence) after(i int) string { return s.text[s.words[i].end:] }

// hasDigits reports whether there are at least n digits in the words.
func (s *sentence) hasDigits(n int) bool {
	for _, w := range s.words {
		for i := w.start; i < w.end && !w.plain; i++ {
			if isDigit(s.text[i]) {
				n--
			}
		}
	}
	return n <= 0
}

// isLoud reports whether w has no lower-case letter.
func isLoud(w string) bool {
	for i := 0; i < len(w); i++ {
		if isLower(w[i]) {
			return false
		}
	}
	return true
}

// maxLower is the longest word that tables hold.
const maxLower = 40

// lower writes word in lower case to buf and returns it; it returns nil if word
// is longer than any that tables hold.
func lower(buf *[maxLower]byte, word string) []byte {
	if len(word) > maxLower {
		return nil
	}
	return appendLower(buf[:0], word)
}

// appendLower appends s to b in lower case, as far as it is ASCII.
func appendLower(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if isUpper(c) {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}
