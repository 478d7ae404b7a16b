package harness

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { Main(m) }

// TestLegacyServersAnswer shows that each server comes up behind Caddy and
// fails as it does by itself.
func TestLegacyServersAnswer(t *testing.T) {
	for _, server := range []struct {
		name  string
		start func(testing.TB) string
	}{
		{"apache", Apache},
		{"nginx", Nginx},
		{"tomcat", Tomcat},
		{"php", PHP},
		{"flask", Flask},
		{"express", func(t testing.TB) string { return Node(t, "express") }},
		{"fastify", func(t testing.TB) string { return Node(t, "fastify") }},
		{"nest", func(t testing.TB) string { return Node(t, "nest") }},
	} {
		t.Run(server.name, func(t *testing.T) {
			addr := server.start(t)
			r := Curl(t, "http://"+addr+"/nothing/here")
			if r.Exit != 0 || r.Status != 404 || len(r.Body) == 0 {
				t.Errorf("asking for what is not there gave\n%s\nwant a 404 with a body", r)
			}
		})
	}
}

// TestEveryWayLeadsToTheSite shows that each combination is what it says.
func TestEveryWayLeadsToTheSite(t *testing.T) {
	const page = "a page long enough to be worth encoding, a page long enough to be worth encoding, " +
		"a page long enough to be worth encoding, a page long enough to be worth encoding, a page long enough to be worth encoding"
	addr := Handler(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, strings.Repeat(page, 10))
	})
	for i, way := range Ways(t, "reverse_proxy "+addr) {
		t.Run(way.Name, func(t *testing.T) {
			path := fmt.Sprintf("/way/%d", i)
			r := way.Get(t, path, "-H", "Accept-Encoding: gzip")
			if r.Exit != 0 || r.Status != 200 {
				t.Fatalf("got\n%s\nwant a complete 200", r)
			}
			if encoded := r.Get("Content-Encoding") == "gzip"; encoded != way.Encode {
				t.Errorf("encoded is %t, want %t", encoded, way.Encode)
			}
			if way.AccessLog {
				if status := way.Access(t, path).Get("status"); status != 200.0 {
					t.Errorf("the access log has status %v, want 200", status)
				}
			}
		})
	}
}
