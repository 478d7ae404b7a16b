package challenge

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

func TestMain(m *testing.M) { harness.Main(m) }

// The rules for authentication failures in disguise do what they say in a
// Caddyfile as well.
func TestAuthenticationFailuresInDisguise(t *testing.T) {
	rules, err := os.ReadFile("testdata/disguise.Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	legacy := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) {
		answer := func(status int, mediaType, body string) {
			w.Header().Set("Content-Type", mediaType)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/login?next=/redirect", http.StatusFound)
		case "/moved":
			http.Redirect(w, r, "/v2/moved", http.StatusFound)
		case "/page":
			answer(200, "text/html", `<form method=post><input name=user><input type="password" name=pw></form>`)
		case "/hello":
			answer(200, "text/html", "<p>Hello")
		case "/fastapi":
			answer(403, "application/json", `{"detail":"Not authenticated"}`)
		case "/forbidden":
			answer(403, "application/json", `{"detail":"Only the owner may do this"}`)
		case "/419", "/440", "/498", "/499":
			answer(map[string]int{"/419": 419, "/440": 440, "/498": 498, "/499": 499}[r.URL.Path], "application/json", `{"message":"expired"}`)
		case "/erp/orders":
			w.Header().Set("WWW-Authenticate", `Basic realm="ERP"`)
			answer(401, "text/html", "<h1>401</h1>")
		}
	})
	port := harness.FreePort(t)
	harness.StartCaddy(t, fmt.Sprintf("http://localhost:%d {\n%s\nreverse_proxy %s {\nheader_up Authorization x\n}\n}\n", port, rules, legacy))
	base := fmt.Sprintf("http://localhost:%d", port)
	const token, browser = "Authorization: Bearer abc", "Accept: text/html,*/*"

	for _, test := range []struct {
		when, path string
		fields     []string
		status     int
		code       string // none: the answer is not ours
		challenges []string
	}{
		{"a redirect to the login page", "/redirect", nil, 401, "UNAUTHORIZED", []string{`Bearer realm="localhost"`}},
		{"a redirect to the login page, to a token", "/redirect", []string{token}, 401, "UNAUTHORIZED", []string{`Bearer realm="localhost", error="invalid_token"`}},
		{"a redirect to the login page, to a browser", "/redirect", []string{browser}, 302, "", nil},
		{"a redirect elsewhere", "/moved", nil, 302, "", nil},
		{"a login page", "/page", []string{token}, 401, "UNAUTHORIZED", []string{`Bearer realm="localhost", error="invalid_token"`}},
		{"another page", "/hello", nil, 200, "", nil},
		{"FastAPI's 403", "/fastapi", nil, 401, "UNAUTHORIZED", []string{`Bearer realm="localhost"`}},
		{"another 403", "/forbidden", []string{token}, 403, "FORBIDDEN", nil},
		{"419", "/419", nil, 401, "UNAUTHORIZED", []string{`Bearer realm="localhost"`}},
		{"440", "/440", nil, 401, "UNAUTHORIZED", []string{`Bearer realm="localhost"`}},
		{"498", "/498", []string{token}, 401, "UNAUTHORIZED", []string{`Bearer realm="localhost", error="invalid_token"`}},
		{"499", "/499", nil, 401, "UNAUTHORIZED", []string{`Bearer realm="localhost"`}},
		{"the gateway's own credentials", "/erp/orders", []string{token}, 502, "BAD_GATEWAY", nil},
	} {
		t.Run(test.when, func(t *testing.T) {
			var args []string
			for _, field := range test.fields {
				args = append(args, "-H", field)
			}
			r := harness.Curl(t, base+test.path, args...)
			if r.Status != test.status {
				t.Fatalf("status %d, want %d: %s", r.Status, test.status, r.Body)
			}
			if got := strings.Contains(string(r.Body), `{"code":"`); got != (test.code != "") || !strings.Contains(string(r.Body), test.code) {
				t.Errorf("body %s, want code %q", r.Body, test.code)
			}
			if got := lines(r, "Www-Authenticate"); !slices.Equal(got, test.challenges) {
				t.Errorf("got %q, want %q", got, test.challenges)
			}
			if test.code != "" && r.Get("Location") != "" {
				t.Errorf("it still redirects to %s", r.Get("Location"))
			}
		})
	}
}
