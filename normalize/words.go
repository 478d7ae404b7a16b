package normalize

import "strings"

// upperSnake respells a name in any convention (camelCase, kebab-case, dotted,
// spaced) in upper snake: "NoSuchBucket", "no-such-bucket" and "no.such.bucket"
// are all NO_SUCH_BUCKET, "HTTPError" is HTTP_ERROR. Anything that is not an
// ASCII letter or digit parts words.
func upperSnake(s string) string {
	if isUpperSnake(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isUpper(c):
			// A word begins where a lower-case letter or digit stood before, or
			// where the last letter of an acronym is followed by a lower-case one.
			if i > 0 && (isLower(s[i-1]) || isDigit(s[i-1]) || isUpper(s[i-1]) && i+1 < len(s) && isLower(s[i+1])) {
				partWords(&b)
			}
			b.WriteByte(c)
		case isLower(c):
			b.WriteByte(c - 'a' + 'A')
		case isDigit(c):
			b.WriteByte(c)
		default:
			partWords(&b)
		}
	}
	return strings.TrimSuffix(b.String(), "_")
}

// isUpperSnake reports whether s is capitals in words joined by an underscore.
func isUpperSnake(s string) bool {
	before := byte('_')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !isUpper(c) && (c != '_' || before == '_') {
			return false
		}
		before = c
	}
	return before != '_'
}

// partWords writes an underscore unless one stands there, or nothing does.
func partWords(b *strings.Builder) {
	if s := b.String(); s != "" && s[len(s)-1] != '_' {
		b.WriteByte('_')
	}
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
