package recognize_test

import (
	"testing"
	"unicode/utf8"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/internal/fixture"
	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// FuzzXML, FuzzHTML and FuzzText hold the readers to their bounds, whatever
// they read.
func FuzzXML(f *testing.F)  { fuzzReader(f, "application/xml", "<error><message>") }
func FuzzHTML(f *testing.F) { fuzzReader(f, "text/html", "<p>") }
func FuzzText(f *testing.F) { fuzzReader(f, "text/plain", "at ") }

// fuzzReader seeds with every recorded body and with the beginnings of hostile
// ones.
func fuzzReader(f *testing.F, mediaType, start string) {
	cases, err := fixture.Load("../testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		f.Add(string(c.Body), c.Reason, c.Status)
	}
	for _, unit := range hostile {
		f.Add(start+unit+unit+unit, "", 400)
	}
	f.Fuzz(func(t *testing.T, body, reason string, status int) {
		if !utf8.ValidString(body) || !utf8.ValidString(reason) {
			return // the decoder yields nothing else than UTF-8
		}
		ev := recognize.Recognize(recognize.Input{Status: status, MediaType: mediaType, Text: body, ReasonPhrase: reason})
		for _, s := range [...]string{ev.Format, ev.Code, ev.Message, ev.Title, ev.Scope} {
			checkString(t, s)
		}
		if len(ev.Violations) > recognize.MaxViolations {
			t.Errorf("there are %d violations", len(ev.Violations))
		}
		for _, v := range ev.Violations {
			checkString(t, v.Field)
			checkString(t, v.Code)
			checkString(t, v.Message)
		}
	})
}

// checkString holds a string of evidence to what Evidence promises.
func checkString(t *testing.T, s string) {
	t.Helper()
	if len(s) > recognize.MaxMessage || !utf8.ValidString(s) {
		t.Errorf("%d bytes, or not UTF-8: %q", len(s), s)
	}
}
