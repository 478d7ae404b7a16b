package prose

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Unfold undoes one layer of what can hide a text from a reader of bytes: JSON
// escapes, percent-encoding (RFC 3986 section 2.1), HTML entities,
// compatibility forms (UAX #15, NFKC) and characters that are not seen. It
// returns text itself if there is nothing to undo.
func Unfold(text string) string {
	escapes := strings.IndexByte(text, '\\') >= 0 || strings.IndexByte(text, '%') >= 0 || strings.IndexByte(text, '&') >= 0
	if escapes {
		text = html.UnescapeString(unescape(text))
	}
	if escapes || !isASCII(text) { // what came out of escapes may be anything
		text = strings.Map(visible, norm.NFKC.String(text))
	}
	return text
}

func isASCII(text string) bool {
	all := byte(0)
	for i := 0; i < len(text); i++ {
		all |= text[i]
	}
	return all < 0x80
}

// visible drops what is not seen and folds what NFKC leaves alone: digits of
// other scripts and the ideographic full stops.
func visible(r rune) rune {
	switch {
	case r < 0x80, '\u3041' <= r && r <= '\u3130', '\u3400' <= r && r <= '\uD7A3':
		return r // ASCII, kana, ideographs, Hangul: by far the most
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector), r == '\u034F', r == '\u115F', r == '\u1160', r == '\u3164':
		return -1
	case r == '\u3002', r == '\uFF61':
		return '.'
	case r == '\u2010', r == '\u2011', r == '\u2012', r == '\u2013', r == '\u2212':
		return '-'
	case r == '\u2215', r == '\u2044', r == '\u29F8':
		return '/'
	case unicode.Is(unicode.Nd, r):
		if d := digitValue(r); d >= 0 {
			return '0' + d
		}
	}
	return r
}

// digitValue returns the value of the decimal digit r: digits of a script are
// ten in a row that begins at a code point that Unicode aligns to 0 or 6.
func digitValue(r rune) rune {
	zero := r
	for zero > 0 && unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
		zero--
	}
	return r - zero
}

// unescape undoes backslash escapes and percent-encoding.
func unescape(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		switch text[i] {
		case '\\':
			i += unescapeBackslash(&b, text[i:])
		case '%':
			if v, ok := hexValue(text, i+1, 2); ok {
				b.WriteByte(byte(v))
				i += 3
			} else if v, ok := hexValue(text, i+2, 4); ok && (text[i+1] == 'u' || text[i+1] == 'U') {
				b.WriteRune(rune(v))
				i += 6
			} else {
				b.WriteByte('%')
				i++
			}
		default:
			b.WriteByte(text[i])
			i++
		}
	}
	return b.String()
}

// unescapeBackslash undoes the escape that s begins with (RFC 8259 section 7,
// and \xHH) and returns its length. What is no escape stays.
func unescapeBackslash(b *strings.Builder, s string) int {
	if len(s) < 2 {
		b.WriteByte('\\')
		return 1
	}
	switch c := s[1]; c {
	case '/', '\\', '"', '\'':
		b.WriteByte(c)
		return 2
	case 'n', 'r', 't', 'b', 'f':
		b.WriteByte(' ')
		return 2
	case 'u':
		high, ok := hexValue(s, 2, 4)
		if !ok {
			break
		}
		if low, ok := hexValue(s, 8, 4); ok && s[6] == '\\' && s[7] == 'u' && 0xD800 <= high && high < 0xDC00 && 0xDC00 <= low && low < 0xE000 {
			b.WriteRune((rune(high)-0xD800)<<10 + (rune(low) - 0xDC00) + 0x10000)
			return 12
		}
		b.WriteRune(rune(high))
		return 6
	case 'x':
		if v, ok := hexValue(s, 2, 2); ok {
			b.WriteRune(rune(v))
			return 4
		}
	}
	b.WriteByte('\\')
	return 1
}

// hexValue reads n hexadecimal digits of s at i.
func hexValue(s string, i, n int) (uint64, bool) {
	if i+n > len(s) || !isHex(s[i]) {
		return 0, false
	}
	v, err := strconv.ParseUint(s[i:i+n], 16, 32)
	return v, err == nil && v <= utf8.MaxRune
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }
