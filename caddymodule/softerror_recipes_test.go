package caddymodule

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
)

// recipes reads the rules for failures that do not look like failures.
func recipes(t testing.TB) *Handler {
	t.Helper()
	data, err := os.ReadFile("testdata/softerrors.Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	h := new(Handler)
	if err := h.UnmarshalCaddyfile(caddyfile.NewTestDispenser(string(data))); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestRecipesForSoftErrors(t *testing.T) {
	envelope := func(body string) string {
		return `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>` + body + `</s:Body></s:Envelope>`
	}
	const xml, json, html = "text/xml; charset=utf-8", "application/json", "text/html; charset=utf-8"
	tests := []struct {
		when, mediaType, body string
		status                int    // of the answer; 0: the response stays as it is
		code                  string // of the answer
	}{
		{"a fault of the client's", xml, envelope(`<s:Fault><faultcode>s:Client</faultcode><faultstring>No such customer</faultstring></s:Fault>`), 400, "BAD_REQUEST"},
		{"a fault of the server's", xml, envelope(`<s:Fault><faultcode>s:Server</faultcode><faultstring>Out of memory</faultstring></s:Fault>`), 502, "BAD_GATEWAY"},
		{"an answer", xml, envelope(`<getCustomerResponse><id>42</id></getCustomerResponse>`), 0, ""},
		{"an answer with a code of its own", xml, envelope(`<r><errorCode>0</errorCode><errorMessage>OK</errorMessage></r>`), 0, ""},

		{"a refusal", json, `{"success":false,"message":"The seat is taken"}`, 400, "BAD_REQUEST"},
		{"a success", json, `{"success":true,"message":"The seat is yours"}`, 0, ""},
		{"a false elsewhere", json, `{"item":{"success":false}}`, 0, ""},

		{"GraphQL without data", json, `{"errors":[{"message":"Cannot query field","locations":[{"line":1,"column":2}]}]}`, 400, "BAD_REQUEST"},
		{"GraphQL with null data", json, `{"errors":[{"message":"Unexpected error.","locations":[{"line":1,"column":2}]}],"data":null}`, 400, "BAD_REQUEST"},
		{"GraphQL with nothing in its data", json, `{"errors":[{"message":"Not for you","locations":[{"line":1,"column":2}]}],"data":{"user":null}}`, 400, "BAD_REQUEST"},
		{"GraphQL with some data", json, `{"errors":[{"message":"Not for you","locations":[{"line":1,"column":2}]}],"data":{"user":null,"me":{"id":1}}}`, 0, ""},
		{"GraphQL with an empty list of errors", json, `{"errors":[],"data":{"me":null}}`, 0, ""},

		{"an unknown method", json, `{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}`, 404, "NOT_FOUND"},
		{"a request that is none", json, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}`, 400, "BAD_REQUEST"},
		{"parameters that are wrong", json, `{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Amount is negative"}}`, 400, "INVALID_PARAMETER"},
		{"a call that failed", json, `{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Out of stock"}}`, 500, "INTERNAL_SERVER_ERROR"},
		{"a result beside a null error", json, `{"jsonrpc":"2.0","id":1,"result":7,"error":null}`, 0, ""},

		{"a fatal in HTML", html, "<p>Hello\n<br />\n<b>Fatal error</b>:  Uncaught Error in /srv/a.php:1", 500, "INTERNAL_SERVER_ERROR"},
		{"a fatal in text", html, "{\"items\":[\nFatal error: Allowed memory size exhausted in /srv/a.php on line 3\n", 500, "INTERNAL_SERVER_ERROR"},
		{"a parse error", html, "PHP Parse error:  syntax error, unexpected end of file in /srv/a.php on line 3\n", 500, "INTERNAL_SERVER_ERROR"},
		{"a warning before a page", html, "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/a.php</b> on line <b>3</b><br />\n<!doctype html><title>Shop</title>", 0, ""},
		{"a page about fatal errors", html, "<title>Fatal error: why PHP stops</title>", 0, ""},
	}
	for _, test := range tests {
		t.Run(test.when, func(t *testing.T) {
			s := newSite(t, fail(200, http.Header{"Content-Type": {test.mediaType}, "Etag": {`"x"`}}, test.body), func(s *site, _ *siteConfig) { s.handler = recipes(t) })
			r := s.get(t, "/")
			if test.status != 0 {
				wantEnvelope(t, r, test.status, test.code)
				return
			}
			if r.StatusCode != 200 || r.body != test.body || r.Header.Get("Etag") != `"x"` {
				t.Errorf("got %d %v %q", r.StatusCode, r.Header, r.body)
			}
		})
	}
}

func TestRecipeForTheLoginPage(t *testing.T) {
	for location, want := range map[string]int{"https://sso.example.com/login?next=%2F": 401, "/v2/things": 302} {
		s := newSite(t, fail(302, http.Header{"Location": {location}}, "<a href>moved</a>"), func(s *site, _ *siteConfig) { s.handler = recipes(t) })
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := s.Client().Transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		claimed := want == 401
		if resp.StatusCode != want || (resp.Header.Get("Location") == "") != claimed || strings.HasPrefix(resp.Header.Get("Www-Authenticate"), "Bearer ") != claimed {
			t.Errorf("%s: got %d %v %q", location, resp.StatusCode, resp.Header, body)
		}
	}
}

// TestRecipesAdapt puts the recipes into a site, as an operator would.
func TestRecipesAdapt(t *testing.T) {
	data, err := os.ReadFile("testdata/softerrors.Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	adapter := caddyfile.Adapter{ServerType: httpcaddyfile.ServerType{}}
	_, warnings, err := adapter.Adapt([]byte(fmt.Sprintf(":8080 {\n%s\n}", data)), map[string]any{"filename": "Caddyfile"})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warnings {
		if !strings.Contains(w.Message, "not formatted") { // they are indented for a place of their own
			t.Errorf("warned: %s", w.Message)
		}
	}
}
