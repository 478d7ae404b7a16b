package normalize

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// expandText has a rule with this text decide a response, and returns the text.
func expandText(t testing.TB, text, resource string, req *Request, ev *recognize.Evidence, body string) (string, bool) {
	t.Helper()
	rs := compile(t, Rule{Description: text, Match: &Match{BodyRegexp: `(?s)^(?:.*id=(\d+))?(?P<rest>.*)`}})
	m := rs.match(req, &Response{Status: 404}, ev, asText(body))
	if m.rule == nil {
		t.Fatal("the rule does not hold")
	}
	return m.rule.text.expand(m, resource)
}

func TestRuleText(t *testing.T) {
	ev := recognize.Evidence{Format: "spring", Code: "NoSuchUser", Message: "No user\n with  that id"}
	tests := []struct {
		when, text, resource string
		ev                   recognize.Evidence
		body                 string
		want                 string
		ok                   bool
	}{
		{"text is kept", "Nothing here.", "", ev, "", "Nothing here.", true},
		{"escaped braces are text", `a \{upstream.code\} b`, "", ev, "", "a {upstream.code} b", true},
		{"a closing brace is text", "a } b", "", ev, "", "a } b", true},
		{"other backslashes are text", `C:\x`, "", ev, "", `C:\x`, true},
		{"the resource is words in lower case", "The {resource} is gone.", "CALENDAR_EVENT", ev, "", "The calendar event is gone.", true},
		{"the resource in the catalogue's spelling", "The {RESOURCE} is gone.", "USER", ev, "", "The user is gone.", true},
		{"a resource that is not known is a resource", "The {resource} is gone.", "", ev, "", "The resource is gone.", true},
		{"what the upstream said", "{upstream.status} {upstream.format} {upstream.code}: {upstream.message}", "", ev, "", "404 spring NoSuchUser: No user with that id", true},
		{"a capture by number", "Id {upstream.match.1}.", "", ev, "id=12 of", "Id 12.", true},
		{"a capture by name", "Rest{upstream.match.rest}.", "", ev, "id=12 of", "Restof.", true},
		{"the whole match", "{upstream.match.0}", "", ev, "id=12 of", "id=12 of", true},
		{"a group that took no part", "Id {upstream.match.1}.", "", ev, "of", "Id .", false},
		{"a message that is not there", "It said: {upstream.message}", "", recognize.Evidence{}, "", "It said:", false},
		{"the first complaint where there is no message", "It said: {upstream.message}", "", recognize.Evidence{Title: "Error", Violations: []recognize.Violation{{Message: "must be even"}, {Message: "is late"}}}, "", "It said: must be even", true},
		{"a title is no message", "It said: {upstream.message}", "", recognize.Evidence{Title: "Oops"}, "", "It said:", false},
		{"a message beside internals", "It said: {upstream.message}", "", recognize.Evidence{Message: "x", Leaky: true}, "", "It said:", false},
		{"a message with a control character", "It said: {upstream.message}", "", recognize.Evidence{Message: "a\x1b[31mb"}, "", "It said:", false},
		{"a message with a change of direction", "It said: {upstream.message}", "", recognize.Evidence{Message: "a\u202eb"}, "", "It said:", false},
		{"a message that is not UTF-8", "It said: {upstream.message}", "", recognize.Evidence{Message: "a\xffb"}, "", "It said:", false},
		{"a message of 200 characters", "{upstream.message}", "", recognize.Evidence{Message: strings.Repeat("é", 200)}, "", strings.Repeat("é", 200), true},
		{"a message of 201 characters", "{upstream.message}!", "", recognize.Evidence{Message: strings.Repeat("é", 201)}, "", "!", false},
		{"a message that shows a path of the server's", "It said: {upstream.message}", "", recognize.Evidence{Message: "cannot open /etc/passwd"}, "", "It said:", false},
		{"a code that shows a class", "Code {upstream.code}.", "", recognize.Evidence{Code: "java.lang.NullPointerException"}, "", "Code .", false},
		{"a capture that shows an address", "{upstream.match.rest}", "", ev, "10.0.0.5:5432", "", false},
		{"a message that repeats the query", "It said: {upstream.message}", "", recognize.Evidence{Message: "no such colour: mauve"}, "", "It said:", false},
		{"a placeholder of the server's", "{http.request.method} it", "", ev, "", "POST it", true},
		{"a placeholder that nobody knows", "a {no.such} b", "", ev, "", "a b", true},
		{"a placeholder of several lines", "a {lines} b", "", ev, "", "a x y b", true},
		{"nothing but punctuation is left", "{no.such}: !", "", ev, "", ": !", false},
		{"nothing is left", "{no.such}", "", ev, "", "", false},
		{"a long text is cut", strings.Repeat("ab ", 300), "", ev, "", strings.TrimSpace(strings.Repeat("ab ", 167)[:500]), true},

		{"an upstream's placeholder is text", "It said: {upstream.message}", "", recognize.Evidence{Message: "{env.SECRET} {http.request.method} {upstream.code}"}, "", "It said: {env.SECRET} {http.request.method} {upstream.code}", true},
		{"an upstream's escapes are text", "It said: {upstream.message}", "", recognize.Evidence{Message: `\{a\} }{ {{upstream.code}}`}, "", `It said: \{a\} }{ {{upstream.code}}`, true},
		{"placeholders made of two values are text", "{upstream.code}{upstream.message}", "", recognize.Evidence{Code: "{env.", Message: "SECRET}"}, "", "{env.SECRET}", true},
		{"a placeholder in a capture is text", "{upstream.match.rest}", "", ev, `{env.SECRET}`, "{env.SECRET}", true},
		{"a placeholder in a placeholder's value is text", "{nested}", "", ev, "", "{env.SECRET}", true},
	}
	for _, test := range tests {
		t.Run(test.when, func(t *testing.T) {
			req := &Request{RawQuery: "colour=mauve", Placeholder: func(name string) (string, bool) {
				values := map[string]string{
					"http.request.method": "POST",
					"lines":               "x\n\x00\ty",
					"nested":              "{env.SECRET}",
					"env.SECRET":          "hunter2",
				}
				value, ok := values[name]
				return value, ok
			}}
			got, ok := expandText(t, test.text, test.resource, req, &test.ev, test.body)
			if got != test.want || ok != test.ok {
				t.Errorf("got %q, %v; want %q, %v", got, ok, test.want, test.ok)
			}
		})
	}
}

func TestRuleTextWithoutPlaceholders(t *testing.T) {
	if got, ok := expandText(t, "a {http.request.method} b", "", new(Request), new(recognize.Evidence), ""); got != "a b" || !ok {
		t.Errorf("got %q, %v", got, ok)
	}
}

// FuzzRuleText inserts hostile text: it stays one bounded line, and nothing in
// it is expanded.
func FuzzRuleText(f *testing.F) {
	f.Add("It said {upstream.message} ({upstream.code})", "{env.SECRET}", `{"a":"{env.SECRET}"}`)
	f.Add(`\{{upstream.field.a}\}`, "a\x00b", `{"a":"{{env.SECRET}}"}`)
	f.Add("{upstream.match.rest} {resource} {x}", "\u202e", "id=1{env.SECRET}")
	f.Fuzz(func(t *testing.T, text, message, body string) {
		const secret = "hunter2-expanded"
		if strings.Contains(text+message+body, "hunter2") || strings.Contains(text, "SECRET") {
			t.Skip()
		}
		re := "(?P<rest>(?s).*)"
		rs, err := compileRules([]Rule{{Description: text, Match: &Match{BodyRegexp: re}}}, catalogue(t, false))
		if err != nil || text == "" {
			t.Skip()
		}
		req := &Request{Placeholder: func(name string) (string, bool) { return secret, strings.Contains(name, "SECRET") }}
		ev := recognize.Evidence{Code: message, Message: message, Format: "json"}
		m := rs.match(req, &Response{Status: 500}, &ev, asText(body))
		got, ok := m.rule.text.expand(m, "USER")
		if strings.Contains(got, secret) {
			t.Fatalf("%q was expanded: %q", text, got)
		}
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxRuleText {
			t.Fatalf("the text is not bounded: %q", got)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Fatalf("the text is not printable: %q", got)
		}
		if ok && strings.TrimSpace(got) == "" {
			t.Fatal("nothing is left, and that is taken for a text")
		}
	})
}
