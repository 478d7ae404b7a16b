package normalize

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// compile compiles rules that a test knows to be right.
func compile(t testing.TB, rules ...Rule) *ruleSet {
	t.Helper()
	rs, err := compileRules(rules, catalogue(t, false))
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

// place is where a rule stands, -1 if there is none.
func place(r *compiledRule) int {
	if r == nil {
		return -1
	}
	return r.place
}

// asText is a body that was decoded.
func asText(s string) *Text { return &Text{Text: s, Charset: "utf-8", OK: true} }

func headerIs(field, value string) func(http.Header) bool {
	return func(h http.Header) bool { return h.Get(field) == value }
}

func pathIs(path string) func(*http.Request) (bool, error) {
	return func(r *http.Request) (bool, error) { return r.URL.Path == path, nil }
}

func request(t testing.TB, path string) *Request {
	t.Helper()
	r, err := http.NewRequest("GET", "http://api.example.com"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req := NewRequest(r)
	return &req
}

func TestRuleMatches(t *testing.T) {
	type line = Match
	upstream := recognize.Evidence{Format: "spring", Code: "UserNotFound", Message: "No user\n  with id 12"}
	tests := []struct {
		when   string
		match  *Match
		status int // default 404
		ev     recognize.Evidence
		body   string
		want   bool
	}{
		{"no matcher sees a 4xx", nil, 418, upstream, "", true},
		{"no matcher sees a 5xx", nil, 599, upstream, "", true},
		{"no matcher sees an invalid status as a failure", nil, 999, upstream, "", true},
		{"no matcher sees no 2xx", nil, 200, upstream, "", false},
		{"no matcher sees no 3xx", nil, 302, upstream, "", false},
		{"a matcher without status sees no 2xx", &line{Format: []string{"spring"}}, 200, upstream, "", false},

		{"a status", &line{Status: []int{404}}, 404, upstream, "", true},
		{"another status", &line{Status: []int{404}}, 410, upstream, "", false},
		{"one of the statuses", &line{Status: []int{410, 404}}, 404, upstream, "", true},
		{"the class of a status", &line{Status: []int{4}}, 404, upstream, "", true},
		{"another class", &line{Status: []int{5}}, 404, upstream, "", false},
		{"a 200 that is named", &line{Status: []int{200}}, 200, upstream, "", true},

		{"a header", &line{Header: headerIs("X-Kind", "a")}, 0, upstream, "", true},
		{"another header", &line{Header: headerIs("X-Kind", "b")}, 0, upstream, "", false},

		{"a format", &line{Format: []string{"soap", "spring"}}, 0, upstream, "", true},
		{"another format", &line{Format: []string{"soap"}}, 0, upstream, "", false},

		{"a code", &line{Code: []string{"UserNotFound"}}, 0, upstream, "", true},
		{"a code in any case", &line{Code: []string{"USERNOTFOUND"}}, 0, upstream, "", true},
		{"a code by wildcard", &line{Code: []string{"*notfound"}}, 0, upstream, "", true},
		{"a code by its beginning only", &line{Code: []string{"User"}}, 0, upstream, "", false},
		{"one of the codes", &line{Code: []string{"x*", "User*"}}, 0, upstream, "", true},
		{"any code", &line{Code: []string{"*"}}, 0, upstream, "", true},
		{"any code where there is none", &line{Code: []string{"*"}}, 0, recognize.Evidence{Message: "x"}, "", false},
		{"a complaint's code where there is no other", &line{Code: []string{"blank"}}, 0, recognize.Evidence{Violations: []recognize.Violation{{Code: "max"}, {Code: "blank"}}}, "", true},
		{"a complaint's code beside another", &line{Code: []string{"blank"}}, 0, recognize.Evidence{Code: "invalid", Violations: []recognize.Violation{{Code: "blank"}}}, "", false},

		{"a message, its white space folded", &line{Message: []string{"no user with id *"}}, 0, upstream, "", true},
		{"another message", &line{Message: []string{"no user"}}, 0, upstream, "", false},
		{"a short piece of a message", &line{Message: []string{"*id*"}}, 0, upstream, "", true},
		{"one letter of a message", &line{Message: []string{"*2"}}, 0, upstream, "", true},
		{"a title where there is no message", &line{Message: []string{"*fatal*"}}, 0, recognize.Evidence{Title: "Fatal error"}, "", true},
		{"a title beside a message", &line{Message: []string{"*fatal*"}}, 0, recognize.Evidence{Title: "Fatal error", Message: "x"}, "", false},
		{"a complaint where there is no message", &line{Message: []string{"must be*"}}, 0, recognize.Evidence{Violations: []recognize.Violation{{}, {Message: "must be even"}}}, "", true},

		{"an expression over the body", &line{BodyRegexp: `ORA-\d+`}, 0, upstream, "error ORA-00001 in", true},
		{"an expression that misses", &line{BodyRegexp: `ORA-\d+`}, 0, upstream, "ORA-x", false},
		{"an expression of an empty body", &line{BodyRegexp: `^$`}, 0, upstream, "", true},

		{"the request", &line{Request: pathIs("/a")}, 0, upstream, "", true},
		{"another request", &line{Request: pathIs("/b")}, 0, upstream, "", false},

		{"all lines", &line{Status: []int{404}, Header: headerIs("X-Kind", "a"), Format: []string{"spring"}, Code: []string{"user*"}, Message: []string{"*12"}, BodyRegexp: "^x", Request: pathIs("/a")}, 0, upstream, "x", true},
		{"all lines but the status", &line{Status: []int{409}, Code: []string{"user*"}}, 0, upstream, "", false},
		{"all lines but the header", &line{Header: headerIs("X-Kind", "b"), Code: []string{"user*"}}, 0, upstream, "", false},
		{"all lines but the format", &line{Format: []string{"soap"}, Code: []string{"user*"}}, 0, upstream, "", false},
		{"all lines but the code", &line{Code: []string{"order*"}, Message: []string{"*12"}}, 0, upstream, "", false},
		{"all lines but the message", &line{Code: []string{"user*"}, Message: []string{"*13"}}, 0, upstream, "", false},
		{"all lines but the expression", &line{Code: []string{"user*"}, BodyRegexp: "^x"}, 0, upstream, "y", false},
		{"all lines but the request", &line{Code: []string{"user*"}, Request: pathIs("/b")}, 0, upstream, "", false},
	}
	for _, test := range tests {
		t.Run(test.when, func(t *testing.T) {
			if test.status == 0 {
				test.status = 404
			}
			rule := Rule{Match: test.match, Pass: true}
			resp := &Response{Status: test.status, Header: http.Header{"X-Kind": {"a"}}}
			got := compile(t, rule).match(request(t, "/a"), resp, &test.ev, asText(test.body))
			if (got.rule != nil) != test.want {
				t.Errorf("the rule holds: %v", got.rule != nil)
			}
		})
	}
}

func TestFirstRuleWins(t *testing.T) {
	rules := []Rule{
		0: {Match: &Match{Code: []string{"a", "c"}}},
		1: {Match: &Match{Status: []int{500}, Message: []string{"*quota*"}}},
		2: {Match: &Match{Status: []int{503}}},
		3: {Match: &Match{Code: []string{"*b*", "b"}}},
		4: {Match: &Match{Code: []string{"c"}, Message: []string{"x"}}},
		5: {},
		6: {Match: &Match{Code: []string{"d"}}},
	}
	tests := []struct {
		when          string
		status        int
		code, message string
		want          int
	}{
		{"the first of two that an index finds", 500, "c", "x", 0},
		{"the one that an index finds before one that sees all", 404, "b", "", 3},
		{"the one that sees the status before the one that an index finds", 503, "b", "", 2},
		{"of two indexes, the rule that comes first", 500, "b", "over quota", 1},
		{"a rule that is found, but not for the status", 502, "b", "over quota", 3},
		{"the one that sees all", 418, "z", "", 5},
		{"never the one behind it", 418, "d", "", 5},
	}
	rs := compile(t, rules...)
	for _, test := range tests {
		ev := &recognize.Evidence{Code: test.code, Message: test.message}
		got := rs.match(new(Request), &Response{Status: test.status}, ev, new(Text))
		if place(got.rule) != test.want {
			t.Errorf("%s: rule %d decided, want %d", test.when, place(got.rule), test.want)
		}
	}
}

func TestRuleOfTextThatCouldNotBeDecoded(t *testing.T) {
	rs := compile(t, Rule{Match: &Match{BodyRegexp: "^"}, Pass: true})
	if got := rs.match(new(Request), &Response{Status: 500}, new(recognize.Evidence), new(Text)); got.rule != nil {
		t.Error("an expression holds of a text that is not known")
	}
}

func TestMatchHead(t *testing.T) {
	soft := Rule{Status: 502, Match: &Match{Status: []int{200}, Format: []string{"soap"}, Request: pathIs("/soap")}}
	download := Rule{Pass: true, Match: &Match{Header: headerIs("Content-Type", "application/zip")}}
	login := Rule{Status: 401, Match: &Match{Status: []int{302}, Header: headerIs("Location", "/login")}}
	coded := Rule{Match: &Match{Code: []string{"a"}, Header: headerIs("Content-Type", "application/json")}}
	tests := []struct {
		when      string
		rules     []Rule
		status    int
		header    http.Header
		path      string
		want      int
		needsBody bool
	}{
		{"no rule sees a 200", []Rule{download, login, coded}, 200, nil, "/", -1, false},
		{"a soft error may lie in a 200 of this request", []Rule{soft}, 200, nil, "/soap", -1, true},
		{"a 200 of another request goes through", []Rule{soft}, 200, nil, "/", -1, false},
		{"a 206 goes through", []Rule{soft}, 206, nil, "/soap", -1, false},
		{"a redirect to the login page is certain", []Rule{soft, login}, 302, http.Header{"Location": {"/login"}}, "/", 1, false},
		{"a redirect elsewhere is not touched", []Rule{soft, login}, 302, http.Header{"Location": {"/"}}, "/", -1, false},
		{"a pass by header is certain", []Rule{download, coded}, 404, http.Header{"Content-Type": {"application/zip"}}, "/", 0, false},
		{"a rule before it needs no body of this type", []Rule{coded, download}, 404, http.Header{"Content-Type": {"application/zip"}}, "/", 1, false},
		{"a rule before it needs the body", []Rule{{Match: &Match{Code: []string{"a"}}}, download}, 404, http.Header{"Content-Type": {"application/zip"}}, "/", -1, true},
		{"a rule behind it is not asked", []Rule{{}, coded}, 404, nil, "/", 0, false},
		{"an interim status is nobody's", []Rule{{}}, 101, nil, "/", -1, false},
		{"a status that is none is nobody's", []Rule{{}}, 1000, nil, "/", -1, false},
		{"a negative status is nobody's", []Rule{{}}, -1, nil, "/", -1, false},
	}
	for _, test := range tests {
		got := compile(t, test.rules...).matchHead(request(t, test.path), &Response{Status: test.status, Header: test.header})
		if place(got.rule) != test.want || got.needsBody != test.needsBody {
			t.Errorf("%s: rule %d, needs the body %v; want %d, %v", test.when, place(got.rule), got.needsBody, test.want, test.needsBody)
		}
	}
}

func TestRequestIsAskedLastAndOnce(t *testing.T) {
	var asked []string
	ask := func(name string, answer bool) func(*http.Request) (bool, error) {
		return func(*http.Request) (bool, error) {
			asked = append(asked, name)
			return answer, nil
		}
	}
	rs := compile(t,
		Rule{Match: &Match{Code: []string{"other"}, Request: ask("not reached", true)}},
		Rule{Match: &Match{Header: headerIs("X", "y"), Request: ask("by header", true)}},
		Rule{Match: &Match{Code: []string{"a"}, Request: ask("by code", false)}},
		Rule{Match: &Match{BodyRegexp: "x", Request: ask("by body", true)}},
		Rule{Match: &Match{Code: []string{"a"}, Request: ask("behind", true)}},
	)
	restored := 0
	req := &Request{Match: func() *http.Request { restored++; return new(http.Request) }}
	ev := &recognize.Evidence{Code: "a"}
	got := rs.match(req, &Response{Status: 500}, ev, asText("x"))
	if place(got.rule) != 3 || strings.Join(asked, ", ") != "by code, by body" {
		t.Errorf("rule %d decided, %q were asked", place(got.rule), asked)
	}
	asked = nil
	if head := rs.matchHead(req, &Response{Status: 500}); !head.needsBody {
		t.Error("the head decided")
	}
	if got := rs.match(req, &Response{Status: 500}, ev, asText("x")); place(got.rule) != 3 {
		t.Errorf("rule %d decided after the head", place(got.rule))
	}
	if strings.Join(asked, ", ") != "not reached" || restored != 1 {
		t.Errorf("after the head %q were asked, and the request restored %d times", asked, restored)
	}
}

func TestRequestMatcherThatAsksForTheUpstream(t *testing.T) {
	asked := make(map[string]string)
	rs := compile(t, Rule{Match: &Match{RequestUpstream: func(r *http.Request, upstream func(string) (string, bool)) (bool, error) {
		for _, name := range []string{
			"upstream.code", "upstream.message", "upstream.status", "upstream.format",
			"upstream.field.error.id", "upstream.field.none", "upstream.body", "http.request.method",
		} {
			if value, ok := upstream(name); ok {
				asked[name] = value
			}
		}
		return r.URL.Path == "/a", nil
	}}})
	ev := &recognize.Evidence{Format: "json", Code: "E1", Message: "no"}
	want := map[string]string{
		"upstream.code": "E1", "upstream.message": "no", "upstream.status": "500", "upstream.format": "json",
		"upstream.field.error.id": "12",
	}
	for path, rule := range map[string]int{"/a": 0, "/b": -1} {
		clear(asked)
		req, resp := request(t, path), &Response{Status: 500}
		if head := rs.matchHead(req, resp); !head.needsBody || len(asked) != 0 {
			t.Errorf("the head of %s needs the body: %t, and was asked for %v", path, head.needsBody, asked)
		}
		got := rs.match(req, resp, ev, asText(`{"error":{"id":12}}`))
		if place(got.rule) != rule || !maps.Equal(asked, want) {
			t.Errorf("rule %d decided %s by %v", place(got.rule), path, asked)
		}
	}
}

func TestRequestMatcherThatFails(t *testing.T) {
	broken := errors.New("no such variable")
	rs := compile(t,
		Rule{Name: "first", Match: &Match{Request: func(*http.Request) (bool, error) { return true, broken }}},
		Rule{Name: "second"},
	)
	req := request(t, "/")
	head := rs.matchHead(req, &Response{Status: 500})
	if place(head.rule) != 1 || !errors.Is(req.fault(), broken) || !strings.Contains(req.fault().Error(), "first") {
		t.Errorf("rule %d decided, the fault is %v", place(head.rule), req.fault())
	}
	got := rs.match(req, &Response{Status: 500}, new(recognize.Evidence), new(Text))
	if place(got.rule) != 1 || !errors.Is(req.fault(), broken) {
		t.Errorf("rule %d decided, the fault is %v", place(got.rule), req.fault())
	}
}

func TestRequestMatcherWithoutRequest(t *testing.T) {
	rs := compile(t, Rule{Match: &Match{Request: func(*http.Request) (bool, error) { return true, nil }}})
	if got := rs.match(new(Request), &Response{Status: 500}, new(recognize.Evidence), new(Text)); got.rule != nil {
		t.Error("a rule about the request holds where none is known")
	}
}
