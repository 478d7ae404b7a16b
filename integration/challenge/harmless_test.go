package challenge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// What other parties need of an authentication failure reaches them.
func TestAuthenticationIsNotHarmed(t *testing.T) {
	legacy := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		status, body := http.StatusUnauthorized, "<h1>401</h1>"
		h.Set("Content-Type", "text/html")
		switch r.URL.Path {
		case "/ntlm", "/relay/ntlm":
			switch r.Header.Get("Authorization") {
			case "":
				h["Www-Authenticate"] = []string{"Negotiate", "NTLM"}
			case "NTLM TlRMTVNTUAABAAAA":
				h.Set("Www-Authenticate", "NTLM TlRMTVNTUAACAAAA")
			default:
				status, body = 200, "welcome"
			}
		case "/v2/":
			h.Set("Docker-Distribution-Api-Version", "registry/2.0")
			h.Set("Content-Type", "application/json; charset=utf-8")
			h.Set("Www-Authenticate", `Bearer realm="https://auth.docker.io/token",service="registry.docker.io"`)
			body = `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}`
		case "/step-up": // RFC 9470 section 3
			h.Set("Www-Authenticate", `Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR"`)
		case "/dpop": // RFC 9449 section 9
			h.Set("Www-Authenticate", `DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"`)
			h.Set("DPoP-Nonce", "eyJ7S_zG.eyJH0-Z.HX4w-7v")
		case "/info":
			status = http.StatusForbidden
			h.Set("Authentication-Info", `nextnonce="abc"`)
		case "/cors":
			h.Set("Access-Control-Allow-Origin", "https://app.example.com")
			h.Set("Access-Control-Expose-Headers", "X-Total")
		case "/auth":
			h.Set("Www-Authenticate", `Basic realm="auth"`)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
	port := harness.FreePort(t)
	harness.StartCaddy(t, fmt.Sprintf(`http://localhost:%d {
	handle /relay/* {
		normalize_errors {
			challenge relay
		}
		reverse_proxy %[2]s
	}
	handle {
		normalize_errors
		handle /own {
			basic_auth {
				alice $2a$04$tIiDSUe0mw/fRB9JEVaBR.kK2kULazePbg3HZhdzG.zEIjqiN7uSG
			}
			respond "in"
		}
		handle /forwarded {
			forward_auth %[2]s {
				uri /auth
			}
			respond "in"
		}
		handle /proxy {
			header Proxy-Authenticate "Basic realm=hop"
			respond "no" 407
		}
		handle {
			reverse_proxy %[2]s
		}
	}
}
`, port, legacy))

	for _, test := range []struct {
		when, path string
		args       []string
		status     int
		fields     map[string][]string // what they are, all lines
		body       string              // a part of it
	}{
		{"the first leg of NTLM follows Bearer", "/ntlm", nil, 401, map[string][]string{"Www-Authenticate": {`Bearer realm="localhost"`, "Negotiate", "NTLM"}}, "UNAUTHORIZED"},
		{"so does the second", "/ntlm", []string{"-H", "Authorization: NTLM TlRMTVNTUAABAAAA"}, 401, map[string][]string{"Www-Authenticate": {`Bearer realm="localhost"`, "NTLM TlRMTVNTUAACAAAA"}}, "UNAUTHORIZED"},
		{"the third gets through", "/ntlm", []string{"-H", "Authorization: NTLM TlRMTVNTUAADAAAA"}, 200, nil, "welcome"},
		{"relayed, the first leg is as it came", "/relay/ntlm", nil, 401, map[string][]string{"Www-Authenticate": {"Negotiate", "NTLM"}}, "UNAUTHORIZED"},
		{"relayed, so is the second", "/relay/ntlm", []string{"-H", "Authorization: NTLM TlRMTVNTUAABAAAA"}, 401, map[string][]string{"Www-Authenticate": {"NTLM TlRMTVNTUAACAAAA"}}, "UNAUTHORIZED"},
		{"a registry's token service is found", "/v2/", nil, 401, map[string][]string{"Www-Authenticate": {`Bearer realm="https://auth.docker.io/token",service="registry.docker.io"`}}, `"authentication required"`},
		{"a step-up is asked for", "/step-up", []string{"-H", "Authorization: Bearer abc"}, 401, map[string][]string{"Www-Authenticate": {`Bearer realm="localhost", error="insufficient_user_authentication", acr_values="myACR", error_description="A different authentication level is required"`}}, "UNAUTHORIZED"},
		{"a DPoP nonce is handed out", "/dpop", []string{"-H", "Authorization: DPoP abc"}, 401, map[string][]string{
			"Www-Authenticate": {`DPoP realm="localhost", error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"`},
			"Dpop-Nonce":       {"eyJ7S_zG.eyJH0-Z.HX4w-7v"},
		}, "UNAUTHORIZED"},
		{"Authentication-Info stays", "/info", nil, 403, map[string][]string{"Authentication-Info": {`nextnonce="abc"`}, "Www-Authenticate": nil}, "FORBIDDEN"},
		{"a page of another origin may read the challenge", "/cors", nil, 401, map[string][]string{"Www-Authenticate": {`Bearer realm="localhost"`}}, "UNAUTHORIZED"},
		{"Caddy's own basic_auth works", "/own", nil, 401, map[string][]string{"Www-Authenticate": {`Basic realm="restricted"`}}, "UNAUTHORIZED"},
		{"and lets in who knows the password", "/own", []string{"-u", "alice:secret"}, 200, nil, "in"},
		{"an answer to forward_auth counts as the upstream's", "/forwarded", nil, 401, map[string][]string{"Www-Authenticate": {`Bearer realm="localhost"`}}, "UNAUTHORIZED"},
		{"a 407 is another hop's business", "/proxy", []string{"-H", "Authorization: Bearer abc"}, 407, map[string][]string{"Proxy-Authenticate": {"Basic realm=hop"}, "Www-Authenticate": nil}, "PROXY_AUTHENTICATION_REQUIRED"},
	} {
		t.Run(test.when, func(t *testing.T) {
			r := harness.Curl(t, fmt.Sprintf("http://localhost:%d%s", port, test.path), test.args...)
			if r.Status != test.status || !strings.Contains(string(r.Body), test.body) {
				t.Fatalf("got %d %s", r.Status, r.Body)
			}
			for name, want := range test.fields {
				if got := lines(r, name); !slices.Equal(got, want) {
					t.Errorf("%s\n got %q\nwant %q", name, got, want)
				}
			}
			if test.path == "/cors" {
				exposed := strings.ToLower(strings.Join(lines(r, "Access-Control-Expose-Headers"), ","))
				for _, name := range []string{"www-authenticate", "x-total"} {
					if !strings.Contains(exposed, name) {
						t.Errorf("%s is not exposed: %q", name, exposed)
					}
				}
			}
		})
	}
}

// lines returns the field lines of this name.
func lines(r *harness.Response, name string) (values []string) {
	for _, field := range r.Fields {
		if field.Name == name {
			values = append(values, field.Value)
		}
	}
	return values
}
