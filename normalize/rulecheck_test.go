package normalize

import (
	"errors"
	"strings"
	"testing"
)

// catalogue is the built-in catalogue.
func catalogue(t testing.TB, documented bool) *catalog {
	t.Helper()
	c, err := newCatalog(&Config{Documented: documented})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRulesThatAreWrong(t *testing.T) {
	match := func(m Match) *Match { return &m }
	tests := []struct {
		when string
		rule Rule
		path string // behind "rules[1]."
		says string
	}{
		{"a code in lower case", Rule{Code: "not_found"}, "code", "NOT_FOUND"},
		{"a code that begins with a digit", Rule{Code: "4TH"}, "code", "begins with a letter"},
		{"a code of a resource alone", Rule{Code: "{resource}", Description: "x"}, "code", "{resource}_NOT_EXIST"},
		{"a code with two resources", Rule{Code: "{resource}_{resource}", Description: "x"}, "code", "upper-case letters"},
		{"a code with another placeholder", Rule{Code: "{upstream.code}", Description: "x"}, "code", "upper-case letters"},
		{"an unknown code without description", Rule{Code: "GONE_FISHING"}, "code", "give the rule a description"},
		{"a code that another status knows", Rule{Status: 403, Code: "NOT_FOUND"}, "code", "no NOT_FOUND for 403"},
		{"a code that the matcher's status lacks", Rule{Code: "NOT_FOUND", Match: match(Match{Status: []int{404, 410}})}, "code", "no NOT_FOUND for 410"},
		{"a status of success", Rule{Status: 200}, "status", "400–599"},
		{"a status beyond", Rule{Status: 600}, "status", "400–599"},
		{"a 200 without a status", Rule{Match: match(Match{Status: []int{200}})}, "status", "status 200"},
		{"a 2xx without a status", Rule{Code: "BAD_GATEWAY", Match: match(Match{Status: []int{5, 2}})}, "status", "status 2xx"},
		{"a 3xx without a status", Rule{Match: match(Match{Status: []int{302}})}, "status", "such as 502"},
		{"pass with a status", Rule{Pass: true, Status: 404}, "pass", "drop"},
		{"pass with a code", Rule{Pass: true, Code: "auto"}, "pass", "drop"},
		{"pass with a description", Rule{Pass: true, Description: "x"}, "pass", "drop"},
		{"pass with a resource", Rule{Pass: true, Resource: "USER"}, "pass", "drop"},
		{"pass with a challenge", Rule{Pass: true, Error: "invalid_token"}, "pass", "drop"},
		{"a resource in lower case", Rule{Resource: "user"}, "resource", "CALENDAR_EVENT"},
		{"a resource that is a placeholder", Rule{Resource: "{RESOURCE}"}, "resource", "CALENDAR_EVENT"},
		{"an error that is misspelled", Rule{Error: "invald_token"}, "challenge.error", "insufficient_scope"},
		{"an error on a status without challenges", Rule{Status: 502, Error: "invalid_token"}, "challenge.error", "400, 401 and 403"},
		{"a scope without error", Rule{Scope: "mail"}, "challenge.scope", "needs an error"},
		{"a scope with a quote", Rule{Error: "insufficient_scope", Scope: `a"b`}, "challenge.scope", "printable ASCII"},
		{"a scope beyond ASCII", Rule{Error: "insufficient_scope", Scope: "é"}, "challenge.scope", "printable ASCII"},
		{"a scope with two spaces", Rule{Error: "insufficient_scope", Scope: "a  b"}, "challenge.scope", "single spaces"},
		{"a text with an open brace", Rule{Description: "it is {upstream.code"}, "description", `\{`},
		{"a text with a brace in a brace", Rule{Description: "{a {upstream.code}}"}, "description", `\{`},
		{"a text with empty braces", Rule{Description: "{}"}, "description", "names nothing"},
		{"a text with an unknown fact", Rule{Description: "{upstream.reason}"}, "description", "{upstream.code}"},
		{"a capture without expression", Rule{Description: "{upstream.match.1}"}, "description", "needs a body_regexp"},
		{"a capture that is not there", Rule{Description: "{upstream.match.2}", Match: match(Match{BodyRegexp: "(a)"})}, "description", "no group"},
		{"a capture by another name", Rule{Description: "{upstream.match.y}", Match: match(Match{BodyRegexp: "(?P<x>a)"})}, "description", "no group"},
		{"a field of no path in a text", Rule{Description: "{upstream.field.}"}, "description", "path is empty"},
		{"a matcher of an interim status", Rule{Match: match(Match{Status: []int{404, 101}})}, "match.status_code[1]", "4xx"},
		{"a matcher of the 1xx class", Rule{Match: match(Match{Status: []int{1}})}, "match.status_code[0]", "4xx"},
		{"a matcher of a status that is none", Rule{Match: match(Match{Status: []int{44}})}, "match.status_code[0]", "4xx"},
		{"a format that is none", Rule{Match: match(Match{Format: []string{"soap", "sopa"}})}, "match.format[1]", "soap"},
		{"a format line without values", Rule{Match: match(Match{Format: []string{}})}, "match.format", "lists nothing"},
		{"an empty code pattern", Rule{Match: match(Match{Code: []string{"a", " "}})}, "match.upstream_code[1]", "write *"},
		{"a message line without values", Rule{Match: match(Match{Message: []string{}})}, "match.message", "lists nothing"},
		{"a field without path", Rule{Match: match(Match{Fields: []FieldMatch{{Path: "a"}, {}}})}, "match.field[1].path", "error.code"},
		{"a field path of JSONPath", Rule{Match: match(Match{Fields: []FieldMatch{{Path: "$.a"}}})}, "match.field[0].path", "errors.0.code"},
		{"a field path with brackets", Rule{Match: match(Match{Fields: []FieldMatch{{Path: "a[0]"}}})}, "match.field[0].path", "errors.0.code"},
		{"a field path of JSON Pointer", Rule{Match: match(Match{Fields: []FieldMatch{{Path: "/a/0"}}})}, "match.field[0].path", "errors.0.code"},
		{"a field path with an empty name", Rule{Match: match(Match{Fields: []FieldMatch{{Path: "a..b"}}})}, "match.field[0].path", "between its dots"},
		{"an expression that is none", Rule{Match: match(Match{BodyRegexp: "("})}, "match.body_regexp", "missing closing )"},
		{"an expression that looks around", Rule{Match: match(Match{BodyRegexp: "a(?=b)"})}, "match.body_regexp", "no look-around"},
	}
	for _, test := range tests {
		t.Run(test.when, func(t *testing.T) {
			_, err := compileRules([]Rule{{}, test.rule}, catalogue(t, false))
			var wrong *ConfigError
			if !errors.As(err, &wrong) {
				t.Fatalf("got %v, want a ConfigError", err)
			}
			if wrong.Path != "rules[1]."+test.path {
				t.Errorf("the path is %s, want rules[1].%s", wrong.Path, test.path)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error %q does not say %q", err, test.says)
			}
		})
	}
}

func TestRulesThatAreRight(t *testing.T) {
	tests := []struct {
		when string
		rule Rule
	}{
		{"nothing at all is the built-in decision", Rule{}},
		{"a matcher of nothing is every failure", Rule{Match: new(Match)}},
		{"pass on its own", Rule{Pass: true}},
		{"pass of a 200", Rule{Pass: true, Match: &Match{Status: []int{200}}}},
		{"auto, spelled out", Rule{Code: "auto", Description: "Try again."}},
		{"auto of a 200 with a status", Rule{Status: 502, Match: &Match{Status: []int{2, 302}}}},
		{"a code of a status", Rule{Status: 404, Code: "NOT_FOUND"}},
		{"a code that some status knows", Rule{Code: "BAD_GATEWAY"}},
		{"a code that some status of the class knows", Rule{Code: "BAD_GATEWAY", Match: &Match{Status: []int{5}}}},
		{"a code of a resource", Rule{Status: 404, Code: "{resource}_NOT_EXIST"}},
		{"a new code with a description", Rule{Code: "SEAT_TAKEN", Description: "The seat is taken."}},
		{"every error of a challenge", Rule{Error: "insufficient_scope", Scope: "mail.read mail"}},
		{"escaped braces", Rule{Description: `\{x\} {http.request.method}`}},
		{"every capture", Rule{Description: "{upstream.match.0} {upstream.match.1} {upstream.match.x}", Match: &Match{BodyRegexp: "(?P<x>a)"}}},
		{"a field without values", Rule{Match: &Match{Fields: []FieldMatch{{Path: "@id"}, {Path: "errors.0.x y"}}}}},
		{"a field that may be empty", Rule{Match: &Match{Fields: []FieldMatch{{Path: "a", Values: []string{""}}}}}},
	}
	for _, test := range tests {
		if _, err := compileRules([]Rule{test.rule}, catalogue(t, false)); err != nil {
			t.Errorf("%s: %v", test.when, err)
		}
	}
}

func TestDocumentedRefusesOtherCodes(t *testing.T) {
	rules := []Rule{{Code: "SEAT_TAKEN", Description: "The seat is taken."}}
	if _, err := compileRules(rules, catalogue(t, true)); err == nil || !strings.Contains(err.Error(), "rules[0].code: the documented codes") {
		t.Errorf("got %v", err)
	}
	if _, err := compileRules([]Rule{{Status: 404, Code: "NOT_FOUND", Description: "Nothing here."}}, catalogue(t, true)); err != nil {
		t.Errorf("a documented code was refused: %v", err)
	}
}

func TestNoRules(t *testing.T) {
	rs, err := compileRules(nil, catalogue(t, false))
	if rs != nil || err != nil {
		t.Fatalf("got %v, %v", rs, err)
	}
	if h := rs.matchHead(new(Request), &Response{Status: 500}); h.rule != nil || h.needsBody {
		t.Errorf("no rules decided %+v", h)
	}
}
