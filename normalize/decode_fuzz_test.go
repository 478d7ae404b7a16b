package normalize

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

func FuzzDecode(f *testing.F) {
	const html = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head><title>404 Not Found</title><meta http-equiv="Content-Type" content="text/html; charset=EUC-KR"></head>
<body><h1>Not Found</h1><p>The requested URL was not found on this server.</p></body></html>`
	const soap = `<?xml version='1.0' encoding='iso-8859-1'?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">` +
		`<soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>No such operation</faultstring></soap:Fault></soap:Body></soap:Envelope>`
	for _, text := range []string{springNotFound, html, soap, inJapanese, ""} {
		f.Add([]byte(text), "", "text/html", 1<<16, false)
		f.Add(coded(text, "gzip"), "gzip", "application/json", 1<<16, false)
		f.Add(coded(text, "deflate"), "deflate", "text/xml; charset=utf-8", 100, true)
		f.Add(coded(text, "bare"), "Deflate", "", 100, false)
		f.Add(coded(text, "br"), "br", "text/html; charset=iso-8859-1", 64, false)
		f.Add(coded(text, "br, 16 MiB"), "br", "", 1<<16, true)
		f.Add(coded(text, "zstd"), "zstd", "text/html; charset=%s", 1<<16, false)
		f.Add(coded(text, "gzip", "br", "zstd", "deflate"), "gzip, br, zstd, deflate", `application/json; charset="utf-8"`, 1<<16, false)
	}
	f.Add([]byte(inCharset(japanese.ShiftJIS, inJapanese)), "identity", "text/plain; charset=cp932", 20, false)
	f.Add([]byte(inCharset(japanese.EUCJP, inJapanese)), "", "text/plain; charset=euc-jp", 20, true)
	f.Add([]byte(inCharset(japanese.ISO2022JP, inJapanese)), "", "text/plain; charset=iso-2022-jp", 20, true)
	f.Add([]byte(inCharset(korean.EUCKR, inKorean)), "", "text/plain; charset=ks_c_5601-1987", 1000, false)
	f.Add([]byte(inCharset(simplifiedchinese.GB18030, inChinese)), "", "text/plain; charset=gb18030", 1000, false)
	f.Add([]byte(inCharset(traditionalchinese.Big5, inTaiwan)), "", "text/plain; charset=big5", 1000, false)
	f.Add([]byte(inCharset(charmap.Windows1251, inRussian)), "", "text/plain; charset=windows-1251", 1000, false)
	f.Add([]byte("\xfe\xff"+inCharset(utf16BE, inGerman)), "", "application/json", 33, true)
	f.Add([]byte("\xff\xfe\x00\x00{\x00\x00\x00"), "", "application/json", 33, true)

	f.Fuzz(func(t *testing.T, body []byte, encoding, contentType string, limit int, truncated bool) {
		header := http.Header{"Content-Encoding": {encoding}, "Content-Type": {contentType}}
		limit = min(limit, 1<<20)
		before := string(body)
		got := Decode(body, header, limit, truncated)
		switch {
		case string(body) != before:
			t.Error("the body was written to")
		case len(got.Text) > max(limit, 0):
			t.Errorf("%d bytes of text, the limit is %d", len(got.Text), limit)
		case !utf8.ValidString(got.Text):
			t.Errorf("not UTF-8: %q", got.Text)
		case strings.Contains(got.Text, "\x00"):
			t.Errorf("a NUL in %q", got.Text)
		case strings.HasPrefix(got.Text, "\ufeff"):
			t.Errorf("a byte order mark before %q", got.Text)
		case got.OK != (got.Charset != ""), !got.OK && got.Text != "":
			t.Errorf("at odds with itself: %+v", got)
		case truncated && !got.Truncated:
			t.Error("no longer truncated")
		case got.Coding != encoding:
			t.Errorf("coding %q, want %q", got.Coding, encoding)
		case got != Decode(body, header, limit, truncated): // pooled decoders must not remember
			t.Error("decoded to something else the second time")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	small := springNotFound + strings.Repeat(" ", 500-len(springNotFound))
	large := strings.ToValidUTF8(linesOf(64<<10), "")
	ascii := strings.Repeat("	at org.example.Orders.find(Orders.java:42)\n", 1<<16/44)
	for _, bb := range []struct {
		name                  string
		body                  []byte
		encoding, contentType string
	}{
		{"json 500 B", []byte(small), "", "application/json"},
		{"json 500 B declared", []byte(small), "", "application/json; charset=utf-8"},
		{"html 64 KiB", []byte(large), "", "text/html"},
		{"ascii 64 KiB", []byte(ascii), "", "text/plain"},
		{"latin-1 64 KiB of ascii", []byte(ascii), "", "text/html; charset=iso-8859-1"},
		{"shift_jis 500 B", []byte(inCharset(japanese.ShiftJIS, strings.Repeat(inJapanese, 10))), "", "text/html; charset=shift_jis"},
		{"gzip 500 B", coded(small, "gzip"), "gzip", "application/json"},
		{"deflate 500 B", coded(small, "deflate"), "deflate", "application/json"},
		{"br 500 B", coded(small, "br"), "br", "application/json"},
		{"zstd 500 B", coded(small, "zstd"), "zstd", "application/json"},
		{"gzip 64 KiB", coded(large, "gzip"), "gzip", "text/html"},
		{"br 64 KiB", coded(large, "br"), "br", "text/html"},
		{"zstd 64 KiB", coded(large, "zstd"), "zstd", "text/html"},
		{"gzip bomb 16 MiB", coded(strings.Repeat("0", 16<<20), "gzip"), "gzip", "text/plain"},
		{"br bomb 16 MiB", coded(strings.Repeat("0", 16<<20), "br, 16 MiB"), "br", "text/plain"},
		{"zstd bomb 16 MiB", coded(strings.Repeat("0", 16<<20), "zstd"), "zstd", "text/plain"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			header := http.Header{"Content-Type": {bb.contentType}}
			if bb.encoding != "" {
				header.Set("Content-Encoding", bb.encoding)
			}
			b.ReportAllocs()
			for b.Loop() {
				if text := Decode(bb.body, header, 64<<10, false); !text.OK {
					b.Fatal("not decoded")
				}
			}
		})
	}
}
