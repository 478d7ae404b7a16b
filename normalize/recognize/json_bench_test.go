package recognize_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// A JSON error of 500 bytes as each of some families sends it.
var jsonErrors = []struct{ name, text string }{
	{"spring", `{"timestamp":"2024-05-02T08:15:30.123+00:00","status":404,"error":"Not Found","message":"Customer 4711 does not exist","path":"/api/v2/customers/4711","requestId":"` + strings.Repeat("7", 330) + `"}`},
	{"validation", `{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"One or more validation errors occurred.","status":400,"errors":{"Email":["The Email field is required.","The Email field is not a valid e-mail address."],"Address.PostalCode":["The field PostalCode must be a string with a maximum length of 10."],"Items[0].Quantity":["The field Quantity must be between 1 and 100."],"Notes":["The field Notes must be a string with a maximum length of 500."]},"traceId":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}`},
	{"google", `{"error":{"code":404,"message":"Project 'sample-42' was not found or has been deleted.","status":"NOT_FOUND","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"PROJECT_NOT_FOUND","domain":"cloudresourcemanager.example.com","metadata":{"service":"cloudresourcemanager.example.com","consumer":"projects/991234567890"}},{"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Documentation","url":"https://docs.example.com/projects/errors"}]}]}}`},
	{"unknown", `{"success":false,"requestId":"5f0c2b9e-9d2b-4d27-9a3e-5f1f5f0c2b9e","time":1714637730123,"server":"web-3","version":"2.14.0","payload":null,"meta":{"page":1,"total":0,"links":{"self":"/orders/18"}},"result":{"code":"ORDER_LOCKED","userMessage":"This order is being edited by someone else.","retryable":true,"parameters":["18","2024-05-02T08:15:30Z"],"docs":"https://docs.example.com/errors/ORDER_LOCKED"},"warnings":[],"trace":{"id":"b7ad6b7169203331","parent":"0af7651916cd43dd"}}`},
}

// BenchmarkJSON compares reading an error with unmarshalling it into a map.
func BenchmarkJSON(b *testing.B) {
	for _, e := range jsonErrors {
		in := recognize.Input{Status: 404, MediaType: "application/json", Text: e.text}
		body := []byte(e.text)
		b.Run(e.name, func(b *testing.B) {
			ratio(b, func() { sink = recognize.Recognize(in) }, func() {
				var m map[string]any
				if err := json.Unmarshal(body, &m); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// hostileJSON are texts of members that cost a careless reader more than their
// size.
var hostileJSON = map[string]string{
	"brackets":            `[`,
	"braces":              `{"a":`,
	"nested errors":       `{"errors":[`,
	"nested maps":         `{"errors":{"a":`,
	"quotes":              `"`,
	"escapes":             `"a":"\\\\\\",`,
	"members":             `"message":"x y","code":1,`,
	"maps of complaints":  `"errors":{"a":["x y"],"b":["x y"]},`,
	"lists of complaints": `"errors":[{"field":"a","message":"must not be null"}],`,
	"dotted names":        `"a.a.a":{"a.a":{"a":{}}},`,
}

// BenchmarkHostileJSON compares 64 KiB of what should hurt with 16 KiB of it: a
// ratio near 4, or below where a bound cut in, is linear.
func BenchmarkHostileJSON(b *testing.B) {
	for name, unit := range hostileJSON {
		read := func(size int) func() {
			in := recognize.Input{Status: 400, Text: `{` + strings.Repeat(unit, size/len(unit))}
			if unit[0] != '"' {
				in.Text = in.Text[1:]
			}
			return func() { sink = recognize.Recognize(in) }
		}
		b.Run(name, func(b *testing.B) { ratio(b, read(64<<10), read(16<<10)) })
		walk := func(size int) func() {
			text := `{` + strings.Repeat(unit, size/len(unit))
			return func() {
				recognize.Parse(recognize.Input{Text: text}).Walk(func(string, string) bool { return true })
			}
		}
		b.Run(name+" walked", func(b *testing.B) { ratio(b, walk(64<<10), walk(16<<10)) })
	}
}
