package normalize

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

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
	// OK says that the body could be decoded. A wrong or unknown coding, bytes
	// that are not of their charset, or no charset and no UTF-8 cost the text.
	OK bool
}

// Decode undoes the content codings (RFC 9110 section 8.4) and the charset of
// body, and returns at most limit bytes of text. truncated says that body is
// only a prefix; what can be decoded of it is used.
func Decode(body []byte, header http.Header, limit int, truncated bool) Text {
	limit = min(max(limit, 0), math.MaxInt32-1)
	claimed := strings.Join(header["Content-Encoding"], ", ")
	body, truncated, ok := decodeCodings(body, claimed, limit, truncated)
	if !ok {
		return Text{Coding: claimed, Truncated: truncated}
	}
	text := decodeCharset(body, header.Get("Content-Type"), limit, truncated)
	text.Coding = claimed
	return text
}

// maxCodings bounds how many codings are undone. Nobody needs more than one;
// two come from gateways that compress what is compressed already.
const maxCodings = 4

// decodeCodings undoes the codings of list, the last first: they are listed in
// the order in which they were applied.
func decodeCodings(body []byte, list string, limit int, truncated bool) (out []byte, cut, ok bool) {
	for undone := 0; list != ""; {
		comma := strings.LastIndexByte(list, ',')
		coding := strings.ToLower(strings.Trim(list[comma+1:], " \t"))
		list = list[:max(comma, 0)]
		switch coding {
		case "", "identity", "utf-8": // utf-8: some services take "encoding" for the charset
			continue
		}
		if undone++; undone > maxCodings {
			return nil, truncated, false
		}
		if body, truncated, ok = decodeCoding(body, coding, limit, truncated); !ok {
			return nil, truncated, false
		}
	}
	return body, truncated, true
}

// decodeCoding undoes one coding. Each yields at most limit bytes, so that no
// layer can cost more than what is asked for.
func decodeCoding(src []byte, coding string, limit int, truncated bool) (out []byte, cut, ok bool) {
	var decoders *sync.Pool
	switch coding {
	case "gzip", "x-gzip":
		decoders = &gzipDecoders
	case "deflate":
		decoders = &flateDecoders
	case "br":
		decoders = &brotliDecoders
	case "zstd":
		decoders = &zstdDecoders
	default:
		return nil, truncated, false
	}
	// Plain text under a coding's name is a false claim, seen where a handler
	// replaces a body and forgets its header. The magic numbers of gzip, zlib and
	// zstd are no text, nor is the end of a brotli stream.
	if isPlain(src, truncated) {
		return src, truncated, true
	}
	likely := src
	switch coding {
	case "deflate": // means the zlib format (RFC 9110 section 8.4.1.2), but some send it bare
		likely = cutZlibHeader(src)
	case "br":
		likely = narrowBrotli(src, limit)
	case "zstd":
		likely = narrowZstd(src, limit)
	}
	if out, cut, ok = readCoded(decoders, likely, limit); !ok {
		out, cut, ok = readCoded(decoders, src, limit)
	}
	return out, cut || truncated, ok
}

// isPlain reports whether src is not coded at all: empty, or UTF-8 without any
// control character but white space.
func isPlain(src []byte, truncated bool) bool {
	for _, c := range src {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	if truncated {
		src = trimRune(src)
	}
	return utf8.Valid(src)
}

// decoder is a pooled decoder together with the reader that feeds it.
type decoder struct {
	resetReader
	src bytes.Reader
}

// resetReader is what the decoders have in common.
type resetReader interface {
	io.Reader
	Reset(src io.Reader) error
}

// The decoders keep buffers of some 40 KiB (gzip, flate) to a few hundred KiB
// (brotli and zstd, see narrowBrotli), so they are used again.
var (
	gzipDecoders   = sync.Pool{New: func() any { return &decoder{resetReader: new(gzip.Reader)} }}
	flateDecoders  = sync.Pool{New: func() any { return &decoder{resetReader: new(flateReader)} }}
	brotliDecoders = sync.Pool{New: func() any { return &decoder{resetReader: new(brotli.Reader)} }}
	zstdDecoders   = sync.Pool{New: func() any {
		r, err := zstd.NewReader(nil,
			zstd.WithDecoderConcurrency(1), // no goroutines
			zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(8<<20), // RFC 9659
			zstd.WithDecoderMaxMemory(16<<20))
		if err != nil {
			panic(err) // the options are constant: they are right or no test passes
		}
		return &decoder{resetReader: r}
	}}
)

// flateReader gives a flate reader the Reset method of the others.
type flateReader struct{ io.ReadCloser }

func (r *flateReader) Reset(src io.Reader) error {
	if r.ReadCloser == nil {
		r.ReadCloser = flate.NewReader(src)
		return nil
	}
	return r.ReadCloser.(flate.Resetter).Reset(src, nil)
}

// readCoded reads up to limit bytes of what src holds. cut says that there is
// more, or that src ended too early.
func readCoded(decoders *sync.Pool, src []byte, limit int) (out []byte, cut, ok bool) {
	d := decoders.Get().(*decoder)
	d.src.Reset(src)
	var buf bytes.Buffer
	err := d.Reset(&d.src)
	if err == nil {
		buf.Grow(min(4*len(src), limit) + bytes.MinRead)
		_, err = buf.ReadFrom(io.LimitReader(d, int64(limit)+1))
	}
	d.src.Reset(nil)
	decoders.Put(d) // not deferred: a decoder that panicked is not used again
	switch out = buf.Bytes(); {
	case len(out) > limit:
		return out[:limit], true, true
	case err == nil:
		return out, false, true
	case errors.Is(err, io.ErrUnexpectedEOF) && len(out) > 0:
		return out, true, true
	case errors.Is(err, gzip.ErrHeader) && len(out) > 0:
		return out, false, true // padding after a member whose checksum was right
	}
	return nil, false, false
}

// cutZlibHeader returns src without its zlib header (RFC 1950 section 2.2), if
// it has one. The trailing checksum is left unread, as browsers do.
func cutZlibHeader(src []byte) []byte {
	const deflate, presetDictionary = 8, 1 << 5
	if len(src) < 2 || src[0]&0x0f != deflate || src[0]>>4 > 7 || src[1]&presetDictionary != 0 ||
		(int(src[0])<<8|int(src[1]))%31 != 0 {
		return src
	}
	return src[2:]
}

// narrowBrotli makes src claim no larger window than its first limit bytes can
// refer back into; they decode to the same. The decoder allocates the claimed
// window, up to 16 MiB, and fills it before it yields a byte. (A stream that
// refers farther back before the narrow window is full fails, and is then read
// as it is.)
func narrowBrotli(src []byte, limit int) []byte {
	// RFC 7932 section 9.1: windows from 2^18-16 to 2^24-16 bytes are coded as
	// a one bit and then n = 1…7 in three bits, for 2^(17+n)-16.
	for n := byte(1); src[0]&1 == 1 && n < src[0]>>1&7; n++ {
		if 1<<(17+n)-16 > limit {
			src = bytes.Clone(src)
			src[0] = src[0]&^0x0e | n<<1
			break
		}
	}
	return src
}

// narrowZstd does the same for the first frame of a zstd stream, whose decoder
// allocates at least the claimed window.
func narrowZstd(src []byte, limit int) []byte {
	const header, descriptor, window = 6, 4, 5
	const singleSegment = 1 << 5
	if len(src) < header || string(src[:4]) != "\x28\xb5\x2f\xfd" || src[descriptor]&singleSegment != 0 {
		return src
	}
	// RFC 8878 section 3.1.1.1.2: the exponent, less 10, in the upper five bits.
	// Blocks are yielded whole, and have up to 128 KiB.
	for exponent := byte(7); exponent < src[window]>>3; exponent++ {
		if 1<<(10+exponent) >= limit+128<<10 {
			src = bytes.Clone(src)
			src[window] = exponent << 3
			break
		}
	}
	return src
}
