package recognize

import "strings"

// KindOf returns what a complaint amounts to, by the upstream's code for it and
// its words.
func KindOf(code, message string) ViolationKind { return kindOf(code, message) }

func kindOf(code, message string) ViolationKind {
	if kind := kindOfCode(code); kind != Invalid {
		return kind
	}
	return kindOfWords(message)
}

// kindOfCode reads codes such as NotBlank, too_short, string.min or
// value_error.missing word by word.
func kindOfCode(code string) ViolationKind {
	var seen words
	for start, i := 0, 0; i <= len(code); i++ {
		// A word ends before punctuation and before a capital that follows a
		// small letter.
		if i < len(code) && isAlpha(code[i]) && (i == start || !isUpper(code[i]) || isUpper(code[i-1])) {
			continue
		}
		var buf [maxWord]byte
		seen.note(lower(buf[:], code[start:i]))
		for start = i; start < len(code) && !isAlpha(code[start]); start++ {
		}
		i = max(i, start)
	}
	switch {
	case seen.missing, seen.not && seen.nothing, seen.is && seen.nothing, seen.nothing && !seen.bound:
		return Missing
	case seen.bound, seen.size:
		return Range
	}
	return Invalid
}

// kindOfWords reads a sentence, or its beginning.
func kindOfWords(message string) ViolationKind {
	message = message[:min(len(message), 256)]
	var (
		seen = words{prose: true}
		word [maxWord]byte
		n    int
		high byte // all bytes, to tell ASCII
	)
	for i := 0; i < len(message); i++ {
		c := message[i]
		if isAlpha(c) || c == '\'' {
			if n < maxWord {
				word[n] = c | 0x20
			}
			n++
			continue
		}
		high |= c
		seen.bound = seen.bound || c == '<' || c == '>'
		if n <= maxWord {
			seen.note(word[:n])
		}
		n = 0
	}
	if n <= maxWord {
		seen.note(word[:n])
	}
	switch {
	case seen.not && seen.nothing, seen.nothing && !seen.bound && !seen.size:
		return Missing
	case seen.bound, seen.size && strings.ContainsAny(message, "0123456789"):
		return Range
	case seen.missing:
		return Missing
	case high >= 0x80:
		return kindOfForeign(message)
	}
	return Invalid
}

// words are the words of a complaint, as far as they tell its kind.
type words struct {
	not     bool // not, cannot
	is      bool // is, as in isNotEmpty
	nothing bool // null, blank, empty
	missing bool // required, missing
	bound   bool // least, maximum, exceeds
	size    bool // length, size: a bound in a code, or beside a number
	prose   bool // words of a sentence, not of a code
	prior   bool // the word before was "be" or "not": "must be provided"
}

// maxWord is the length of the longest word that tells anything.
const maxWord = 16

// note takes notice of one word in lower case.
func (w *words) note(word []byte) {
	if len(word) < 2 {
		return
	}
	prior := w.prior
	w.prior = false
	switch string(word) {
	case "be":
		w.prior = true
	case "not", "cannot", "can't", "mustn't", "non", "no":
		w.not, w.prior = true, true
	case "is":
		w.is = true
	case "null", "blank", "empty", "nil", "none", "undefined", "notnull", "notblank", "notempty", "nonempty", "presence":
		w.nothing = true
	case "required", "missing", "mandatory", "absent", "omitted", "notprovided",
		"erforderlich", "pflichtfeld", "obligatorio", "obligatoria", "requerido", "requerida", "obligatoire", "requis", "requise", "obbligatorio", "verplicht":
		w.missing = true
	case "provided", "specified", "supplied", "present", "given", "filled", "set":
		w.missing = w.missing || prior
	case "least", "most", "maximum", "minimum", "max", "min", "exceed", "exceeds", "exceeded", "exceeding", "greater", "less",
		"longer", "shorter", "larger", "smaller", "higher", "lower", "bigger", "fewer", "than", "between", "range", "long", "short",
		"toolong", "tooshort", "toobig", "toosmall", "large", "big", "small", "high", "low", "many", "few",
		"minlength", "maxlength", "minitems", "maxitems", "decimalmin", "decimalmax", "exclusiveminimum", "exclusivemaximum",
		"overflow", "underflow", "bounds", "positive", "negative":
		w.bound = true
	case "gt", "gte", "lt", "lte", "ge", "le": // "le" is French for "the"
		w.bound = w.bound || !w.prose
	case "length", "size", "limit", "count":
		w.size = true
	}
}

// kindOfForeign knows the usual phrases of Japanese, Korean and Chinese
// validators.
func kindOfForeign(message string) ViolationKind {
	for _, s := range [...]string{"必須", "入力してください", "指定してください", "未入力", "필수", "입력해", "필요합니다", "누락", "指定されていません", "必填", "不能为空", "不得為空"} {
		if strings.Contains(message, s) {
			return Missing
		}
	}
	for _, s := range [...]string{"以下", "以上", "以内", "超え", "範囲", "이하", "이상", "초과", "범위", "超过", "超過", "范围", "不能大于", "不能小于"} {
		if strings.Contains(message, s) {
			return Range
		}
	}
	return Invalid
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
