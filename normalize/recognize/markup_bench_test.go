package recognize_test

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// soapFault is a fault of about 1 KiB, as a WS-* stack sends it.
const soapFault = `<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <soap:Header>
    <wsa:Action xmlns:wsa="http://www.w3.org/2005/08/addressing">http://example.com/orders/GetOrder/Fault</wsa:Action>
    <wsa:RelatesTo xmlns:wsa="http://www.w3.org/2005/08/addressing">urn:uuid:5e1c4b9e-7a4b-4b7e-9d1f-3f1a0c2f8f11</wsa:RelatesTo>
  </soap:Header>
  <soap:Body>
    <soap:Fault>
      <faultcode>soap:Client.OrderNotFound</faultcode>
      <faultstring xml:lang="en">Order 4711 does not exist &amp; was never placed</faultstring>
      <faultactor>http://example.com/orders</faultactor>
      <detail>
        <o:OrderFault xmlns:o="http://example.com/orders/types">
          <o:code>ORD-0404</o:code>
          <o:orderId>4711</o:orderId>
          <o:hint>Orders are kept for ninety days; older ones are in the archive.</o:hint>
        </o:OrderFault>
      </detail>
    </soap:Fault>
  </soap:Body>
</soap:Envelope>
`

// htmlPage is a page of about 2 KiB whose family is none, so that every row is
// asked.
var htmlPage = `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Sorry &ndash; Example Shop</title>
  <link rel="stylesheet" href="/assets/site.css">
  <style>
    body { font-family: Georgia, serif; margin: 0; background: #fafafa; color: #222; }
    .box { max-width: 40em; margin: 4em auto; padding: 2em; background: #fff; border: 1px solid #ddd; }
    .box h1 { font-size: 1.6em; margin-top: 0; }
    .nav a { color: #246; margin-right: 1em; text-decoration: none; }
  </style>
</head>
<body class="error">
  <div class="box">
    <h1>We could not find that page</h1>
` + strings.Repeat(`    <p class="hint">Try the <a href="/search?q=&amp;scope=all">search</a> or go back to the <a href="/">start</a> of the shop.</p>
`, 11) + `  </div>
</body>
</html>
`

// tracePage is a Tomcat page with a stack trace of the given size.
func tracePage(size int) string {
	head := `<!doctype html><html lang="en"><head><title>HTTP Status 500 – Internal Server Error</title><style type="text/css">body {font-family:Tahoma,Arial,sans-serif;}</style></head><body><h1>HTTP Status 500 – Internal Server Error</h1><hr class="line" /><p><b>Type</b> Exception Report</p><p><b>Message</b> Request processing failed</p><p><b>Exception</b></p><pre>`
	frame := "\tcom.example.orders.OrderService.load(OrderService.java:118)\n"
	return head + strings.Repeat(frame, (size-len(head))/len(frame)) + "</pre></body></html>"
}

var sink recognize.Evidence

// BenchmarkSOAPFault compares a fault recognised with encoding/xml's tokens up
// to the fault string.
func BenchmarkSOAPFault(b *testing.B) {
	in := recognize.Input{Status: 500, MediaType: "text/xml", Text: soapFault}
	ratio(b, func() { sink = recognize.Recognize(in) }, func() {
		d := xml.NewDecoder(strings.NewReader(soapFault))
		for {
			t, err := d.Token()
			if err != nil {
				b.Fatal(err)
			}
			if start, ok := t.(xml.StartElement); ok && start.Name.Local == "faultstring" {
				if _, err := d.Token(); err != nil {
					b.Fatal(err)
				}
				return
			}
		}
	})
}

// BenchmarkHTMLPage compares an unknown page recognised with the tokenizer of
// x/net/html up to the h1.
func BenchmarkHTMLPage(b *testing.B) {
	in := recognize.Input{Status: 404, MediaType: "text/html", Text: htmlPage}
	ratio(b, func() { sink = recognize.Recognize(in) }, func() {
		z := html.NewTokenizer(strings.NewReader(htmlPage))
		for {
			switch z.Next() {
			case html.ErrorToken:
				b.Fatal(z.Err())
			case html.StartTagToken:
				if name, _ := z.TagName(); string(name) == "h1" {
					z.Next()
					_ = z.Token()
					return
				}
			}
		}
	})
}

// BenchmarkStackTrace compares a 64 KiB stack trace with a 4 KiB one.
func BenchmarkStackTrace(b *testing.B) {
	small := recognize.Input{Status: 500, MediaType: "text/html", Text: tracePage(4 << 10)}
	large := recognize.Input{Status: 500, MediaType: "text/html", Text: tracePage(64 << 10)}
	ratio(b, func() { sink = recognize.Recognize(large) }, func() { sink = recognize.Recognize(small) })
}

// hostile are texts that cost a careless reader more than their size.
var hostile = map[string]string{
	"open tags":         "<a ",
	"open quotes":       "<a b=\"'",
	"ampersands":        "&",
	"less-than signs":   "<",
	"comments":          "<!-- ",
	"declarations":      "<!x [",
	"nested elements":   "<error>",
	"styles":            "<style>",
	"end tags":          "</",
	"entities":          "<!ENTITY a '&b;&b;&b;&b;'>",
	"sections":          "<x><![CDATA[ ",
	"entities in title": "<title>&lt;&lt;",
	"paragraphs":        "<p>&amp;&amp;<b>",
	"frames":            "at x\n",
}

// BenchmarkHostile compares 64 KiB of what should hurt with 16 KiB of it: a
// ratio near 4, or below where a bound cut in, is linear.
func BenchmarkHostile(b *testing.B) {
	for name, unit := range hostile {
		b.Run(name, func(b *testing.B) {
			read := func(size int, start string) func() {
				in := recognize.Input{Status: 400, Text: start + strings.Repeat(unit, size/len(unit))}
				return func() { sink = recognize.Recognize(in) }
			}
			ratio(b, read(64<<10, "<e>"), read(16<<10, "<e>"))
		})
		b.Run(name+" in HTML", func(b *testing.B) {
			read := func(size int) func() {
				in := recognize.Input{Status: 400, Text: "<p>" + strings.Repeat(unit, size/len(unit))}
				return func() { sink = recognize.Recognize(in) }
			}
			ratio(b, read(64<<10), read(16<<10))
		})
	}
}

// ratio times f and reports how many times as long as base it takes. The two
// take turns, and the best turn of each counts, so that a busy machine matters
// little.
func ratio(b *testing.B, f, base func()) {
	b.ReportAllocs()
	const turn = 32
	time := func(f func()) time.Duration {
		begin := time.Now()
		for range turn {
			f()
		}
		return time.Since(begin)
	}
	best, bestBase := time(f), time(base)
	for b.Loop() {
		best, bestBase = min(best, time(f)), min(bestBase, time(base))
	}
	b.ReportMetric(float64(best)/float64(bestBase), "ratio")
	b.ReportMetric(float64(best.Nanoseconds())/turn, "best-ns/op")
}
