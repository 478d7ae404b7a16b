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
		b.Run(e.name+"/recognize", func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(e.text)))
			for b.Loop() {
				recognize.Recognize(in)
			}
		})
		b.Run(e.name+"/map", func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(e.text)))
			for b.Loop() {
				var m map[string]any
				if err := json.Unmarshal([]byte(e.text), &m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
