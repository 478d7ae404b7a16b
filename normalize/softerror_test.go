package normalize

import (
	"net/http"
	"strings"
	"testing"
)

// recipes are the rules for failures that do not look like failures, as the
// README has them.
var recipes = map[string][]Rule{
	"soap fault": {
		{Name: "client fault", Status: 400, Match: &Match{Status: []int{200}, Fields: []FieldMatch{{Path: "Envelope.Body.Fault"}}, Code: []string{"*Client", "*Sender"}}},
		{Name: "server fault", Status: 500, Match: &Match{Status: []int{200}, Fields: []FieldMatch{{Path: "Envelope.Body.Fault"}}}},
	},
	"success false": {
		{Name: "unsuccessful", Status: 400, Match: &Match{Status: []int{2}, Fields: []FieldMatch{{Path: "success", Values: []string{"false"}}}}},
	},
	"graphql": {
		{Name: "partial data", Pass: true, Match: &Match{Status: []int{200}, Fields: []FieldMatch{{Path: "data"}}}},
		{Name: "no data", Status: 400, Match: &Match{Status: []int{200}, Fields: []FieldMatch{{Path: "errors.0.message"}}}},
	},
	"json-rpc": {
		{Name: "no method", Status: 404, Match: &Match{Status: []int{200}, Fields: []FieldMatch{{Path: "jsonrpc", Values: []string{"2.0"}}, {Path: "error.code", Values: []string{"-32601"}}}}},
		{Name: "bad call", Status: 400, Match: &Match{Status: []int{200}, Fields: []FieldMatch{{Path: "jsonrpc", Values: []string{"2.0"}}, {Path: "error.code", Values: []string{"-32700", "-32600", "-32602"}}}}},
		{Name: "failed call", Status: 500, Match: &Match{Status: []int{200}, Fields: []FieldMatch{{Path: "jsonrpc", Values: []string{"2.0"}}, {Path: "error.code"}}}},
	},
	"php fatal": {
		{Name: "fatal", Status: 500, Match: &Match{Status: []int{200}, BodyRegexp: `(?m)^(?:<b>|PHP )?(?:Fatal|Parse) error(?:</b>)?: `}},
	},
	"login page": {
		{Name: "login", Status: 401, Code: "UNAUTHORIZED", Match: &Match{Status: []int{302, 303}, Header: func(h http.Header) bool { return strings.Contains(h.Get("Location"), "/login") }}},
	},
}

func TestSoftErrors(t *testing.T) {
	const (
		soap11 = `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>Customer 42 does not exist</faultstring></soap:Fault></soap:Body></soap:Envelope>`
		answer = `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><getCustomerResponse><id>42</id></getCustomerResponse></soap:Body></soap:Envelope>`
		page   = "<!doctype html><title>News</title><p>A fatal error: the crash of 1929</p>"
	)
	tests := []struct {
		when, recipe      string
		status            int // default 200
		mediaType         string
		location          string
		body              string
		rule              string // none: the response passes
		wantStatus        int
		code, description string
	}{
		{when: "a fault of the client's", recipe: "soap fault", mediaType: "text/xml", body: soap11, rule: "client fault", wantStatus: 400, code: "BAD_REQUEST", description: "Customer 42 does not exist"},
		{when: "a fault of the sender's, in SOAP 1.2", recipe: "soap fault", mediaType: "application/soap+xml", body: `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason><e:Text xml:lang="en">No such account</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`, rule: "client fault", wantStatus: 400, code: "BAD_REQUEST", description: "No such account"},
		{when: "a fault of the server's", recipe: "soap fault", mediaType: "text/xml", body: strings.Replace(soap11, "soap:Client", "soap:Server", 1), rule: "server fault", wantStatus: 500, code: "INTERNAL_SERVER_ERROR", description: "Unspecified internal server error"},
		{when: "an answer", recipe: "soap fault", mediaType: "text/xml", body: answer},

		{when: "a refusal", recipe: "success false", body: `{"success":false,"message":"The seat is taken"}`, rule: "unsuccessful", wantStatus: 400, code: "BAD_REQUEST", description: "The seat is taken"},
		{when: "a refusal with 201", recipe: "success false", status: 201, body: `{"success": false}`, rule: "unsuccessful", wantStatus: 400, code: "BAD_REQUEST", description: "The server cannot process the request because the request format or body is invalid."},
		{when: "a success", recipe: "success false", body: `{"success":true,"message":"The seat is taken"}`},
		{when: "a false of something else", recipe: "success false", body: `{"item":{"success":false}}`},
		{when: "the word false", recipe: "success false", mediaType: "text/plain", body: `success: false`},

		{when: "errors and null data", recipe: "graphql", body: `{"errors":[{"message":"Not for you","path":["a"]}],"data":null}`, rule: "no data", wantStatus: 400},
		{when: "errors and no data", recipe: "graphql", body: `{"errors":[{"message":"Cannot query field \"zz\" on type \"Query\".","locations":[{"line":1,"column":2}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`, rule: "no data", wantStatus: 400},
		{when: "errors and a null field", recipe: "graphql", body: `{"errors":[{"message":"Not for you"}],"data":{"user":null}}`, rule: "no data", wantStatus: 400},
		{when: "errors and some data", recipe: "graphql", body: `{"errors":[{"message":"Not for you"}],"data":{"user":null,"me":{"id":1}}}`, rule: "partial data"},
		{when: "data", recipe: "graphql", body: `{"data":{"me":{"id":1}}}`, rule: "partial data"},
		{when: "an empty list of errors", recipe: "graphql", body: `{"errors":[],"data":null}`},

		{when: "an unknown method", recipe: "json-rpc", body: `{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}`, rule: "no method", wantStatus: 404, code: "NOT_FOUND"},
		{when: "bad parameters", recipe: "json-rpc", body: `{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Amount is negative"}}`, rule: "bad call", wantStatus: 400},
		{when: "a server error", recipe: "json-rpc", body: `{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Out of stock"}}`, rule: "failed call", wantStatus: 500, code: "INTERNAL_SERVER_ERROR", description: "Unspecified internal server error"},
		{when: "a result beside a null error", recipe: "json-rpc", body: `{"jsonrpc":"2.0","id":1,"result":7,"error":null}`},

		{when: "a fatal in HTML", recipe: "php fatal", mediaType: "text/html", body: "<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function f() in /srv/www/a.php:1\nStack trace:\n#0 {main}\n  thrown in <b>/srv/www/a.php</b> on line <b>1</b><br />", rule: "fatal", wantStatus: 500, code: "INTERNAL_SERVER_ERROR", description: "Unspecified internal server error"},
		{when: "a fatal in text, behind some output", recipe: "php fatal", mediaType: "text/html", body: "{\"items\":[\nFatal error: Allowed memory size of 134217728 bytes exhausted in /srv/www/a.php on line 3\n", rule: "fatal", wantStatus: 500},
		{when: "a parse error", recipe: "php fatal", mediaType: "text/html", body: "PHP Parse error:  syntax error, unexpected end of file in /srv/www/a.php on line 3\n", rule: "fatal", wantStatus: 500},
		{when: "a page about fatal errors", recipe: "php fatal", mediaType: "text/html", body: page},

		{when: "a redirect to the login page", recipe: "login page", status: 302, location: "https://sso.example.com/login?next=%2Fv1", rule: "login", wantStatus: 401, code: "UNAUTHORIZED"},
		{when: "a redirect elsewhere", recipe: "login page", status: 302, location: "/v2/things/7"},
	}
	for _, test := range tests {
		t.Run(test.recipe+"/"+test.when, func(t *testing.T) {
			n, err := New(Config{Rules: recipes[test.recipe]})
			if err != nil {
				t.Fatal(err)
			}
			resp := Response{Status: test.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(test.body)}
			if resp.Status == 0 {
				resp.Status = 200
			}
			if test.mediaType != "" {
				resp.Header.Set("Content-Type", test.mediaType)
			}
			if test.location != "" {
				resp.Header.Set("Location", test.location)
			}
			req := request(t, "/v1/things/7")
			v := n.Decide(req, &resp)
			if v.Rule != test.rule || v.Pass != (test.wantStatus == 0) {
				t.Fatalf("rule %q decided (%s, passed %v), want %q", v.Rule, v.Why, v.Pass, test.rule)
			}
			if v.Pass {
				return
			}
			if v.Status != test.wantStatus || test.code != "" && v.Code != test.code || test.description != "" && v.Description != test.description {
				t.Errorf("got %d %s %q", v.Status, v.Code, v.Description)
			}
			if v.Status == http.StatusUnauthorized && len(v.Challenges) == 0 {
				t.Error("there is no challenge")
			}
			if n.Screen(req, &resp) != NeedBody {
				t.Error("the head let it pass")
			}
		})
	}
}

// TestSoftErrorRulesHoldNothingElse says which heads go straight through.
func TestSoftErrorRulesHoldNothingElse(t *testing.T) {
	var all []Rule
	for _, rules := range recipes {
		all = append(all, rules...)
	}
	n, err := New(Config{Rules: all})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		when   string
		method string
		status int
		header http.Header
	}{
		{"a 304", "GET", 304, nil},
		{"a redirect elsewhere", "GET", 302, http.Header{"Location": {"/"}}},
		{"an answer to HEAD", "HEAD", 200, nil},
		{"a part of a file", "GET", 206, nil},
		{"events", "GET", 200, http.Header{"Content-Type": {"text/event-stream; charset=utf-8"}}},
	} {
		req := &Request{Method: test.method}
		if n.Screen(req, &Response{Status: test.status, Header: test.header}) != PassHead {
			t.Errorf("%s is held", test.when)
		}
	}
}
