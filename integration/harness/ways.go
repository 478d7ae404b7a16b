package harness

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// Way is one way to reach the same directives: a protocol, and what else the
// site does.
type Way struct {
	*Caddy
	// Name says which way it is, for the name of a subtest.
	Name string
	// Host is the host and port that requests are for.
	Host string
	// AccessLog says that the site has one.
	AccessLog bool
	// Encode says that the site encodes responses.
	Encode bool

	proto, scheme, flag string
}

// Protocols starts Caddy with a site that holds directives, to be reached over
// HTTP/1.1, HTTP/2 over TLS and HTTP/2 with prior knowledge.
func Protocols(t testing.TB, directives string) []Way {
	t.Helper()
	return start(t, directives, []variant{{}})
}

// Ways is like Protocols, but with four sites: with and without an access log,
// with and without encode.
func Ways(t testing.TB, directives string) []Way {
	t.Helper()
	return start(t, directives, []variant{
		{},
		{name: ", access log", accessLog: true, extra: "log"},
		{name: ", encode", encode: true, extra: "encode"},
		{name: ", access log, encode", accessLog: true, encode: true, extra: "log\nencode"},
	})
}

// variant is what a site does beside the directives under test.
type variant struct {
	name, extra       string
	accessLog, encode bool
}

func start(t testing.TB, directives string, variants []variant) []Way {
	t.Helper()
	var sites strings.Builder
	var ways []Way
	for _, v := range variants {
		plain, tls := FreePort(t), FreePort(t)
		fmt.Fprintf(&sites, "http://localhost:%d, https://localhost:%d {\n%s\n%s\n}\n", plain, tls, v.extra, directives)
		for _, p := range []struct {
			name, proto, scheme, flag string
			port                      int
		}{
			{"HTTP 1.1", "HTTP/1.1", "http", "--http1.1", plain},
			{"HTTP 2 over TLS", "HTTP/2", "https", "--http2", tls},
			{"h2c", "HTTP/2", "http", "--http2-prior-knowledge", plain},
		} {
			ways = append(ways, Way{
				Name: p.name + v.name, AccessLog: v.accessLog, Encode: v.encode,
				Host: fmt.Sprintf("localhost:%d", p.port), proto: p.proto, scheme: p.scheme, flag: p.flag,
			})
		}
	}
	caddy := StartCaddy(t, sites.String())
	for i := range ways {
		ways[i].Caddy = caddy
		if ways[i].scheme == "https" {
			awaitCertificate(t, ways[i].Host)
		}
	}
	return ways
}

// URL is the address of path this way.
func (w *Way) URL(path string) string { return w.scheme + "://" + w.Host + path }

// Get asks for path with curl, and checks that the answer came this way.
func (w *Way) Get(t testing.TB, path string, args ...string) *Response {
	t.Helper()
	r := Curl(t, w.URL(path), append([]string{w.flag, "--cacert", w.CA()}, args...)...)
	if r.Proto != w.proto && r.Proto != "" {
		t.Errorf("the answer came over %s, want %s", r.Proto, w.proto)
	}
	return r
}

// Client is an HTTP client in Go that goes this way, for what curl cannot do.
func (w *Way) Client(t testing.TB) *http.Client {
	t.Helper()
	transport := &http.Transport{Protocols: new(http.Protocols)}
	t.Cleanup(transport.CloseIdleConnections)
	switch {
	case w.proto == "HTTP/1.1":
		transport.Protocols.SetHTTP1(true)
	case w.scheme == "http":
		transport.Protocols.SetUnencryptedHTTP2(true)
	default:
		pem, err := os.ReadFile(w.CA())
		if err != nil {
			t.Fatal(err)
		}
		transport.Protocols.SetHTTP2(true)
		transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
		transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem)
	}
	return &http.Client{Transport: transport, Timeout: time.Minute}
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
