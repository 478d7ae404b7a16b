package normalize

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
	"golang.org/x/text/transform"
)

// charset is an encoding and its name in the WHATWG Encoding Standard.
type charset struct {
	name     string
	encoding encoding.Encoding
}

// The charsets that are told from the bytes themselves.
var (
	utf8Charset    = charset{"utf-8", unicode.UTF8}
	utf16LECharset = charset{"utf-16le", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)}
	utf16BECharset = charset{"utf-16be", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)}
	// The Encoding Standard has no UTF-32, which else were taken for UTF-16.
	utf32LECharset = charset{"utf-32le", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)}
	utf32BECharset = charset{"utf-32be", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)}
)

// aliases are labels in use that the Encoding Standard lacks: code page numbers
// and names of Java, Python and MySQL.
var aliases = map[string]string{
	"8859_1":         "iso-8859-1",
	"cp65001":        "utf-8",
	"cp932":          "shift_jis",
	"cp936":          "gbk",
	"cp949":          "euc-kr",
	"cp950":          "big5",
	"euc_jp":         "euc-jp",
	"euc_kr":         "euc-kr",
	"eucjp":          "euc-jp",
	"euckr":          "euc-kr",
	"iso8859_1":      "iso-8859-1",
	"ms936":          "gbk",
	"ms949":          "euc-kr",
	"ms950":          "big5",
	"shiftjis":       "shift_jis",
	"uhc":            "euc-kr",
	"utf8mb4":        "utf-8",
	"utf_8":          "utf-8",
	"x-windows-949":  "euc-kr",
	"x-windows-950":  "big5",
	"x-windows-31j":  "shift_jis",
	"x-windows-1252": "windows-1252",
}

// charsetByLabel returns the charset that label stands for, in any case.
func charsetByLabel(label []byte) (c charset, ok bool) {
	switch { // nearly all are one of these, and need no look-up
	case len(label) == 0:
		return charset{}, false
	case bytes.EqualFold(label, []byte(utf8Charset.name)):
		return utf8Charset, true
	}
	name := strings.ToLower(string(label))
	if alias, ok := aliases[name]; ok {
		name = alias
	}
	if c.encoding, _ = htmlindex.Get(name); c.encoding == nil {
		return charset{}, false
	}
	c.name, _ = htmlindex.Name(c.encoding)
	return c, true
}

func (c charset) isUTF16() bool {
	return c.name == utf16LECharset.name || c.name == utf16BECharset.name
}

// decodeCharset turns body into UTF-8. The charset is that of the byte order
// mark, else the declared one, else UTF-8. Nothing is guessed: bytes that are
// not of that charset cost the text.
func decodeCharset(body []byte, contentType string, limit int, truncated bool) Text {
	if c, mark := byteOrderMark(body); mark > 0 {
		return c.decode(body[mark:], limit, truncated)
	}
	c, declared := declaredCharset(body, contentType)
	switch {
	case !declared:
		if wide, ok := utf16ByZeros(body); ok {
			c = wide
		} else {
			c = utf8Charset
		}
	case c.isUTF16():
		// Without a mark the zeros are a better witness of the byte order, and
		// of there being two bytes to a character at all: .NET writes
		// encoding="utf-16" atop of documents that it then sends as UTF-8.
		if wide, ok := utf16ByZeros(body); ok {
			c = wide
		} else if text := utf8Charset.decode(body, limit, truncated); text.OK {
			return text
		}
	case c.name != utf8Charset.name:
		return c.decodeUnlessUTF8(body, limit, truncated)
	}
	return c.decode(body, limit, truncated)
}

// byteOrderMark returns the charset that body's byte order mark stands for, and
// the mark's length in bytes, 0 if there is none.
func byteOrderMark(body []byte) (c charset, length int) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return utf8Charset, 3
	case bytes.HasPrefix(body, []byte("\xff\xfe\x00\x00")):
		return utf32LECharset, 4
	case bytes.HasPrefix(body, []byte("\x00\x00\xfe\xff")):
		return utf32BECharset, 4
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return utf16LECharset, 2
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return utf16BECharset, 2
	}
	return charset{}, 0
}

// utf16ByZeros tells UTF-16 by the zeros in its first two characters: JSON, XML
// and HTML begin with ASCII.
func utf16ByZeros(body []byte) (c charset, ok bool) {
	if len(body) < 4 {
		return charset{}, false
	}
	switch zero := func(i int) bool { return body[i] == 0 }; {
	case !zero(0) && zero(1) && !zero(2) && zero(3):
		return utf16LECharset, true
	case zero(0) && !zero(1) && zero(2) && !zero(3):
		return utf16BECharset, true
	}
	return charset{}, false
}

// decode turns body into UTF-8 of at most limit bytes.
func (c charset) decode(body []byte, limit int, truncated bool) Text {
	text := Text{Charset: c.name, Truncated: truncated}
	if c.name == utf8Charset.name {
		body = bytes.TrimLeft(body, "\ufeff") // PHP sends a mark for each file included
		if len(body) > limit {
			body, text.Truncated = body[:limit], true
		}
		if text.Truncated {
			body = trimRune(body)
		}
		if text.OK = utf8.Valid(body) && bytes.IndexByte(body, 0) < 0; text.OK {
			text.Text = string(body)
		}
	} else {
		// No charset takes more than three bytes of UTF-8 for one of its own.
		out := make([]byte, min(3*len(body), limit)+utf8.UTFMax)
		n, _, err := c.encoding.NewDecoder().Transform(out, body, !truncated)
		out = bytes.TrimLeft(out[:n], "\ufeff")
		if len(out) > limit || errors.Is(err, transform.ErrShortDst) {
			out, text.Truncated, err = trimRune(out[:min(len(out), limit)]), true, nil
		}
		// A character that the body's end cut is left out.
		if err == nil || errors.Is(err, transform.ErrShortSrc) {
			text.Text = string(out)
			text.OK = strings.IndexFunc(text.Text, betraysCharset) < 0
		}
	}
	if !text.OK {
		text.Text, text.Charset = "", ""
	}
	return text
}

// betraysCharset reports whether r shows that a text is not of the charset it
// was decoded from: the replacement of bytes that the charset lacks, or what
// stray bytes become in single-byte charsets, the control characters 0x80–0x9F.
func betraysCharset(r rune) bool {
	return r == utf8.RuneError || r == 0 || 0x80 <= r && r < 0xa0
}

// decodeUnlessUTF8 decodes body, which is declared to be of the charset c, but
// as UTF-8 if that is what it is: containers add their default charset to
// whatever the service wrote. Text of other charsets is hardly ever valid UTF-8;
// where both readings hold, in the multi-byte charsets, UTF-8 is believed if it
// has a character of three bytes, as all of CJK has.
func (c charset) decodeUnlessUTF8(body []byte, limit int, truncated bool) Text {
	text := utf8Charset.decode(body, limit, truncated)
	_, singleByte := c.encoding.(*charmap.Charmap)
	switch {
	case !text.OK:
		return c.decode(body, limit, truncated)
	case isASCII(text.Text):
		if singleByte {
			text.Charset = c.name // the same in both
			return text
		}
		return c.decode(body, limit, truncated) // ISO-2022-JP is ASCII to the eye
	case singleByte || strings.IndexFunc(text.Text, func(r rune) bool { return r >= 0x800 }) >= 0:
		return text
	}
	if own := c.decode(body, limit, truncated); own.OK {
		return own
	}
	return text
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// trimRune cuts an incomplete character off the end of b.
func trimRune(b []byte) []byte {
	for i := len(b) - 1; i >= max(0, len(b)-utf8.UTFMax); i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i]
			}
			break
		}
	}
	return b
}

// maxDeclaration is how far into a document its charset is looked for, in
// bytes; the HTML standard asks authors to keep to it.
const maxDeclaration = 1024

// declaredCharset returns the charset that the Content-Type declares, else the
// document's own XML declaration or HTML meta element. Labels that stand for
// nothing (charset=%s) count as not being there.
func declaredCharset(body []byte, contentType string) (c charset, ok bool) {
	var buf [128]byte // keeps the conversion off the heap
	label := parameter(append(buf[:0], contentType...), "charset")
	if c, ok = charsetByLabel(label); ok {
		return c, true
	}
	label = declarationInMarkup(bytes.TrimLeft(body[:min(len(body), maxDeclaration)], " \t\r\n\f"))
	if c, ok = charsetByLabel(label); ok && c.isUTF16() {
		c = utf8Charset // else it could not have been read
	}
	return c, ok
}

// declarationInMarkup returns the charset's label in an XML declaration, or in
// the first meta element that has one; nil if there is none, or no markup.
func declarationInMarkup(head []byte) []byte {
	if bytes.HasPrefix(head, []byte("<?xml")) {
		declaration, _, _ := bytes.Cut(head, []byte("?>"))
		if label := parameter(declaration, "encoding"); label != nil {
			return label
		}
	}
	for len(head) > 0 && head[0] == '<' {
		tag, rest, _ := bytes.Cut(head, []byte(">"))
		if bytes.HasPrefix(head, []byte("<!--")) {
			_, rest, _ = bytes.Cut(head, []byte("-->"))
		} else if len(tag) > len("<meta") && bytes.EqualFold(tag[:len("<meta")], []byte("<meta")) {
			if label := parameter(tag, "charset"); label != nil {
				return label
			}
		}
		head = rest[max(0, bytes.IndexByte(rest, '<')):]
	}
	return nil
}

// parameter returns the value of name=value in s, without quotes; nil if there
// is none. It reads media type parameters (RFC 9110 section 5.6.6), the
// pseudo-attributes of an XML declaration, and both forms of the meta element.
func parameter(s []byte, name string) []byte {
	const space = " \t\r\n\f"
	for i := 0; i+len(name) < len(s); i++ {
		if s[i]|0x20 != name[0] || !bytes.EqualFold(s[i:i+len(name)], []byte(name)) ||
			i > 0 && !bytes.ContainsRune([]byte(space+";,\"'"), rune(s[i-1])) {
			continue
		}
		value := bytes.TrimLeft(s[i+len(name):], space)
		if len(value) == 0 || value[0] != '=' {
			continue
		}
		value = bytes.TrimLeft(value[1:], space)
		end := space + ";,\"'>/?"
		if len(value) > 0 && (value[0] == '"' || value[0] == '\'') {
			end = string(value[:1])
			value = value[1:]
		}
		if i := bytes.IndexAny(value, end); i >= 0 {
			value = value[:i]
		}
		return bytes.Trim(value, space)
	}
	return nil
}
