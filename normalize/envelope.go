package normalize

import (
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"
)

// AppendEnvelope appends the envelope {"code":…,"description":…} to dst: JSON
// (RFC 8259) of exactly two string members. Invalid UTF-8 becomes U+FFFD;
// control characters and the line separators that JavaScript trips over are
// escaped; `<`, `>` and `&` are not.
func AppendEnvelope(dst []byte, code, description string) []byte {
	dst = append(dst, `{"code":`...)
	dst = appendJSONString(dst, code)
	dst = append(dst, `,"description":`...)
	dst = appendJSONString(dst, description)
	return append(dst, '}')
}

const hexDigits = "0123456789abcdef"

func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			switch {
			case c == '"' || c == '\\':
				dst = append(dst, '\\', c)
			case c == '\n':
				dst = append(dst, `\n`...)
			case c == '\t':
				dst = append(dst, `\t`...)
			case c == '\r':
				dst = append(dst, `\r`...)
			case c < 0x20 || c == 0x7f:
				dst = append(dst, `\u00`...)
				dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
			default:
				dst = append(dst, c)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(dst, "\uFFFD"...)
		case r < 0xa0 || r == '\u2028' || r == '\u2029': // C1 controls, separators
			dst = append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
		default:
			dst = append(dst, s[i:i+size]...)
		}
		i += size
	}
	return append(dst, '"')
}

// maxEnvelope is the longest text that is read as an envelope; ours are short.
const maxEnvelope = 4 << 10

// parseEnvelope reads a body that already speaks the envelope: an object of
// exactly the two string members, once each, and nothing behind it.
func parseEnvelope(text string) (code, description string, ok bool) {
	if len(text) > maxEnvelope {
		return "", "", false
	}
	d := json.NewDecoder(strings.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return "", "", false
	}
	seen := 0
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return "", "", false
		}
		value, err := d.Token()
		if err != nil {
			return "", "", false
		}
		s, isString := value.(string)
		if !isString {
			return "", "", false
		}
		switch {
		case name == "code" && seen&1 == 0:
			code, seen = s, seen|1
		case name == "description" && seen&2 == 0:
			description, seen = s, seen|2
		default:
			return "", "", false
		}
	}
	if _, err := d.Token(); err != nil || seen != 3 { // the closing brace
		return "", "", false
	}
	_, err := d.Token()
	return code, description, err == io.EOF
}
