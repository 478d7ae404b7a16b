package caddymodule

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// site is a server whose inner handler stands behind a Handler, as in Caddy:
// with a replacer, log fields and, if asked for, the access log's recorder.
type site struct {
	*httptest.Server
	logs    *observer.ObservedLogs
	handler *Handler
	status  atomic.Int64 // as the access log saw it, if there is one
}

type siteOption func(*site, *siteConfig)

type siteConfig struct {
	accessLog bool
	h2        bool
	replacer  map[string]string
}

func withAccessLog(_ *site, c *siteConfig) { c.accessLog = true }
func withH2(_ *site, c *siteConfig)        { c.h2 = true }
func configured(edit func(*Handler)) siteOption {
	return func(s *site, _ *siteConfig) { edit(s.handler) }
}

func withReplacer(name, value string) siteOption {
	return func(_ *site, c *siteConfig) { c.replacer[name] = value }
}

// newSite starts a site. Its handler is provisioned; its log is observed.
func newSite(t testing.TB, inner caddyhttp.HandlerFunc, options ...siteOption) *site {
	t.Helper()
	s := &site{handler: new(Handler)}
	c := siteConfig{replacer: map[string]string{"http.reverse_proxy.upstream.address": "127.0.0.1:8081"}}
	for _, option := range options {
		option(s, &c)
	}
	provision(t, s.handler)
	core, logs := observer.New(zap.DebugLevel)
	s.logs, s.handler.logger = logs, zap.New(core)
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		repl := caddy.NewReplacer()
		r = caddyhttp.PrepareRequest(r, repl, w, new(caddyhttp.Server))
		for name, value := range c.replacer {
			repl.Set(name, value)
		}
		if c.accessLog {
			rec := caddyhttp.NewResponseRecorder(w, nil, nil)
			defer func() { s.status.Store(int64(rec.Status())) }()
			w = rec
		}
		if err := s.handler.ServeHTTP(w, r, inner); err != nil {
			w.Header().Set("X-Returned-Error", "yes")
			w.WriteHeader(statusOf(err))
		}
	}))
	if c.h2 {
		s.EnableHTTP2 = true
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// provision resolves a handler's configuration as Caddy does.
func provision(t testing.TB, h *Handler) {
	t.Helper()
	ctx, cancel := caddy.NewContext(caddy.Context{Context: context.Background()})
	t.Cleanup(cancel)
	if err := h.Provision(ctx); err != nil {
		t.Fatal(err)
	}
}

// reply is a response as a client read it to its end.
type reply struct {
	*http.Response
	body    string
	readErr error
	took    time.Duration
}

func (s *site) get(t testing.TB, path string, edit ...func(*http.Request)) reply {
	t.Helper()
	return s.do(t, http.MethodGet, path, edit...)
}

func (s *site) do(t testing.TB, method, path string, edit ...func(*http.Request)) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edit {
		e(req)
	}
	start := time.Now()
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return reply{resp, string(body), err, time.Since(start)}
}

// wantEnvelope checks that a reply is an envelope with this status and code.
func wantEnvelope(t *testing.T, r reply, status int, code string) {
	t.Helper()
	if r.StatusCode != status {
		t.Errorf("status is %d, want %d", r.StatusCode, status)
	}
	if r.readErr != nil {
		t.Errorf("the body ends early: %v", r.readErr)
	}
	if got := r.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type is %q", got)
	}
	if got := r.Header.Get("Content-Length"); got != strconv.Itoa(len(r.body)) {
		t.Errorf("Content-Length is %q, the body has %d bytes", got, len(r.body))
	}
	var members map[string]string
	if err := json.Unmarshal([]byte(r.body), &members); err != nil || len(members) != 2 {
		t.Fatalf("the body is no envelope: %q (%v)", r.body, err)
	}
	if members["code"] != code || members["description"] == "" {
		t.Errorf("the envelope is %s, want code %s", r.body, code)
	}
}

// matrix runs a test over what may differ below the handler.
func matrix(t *testing.T, run func(t *testing.T, options ...siteOption)) {
	for _, c := range []struct {
		name    string
		options []siteOption
	}{
		{"http1", nil},
		{"http1, access log", []siteOption{withAccessLog}},
		{"h2", []siteOption{withH2}},
		{"h2, access log", []siteOption{withH2, withAccessLog}},
	} {
		t.Run(c.name, func(t *testing.T) { run(t, c.options...) })
	}
}

// fail is an inner handler that fails with a page.
func fail(status int, header http.Header, body string) caddyhttp.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) error {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, err := io.WriteString(w, body)
		return err
	}
}

func TestStaleContentLengthIsRecomputed(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, fail(404, http.Header{"Content-Length": {"13"}}, "<h1>gone</h1>"), o...)
		wantEnvelope(t, s.get(t, "/"), 404, "NOT_FOUND")
	})
}

func TestFieldsOfTheOldBodyGoAndWhatClientsNeedStays(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, fail(503, http.Header{
			"Etag": {`"x"`}, "Last-Modified": {"yesterday"}, "Content-Disposition": {"inline"}, "Content-Language": {"en"},
			"Server": {"Apache-Coyote/1.1"}, "X-Powered-By": {"PHP/5.3"}, "X-Debug-Token": {"1"}, "Expires": {"0"}, "Accept-Ranges": {"bytes"},
			"Retry-After": {"30"}, "Set-Cookie": {"JSESSIONID=1"}, "Access-Control-Allow-Origin": {"*"}, "X-Request-Id": {"r-1"},
			"Proxy-Status": {`up; error=connection_timeout; details="10.0.0.5:80"`},
		}, "down"), o...)
		r := s.get(t, "/")
		wantEnvelope(t, r, 503, "SERVICE_UNAVAILABLE")
		for _, name := range []string{"Etag", "Last-Modified", "Content-Disposition", "Content-Language", "Server", "X-Powered-By", "X-Debug-Token", "Expires", "Accept-Ranges"} {
			if v := r.Header.Values(name); len(v) > 0 {
				t.Errorf("%s stays: %q", name, v)
			}
		}
		for name, want := range map[string]string{
			"Retry-After": "30", "Set-Cookie": "JSESSIONID=1", "X-Request-Id": "r-1", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
			"Proxy-Status": "up;error=connection_timeout", "Access-Control-Expose-Headers": "Retry-After, X-Error-Id",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	})
}

func TestInformationalResponsesAreForwardedAndChangeNothing(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Link", "</style.css>; rel=preload")
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusNotFound)
			return nil
		}, o...)
		wantEnvelope(t, s.get(t, "/"), 404, "NOT_FOUND")
	})
}

func TestNothingWrittenStaysNothingWritten(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(http.ResponseWriter, *http.Request) error { return nil }, o...)
		if r := s.get(t, "/"); r.StatusCode != 200 || r.body != "" {
			t.Errorf("got %d %q", r.StatusCode, r.body)
		}
	})
}

func TestStatusesBelow400AreNeverTouched(t *testing.T) {
	for _, status := range []int{200, 201, 204, 205, 206, 301, 302, 304} {
		s := newSite(t, fail(status, http.Header{"Etag": {`"x"`}, "Location": {"/x"}}, ""))
		s.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		r := s.get(t, "/")
		if r.StatusCode != status || r.Header.Get("Etag") != `"x"` || r.body != "" || r.Header.Get("X-Error-Id") != "" {
			t.Errorf("%d became %d %v %q", status, r.StatusCode, r.Header, r.body)
		}
	}
}

func TestOptionalInterfacesAreFoundThroughUnwrap(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			rc := http.NewResponseController(w)
			if err := rc.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
				return err
			}
			_, _ = io.WriteString(w, "event 1\n")
			return rc.Flush()
		}, o...)
		if r := s.get(t, "/"); r.StatusCode != 200 || r.body != "event 1\n" {
			t.Errorf("got %d %q", r.StatusCode, r.body)
		}
	})
}

func TestUpgradesAreHandedOver(t *testing.T) {
	for _, o := range [][]siteOption{nil, {withAccessLog}} {
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "echo")
			w.WriteHeader(http.StatusSwitchingProtocols)
			conn, brw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return err
			}
			defer conn.Close()
			line, _ := brw.ReadString('\n')
			_, err = conn.Write([]byte(line))
			return err
		}, o...)
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		br := bufio.NewReader(conn)
		resp, err := http.ReadResponse(br, nil)
		if err != nil || resp.StatusCode != 101 {
			t.Fatal(resp, err)
		}
		fmt.Fprintf(conn, "hello\n")
		if line, err := br.ReadString('\n'); line != "hello\n" {
			t.Errorf("echoed %q (%v)", line, err)
		}
	}
}

func TestReadFromDoesNotBypassTheCapture(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			w.WriteHeader(500)
			_, err := w.(io.ReaderFrom).ReadFrom(strings.NewReader("java.lang.NullPointerException"))
			return err
		}, o...)
		wantEnvelope(t, s.get(t, "/"), 500, "INTERNAL_SERVER_ERROR")
	})
}

func TestAFlushWhileHeldCommitsNothing(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			w.WriteHeader(500)
			done := make(chan error)
			go func() { done <- http.NewResponseController(w).Flush() }()
			if err := <-done; err != nil {
				return err
			}
			_, err := io.WriteString(w, "trace")
			return err
		}, o...)
		wantEnvelope(t, s.get(t, "/"), 500, "INTERNAL_SERVER_ERROR")
	})
}

func TestTrailersOfTheOldBodyNeverReachTheClient(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			old := w.Header()
			old.Set("Trailer", "X-Announced")
			w.WriteHeader(400)
			_, _ = io.WriteString(w, "body")
			w.Header().Set("X-Announced", "1")
			w.Header().Set(http.TrailerPrefix+"X-Late", "1")
			w.Header().Set("X-After", "1")
			old.Set(http.TrailerPrefix+"X-Kept-Hold", "1")
			return nil
		}, o...)
		r := s.get(t, "/")
		wantEnvelope(t, r, 400, "BAD_REQUEST")
		if len(r.Trailer) > 0 || r.Header.Get("X-After") != "" || r.Header.Get("Trailer") != "" {
			t.Errorf("trailers %v, header %v", r.Trailer, r.Header)
		}
	})
}

func TestAnUpstreamThatDiesMidBodyStillYieldsAWholeAnswer(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(500)
			_, _ = io.WriteString(w, "half a page")
			panic(http.ErrAbortHandler)
		}, o...)
		wantEnvelope(t, s.get(t, "/"), 500, "INTERNAL_SERVER_ERROR")
		upstream := s.logs.All()[0].ContextMap()["upstream"].(map[string]any)
		if upstream["truncated"] != true || upstream["body"] != "half a page" {
			t.Errorf("recorded %v", upstream)
		}
	})
}

func TestOtherPanicsGoOn(t *testing.T) {
	h := new(Handler)
	provision(t, h)
	for _, status := range []int{0, 200, 500} {
		boom := errors.New("boom")
		func() {
			defer func() {
				if got := recover(); got != boom {
					t.Errorf("after %d recovered %v", status, got)
				}
			}()
			w := httptest.NewRecorder()
			r := httptest.NewRequest("GET", "/", nil)
			r = caddyhttp.PrepareRequest(r, caddy.NewReplacer(), w, new(caddyhttp.Server))
			_ = h.ServeHTTP(w, r, caddyhttp.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) error {
				if status != 0 {
					w.WriteHeader(status)
				}
				panic(boom)
			}))
		}()
	}
}

func TestAnEndlessBodyIsAnsweredAtTheLimitAndCut(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		var sent atomic.Int64
		chunk := bytes.Repeat([]byte("x"), 8<<10)
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			w.WriteHeader(500)
			for {
				n, err := w.Write(chunk)
				sent.Add(int64(n))
				if err != nil {
					panic(http.ErrAbortHandler)
				}
			}
		}, append(o, configured(func(h *Handler) { h.Capture = 16 << 10 }))...)
		wantEnvelope(t, s.get(t, "/"), 500, "INTERNAL_SERVER_ERROR")
		if n := sent.Load(); n > 16<<10+drainBudget+8<<10 {
			t.Errorf("%d bytes were taken", n)
		}
	})
}

func timeout(d time.Duration) siteOption {
	return configured(func(h *Handler) { cd := caddy.Duration(d); h.BodyTimeout = &cd })
}

func TestAStalledBodyIsAnsweredAtTheTimeout(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		cancelled := make(chan struct{})
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			w.WriteHeader(502)
			<-r.Context().Done()
			close(cancelled)
			panic(http.ErrAbortHandler)
		}, append(o, timeout(50*time.Millisecond))...)
		r := s.get(t, "/")
		wantEnvelope(t, r, 502, "BAD_GATEWAY")
		<-cancelled
	})
}

// A FastCGI transport does not listen to the context. Over HTTP/1.1 the client
// needs no more than the announced length.
func TestTheClientDoesNotDependOnTheInnerHandlersReturn(t *testing.T) {
	release := make(chan struct{})
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
		w.WriteHeader(500)
		_, _ = io.WriteString(w, "begun")
		<-release
		_, err := io.WriteString(w, "and done")
		return err
	}, timeout(50*time.Millisecond))
	defer close(release)
	wantEnvelope(t, s.get(t, "/"), 500, "INTERNAL_SERVER_ERROR")
}

func TestADrippingBodyIsAnsweredAtTheTimeout(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
			w.WriteHeader(500)
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, ".")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(5 * time.Millisecond)
			}
			panic(http.ErrAbortHandler)
		}, append(o, timeout(50*time.Millisecond))...)
		wantEnvelope(t, s.get(t, "/"), 500, "INTERNAL_SERVER_ERROR")
	})
}

func TestAGrownBufferIsNotPooled(t *testing.T) {
	c := newCapture(4 << 10)
	c.limit = 1 << 20
	c.add(make([]byte, 1<<20))
	c.limit = 4 << 10
	big := &c.buf[0]
	c.release()
	for range 100 {
		if c := newCapture(10); cap(c.buf) > 0 && &c.buf[:1][0] == big {
			t.Fatal("the grown buffer came back")
		}
	}
}

func TestHeadGetsNoLengthAndNoBody(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, fail(404, http.Header{"Content-Length": {"1234"}}, ""), o...)
		r := s.do(t, http.MethodHead, "/")
		if r.StatusCode != 404 || r.body != "" || r.Header.Get("Content-Length") != "" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("got %d %v %q", r.StatusCode, r.Header, r.body)
		}
	})
}

func TestAGoneClientGetsNothingAndTheStatusOfCaddyReachesTheAccessLog(t *testing.T) {
	h := new(Handler)
	provision(t, h)
	core, logs := observer.New(zap.DebugLevel)
	h.logger = zap.New(core)
	ctx, cancel := context.WithCancel(t.Context())
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil).WithContext(ctx)
	r = caddyhttp.PrepareRequest(r, caddy.NewReplacer(), w, new(caddyhttp.Server))
	err := h.ServeHTTP(w, r, caddyhttp.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) error {
		cancel()
		w.WriteHeader(499)
		return nil
	}))
	if err != nil || w.Code != 499 || w.Body.Len() > 0 || logs.Len() > 0 {
		t.Errorf("got %v %d %q, %d entries", err, w.Code, w.Body, logs.Len())
	}
}

func TestAn499OfTheUpstreamIsNormalised(t *testing.T) {
	wantEnvelope(t, newSite(t, fail(499, nil, "closed")).get(t, "/"), 499, "BAD_REQUEST")
}

func TestErrorsOfCaddysOwnHandlersAreAnsweredAndRecorded(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		s := newSite(t, func(http.ResponseWriter, *http.Request) error {
			return caddyhttp.Error(502, errors.New("dial tcp 10.0.0.5:8080: connection refused"))
		}, o...)
		r := s.get(t, "/")
		wantEnvelope(t, r, 502, "BAD_GATEWAY")
		if strings.Contains(r.body, "10.0.0.5") {
			t.Error("the message leaks")
		}
		cause := s.logs.All()[0].ContextMap()["cause"].(map[string]any)
		if cause["id"] == "" || cause["trace"] == "" || !strings.Contains(cause["error"].(string), "10.0.0.5") {
			t.Errorf("recorded %v", cause)
		}
	})
}

func TestHandlerErrorsOffLeavesThemToTheErrorRoutes(t *testing.T) {
	off := false
	s := newSite(t, func(http.ResponseWriter, *http.Request) error { return caddyhttp.Error(502, errors.New("x")) },
		configured(func(h *Handler) { h.HandlerErrors = &off }))
	if r := s.get(t, "/"); r.Header.Get("X-Returned-Error") == "" {
		t.Errorf("got %d %v", r.StatusCode, r.Header)
	}
}

func TestErrorsForProtocolsOfTheirOwnAreReturnedUnchanged(t *testing.T) {
	for name, value := range map[string]string{
		"Content-Type": "application/grpc+proto", "Soapaction": `"urn:x"`, "Connect-Protocol-Version": "1",
	} {
		s := newSite(t, func(http.ResponseWriter, *http.Request) error { return caddyhttp.Error(503, errors.New("x")) })
		r := s.get(t, "/", func(r *http.Request) { r.Header.Set(name, value) })
		if r.Header.Get("X-Returned-Error") == "" || r.body != "" {
			t.Errorf("with %s: got %d %q", name, r.StatusCode, r.body)
		}
	}
}

func TestTheRequestAsTheClientSentItCounts(t *testing.T) {
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
		r.Header.Del("Authorization")
		r.URL.Path, r.Method = "/index.php", http.MethodHead
		w.WriteHeader(404)
		return nil
	}, configured(func(h *Handler) { h.Resources = []PathResource{{Pattern: "/calendars/7", Resource: "CALENDAR"}} }))
	r := s.get(t, "/calendars/7", func(r *http.Request) { r.Header.Set("Authorization", "Bearer abc") })
	wantEnvelope(t, r, 404, "CALENDAR_NOT_EXIST")
	request := s.logs.All()[0].ContextMap()["request"].(map[string]any)
	if request["method"] != "GET" || request["uri"] != "/calendars/7" {
		t.Errorf("recorded %v", request)
	}
	if headers := fmt.Sprint(request["headers"]); !strings.Contains(headers, "REDACTED") || strings.Contains(headers, "abc") {
		t.Errorf("recorded %v", headers)
	}
}

func TestRequestMatchersSeeWhatTheClientSent(t *testing.T) {
	for name, matcher := range map[string]string{
		"path":            `{"path": ["/v1/orders"]}`,
		"method":          `{"method": ["GET"]}`,
		"header":          `{"header": {"Authorization": ["Bearer abc"]}}`,
		"expression":      `{"expression": "path('/v1/orders') && method('GET')"}`,
		"placeholders":    `{"expression": "{http.request.uri.path} == '/v1/orders' && {http.request.method} == 'GET'"}`,
		"variables":       `{"vars": {"tenant": ["acme"]}}`,
		"what is set now": `{"expression": "{http.reverse_proxy.upstream.address} == '127.0.0.1:8081'"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
				caddyhttp.SetVar(r.Context(), "tenant", "acme")
				r.URL.Path, r.Method = "/index.php", http.MethodPost
				r.Header.Del("Authorization")
				w.WriteHeader(404)
				return nil
			}, configured(func(h *Handler) {
				h.Rules = []Rule{{Code: "MATCHED", Description: "It matched.", Match: &Match{
					RequestRaw: caddyhttp.RawMatcherSets{caddy.ModuleMap{}},
				}}}
				if err := json.Unmarshal([]byte(matcher), &h.Rules[0].Match.RequestRaw[0]); err != nil {
					t.Fatal(err)
				}
			}))
			r := s.get(t, "/v1/orders", func(r *http.Request) { r.Header.Set("Authorization", "Bearer abc") })
			wantEnvelope(t, r, 404, "MATCHED")
		})
	}
}

func TestAFaultInDecidingStillYieldsTheStatussOwnAnswer(t *testing.T) {
	s := newSite(t, fail(401, nil, "x"))
	n, err := normalize.New(normalize.Config{Rules: []normalize.Rule{{Name: "faulty", Match: &normalize.Match{
		Request: func(*http.Request) (bool, error) { panic("a matcher's fault") },
	}, Code: "UNAUTHORIZED"}}})
	if err != nil {
		t.Fatal(err)
	}
	s.handler.normalizer = n
	r := s.get(t, "/")
	wantEnvelope(t, r, 401, "UNAUTHORIZED")
	if r.Header.Get("Www-Authenticate") == "" {
		t.Error("a 401 without a challenge")
	}
	if fault := s.logs.All()[0].ContextMap()["fault"]; fault != "a matcher's fault" {
		t.Errorf("recorded fault %v", fault)
	}
}

func TestWhatInnerHandlersChangeStaysVisibleToPlaceholders(t *testing.T) {
	var seen string
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
		r.Method = "REPORT"
		seen = r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer).ReplaceAll("{http.request.method}", "")
		return nil
	})
	if s.get(t, "/"); seen != "REPORT" {
		t.Errorf("the placeholder says %q", seen)
	}
}

func TestTheContextIsTheClientsAgainAfterwards(t *testing.T) {
	h := new(Handler)
	provision(t, h)
	w := httptest.NewRecorder()
	r := caddyhttp.PrepareRequest(httptest.NewRequest("GET", "/", nil), caddy.NewReplacer(), w, new(caddyhttp.Server))
	parent := r.Context()
	_ = h.ServeHTTP(w, r, caddyhttp.HandlerFunc(func(http.ResponseWriter, *http.Request) error { return nil }))
	if r.Context() != parent || r.Context().Err() != nil {
		t.Error("the handler's context stays")
	}
}

func TestObserveChangesNothingForTheClient(t *testing.T) {
	matrix(t, func(t *testing.T, o ...siteOption) {
		page := strings.Repeat("<h1>broken</h1>", 10_000)
		s := newSite(t, fail(500, http.Header{"Etag": {`"x"`}, "X-Powered-By": {"PHP"}}, page), append(o, configured(func(h *Handler) { h.Observe = true }))...)
		r := s.get(t, "/")
		if r.StatusCode != 500 || r.body != page || r.Header.Get("Etag") == "" || r.Header.Get("X-Powered-By") == "" || r.Header.Get("X-Error-Id") != "" {
			t.Errorf("changed: %d %v, %d bytes", r.StatusCode, r.Header, len(r.body))
		}
		entry := s.logs.All()[0]
		if entry.Message != "upstream error observed" || entry.ContextMap()["response"].(map[string]any)["code"] != "INTERNAL_SERVER_ERROR" {
			t.Errorf("recorded %q %v", entry.Message, entry.ContextMap())
		}
	})
}

func TestTwoInAChainAnswerOnce(t *testing.T) {
	inner := new(Handler)
	provision(t, inner)
	core, logs := observer.New(zap.DebugLevel)
	inner.logger = zap.New(core)
	s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
		return inner.ServeHTTP(w, r, fail(404, nil, "x"))
	})
	wantEnvelope(t, s.get(t, "/"), 404, "NOT_FOUND")
	if logs.Len() != 1 || s.logs.Len() != 0 {
		t.Errorf("%d inner and %d outer entries", logs.Len(), s.logs.Len())
	}
}

func TestTheRecordHoldsTheWholeStory(t *testing.T) {
	s := newSite(t, fail(404, http.Header{"Content-Type": {"text/plain"}, "X-Upstream": {"7"}}, "no such thing"), withReplacer("http.reverse_proxy.upstream.address", "10.1.2.3:80"))
	r := s.get(t, "/a?access_token=s3cret&x=1")
	entries := s.logs.FilterMessage("upstream error normalized").All()
	if len(entries) != 1 {
		t.Fatalf("%d entries", len(entries))
	}
	entry := entries[0].ContextMap()
	upstream := entry["upstream"].(map[string]any)
	for key, want := range map[string]any{
		"address": "10.1.2.3:80", "status": 404, "body": "no such thing", "body_encoding": "utf-8", "decoded": true,
		"body_size": int64(13), "truncated": false, "charset": "utf-8",
	} {
		if upstream[key] != want {
			t.Errorf("upstream.%s is %v (%T), want %v", key, upstream[key], upstream[key], want)
		}
	}
	if entry["error_id"] != r.Header.Get("X-Error-Id") || entry["error_id"] == "" {
		t.Errorf("ids differ: %v and %q", entry["error_id"], r.Header.Get("X-Error-Id"))
	}
	if uri := entry["request"].(map[string]any)["uri"]; uri != "/a?access_token=REDACTED&x=1" {
		t.Errorf("uri is %v", uri)
	}
	if entry["why"] == "" || entry["response"].(map[string]any)["code"] != "NOT_FOUND" {
		t.Errorf("recorded %v", entry)
	}
}

func TestWhatAHandlerAnswersAfterAForwardAuthIsNotTheUpstreams(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		header http.Header
		want   string
	}{
		{"the upstream's own answer", 401, http.Header{"Via": {"1.1 Caddy"}}, `Bearer realm="127.0.0.1"`},
		{"the upstream's, where Via is removed", 401, http.Header{}, `Bearer realm="127.0.0.1"`},
		{"a later handler's answer", 401, http.Header{"X-Other": {"1"}}, `Basic realm="ours"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			read := c.status
			if c.header.Get("X-Other") != "" {
				read = 204 // what forward_auth got
			}
			s := newSite(t, func(w http.ResponseWriter, r *http.Request) error {
				r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer).Set("http.reverse_proxy.status_code", read)
				c.header.Set("Www-Authenticate", `Basic realm="ours"`)
				return fail(c.status, c.header, "")(w, r)
			})
			r := s.get(t, "/")
			wantEnvelope(t, r, 401, "UNAUTHORIZED")
			if got := strings.Join(r.Header.Values("Www-Authenticate"), " | "); got != c.want {
				t.Errorf("the challenge is %s, want %s", got, c.want)
			}
		})
	}
}
