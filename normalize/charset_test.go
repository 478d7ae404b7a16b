package normalize

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

const (
	inJapanese = `{"message":"指定された注文は見つかりません。"}`
	inKorean   = `{"message":"요청한 주문을 찾을 수 없습니다."}`
	inChinese  = `{"message":"找不到所请求的订单。"}`
	inTaiwan   = `{"message":"找不到所要求的訂單。"}`
	inRussian  = `{"message":"Заказ не найден."}`
	inGerman   = `{"message":"Bestellung nicht verfügbar für Größe 5 €."}`
	inEnglish  = `{"message":"order not found"}`
)

var (
	utf16LE = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16BE = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
)

// inCharset encodes text in a charset.
func inCharset(e encoding.Encoding, text string) string {
	encoded, err := e.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return encoded
}

func TestDecodeReadsTheCharset(t *testing.T) {
	sjis, euckr, latin1 := japanese.ShiftJIS, korean.EUCKR, charmap.Windows1252
	const json, html, xml = "application/json", "text/html", "text/xml"
	japaneseXML := `<?xml version="1.0" encoding="Shift_JIS"?><error>注文なし</error>`
	koreanPage := `<!DOCTYPE html><!-- <meta charset="utf-8"> --><head><title>404</title><META charset=EUC-KR></head><p>주문이 없습니다`
	oldPage := "\r\n<html><head><meta name=charset content=x><meta http-equiv=\"Content-Type\" content=\"text/html; charset=shift_jis\"/></head><p>注文なし"
	dotnet := `<?xml version="1.0" encoding="utf-16"?><error>verfügbar</error>`
	asUTF8 := "utf-8"
	for _, tt := range []struct {
		that        string
		body        string
		contentType string
		want        string // "" if the text is lost
		charset     string
	}{
		// The byte order mark comes first.
		{"a UTF-8 mark goes", "\xef\xbb\xbf" + inJapanese, json, inJapanese, asUTF8},
		{"two marks go", "\xef\xbb\xbf\xef\xbb\xbf" + inJapanese, json, inJapanese, asUTF8},
		{"three marks of UTF-16 go", "\xff\xfe\xff\xfe\xff\xfe" + inCharset(utf16LE, inKorean), json, inKorean, "utf-16le"},
		{"a mark beats a declaration", "\xef\xbb\xbf" + inJapanese, json + "; charset=shift_jis", inJapanese, asUTF8},
		{"a UTF-16 mark, little endian", "\xff\xfe" + inCharset(utf16LE, inKorean), json, inKorean, "utf-16le"},
		{"a UTF-16 mark, big endian", "\xfe\xff" + inCharset(utf16BE, inKorean), json, inKorean, "utf-16be"},
		{"a UTF-16 mark against the declared byte order", "\xfe\xff" + inCharset(utf16BE, inKorean), json + ";charset=utf-16le", inKorean, "utf-16be"},
		{"a UTF-32 mark, little endian", "\xff\xfe\x00\x00" + inCharset(utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), inKorean), json, inKorean, "utf-32le"},
		{"a UTF-32 mark, big endian", "\x00\x00\xfe\xff" + inCharset(utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), inKorean), json, inKorean, "utf-32be"},
		{"a mark that lies", "\xef\xbb\xbf" + inCharset(sjis, inJapanese), json, "", ""},
		{"half a character of UTF-16", "\xff\xfe" + inCharset(utf16LE, inKorean) + "x", json, "", ""},
		{"half a surrogate pair", "\xff\xfe\x3d\xd8x\x00", json, "", ""},

		// Then what the Content-Type declares.
		{"UTF-8", inJapanese, json + "; charset=UTF-8", inJapanese, asUTF8},
		{"Shift_JIS", inCharset(sjis, inJapanese), json + "; charset=Shift_JIS", inJapanese, "shift_jis"},
		{"EUC-JP", inCharset(japanese.EUCJP, inJapanese), json + ";charset=euc-jp", inJapanese, "euc-jp"},
		{"ISO-2022-JP", inCharset(japanese.ISO2022JP, inJapanese), json + ";charset=iso-2022-jp", inJapanese, "iso-2022-jp"},
		{"EUC-KR", inCharset(euckr, inKorean), json + ";charset=EUC-KR", inKorean, "euc-kr"},
		{"GBK", inCharset(simplifiedchinese.GBK, inChinese), json + ";charset=gbk", inChinese, "gbk"},
		{"GB 2312", inCharset(simplifiedchinese.GBK, inChinese), json + ";charset=GB2312", inChinese, "gbk"},
		{"GB 18030", inCharset(simplifiedchinese.GB18030, inChinese+"😀"), json + ";charset=gb18030", inChinese + "😀", "gb18030"},
		{"Big5", inCharset(traditionalchinese.Big5, inTaiwan), json + ";charset=big5", inTaiwan, "big5"},
		{"windows-1251", inCharset(charmap.Windows1251, inRussian), json + ";charset=windows-1251", inRussian, "windows-1251"},
		{"KOI8-R", inCharset(charmap.KOI8R, inRussian), json + ";charset=koi8-r", inRussian, "koi8-r"},
		{"ISO-8859-1, which is windows-1252 in use", inCharset(latin1, inGerman), json + ";charset=ISO-8859-1", inGerman, "windows-1252"},
		{"ISO-8859-15", inCharset(charmap.ISO8859_15, inGerman), json + ";charset=iso-8859-15", inGerman, "iso-8859-15"},
		{"ASCII in a single-byte charset", inEnglish, json + ";charset=iso-8859-1", inEnglish, "windows-1252"},
		{"ASCII in a multi-byte charset", inEnglish, json + ";charset=cp949", inEnglish, "euc-kr"},
		{"UTF-16, little endian", inCharset(utf16LE, inRussian), json + ";charset=utf-16le", inRussian, "utf-16le"},
		{"UTF-16, big endian", inCharset(utf16BE, inRussian), json + ";charset=utf-16be", inRussian, "utf-16be"},
		{"UTF-16 of unstated byte order", inCharset(utf16BE, inRussian), json + ";charset=utf-16", inRussian, "utf-16be"},
		{"UTF-16 that begins beyond ASCII", inCharset(utf16LE, "주문이 없습니다"), "text/plain;charset=utf-16", "주문이 없습니다", "utf-16le"},
		{"a quoted label", inCharset(sjis, inJapanese), json + `; charset="shift_jis"`, inJapanese, "shift_jis"},
		{"a label in single quotes", inCharset(sjis, inJapanese), json + `; charset='shift_jis'`, inJapanese, "shift_jis"},
		{"a label among parameters", inCharset(sjis, inJapanese), json + `; odata=verbose ; CharSet = shift_jis;x=y`, inJapanese, "shift_jis"},
		{"a label of the same tail", inJapanese, json + `; x-charset=shift_jis`, inJapanese, asUTF8},
		{"cp932", inCharset(sjis, inJapanese), json + "; charset=cp932", inJapanese, "shift_jis"},
		{"windows-31j", inCharset(sjis, inJapanese), json + "; charset=Windows-31J", inJapanese, "shift_jis"},
		{"MS932", inCharset(sjis, inJapanese), json + "; charset=MS932", inJapanese, "shift_jis"},
		{"cp949", inCharset(euckr, inKorean), json + "; charset=cp949", inKorean, "euc-kr"},
		{"MS949", inCharset(euckr, inKorean), json + "; charset=MS949", inKorean, "euc-kr"},
		{"uhc", inCharset(euckr, inKorean), json + "; charset=uhc", inKorean, "euc-kr"},
		{"ks_c_5601-1987", inCharset(euckr, inKorean), json + "; charset=ks_c_5601-1987", inKorean, "euc-kr"},
		{"utf8", inKorean, json + "; charset=utf8", inKorean, asUTF8},
		{"a declaration before the document's", inCharset(sjis, `<meta charset=utf-8>注文`), html + ";charset=shift_jis", `<meta charset=utf-8>注文`, "shift_jis"},

		// Then what the document declares.
		{"an XML declaration", inCharset(sjis, japaneseXML), xml, japaneseXML, "shift_jis"},
		{"an XML declaration in single quotes", inCharset(sjis, strings.ReplaceAll(japaneseXML, `"`, `'`)), xml, strings.ReplaceAll(japaneseXML, `"`, `'`), "shift_jis"},
		{"an XML declaration if the type's label is none", inCharset(sjis, japaneseXML), xml + ";charset=%s", japaneseXML, "shift_jis"},
		{"an XML declaration without encoding", `<?xml version="1.0"?><e>주문</e>`, xml, `<?xml version="1.0"?><e>주문</e>`, asUTF8},
		{"a meta element, not one in a comment", inCharset(euckr, koreanPage), html, koreanPage, "euc-kr"},
		{"a meta element of the old form", inCharset(sjis, oldPage), html, oldPage, "shift_jis"},
		{"a meta element without type", inCharset(euckr, koreanPage), "", koreanPage, "euc-kr"},
		{"no meta element in what is no markup", inCharset(euckr, `see <meta charset=euc-kr> 주문`), "text/plain", "", ""},
		{"no meta element past the first KiB", inCharset(euckr, "<p>"+strings.Repeat(" ", 1024)+koreanPage), html, "", ""},
		{"no document in ASCII says that it is UTF-16", dotnet, xml, dotnet, asUTF8},
		{"nor a type", dotnet, xml + ";charset=utf-16", dotnet, asUTF8},

		// Then UTF-8, or nothing.
		{"UTF-8 undeclared", inJapanese, json, inJapanese, asUTF8},
		{"UTF-8 without a type", inJapanese, "", inJapanese, asUTF8},
		{"UTF-8 with a template for a label", inJapanese, html + "; charset=%s", inJapanese, asUTF8},
		{"UTF-8 with an unknown label", inJapanese, json + "; charset=klingon", inJapanese, asUTF8},
		{"UTF-8 with an empty label", inJapanese, json + `; charset=`, inJapanese, asUTF8},
		{"UTF-8 with an empty quoted label", inJapanese, json + `; charset=""`, inJapanese, asUTF8},
		{"UTF-16 by its zeros", inCharset(utf16LE, inKorean), json, inKorean, "utf-16le"},
		{"UTF-16 by its zeros, big endian", inCharset(utf16BE, inKorean), json, inKorean, "utf-16be"},
		{"Shift_JIS undeclared", inCharset(sjis, inJapanese), json, "", ""},
		{"windows-1252 undeclared", inCharset(latin1, inGerman), "text/plain", "", ""},
		{"a NUL in text", "not\x00found", "text/plain", "", ""},
		{"a NUL in UTF-16", inCharset(utf16LE, "not\x00found"), "text/plain", "", ""},
		{"a NUL in windows-1251", "not\x00found", "text/plain; charset=windows-1251", "", ""},

		// A label that the bytes contradict.
		{"UTF-8 under iso-8859-1", inJapanese, html + ";charset=ISO-8859-1", inJapanese, asUTF8},
		{"UTF-8 under us-ascii", inGerman, "text/plain; charset=us-ascii", inGerman, asUTF8},
		{"UTF-8 under windows-1252", inGerman, "text/plain; charset=windows-1252", inGerman, asUTF8},
		{"UTF-8 under windows-1251", inRussian, "text/plain; charset=windows-1251", inRussian, asUTF8},
		{"UTF-8 under EUC-KR", inKorean, json + "; charset=euc-kr", inKorean, asUTF8},
		{"UTF-8 under Shift_JIS", inJapanese, json + "; charset=shift_jis", inJapanese, asUTF8},
		{"UTF-8 under Shift_JIS that reads well as that", "あい", "text/plain; charset=shift_jis", "あい", asUTF8},
		{"EUC-KR that reads well as UTF-8", inCharset(euckr, "체"), "text/plain; charset=euc-kr", "체", "euc-kr"},
		{"UTF-8 of two bytes that does not read as EUC-JP", "Über", "text/plain; charset=euc-jp", "Über", asUTF8},
		{"Shift_JIS under UTF-8", inCharset(sjis, inJapanese), json + "; charset=utf-8", "", ""},
		{"Shift_JIS under EUC-JP", inCharset(sjis, inJapanese), json + "; charset=euc-jp", "", ""},
		{"Shift_JIS under iso-8859-1", inCharset(sjis, inJapanese), json + "; charset=iso-8859-1", "", ""},
		{"EUC-KR under UTF-16", inCharset(euckr, inKorean), json + "; charset=utf-16", "", ""},
		{"a charset that browsers refuse", "\x1b$)C" + inEnglish, json + "; charset=iso-2022-kr", "", ""},
	} {
		t.Run(tt.that, func(t *testing.T) {
			header := http.Header{}
			if tt.contentType != "" {
				header.Set("Content-Type", tt.contentType)
			}
			want := Text{Text: tt.want, Charset: tt.charset, OK: tt.want != ""}
			if got := Decode([]byte(tt.body), header, 64<<10, false); got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestDecodeCutsBetweenCharacters(t *testing.T) {
	for _, tt := range []struct {
		that      string
		body      string
		charset   string
		limit     int
		truncated bool
		want      Text
	}{
		{"a body of just the limit is whole", "注文", "utf-8", 6, false, Text{Text: "注文", Charset: "utf-8", OK: true}},
		{"UTF-8 is cut at the limit", "注文", "utf-8", 5, false, Text{Text: "注", Charset: "utf-8", Truncated: true, OK: true}},
		{"a mark does not count", "\xef\xbb\xbf注文", "utf-8", 6, false, Text{Text: "注文", Charset: "utf-8", OK: true}},
		{"bytes past the limit do not matter", "注文\xff", "utf-8", 6, false, Text{Text: "注文", Charset: "utf-8", Truncated: true, OK: true}},
		{"UTF-8 is cut where a truncated body ends", "注文"[:5], "utf-8", 100, true, Text{Text: "注", Charset: "utf-8", Truncated: true, OK: true}},
		{"whole characters of a truncated body stay", "注文", "utf-8", 100, true, Text{Text: "注文", Charset: "utf-8", Truncated: true, OK: true}},
		{"a whole body must not end amid a character", "注文"[:5], "utf-8", 100, false, Text{}},
		{"nor may a truncated one begin amid one", "注文"[1:], "utf-8", 100, true, Text{Truncated: true}},
		{"Shift_JIS is cut at the limit", inCharset(japanese.ShiftJIS, "注文"), "shift_jis", 5, false, Text{Text: "注", Charset: "shift_jis", Truncated: true, OK: true}},
		{"Shift_JIS that fits is whole", inCharset(japanese.ShiftJIS, "注文"), "shift_jis", 6, false, Text{Text: "注文", Charset: "shift_jis", OK: true}},
		{"Shift_JIS is cut where a truncated body ends", inCharset(japanese.ShiftJIS, "注文")[:3], "shift_jis", 100, true, Text{Text: "注", Charset: "shift_jis", Truncated: true, OK: true}},
		{"ISO-2022-JP is cut amid an escape sequence", inCharset(japanese.ISO2022JP, "注文") + "\x1b$", "iso-2022-jp", 100, true, Text{Text: "注文", Charset: "iso-2022-jp", Truncated: true, OK: true}},
		{"UTF-16 is cut at the limit", inCharset(utf16LE, "aü文😀"), "utf-16le", 9, false, Text{Text: "aü文", Charset: "utf-16le", Truncated: true, OK: true}},
		{"UTF-16 is cut amid a surrogate pair", inCharset(utf16LE, "aü文😀")[:8], "utf-16le", 100, true, Text{Text: "aü文", Charset: "utf-16le", Truncated: true, OK: true}},
		{"windows-1251 that fits is whole", inCharset(charmap.Windows1251, "нет"), "windows-1251", 6, false, Text{Text: "нет", Charset: "windows-1251", OK: true}},
		{"windows-1251 is cut at the limit", inCharset(charmap.Windows1251, "нет"), "windows-1251", 3, false, Text{Text: "н", Charset: "windows-1251", Truncated: true, OK: true}},
	} {
		t.Run(tt.that, func(t *testing.T) {
			header := http.Header{"Content-Type": {"text/plain; charset=" + tt.charset}}
			if got := Decode([]byte(tt.body), header, tt.limit, tt.truncated); got != tt.want {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestEveryAliasStandsForACharset(t *testing.T) {
	for alias, name := range aliases {
		if c, ok := charsetByLabel([]byte(strings.ToUpper(alias))); !ok || (c.name != name && c.name != "windows-1252") {
			t.Errorf("%s: got %q, want %q", alias, c.name, name)
		}
	}
}
