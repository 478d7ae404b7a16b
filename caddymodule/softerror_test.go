package caddymodule

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
)

// softRules hold back every 2xx and 3xx that may be held, to read its body, and
// claim those whose body says so.
const softRules = `
	{"match": {"status_code": [2, 3], "field": [{"path": "success", "values": ["false"]}]}, "status": 502},
	{"match": {"status_code": [2, 3], "upstream_code": ["ERR_*"]}, "status": 502},
	{"match": {"status_code": [2, 3], "message": ["*access denied*"]}, "status": 403},
	{"match": {"status_code": [2, 3], "body_regexp": "<b>(Fatal|Parse) error</b>: "}, "status": 500}`

// idleRules look as closely, but claim nothing.
const idleRules = `
	{"match": {"status_code": [2, 3], "field": [{"path": "no.such.member"}]}, "status": 502},
	{"match": {"status_code": [2, 3], "upstream_code": ["no such code *"], "message": ["*no such message*"]}, "status": 502},
	{"match": {"status_code": [2, 3], "body_regexp": "no such (body|text) [0-9]{9}"}, "status": 500}`

// proxies are two Caddy servers before one upstream: a plain reverse proxy, and
// one behind rules. They speak HTTP/1.1, and HTTP/2 with prior knowledge.
type proxies struct {
	plain, soft string // the paths of their sockets
}

// startProxies starts both in this process.
func startProxies(t testing.TB, upstream http.HandlerFunc, rules, bodyTimeout string) proxies {
	t.Helper()
	origin := httptest.NewServer(upstream)
	t.Cleanup(origin.Close)
	dir := t.TempDir()
	p := proxies{filepath.Join(dir, "plain"), filepath.Join(dir, "soft")}
	proxy := fmt.Sprintf(`{"handler": "reverse_proxy", "upstreams": [{"dial": %q}]}`, origin.Listener.Addr())
	server := func(socket, handlers string) string {
		return fmt.Sprintf(`{"listen": ["unix/%s"], "protocols": ["h1", "h2c"], "automatic_https": {"disable": true}, "routes": [{"handle": [%s]}]}`, socket, handlers)
	}
	config := fmt.Sprintf(`{"admin": {"disabled": true, "config": {"persist": false}}, "logging": {"logs": {"default": {"level": "PANIC"}}},
		"apps": {"http": {"servers": {"plain": %s, "soft": %s}}}}`,
		server(p.plain, proxy), server(p.soft, fmt.Sprintf(`{"handler": "normalize_errors", "body_timeout": %q, "rules": [%s]},`, bodyTimeout, rules)+proxy))
	if err := caddy.Load([]byte(config), true); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := caddy.Stop(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// client speaks to the server behind a socket.
func client(t testing.TB, socket string, h2 bool) *http.Transport {
	c := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
		DisableCompression: true,
		Protocols:          new(http.Protocols),
	}
	c.Protocols.SetHTTP1(!h2)
	c.Protocols.SetUnencryptedHTTP2(h2)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// seen is everything a client can tell of a response, but when it came.
type seen struct {
	Interim          []int
	Status           int
	Proto            string
	Header, Trailer  http.Header
	ContentLength    int64
	TransferEncoding []string
	Body             string
	Cut              bool
}

// see makes a request and reads the response to its end.
func see(t testing.TB, c *http.Transport, req *http.Request) seen {
	t.Helper()
	var s seen
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(status int, _ textproto.MIMEHeader) error {
			s.Interim = append(s.Interim, status)
			return nil
		},
	}))
	resp, err := c.RoundTrip(req)
	if err != nil {
		s.Cut = true
		return s
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	resp.Header.Del("Date")
	s.Status, s.Proto, s.Header, s.Trailer = resp.StatusCode, resp.Proto, resp.Header, resp.Trailer
	s.ContentLength, s.TransferEncoding = resp.ContentLength, resp.TransferEncoding
	s.Body, s.Cut = string(body), err != nil
	if s.Body == "" && s.ContentLength < 0 {
		s.ContentLength = 0 // whether the end came with the header is a matter of time
	}
	return s
}

// wantSame compares what two clients saw.
func wantSame(t testing.TB, what string, soft, plain seen) {
	t.Helper()
	if reflect.DeepEqual(soft, plain) {
		return
	}
	if len(soft.Body)+len(plain.Body) > 1000 && soft.Body != plain.Body {
		t.Errorf("%s: the bodies differ, %d and %d bytes", what, len(soft.Body), len(plain.Body))
		soft.Body, plain.Body = "", ""
	}
	t.Errorf("%s: behind the rules\n\t%+v\nbehind the plain proxy\n\t%+v", what, soft, plain)
}

// generated is an upstream that makes a response out of the number in the path.
func generated(w http.ResponseWriter, r *http.Request) {
	seed, _ := strconv.ParseUint(strings.TrimPrefix(r.URL.Path, "/"), 10, 64)
	g := rand.New(rand.NewPCG(seed, 7))
	h := w.Header()
	body := generateBody(g, h)
	for range g.IntN(4) {
		h.Add([]string{"Set-Cookie", "Link", "Vary", "X-Odd_name", "Cache-Control", "Etag", "X-Error-Id"}[g.IntN(7)], fmt.Sprintf(`"v%d"; a=b`, g.IntN(100)))
	}
	status := []int{200, 200, 200, 200, 200, 201, 202, 203, 204, 206, 300, 301, 302, 303, 304, 307}[g.IntN(16)]
	if status >= 300 {
		h.Set("Location", "/elsewhere")
	}
	if g.IntN(10) == 0 {
		h.Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
	}
	var trailer string
	switch bodyless := status == 204 || status == 304; {
	case bodyless:
		body = ""
	case g.IntN(3) == 0:
		h.Set("Content-Length", strconv.Itoa(len(body)))
	case g.IntN(3) == 0:
		trailer = "X-Checksum"
		h.Set("Trailer", trailer)
	case g.IntN(4) == 0:
		trailer = http.TrailerPrefix + "X-Late"
	}
	if g.IntN(8) > 0 {
		w.WriteHeader(status)
	}
	for body != "" && r.Method != http.MethodHead {
		n := 1 + g.IntN(len(body))
		if _, err := io.WriteString(w, body[:n]); err != nil {
			return
		}
		body = body[n:]
		if g.IntN(4) == 0 {
			_ = http.NewResponseController(w).Flush()
		}
	}
	if trailer != "" {
		h.Set(trailer, strconv.Itoa(g.IntN(1000)))
	}
}

// generateBody makes a body that no rule claims, though many come close.
func generateBody(g *rand.Rand, h http.Header) string {
	noise := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(g.Uint32())
		}
		return string(b)
	}
	length := g.IntN(300)
	switch g.IntN(20) {
	case 0:
		length = 0
	case 1:
		length = 2000 + g.IntN(4000) // about the buffers of net/http
	case 2:
		length = 60<<10 + g.IntN(140<<10) // about what is captured
	}
	words := strings.Repeat("all is well ", length/12+1)[:length]
	mediaType, body := "", ""
	switch g.IntN(8) {
	case 0:
		mediaType, body = "application/json", fmt.Sprintf(`{"success":true,"message":%q,"code":"OK_%d"}`, words, g.IntN(9))
	case 1:
		mediaType, body = "application/json; charset=utf-8", fmt.Sprintf(`{"data":{"success":false},"items":[%q,null,1.50]}`, words)
	case 2:
		mediaType, body = "text/xml", fmt.Sprintf(`<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><r>%s</r></e:Body></e:Envelope>`, words)
	case 3:
		mediaType, body = "text/html", "<!doctype html><title>Fine</title><p>no Fatal error: "+words
	case 4:
		mediaType, body = "application/octet-stream", noise(length)
	case 5:
		mediaType, body = "text/plain", words
		h.Set("Content-Encoding", []string{"gzip", "br", "zstd", "none"}[g.IntN(4)]) // a lie
	case 6:
		mediaType, body = "application/json", `{"success":fal`+noise(length) // broken
	case 7:
		mediaType, body = "text/event-stream", "data: "+words+"\n\n"
	}
	if g.IntN(6) > 0 {
		h.Set("Content-Type", mediaType)
	}
	return body
}

// TestReleasedResponsesAreIdentical compares ten thousand generated responses
// that soft-error rules look into with what a plain proxy makes of them.
func TestReleasedResponsesAreIdentical(t *testing.T) {
	responses := 10_000
	if testing.Short() {
		responses = 1_000
	}
	p := startProxies(t, generated, softRules, "10s")
	for _, h2 := range []bool{false, true} {
		t.Run(map[bool]string{false: "http1", true: "h2"}[h2], func(t *testing.T) {
			plain, soft := client(t, p.plain, h2), client(t, p.soft, h2)
			var workers sync.WaitGroup
			for worker := range 4 {
				workers.Go(func() {
					for seed := worker; seed < responses && !t.Failed(); seed += 4 {
						method := []string{"GET", "GET", "GET", "POST", "HEAD"}[seed%5]
						req, err := http.NewRequestWithContext(t.Context(), method, fmt.Sprintf("http://site.test/%d", seed), nil)
						if err != nil {
							t.Error(err)
							return
						}
						wantSame(t, fmt.Sprint(method, " ", seed), see(t, soft, req), see(t, plain, req))
					}
				})
			}
			workers.Wait()
		})
	}
}

// TestReleasedFixturesAreIdentical compares every recorded body, sent as a
// success, with what a plain proxy makes of it.
func TestReleasedFixturesAreIdentical(t *testing.T) {
	files, err := filepath.Glob("../normalize/testdata/*/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	responses := make(map[string]string)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, response, ok := strings.Cut(string(data), "-- response --\n"); ok {
			response, _, _ = strings.Cut(response, "\n-- want --\n")
			responses["/"+filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file)] = response
		}
	}
	if len(responses) < 200 {
		t.Fatalf("there are only %d recorded cases", len(responses))
	}
	p := startProxies(t, func(w http.ResponseWriter, r *http.Request) {
		head, body, _ := strings.Cut(strings.ReplaceAll(responses[r.URL.Path], "\r\n", "\n"), "\n\n")
		for _, line := range strings.Split(head, "\n")[1:] {
			if name, value, ok := strings.Cut(line, ": "); ok && !strings.EqualFold(name, "Content-Length") && !strings.EqualFold(name, "Transfer-Encoding") {
				w.Header().Add(name, value)
			}
		}
		_, _ = io.WriteString(w, body)
	}, idleRules, "10s")
	for _, h2 := range []bool{false, true} {
		plain, soft := client(t, p.plain, h2), client(t, p.soft, h2)
		for path := range responses {
			req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://site.test"+path, nil)
			got := see(t, soft, req)
			if got.Status != 200 {
				t.Errorf("%s: status %d", path, got.Status)
			}
			wantSame(t, path, got, see(t, plain, req))
		}
	}
}

// TestSoftErrorsAreClaimed shows that the rules of the comparisons do look.
func TestSoftErrorsAreClaimed(t *testing.T) {
	bodies := map[string]string{
		"/field":   `{"success":false}`,
		"/code":    `{"code":"ERR_7","message":"no"}`,
		"/message": `{"message":"Access  denied"}`,
		"/fatal":   "<br />\n<b>Fatal error</b>:  Uncaught Error in /srv/a.php:1",
	}
	p := startProxies(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, bodies[r.URL.Path])
	}, softRules, "10s")
	want := map[string]int{"/field": 502, "/code": 502, "/message": 403, "/fatal": 500}
	for _, h2 := range []bool{false, true} {
		soft := client(t, p.soft, h2)
		for path := range maps.Keys(bodies) {
			req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://site.test"+path, nil)
			got := see(t, soft, req)
			if got.Status != want[path] || !strings.HasPrefix(got.Body, `{"code":"`) || got.Cut {
				t.Errorf("%s over h2 %v: got %+v", path, h2, got)
			}
		}
	}
}

// TestReleasedResponsesAreAsSlow says when the bytes of a response reach the
// client that a rule looks into: its beginning once the body timeout or the
// capture is over, from then on each as it comes.
func TestReleasedResponsesAreAsSlow(t *testing.T) {
	step := make(chan struct{})
	p := startProxies(t, func(w http.ResponseWriter, r *http.Request) {
		first := "one"
		if r.URL.Path == "/large" {
			first = strings.Repeat("1", defaultCapture+1)
		}
		for _, part := range []string{first, "two", "three"} {
			_, _ = io.WriteString(w, part)
			_ = http.NewResponseController(w).Flush()
			<-step
		}
	}, softRules, "200ms")
	for _, test := range []struct {
		path  string
		first int
	}{{"/small", 3}, {"/large", defaultCapture + 1}} {
		for _, h2 := range []bool{false, true} {
			soft := client(t, p.soft, h2)
			req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://site.test"+test.path, nil)
			resp, err := soft.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{test.first, len("two"), len("three")} {
				part := make([]byte, n)
				if _, err := io.ReadFull(resp.Body, part); err != nil {
					t.Fatalf("%s over h2 %v: %v", test.path, h2, err)
				}
				step <- struct{}{} // only now does the upstream go on
			}
			if rest, err := io.ReadAll(resp.Body); err != nil || len(rest) > 0 {
				t.Errorf("%s over h2 %v: %q, %v after the end", test.path, h2, rest, err)
			}
			resp.Body.Close()
		}
	}
}

// TestReleasedResponsesAreAsCut has the upstream die in the middle of a response
// that a rule looks into.
func TestReleasedResponsesAreAsCut(t *testing.T) {
	p := startProxies(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/length" {
			w.Header().Set("Content-Length", "1000")
		}
		_, _ = io.WriteString(w, `{"success":true,`)
		_ = http.NewResponseController(w).Flush()
		time.Sleep(50 * time.Millisecond) // what was flushed reaches the proxy
		panic(http.ErrAbortHandler)
	}, softRules, "10s")
	for _, path := range []string{"/length", "/chunked"} {
		for _, h2 := range []bool{false, true} {
			req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://site.test"+path, nil)
			plain, soft := see(t, client(t, p.plain, h2), req), see(t, client(t, p.soft, h2), req)
			if !plain.Cut {
				t.Errorf("%s over h2 %v: the plain proxy hides the cut", path, h2)
			}
			wantSame(t, fmt.Sprintf("%s over h2 %v", path, h2), soft, plain)
		}
	}
}

// TestTheUpstreamOfAReleasedResponseIsNotCancelled lets the body timeout pass.
func TestTheUpstreamOfAReleasedResponseIsNotCancelled(t *testing.T) {
	done := make(chan error, 1)
	p := startProxies(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "one")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
			done <- errors.New("the upstream was cancelled")
		case <-time.After(300 * time.Millisecond):
			_, err := io.WriteString(w, "two")
			done <- err
		}
	}, softRules, "50ms")
	req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://site.test/", nil)
	if got := see(t, client(t, p.soft, false), req); got.Body != "onetwo" || got.Cut {
		t.Errorf("got %+v", got)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// softRule claims the 2xx that says success is false.
func softRule(h *Handler) {
	h.Rules = []Rule{{Match: &Match{
		ResponseMatcher: caddyhttp.ResponseMatcher{StatusCode: []int{2}},
		Field:           []FieldMatch{{Path: "success", Values: []string{"false"}}},
	}, Status: 502}}
}

// TestTrailersOfAHandlerThatKeepsTheHeader lets go a response of a handler that
// sets its trailers on the header that it asked for at the beginning.
func TestTrailersOfAHandlerThatKeepsTheHeader(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(w http.ResponseWriter, _ *http.Request) error {
			h := w.Header()
			h.Set("Trailer", "X-Checksum")
			w.WriteHeader(http.StatusOK)
			_, _ = io.WriteString(w, "body")
			h.Set("X-Checksum", "1")
			h.Set(http.TrailerPrefix+"X-Late", "2")
			h.Set("X-Too-Late", "3")
			return nil
		}, append(o, configured(softRule))...)
		r := s.get(t, "/")
		if r.body != "body" || r.Trailer.Get("X-Checksum") != "1" || r.Trailer.Get("X-Late") != "2" || r.Header.Get("X-Too-Late") != "" {
			t.Errorf("got %q, header %v, trailer %v", r.body, r.Header, r.Trailer)
		}
	})
}
