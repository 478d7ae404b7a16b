package normalize

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

const springNotFound = `{"timestamp":"2026-03-02T09:14:55.118+00:00","status":404,"error":"Not Found","path":"/v1/orders/7"}`

// encoders has the writers of every coding that is undone.
var encoders = map[string]func(io.Writer) io.WriteCloser{
	"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"bare": func(w io.Writer) io.WriteCloser {
		bare, _ := flate.NewWriter(w, flate.DefaultCompression)
		return bare
	},
	"br": func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 4) },
	"br, 16 MiB": func(w io.Writer) io.WriteCloser {
		return brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: 4, LGWin: 24})
	},
	"zstd": func(w io.Writer) io.WriteCloser {
		zstd, _ := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(8<<20))
		return zstd
	},
}

// nameOf returns the name that an encoder's output goes by.
func nameOf(encoder string) string {
	switch encoder {
	case "bare":
		return "deflate"
	case "br, 16 MiB":
		return "br"
	}
	return encoder
}

// coded applies codings to text, in their order.
func coded(text string, codings ...string) []byte {
	body := []byte(text)
	for _, coding := range codings {
		var buf bytes.Buffer
		w := encoders[coding](&buf)
		if _, err := w.Write(body); err != nil {
			panic(err)
		}
		if err := w.Close(); err != nil {
			panic(err)
		}
		body = buf.Bytes()
	}
	return body
}

// encodings is the header with these Content-Encoding field lines.
func encodings(lines ...string) http.Header {
	return http.Header{"Content-Type": {"application/json"}, "Content-Encoding": lines}
}

func TestDecodeUndoesContentCodings(t *testing.T) {
	header := func(part string) []byte { return append([]byte(part), springNotFound...) }
	for _, tt := range []struct {
		that   string
		body   []byte
		header http.Header
		ok     bool
	}{
		{"no coding at all", []byte(springNotFound), encodings(), true},
		{"an empty field", []byte(springNotFound), encodings(""), true},
		{"identity", []byte(springNotFound), encodings("identity"), true},
		{"a charset mistaken for a coding", []byte(springNotFound), encodings("UTF-8"), true},
		{"gzip", coded(springNotFound, "gzip"), encodings("gzip"), true},
		{"gzip under its old name", coded(springNotFound, "gzip"), encodings("x-gzip"), true},
		{"gzip in two members", append(coded(springNotFound[:20], "gzip"), coded(springNotFound[20:], "gzip")...), encodings("gzip"), true},
		{"gzip padded with zeros", append(coded(springNotFound, "gzip"), make([]byte, 64)...), encodings("gzip"), true},
		{"deflate in its zlib format", coded(springNotFound, "deflate"), encodings("deflate"), true},
		{"deflate without the zlib format", coded(springNotFound, "bare"), encodings("deflate"), true},
		{"brotli", coded(springNotFound, "br"), encodings("br"), true},
		{"brotli with the largest window", coded(springNotFound, "br, 16 MiB"), encodings("br"), true},
		{"zstd", coded(springNotFound, "zstd"), encodings("zstd"), true},
		{"names in any case", coded(springNotFound, "br"), encodings("BR"), true},
		{"a list, undone from its end", coded(springNotFound, "gzip", "br"), encodings("gzip, br"), true},
		{"a list over several field lines", coded(springNotFound, "gzip", "br", "zstd"), encodings("gzip", "br,zstd"), true},
		{"empty elements and identity in a list", coded(springNotFound, "gzip"), encodings(", identity ,\tgzip ,"), true},
		{"four codings", coded(springNotFound, "gzip", "deflate", "zstd", "br"), encodings("gzip, deflate, zstd, br"), true},
		{"plain text under gzip", []byte(springNotFound), encodings("gzip"), true},
		{"plain text under deflate", []byte(springNotFound), encodings("deflate"), true},
		{"plain text under brotli", []byte(springNotFound), encodings("br"), true},
		{"plain text under zstd", []byte(springNotFound), encodings("zstd"), true},
		{"a coding claimed twice, applied once", coded(springNotFound, "gzip"), encodings("gzip", "gzip"), true},

		{"not five codings", coded(springNotFound, "gzip", "gzip", "gzip", "gzip", "gzip"), encodings("gzip, gzip, gzip, gzip, gzip"), false},
		{"not an unknown coding", []byte(springNotFound), encodings("compress"), false},
		{"not an unknown coding beside a known one", coded(springNotFound, "gzip"), encodings("exi, gzip"), false},
		{"not the wrong coding", coded(springNotFound, "gzip"), encodings("br"), false},
		{"not a list in the wrong order", coded(springNotFound, "gzip", "br"), encodings("br, gzip"), false},
		{"not binary data under gzip", header("\x00\x01\x02"), encodings("gzip"), false},
		{"not binary data under deflate", header("\x07\x01\x02"), encodings("deflate"), false},
		{"not binary data under brotli", header("\x00\x01\x02"), encodings("br"), false},
		{"not binary data under zstd", header("\x00\x01\x02"), encodings("zstd"), false},
		{"not gzip with a wrong checksum", append(coded(springNotFound, "gzip")[:len(coded(springNotFound, "gzip"))-8], 0, 1, 2, 3, 4, 5, 6, 7), encodings("gzip"), false},
	} {
		t.Run(tt.that, func(t *testing.T) {
			want := Text{Coding: strings.Join(tt.header["Content-Encoding"], ", "), OK: tt.ok}
			if tt.ok {
				want.Text, want.Charset = springNotFound, "utf-8"
			}
			if got := Decode(tt.body, tt.header, 64<<10, false); got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestDecodeNeedsNoHeader(t *testing.T) {
	want := Text{Text: springNotFound, Charset: "utf-8", OK: true}
	if got := Decode([]byte(springNotFound), nil, 1000, false); got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	want = Text{Charset: "utf-8", OK: true}
	if got := Decode(nil, nil, 1000, false); got != want {
		t.Errorf("nothing: got  %+v\nwant %+v", got, want)
	}
	want.Coding = "gzip"
	if got := Decode(nil, encodings("gzip"), 1000, false); got != want {
		t.Errorf("nothing under gzip: got  %+v\nwant %+v", got, want)
	}
}

// linesOf is text that no coding shrinks to nothing: each line is different.
func linesOf(size int) string {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for b.Len() < size {
		fmt.Fprintf(&b, "<li>at line %d: 注文 %x は見つかりません</li>\n", b.Len(), random.Uint64())
	}
	return b.String()[:size-size%16] // may end amid a character, as captures do
}

func TestDecodeKeepsToItsLimit(t *testing.T) {
	text := strings.ToValidUTF8(linesOf(400<<10), "")
	for coding := range encoders {
		name := nameOf(coding)
		body := coded(text, coding)
		for _, limit := range []int{-1, 0, 1, 100, 1000, 64 << 10, 300_000, len(text) - 1} {
			got := Decode(body, encodings(name), limit, false)
			if !got.OK || !got.Truncated {
				t.Errorf("%s to %d: OK %v, Truncated %v, want both", coding, limit, got.OK, got.Truncated)
			}
			if len(got.Text) > max(limit, 0) || len(got.Text) < limit-3 || !strings.HasPrefix(text, got.Text) {
				t.Errorf("%s to %d: %d bytes are not as much of the text's beginning as fits", coding, limit, len(got.Text))
			}
		}
		for _, limit := range []int{len(text), len(text) + 1, int(^uint(0) >> 1)} {
			if got := Decode(body, encodings(name), limit, false); got.Text != text || got.Truncated {
				t.Errorf("%s to %d: %d bytes, Truncated %v, want all %d", coding, limit, len(got.Text), got.Truncated, len(text))
			}
		}
	}
}

func TestDecodeReadsStreamsThatReferFarBack(t *testing.T) {
	const id = "<!-- q7Zx0Vb2Lk9Wm4Rt8Yp1 -->"
	trace := strings.Repeat("\tat a.B.c(B.java:7)\n", 1<<16)
	// Around the window that brotli streams are narrowed to, and well within.
	for _, distance := range []int{100_000, 1<<18 - 16, 1<<18 - 14, 1<<18 - 12, 1 << 18} {
		text := id + trace[:distance-len(id)] + id + trace
		for _, coding := range []string{"br, 16 MiB", "zstd"} {
			body := coded(text, coding)
			for _, limit := range []int{64 << 10, 1<<18 - 16, 1<<18 - 1} {
				if got := Decode(body, encodings(nameOf(coding)), limit, false); got.Text != text[:limit] {
					t.Errorf("%s, %d bytes back, to %d: OK %v, %d bytes", coding, distance, limit, got.OK, len(got.Text))
				}
			}
		}
	}
}

func TestDecodeUsesWhatATruncatedBodyHolds(t *testing.T) {
	text := strings.ToValidUTF8(linesOf(400<<10), "")
	for coding := range encoders {
		name := nameOf(coding)
		body := coded(text, coding)
		for _, declared := range []bool{true, false} { // the upstream may die unseen
			got := Decode(body[:len(body)*3/4], encodings(name), 1<<20, declared)
			if !got.OK || !got.Truncated || !strings.HasPrefix(text, got.Text) || len(got.Text) < len(text)/4 {
				t.Errorf("%s: %d of %d bytes, OK %v, Truncated %v", coding, len(got.Text), len(text), got.OK, got.Truncated)
			}
		}
		// Too little to hold anything: the text is lost, quietly.
		if got := Decode(body[:3], encodings(name), 1<<20, true); got.OK || !got.Truncated {
			t.Errorf("%s of three bytes: %+v", coding, got)
		}
	}
}

// bomb holds size zeros, in MiB: one block of each coding can be sent again and
// again.
func bomb(t *testing.T, coding string, size int) []byte {
	var buf bytes.Buffer
	w := encoders[coding](&buf).(interface {
		io.Writer
		Flush() error
	})
	zeros := bytes.Repeat([]byte("0"), 1<<20)
	var ends [2]int
	for i := range ends {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		ends[i] = buf.Len()
	}
	first, again := buf.Bytes()[:ends[0]], buf.Bytes()[ends[0]:ends[1]]
	return append(bytes.Clone(first), bytes.Repeat(again, size-1)...)
}

func TestDecodeOfABombCostsNoMoreThanTheLimit(t *testing.T) {
	const limit = 64 << 10
	// The decoders' own buffers come on top of the limit. A decoder that obeyed
	// the bomb would take from 4 MiB (its window) to 200 MiB.
	const budget = 2 << 20
	for coding := range encoders {
		name := nameOf(coding)
		body, header := bomb(t, coding, 200), encodings(name)
		if got := Decode(body, header, 5<<20, false); len(got.Text) != 5<<20 || !got.Truncated {
			t.Fatalf("%s: this is no bomb: it holds %d bytes", coding, len(got.Text))
		}

		runtime.GC()
		runtime.GC() // empties the pools: the decoder's own buffers count
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := Decode(body, header, limit, false)
		runtime.ReadMemStats(&after)
		if len(got.Text) != limit || !got.Truncated {
			t.Errorf("%s: %d bytes, Truncated %v, want %d and true", coding, len(got.Text), got.Truncated, limit)
		}
		cost := after.TotalAlloc - before.TotalAlloc
		if cost > budget {
			t.Errorf("%s: %d bytes of bomb cost %d bytes of memory, want at most %d", coding, len(body), cost, budget)
		}
		t.Logf("%s: %d bytes of bomb cost %d KiB", coding, len(body), cost>>10)
	}
}

func TestDecodeAllocatesOnlyTheTextOfAPlainBody(t *testing.T) {
	for _, contentType := range []string{"", "application/json", "application/json; charset=utf-8", "text/html", "text/html;charset=UTF-8"} {
		body := []byte("<html><head><title>" + strings.Repeat("order not found ", 100))
		header := http.Header{"Content-Type": {contentType}}
		if n := testing.AllocsPerRun(100, func() { Decode(body, header, 64<<10, false) }); n > 1 {
			t.Errorf("%q: %v allocations, want 1", contentType, n)
		}
	}
}

func TestDecodersAreNotShared(t *testing.T) {
	var group sync.WaitGroup
	for coding := range encoders {
		name := nameOf(coding)
		for i := range 4 {
			text := strings.Repeat(fmt.Sprintf("%s %d ", coding, i), 1000)
			body := coded(text, coding)
			group.Go(func() {
				for range 20 {
					if got := Decode(body, encodings(name), 64<<10, false); got.Text != text {
						t.Errorf("%s: got %.20q …, want %.20q …", coding, got.Text, text)
					}
				}
			})
		}
	}
	group.Wait()
}
