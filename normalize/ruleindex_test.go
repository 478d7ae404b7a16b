package normalize

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// slowMatch tries the rules one by one, straight from their configuration.
func slowMatch(rules []Rule, req *Request, resp *Response, ev *recognize.Evidence, text *Text) int {
	for i, rule := range rules {
		if rule.Match == nil {
			rule.Match = new(Match)
		}
		if slowHolds(rule.Match, req, resp, ev, text) {
			return i
		}
	}
	return -1
}

func slowHolds(m *Match, req *Request, resp *Response, ev *recognize.Evidence, text *Text) bool {
	status := len(m.Status) == 0 && resp.Status >= 400
	for _, s := range m.Status {
		status = status || s == resp.Status || s == resp.Status/100
	}
	if !status || m.Header != nil && !m.Header(resp.Header) {
		return false
	}
	if m.Format != nil && !slowAny(m.Format, []string{ev.Format}, func(s string) string { return s }) {
		return false
	}
	codes, messages := []string{ev.Code}, []string{ev.Message}
	for _, v := range ev.Violations {
		if strings.TrimSpace(ev.Code) == "" {
			codes = append(codes, v.Code)
		}
		if strings.TrimSpace(ev.Message) == "" {
			messages = append(messages, ev.Title, v.Message)
		}
	}
	if strings.TrimSpace(ev.Message) == "" {
		messages = append(messages, ev.Title)
	}
	if m.Code != nil && !slowAny(m.Code, codes, fold) || m.Message != nil && !slowAny(m.Message, messages, fold) {
		return false
	}
	for _, field := range m.Fields {
		found := false
		recognize.Parse(recognize.Input{Text: text.Text}).Walk(func(path, value string) bool {
			switch {
			case len(field.Values) == 0:
				found = found || value != "null" && (path == field.Path || strings.HasPrefix(path, field.Path+"."))
			case path == field.Path:
				for _, v := range field.Values {
					found = found || slowPattern(v, value)
				}
			}
			return true
		})
		if !found {
			return false
		}
	}
	if m.BodyRegexp != "" && !(text.OK && regexp.MustCompile(m.BodyRegexp).MatchString(text.Text)) {
		return false
	}
	if m.Request != nil {
		ok, err := m.Request(req.Match())
		return ok && err == nil
	}
	return true
}

// slowAny reports whether a pattern matches one of the texts that are not blank.
func slowAny(patterns, texts []string, fold func(string) string) bool {
	for _, p := range patterns {
		for _, text := range texts {
			if fold(text) != "" && slowPattern(fold(p), fold(text)) {
				return true
			}
		}
	}
	return false
}

// slowPattern matches by trying every place for every wildcard.
func slowPattern(p, text string) bool {
	switch {
	case p == "":
		return text == ""
	case p[0] == '*':
		return slowPattern(p[1:], text) || text != "" && slowPattern(p, text[1:])
	}
	return text != "" && p[0] == text[0] && slowPattern(p[1:], text[1:])
}

// randomly makes rules and responses of few words, so that many match.
type randomly struct{ *rand.Rand }

func pick[T any](r randomly, list ...T) T { return list[r.IntN(len(list))] }

func (r randomly) word() string {
	return pick(r, "user", "User", "order", "quota", "not found", "NotFound", "é", "a", "ab", "id", "E1", "E12", "x  y")
}

func (r randomly) text() string {
	var words []string
	for range r.IntN(4) {
		words = append(words, r.word())
	}
	return strings.Join(words, pick(r, "", " ", "_", "\n"))
}

func (r randomly) pattern() string {
	p := pick(r, "", "*") + r.word() + pick(r, "", "", "*", "*"+r.word()) + pick(r, "", "*")
	if r.IntN(20) == 0 {
		return "*"
	}
	return p
}

func (r randomly) patterns() []string {
	if r.IntN(3) > 0 {
		return nil
	}
	list := []string{r.pattern()}
	for r.IntN(3) == 0 {
		list = append(list, r.pattern())
	}
	return list
}

func (r randomly) path() string { return pick(r, "a", "b", "e", "e.a", "e.b", "l", "l.0", "l.1.a") }

func (r randomly) match() *Match {
	m := &Match{Code: r.patterns(), Message: r.patterns()}
	for r.IntN(2) == 0 {
		m.Status = append(m.Status, pick(r, 4, 5, 404, 500, 2, 200))
	}
	if r.IntN(4) == 0 {
		m.Format = []string{pick(r, "json", "soap"), pick(r, "spring", "soap")}
	}
	for r.IntN(4) == 0 {
		m.Fields = append(m.Fields, FieldMatch{Path: r.path(), Values: pick(r, nil, []string{r.pattern()}, []string{"null", r.pattern()})})
	}
	if r.IntN(8) == 0 {
		m.BodyRegexp = pick(r, `"a":\d`, `user`, `^\{`)
	}
	if r.IntN(6) == 0 {
		m.Header = headerIs("X-Kind", pick(r, "a", "b"))
	}
	if r.IntN(6) == 0 {
		m.Request = pathIs(pick(r, "/a", "/b"))
	}
	return m
}

func (r randomly) rules() []Rule {
	rules := make([]Rule, 1+r.IntN(12))
	for i := range rules {
		rules[i] = Rule{Pass: true, Match: r.match()}
		if r.IntN(40) == 0 {
			rules[i].Match = nil
		}
	}
	return rules
}

func (r randomly) evidence() recognize.Evidence {
	ev := recognize.Evidence{
		Format: pick(r, "", "json", "soap", "spring"), Code: r.text(),
		Message: r.text(), Title: r.text(),
	}
	for r.IntN(4) == 0 {
		ev.Violations = append(ev.Violations, recognize.Violation{Code: r.text(), Message: r.text()})
	}
	return ev
}

func (r randomly) body() string {
	value := func() string { return pick(r, `null`, `1`, `""`, fmt.Sprintf("%q", r.word()), `[]`, `{}`) }
	return fmt.Sprintf(`{"a":%s,"b":%s,"e":{"a":%s,"b":%s},"l":[%s,{"a":%s}]}`, value(), value(), value(), value(), value(), value())
}

// TestIndexFindsWhatTryingAllFinds compares the index with trying one rule after
// the other.
func TestIndexFindsWhatTryingAllFinds(t *testing.T) {
	r := randomly{rand.New(rand.NewPCG(1, 2))}
	decided := make(map[bool]int)
	for range 2_000 {
		rules := r.rules()
		rs := compile(t, rules...)
		for range 10 {
			req := request(t, pick(r, "/a", "/b"))
			resp := &Response{Status: pick(r, 404, 404, 500, 503, 200, 302), Header: http.Header{"X-Kind": {pick(r, "a", "b")}}}
			ev, text := r.evidence(), &Text{Text: r.body(), OK: r.IntN(10) > 0}
			want := slowMatch(rules, req, resp, &ev, text)
			if r.IntN(2) == 0 {
				head := rs.matchHead(req, resp)
				if head.rule != nil && place(head.rule) != want || head.rule == nil && !head.needsBody && want >= 0 {
					t.Fatalf("the head says rule %d, needs the body %v; want %d", place(head.rule), head.needsBody, want)
				}
			}
			got := rs.match(req, resp, &ev, text)
			if place(got.rule) != want {
				for i, rule := range rules {
					t.Logf("rule %d: %+v", i, *rule.Match)
				}
				t.Fatalf("rule %d decided, want %d: %d %+v %s", place(got.rule), want, resp.Status, ev, text.Text)
			}
			decided[want >= 0]++
		}
	}
	if decided[true] < 2_000 || decided[false] < 2_000 {
		t.Errorf("the cases say little: %v", decided)
	}
}

// FuzzRules compares the index with trying all, on rules and responses of any
// text.
func FuzzRules(f *testing.F) {
	f.Add("*NotFound", "no user*\nover *quota*", "error.code", "E1*", "com.acme.UserNotFound", "No user 12", `{"error":{"code":"E12"}}`, 404)
	f.Add("a", "*", "Envelope.Body.Fault", "", "A", "x", `<s:Envelope xmlns:s="u"><s:Body><s:Fault/></s:Body></s:Envelope>`, 200)
	f.Add("ab*ba", "*\u212a*", "l.0", "*", "aba", "k", `{"l":[null,1]}`, 500)
	f.Fuzz(func(t *testing.T, codes, messages, path, value, code, message, body string, status int) {
		for _, s := range [...]string{codes, messages, path, value, code, message, body} {
			if len(s) > 200 || strings.Count(s, "*") > 6 {
				t.Skip()
			}
		}
		rules := []Rule{
			{Match: &Match{Code: strings.Split(codes, "\n"), Message: strings.Split(messages, "\n")}},
			{Status: 502, Match: &Match{Status: []int{2, 5}, Message: strings.Split(messages, "\n")}},
			{Match: &Match{Code: strings.Split(codes, "\n")}},
			{Match: &Match{Fields: []FieldMatch{{Path: path, Values: strings.Split(value, "\n")}}}},
			{Match: &Match{Fields: []FieldMatch{{Path: path}}}},
		}
		rs, err := compileRules(rules, catalogue(t, false))
		if err != nil {
			t.Skip()
		}
		req := new(Request)
		resp := &Response{Status: status}
		ev := recognize.Evidence{Code: code, Message: message}
		text := &Text{Text: body, OK: utf8.ValidString(body)}
		got := rs.match(req, resp, &ev, text)
		if got := place(got.rule); status >= 200 && status <= 999 && got != slowMatch(rules, req, resp, &ev, text) {
			t.Fatalf("rule %d decided, want %d", got, slowMatch(rules, req, resp, &ev, text))
		}
	})
}
