package normalize

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Bodies of the sizes that the ratios are stated for.
var (
	json500 = []byte(`{"timestamp":"2026-11-22T10:15:30.123+00:00","status":400,"error":"Bad Request","exception":"org.springframework.web.bind.MethodArgumentNotValidException",` +
		`"errors":[{"codes":["Size.order.reference","Size.reference","Size"],"defaultMessage":"size must be between 3 and 12","objectName":"order","field":"reference","rejectedValue":"x","bindingFailure":false,"code":"Size"}],` +
		`"message":"Validation failed for object='order'. Error count: 1","trace":"","path":"/v1/orders","requestId":"7f1c9a02-11","locale":"en_GB","region":"eu"}`)
	google500 = []byte(`{"error":{"code":400,"message":"The calendar event has no end, and its recurrence needs one. Set either the end time or its duration.","status":"INVALID_ARGUMENT",` +
		`"details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"EVENT_END_MISSING","domain":"calendar.example.com","metadata":{"service":"calendar.example.com","event":"0af7651916cd"}},` +
		`{"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"How events end","url":"https://docs.example.com/events#end"}]}]}}`)
	html2k = []byte("<!doctype html><html lang=\"en\"><head><title>HTTP Status 404 – Not Found</title><style type=\"text/css\">" +
		strings.Repeat("h1 {font-family:Tahoma,Arial,sans-serif;color:white;background-color:#525D76;} ", 22) +
		"</style></head><body><h1>HTTP Status 404 – Not Found</h1><hr class=\"line\" /><p><b>Type</b> Status Report</p><p><b>Message</b> There is no customer with this number</p></body></html>")
	soap1k = []byte(`<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<soapenv:Header>` + strings.Repeat(`<h:Trace xmlns:h="urn:example:trace">0af7651916cd43dd8448eb211c80319c</h:Trace>`, 5) + `</soapenv:Header>` +
		`<soapenv:Body><soapenv:Fault><faultcode>soapenv:Client.InvalidAccount</faultcode><faultstring>The account number has the wrong length</faultstring><detail><e:code xmlns:e="urn:example">17</e:code></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`)
)

// tracePage is a debug page of a Java server, of about n bytes.
func tracePage(n int) []byte {
	frame := "\tat com.example.orders.OrderService.load(OrderService.java:42)\n"
	return []byte("<html><head><title>HTTP Status 500 – Internal Server Error</title></head><body><h1>HTTP Status 500 – Internal Server Error</h1>" +
		"<p><b>Type</b> Exception Report</p><p><b>Message</b> boom</p><pre>" + strings.Repeat(frame, n/len(frame)) + "</pre></body></html>")
}

// BenchmarkDecide shows what it costs to recognise, decide and phrase a failure
// whose text is decoded, next to what the usual library takes to find the same
// words. Compare the rows of one run.
func BenchmarkDecide(b *testing.B) {
	n := newTestNormalizer(b, Config{})
	for _, c := range []struct {
		name, contentType string
		status            int
		body              []byte
		wantFormat        string
	}{
		{"json 500 B", "application/json", 400, json500, "spring"},
		{"json 480 B", "application/json", 400, google500, "google"},
		{"html 2 KiB", "text/html;charset=utf-8", 404, html2k, "tomcat"},
		{"soap 1 KiB", "text/xml;charset=utf-8", 400, soap1k, "soap"},
		{"trace 4 KiB", "text/html;charset=utf-8", 500, tracePage(4 << 10), "tomcat"},
		{"trace 64 KiB", "text/html;charset=utf-8", 500, tracePage(64 << 10), "tomcat"},
		{"64 KiB of [", "application/json", 500, bytes.Repeat([]byte("["), 64<<10), ""},
		{"64 KiB of nested JSON", "application/json", 500, bytes.Repeat([]byte(`{"a":`), 13<<10), ""},
		{"64 KiB of <a", "text/html", 500, bytes.Repeat([]byte("<a "), 21<<10), ""},
		{"64 KiB of &", "text/html", 500, bytes.Repeat([]byte("&"), 64<<10), ""},
		{"64 KiB of entities", "text/xml", 500, []byte(`<!DOCTYPE x [` + strings.Repeat(`<!ENTITY a "&b;&b;&b;">`, 2700) + `]><x>&a;</x>`), ""},
	} {
		b.Run(c.name, func(b *testing.B) {
			req := Request{Method: http.MethodGet, Host: "api.example.com", Path: "/v1/orders"}
			resp := Response{Status: c.status, Header: http.Header{"Content-Type": {c.contentType}}, Body: c.body}
			v := n.Decide(&req, &resp)
			if c.wantFormat != "" && v.Evidence.Format != c.wantFormat {
				b.Fatalf("recognised %q", v.Evidence.Format)
			}
			b.SetBytes(int64(len(c.body)))
			b.ReportAllocs()
			for b.Loop() {
				again := Verdict{Text: v.Text}
				n.read(&req, &resp, &again)
			}
		})
	}
	for name, body := range map[string][]byte{"json 500 B": json500, "json 480 B": google500} {
		b.Run(name+"/encoding_json into a map", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var members map[string]any
				if err := json.Unmarshal(body, &members); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("html 2 KiB/x_net_html to the h1", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			z := html.NewTokenizer(bytes.NewReader(html2k))
			for {
				if kind := z.Next(); kind == html.ErrorToken {
					b.Fatal(z.Err())
				} else if name, _ := z.TagName(); kind == html.EndTagToken && string(name) == "h1" {
					break
				}
			}
		}
	})
	b.Run("soap 1 KiB/encoding_xml to the faultstring", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			d := xml.NewDecoder(bytes.NewReader(soap1k))
			for {
				token, err := d.Token()
				if err != nil {
					b.Fatal(err)
				}
				if end, ok := token.(xml.EndElement); ok && end.Name.Local == "faultstring" {
					break
				}
			}
		}
	})
}
