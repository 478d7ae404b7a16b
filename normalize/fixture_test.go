package normalize

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/internal/fixture"
)

// loadCases returns every recorded failure, with what is expected of it.
func loadCases(t testing.TB) []*fixture.Case {
	t.Helper()
	cases, err := fixture.Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 200 {
		t.Fatalf("found %d cases only", len(cases))
	}
	return cases
}

// decideCase decides a recorded failure as a client's request to api.example.com.
func decideCase(t testing.TB, n *Normalizer, c *fixture.Case) Verdict {
	t.Helper()
	target, err := url.ParseRequestURI(c.Target)
	if err != nil {
		t.Fatal(err)
	}
	req := NewRequest(&http.Request{Method: c.Method, Host: "api.example.com", URL: target, Header: c.RequestHeader})
	return n.Decide(&req, &Response{Status: c.Status, ReasonPhrase: c.Reason, Header: c.Header, Body: c.Body})
}

// TestRecordedFailures decides every recorded failure and compares the answer
// with what the case says; an absent key is not checked. Whatever the case
// says, an answer is an envelope that leaks nothing, with a challenge on a 401.
func TestRecordedFailures(t *testing.T) {
	n := newTestNormalizer(t, Config{})
	for _, c := range loadCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			v := decideCase(t, n, c)
			if v.Fault != "" {
				t.Fatalf("reading it failed: %s", v.Fault)
			}
			got := map[string]string{
				"pass": strconv.FormatBool(v.Pass), "status": strconv.Itoa(v.Status), "code": v.Code, "description": v.Description, "why": v.Why,
			}
			for key, value := range got {
				if want, ok := c.Value(key); ok && value != want {
					t.Errorf("%s is %q, want %q (%s)", key, value, want, v.Why)
				}
			}
			if want, ok := c.Want["www-authenticate"]; ok && !slices.Equal(v.Challenges, want) {
				t.Errorf("www-authenticate is %q, want %q", v.Challenges, want)
			}
			if !v.Pass {
				wantSoundAnswer(t, n, &v)
			}
		})
	}
}

// wantSoundAnswer checks what holds of every answer.
func wantSoundAnswer(t *testing.T, n *Normalizer, v *Verdict) {
	t.Helper()
	var members map[string]string
	if err := json.Unmarshal(AppendEnvelope(nil, v.Code, v.Description), &members); err != nil || len(members) != 2 {
		t.Errorf("the envelope does not parse: %v", err)
	}
	if _, _, ok := n.catalog.parse(v.Status, v.Code); !ok {
		t.Errorf("%s is no code of %d", v.Code, v.Status)
	}
	if row, _, ok := n.catalog.parse(v.Status, v.Code); !ok || v.Description != row.Description {
		if kind := Leak(v.Description); kind != "" {
			t.Errorf("the description %q leaks: %s", v.Description, kind)
		}
		if v.Status >= 500 {
			t.Errorf("a %d carries the upstream's text: %q", v.Status, v.Description)
		}
	}
	if v.Status == http.StatusUnauthorized && len(v.Challenges) == 0 {
		t.Error("a 401 without a challenge")
	}
	for _, line := range v.Challenges {
		if challenges, invalid := ParseChallenges([]string{line}); len(challenges) != 1 || len(invalid) > 0 {
			t.Errorf("challenge %q does not parse", line)
		}
		if strings.ContainsAny(line, "\r\n") {
			t.Errorf("challenge %q breaks the line", line)
		}
	}
}
