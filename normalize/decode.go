package normalize

import "net/http"

// Text is a body decoded to UTF-8.
type Text struct {
	// Text is the body as UTF-8 without a byte order mark; empty if OK is false.
	Text string
	// Coding is the content coding that was claimed, as sent; empty if none.
	Coding string
	// Charset is the name of the charset that Text was decoded from, in the
	// WHATWG Encoding Standard's spelling ("utf-8", "shift_jis").
	Charset string
	// Truncated says that Text is only the beginning of the body.
	Truncated bool
	// OK says that the body could be decoded. A false or unknown coding, or an
	// undeclared charset that is not valid UTF-8, costs the text.
	OK bool
}

// Decode undoes the content codings (RFC 9110 section 8.4) and the charset of
// body, and returns at most limit bytes of text. truncated says that body is
// only a prefix; what can be decoded of it is used.
func Decode(body []byte, header http.Header, limit int, truncated bool) Text {
	return Text{}
}
