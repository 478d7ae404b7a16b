package recognize_test

import (
	"mime"
	"strconv"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
	"github.com/normalize-errors/caddy-normalize-errors/normalize/internal/fixture"
	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// input returns what a reader sees of c.
func input(c *fixture.Case) recognize.Input {
	mediaType, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type"))
	return recognize.Input{
		Status:       c.Status,
		MediaType:    mediaType,
		Header:       c.Header,
		ReasonPhrase: c.Reason,
		Text:         normalize.Decode(c.Body, c.Header, 64<<10, false).Text,
	}
}

// TestFixtures reads every recorded body and compares what was read with what
// the case says: an absent key is not checked.
func TestFixtures(t *testing.T) {
	cases, err := fixture.Load("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 100 {
		t.Fatalf("found %d cases only", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			ev := recognize.Recognize(input(c))
			got := map[string]string{
				"format":        ev.Format,
				"upstream_code": ev.Code,
				"message":       fold(ev.Message),
				"title":         fold(ev.Title),
				"scope":         ev.Scope,
				"leaky":         strconv.FormatBool(ev.Leaky),
			}
			for key, value := range got {
				if want, ok := c.Value(key); ok && value != want {
					t.Errorf("%s is %q, want %q", key, value, want)
				}
			}
			if want, ok := c.Want["violation"]; ok {
				checkViolations(t, ev.Violations, want)
			}
		})
	}
}

// checkViolations compares violations with lines of `kind field message`, in
// which `-` stands for an empty field.
func checkViolations(t *testing.T, got []recognize.Violation, want []string) {
	t.Helper()
	kinds := [...]string{recognize.Invalid: "invalid", recognize.Missing: "missing", recognize.Range: "range"}
	var lines []string
	for _, v := range got {
		field := v.Field
		if field == "" {
			field = "-"
		}
		lines = append(lines, strings.TrimSpace(kinds[v.Kind]+" "+field+" "+fold(v.Message)))
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("violations are\n\t%s\nwant\n\t%s", strings.Join(lines, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// fold folds runs of white space to one space.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestFamilies holds the table of families to what the documentation needs.
func TestFamilies(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range recognize.Families() {
		if f.Name == "" || f.Signature == "" {
			t.Errorf("%+v has no name or no signature", f)
		}
		key := f.Kind + " " + f.Name + " " + f.Signature
		if seen[key] {
			t.Errorf("%s is listed twice", key)
		}
		seen[key] = true
	}
}
