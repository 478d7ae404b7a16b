package harness

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
)

// Way is one way to reach the same directives: a protocol, and what else the
// site does.
type Way struct {
	*Caddy
	// Name says which way it is, for the name of a subtest.
	Name string
	// AccessLog says that the site has one.
	AccessLog bool
	// Encode says that the site encodes responses.
	Encode bool

	proto, base string
	flags       []string
}

// Ways starts one Caddy whose sites hold directives, with and without an access
// log and encode, each to be reached over HTTP/1.1, HTTP/2 over TLS and HTTP/2
// with prior knowledge.
func Ways(t testing.TB, directives string) []Way {
	t.Helper()
	var sites strings.Builder
	var ways []Way
	for _, accessLog := range []bool{false, true} {
		for _, encode := range []bool{false, true} {
			name, extra := "", ""
			if accessLog {
				name, extra = ", access log", "log\n"
			}
			if encode {
				name, extra = name+", encode", extra+"encode\n"
			}
			plain, tls := FreePort(t), FreePort(t)
			fmt.Fprintf(&sites, "http://localhost:%d, https://localhost:%d {\n%s%s\n}\n", plain, tls, extra, directives)
			for _, p := range []struct {
				proto, name, base string
				flags             []string
			}{
				{"HTTP/1.1", "HTTP 1.1", fmt.Sprintf("http://localhost:%d", plain), []string{"--http1.1"}},
				{"HTTP/2", "HTTP 2 over TLS", fmt.Sprintf("https://localhost:%d", tls), []string{"--http2"}},
				{"HTTP/2", "h2c", fmt.Sprintf("http://localhost:%d", plain), []string{"--http2-prior-knowledge"}},
			} {
				ways = append(ways, Way{
					Name: p.name + name, AccessLog: accessLog, Encode: encode,
					proto: p.proto, base: p.base, flags: p.flags,
				})
			}
		}
	}
	caddy := StartCaddy(t, sites.String())
	for i := range ways {
		ways[i].Caddy = caddy
		if host, ok := strings.CutPrefix(ways[i].base, "https://"); ok {
			awaitCertificate(t, host)
		}
	}
	return ways
}

// Get asks for path with curl, and checks that the answer came this way.
func (w *Way) Get(t testing.TB, path string, args ...string) *Response {
	t.Helper()
	r := Curl(t, w.base+path, append(append(w.flags[:len(w.flags):len(w.flags)], "--cacert", w.CA()), args...)...)
	if r.Proto != w.proto && r.Proto != "" {
		t.Errorf("the answer came over %s, want %s", r.Proto, w.proto)
	}
	return r
}

// awaitCertificate waits until host can be talked to over TLS: Caddy serves
// before its certificates are there.
func awaitCertificate(t testing.TB, host string) {
	t.Helper()
	err := Eventually(startTimeout, func() bool {
		conn, err := tls.Dial("tcp", host, &tls.Config{InsecureSkipVerify: true}) // curl verifies it
		if err != nil {
			return false
		}
		conn.Close()
		return true
	})
	if err != nil {
		t.Fatalf("waiting for the certificate of %s: %v", host, err)
	}
}
