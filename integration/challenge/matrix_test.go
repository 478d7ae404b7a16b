package challenge

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

const metadata = "https://example.com/.well-known/oauth-protected-resource"

var scopes = []normalize.PathScope{{Pattern: "/v1/users/*", Scope: "users.read users.write"}}

// The dimensions of the matrix: what the request carried, what the upstream
// answered, what is configured.
var (
	authorizations = [][]string{
		nil, {"Bearer mF_9.B5f-4.1JqM"}, {"DPoP Kz~8mXK1EalYznwH"}, {"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}, {"Bearer a b"},
	}
	queries  = []string{"", "access_token=mF_9"}
	statuses = []int{400, 401, 403, 404}
	sent     = [][]string{
		nil,
		{"Bearer"},
		{`Bearer realm="x"`},
		{`bearer Realm=x, Error=invalid_token, error_description="The access token expired"`},
		{`Bearer realm="https://auth.example.com/token",service="registry",scope="repository:a:pull,push"`},
		{`Bearer error="insufficient_scope"`},
		{`Bearer error="insufficient_scope", scope="a b", error_uri="https://example.org/e?x=1#y"`},
		{`Bearer error="insufficient_user_authentication", acr_values="a b", max_age=5`},
		{`Bearer resource_metadata="https://example.org/m", authorization_uri="https://login.example.org/a?b=c, d"`},
		{"Bearer token expired"},
		{"Bearer realm=\"caf\u00e9\", error_description=\"\u8a8d\u8a3c\u30a8\u30e9\u30fc\", y=\"\""},
		{`Bearer error="invalid_token", error_description="expired, scope=all of it"`},
		{`Bearer error_description="scope=all is needed, error=none", error="insufficient_scope", scope="a b"`},
		{`Bearer realm="x", DPoP algs="ES256 PS256", Bearer realm="y"`},
		{`DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"`},
		{`Basic realm="Legacy, \"Realm\""`, "Token"},
		{"Negotiate", "NTLM", `Basic realm="x", charset="UTF-8"`},
		{"NTLM TlRMTVNTUAACAAAA"},
		{"Negotiate YIIJvwYGKwYBBQUCoIIJszCCCa+gAwIBAA==", `Bearer realm="x"`},
		{`Digest realm="r", qop="auth,auth-int", nonce="n=", algorithm=MD5, stale=false`},
		{`Digest realm="r", nonce="n", opaque=""`},
		{`X-Vendor a="1", b=2`},
	}
	bodies = []string{
		`{"message":"no"}`,
		`{"error":"insufficient_scope","scope":"mail.read mail.send","error_description":"more scope is needed"}`,
		`{"error":"use_dpop_nonce","error_description":"a nonce is needed"}`,
	}
	configs = []normalize.ChallengeConfig{
		{},
		{Realm: "Example API", ResourceMetadata: metadata, Scopes: scopes},
		{Error: "always", Scopes: scopes},
		{Error: "never", Legacy: "replace"},
		{Legacy: "keep"},
	}
)

// answers returns each different WWW-Authenticate field of the answers to the
// matrix and to the fixtures of package normalize.
func answers(t *testing.T) (fields [][]string) {
	seen := map[string]bool{}
	add := func(n *normalize.Normalizer, req *normalize.Request, resp *normalize.Response) {
		if v := n.Decide(req, resp); !v.Pass && len(v.Challenges) > 0 && !seen[strings.Join(v.Challenges, "\n")] {
			seen[strings.Join(v.Challenges, "\n")] = true
			fields = append(fields, v.Challenges)
		}
	}
	recorded := fixtures(t)
	for _, config := range configs {
		n, err := normalize.New(normalize.Config{Challenge: config})
		if err != nil {
			t.Fatal(err)
		}
		for _, authorization := range authorizations {
			for _, query := range queries {
				req := normalize.Request{Method: "GET", Host: "api.example.com", Path: "/v1/users/7", RawQuery: query, Authorization: authorization}
				for _, status := range statuses {
					for _, lines := range sent {
						for _, body := range bodies {
							add(n, &req, &normalize.Response{Status: status, Body: []byte(body), Header: http.Header{
								"Www-Authenticate": lines, "Content-Type": {"application/json"},
							}})
						}
					}
				}
				for _, resp := range recorded {
					add(n, &req, resp)
				}
			}
		}
	}
	return fields
}

// fixtures returns the recorded responses of package normalize.
func fixtures(t *testing.T) (all []*normalize.Response) {
	paths, err := filepath.Glob(filepath.Join(harness.Root(t), "normalize", "testdata", "*", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, text, found := bytes.Cut(text, []byte("-- response --\n"))
		if !found {
			continue // a list of messages
		}
		text, _, _ = bytes.Cut(text, []byte("\n-- want --\n"))
		head, body, _ := bytes.Cut(text, []byte("\n\n"))
		resp := &normalize.Response{Body: body, Header: http.Header{}}
		for i, line := range strings.Split(string(head), "\n") {
			if i == 0 {
				_, line, _ = strings.Cut(line, " ")
				for j := 0; j < len(line) && '0' <= line[j] && line[j] <= '9'; j++ {
					resp.Status = 10*resp.Status + int(line[j]-'0')
				}
				continue
			}
			name, value, _ := strings.Cut(line, ":")
			resp.Header.Add(name, strings.TrimSpace(value))
		}
		if resp.Status < 100 {
			t.Errorf("%s: no status line", path)
		}
		all = append(all, resp)
	}
	return all
}
