package normalize

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// disguises are the rules for failures to authenticate that look like something
// else, as the README has them.
var disguises = map[string]Rule{
	"redirect": {Name: "login", Status: 401, Code: "UNAUTHORIZED", Match: &Match{
		Status: []int{302, 303, 307},
		Header: func(h http.Header) bool { return strings.Contains(h.Get("Location"), "/login") },
		Request: func(r *http.Request) (bool, error) {
			return !strings.Contains(r.Header.Get("Accept"), "text/html"), nil
		},
	}},
	"page": {Name: "login_page", Status: 401, Code: "UNAUTHORIZED", Match: &Match{
		Status:     []int{200},
		Header:     func(h http.Header) bool { return strings.HasPrefix(h.Get("Content-Type"), "text/html") },
		BodyRegexp: `(?i)<input[^>]+type=["']?password`,
	}},
	"fastapi": {Name: "no_token", Status: 401, Code: "UNAUTHORIZED", Match: &Match{
		Status:  []int{403},
		Message: []string{"Not authenticated", "Invalid authentication credentials"},
	}},
	"expired": {Name: "expired", Status: 401, Code: "UNAUTHORIZED", Match: &Match{
		Status: []int{419, 440, 498, 499},
	}},
	"gateway": {Name: "our_credentials", Status: 502, Code: "BAD_GATEWAY", Match: &Match{
		Status:  []int{401, 403},
		Request: func(r *http.Request) (bool, error) { return MatchPath("/erp/*", r.URL.Path), nil },
	}},
}

func TestAuthenticationFailuresInDisguise(t *testing.T) {
	const loginPage = `<!doctype html><html><title>Sign in</title><form method=post><input name=user><input name=pw type="password"></form></html>`
	jsonType := http.Header{"Content-Type": {"application/json"}}
	htmlType := http.Header{"Content-Type": {"text/html; charset=utf-8"}}

	for _, test := range []struct {
		when, recipe string
		path         string // default /v1/things/7
		accept       string
		token        bool
		status       int
		header       http.Header
		body         string

		want       int // 0: the rule does not decide
		code       string
		challenges []string
	}{
		{when: "a redirect to the login page", recipe: "redirect", status: 302, header: http.Header{"Location": {"https://sso.example.org/login?next=%2Fv1"}}, want: 401, code: "UNAUTHORIZED", challenges: oneRealm},
		{when: "a redirect to the login page, to a token", recipe: "redirect", token: true, status: 303, header: http.Header{"Location": {"/login"}}, want: 401, code: "UNAUTHORIZED", challenges: tokenBad},
		{when: "a redirect to the login page, to a browser", recipe: "redirect", accept: "text/html,*/*", status: 302, header: http.Header{"Location": {"/login"}}},
		{when: "a redirect elsewhere", recipe: "redirect", status: 302, header: http.Header{"Location": {"/v2/things/7"}}},

		{when: "a login page", recipe: "page", token: true, status: 200, header: htmlType, body: loginPage, want: 401, code: "UNAUTHORIZED", challenges: tokenBad},
		{when: "another page", recipe: "page", status: 200, header: htmlType, body: "<p>Hello</p>"},
		{when: "a document about login pages", recipe: "page", status: 200, header: jsonType, body: `{"html":"<input type=password>"}`},

		{when: "a 403 for want of a token", recipe: "fastapi", status: 403, header: jsonType, body: `{"detail":"Not authenticated"}`, want: 401, code: "UNAUTHORIZED", challenges: oneRealm},
		{when: "a 403 for want of a scheme", recipe: "fastapi", status: 403, header: jsonType, body: `{"detail":"Invalid authentication credentials"}`, want: 401, code: "UNAUTHORIZED", challenges: oneRealm},
		{when: "a 403 that is one", recipe: "fastapi", token: true, status: 403, header: jsonType, body: `{"detail":"Only the owner may do this"}`},

		{when: "Laravel's expired page", recipe: "expired", status: 419, header: jsonType, body: `{"message":"CSRF token mismatch."}`, want: 401, code: "UNAUTHORIZED", challenges: oneRealm},
		{when: "IIS's expired session", recipe: "expired", status: 440, header: htmlType, body: "<h1>Login Time-out</h1>", want: 401, code: "UNAUTHORIZED", challenges: oneRealm},
		{when: "ArcGIS's invalid token", recipe: "expired", token: true, status: 498, header: jsonType, body: `{"error":{"code":498,"message":"Invalid Token","details":[]}}`, want: 401, code: "UNAUTHORIZED", challenges: tokenBad},
		{when: "ArcGIS's missing token", recipe: "expired", status: 499, header: jsonType, body: `{"error":{"code":499,"message":"Token Required","details":[]}}`, want: 401, code: "UNAUTHORIZED", challenges: oneRealm},
		{when: "a 409", recipe: "expired", status: 409, header: jsonType, body: `{}`},

		{when: "a 401 to our own credentials", recipe: "gateway", path: "/erp/orders", token: true, status: 401, header: http.Header{"Www-Authenticate": {`Basic realm="ERP"`}}, want: 502, code: "BAD_GATEWAY"},
		{when: "a 403 to our own credentials", recipe: "gateway", path: "/erp/orders", token: true, status: 403, header: http.Header{"Www-Authenticate": {`Bearer error="insufficient_scope"`}}, want: 502, code: "BAD_GATEWAY"},
		{when: "a 401 to the client's", recipe: "gateway", path: "/v1/things/7", status: 401},
	} {
		t.Run(test.recipe+"/"+test.when, func(t *testing.T) {
			n, err := New(Config{Rules: []Rule{disguises[test.recipe]}})
			if err != nil {
				t.Fatal(err)
			}
			path := test.path
			if path == "" {
				path = "/v1/things/7"
			}
			r, err := http.NewRequest("GET", "https://example.com"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if test.token {
				r.Header["Authorization"] = withBearer
			}
			if test.accept != "" {
				r.Header.Set("Accept", test.accept)
			}
			req := NewRequest(r)
			resp := Response{Status: test.status, Header: test.header, Body: []byte(test.body)}
			v := n.Decide(&req, &resp)
			if decided := v.Rule != ""; decided != (test.want != 0) {
				t.Fatalf("the rule decided: %v (%s)", decided, v.Why)
			}
			if test.want == 0 {
				return
			}
			if v.Status != test.want || v.Code != test.code {
				t.Errorf("got %d %s, want %d %s", v.Status, v.Code, test.want, test.code)
			}
			if !slices.Equal(v.Challenges, test.challenges) {
				t.Errorf("got %q, want %q", v.Challenges, test.challenges)
			}
			if v.Status >= 500 && strings.Contains(strings.ToLower(v.Description), "token") {
				t.Errorf("the client is told of our credentials: %q", v.Description)
			}
		})
	}
}
