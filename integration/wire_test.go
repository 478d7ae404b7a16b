package integration

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// legacy writes responses that trip over handlers which hold them back.
func legacy(w http.ResponseWriter, r *http.Request) {
	h, flush := w.Header(), http.NewResponseController(w).Flush
	h.Set("Content-Type", "text/html")
	switch r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:] {
	case "described": // fields that describe the old body
		for name, value := range map[string]string{
			"Content-Encoding": "identity", "Content-Language": "ko", "Content-Location": "/missing.html",
			"Content-Disposition": "inline", "ETag": `"old"`, "Last-Modified": "Mon, 06 Jan 2020 10:00:00 GMT",
			"Accept-Ranges": "bytes", "Content-MD5": "q", "Digest": "d", "Content-Digest": "c", "Repr-Digest": "r",
			"Signature": "s", "Signature-Input": "i", "Server": "legacy/1.0", "X-Powered-By": "legacy",
			"X-Debug-Token": "1", "X-Generator": "g", "X-Runtime": "0.1",
		} {
			h.Set(name, value)
		}
		http.Error(w, strings.Repeat("gone ", 1000), http.StatusNotFound)
	case "useful": // fields that clients need
		for name, value := range map[string]string{
			"Retry-After": "30", "Link": "</help>; rel=help", "Vary": "Origin", "RateLimit-Remaining": "0",
			"Access-Control-Allow-Origin": "https://app.example", "Strict-Transport-Security": "max-age=1",
			"X-Request-Id": "r-1", "Expires": "0", "Pragma": "no-cache", "Set-Cookie": "a=1",
		} {
			h.Set(name, value)
		}
		w.WriteHeader(http.StatusTooManyRequests)
	case "hints": // interim responses first
		h.Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNotFound)
	case "no-content":
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNoContent)
	case "reset-content":
		h.Del("Content-Type")
		w.WriteHeader(http.StatusResetContent)
	case "not-modified":
		h.Del("Content-Type")
		h.Set("ETag", `"1"`)
		w.WriteHeader(http.StatusNotModified)
	case "flushed":
		w.WriteHeader(http.StatusNotFound)
		for range 3 {
			fmt.Fprint(w, "<p>not here")
			_ = flush()
		}
	case "trailers":
		h.Set("Trailer", "Grpc-Status")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, "<p>bad")
		h.Set("Grpc-Status", "3")
		h.Set(http.TrailerPrefix+"Late", "leak")
	case "events":
		h.Set("Content-Type", "text/event-stream")
		if r.URL.Query().Has("fail") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprint(w, "data: 1\n\n")
		_ = flush()
		fmt.Fprint(w, "data: 2\n\n")
	case "rpc":
		h.Set("Content-Type", "application/grpc")
		h.Set("Trailer", "Grpc-Status")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, "\x00\x00\x00\x00\x00")
		h.Set("Grpc-Status", "5")
	}
}

// TestTheWireStaysInOrder has a row for each way in which handlers that hold
// responses back are known to break them.
func TestTheWireStaysInOrder(t *testing.T) {
	addr := harness.Handler(t, legacy)
	site := `
		reverse_proxy /up/* ` + addr + `
		handle /page/* {
			root ` + harness.Folder(t, map[string]string{"page/missing": "<h1>Missing</h1>\n"}) + `
			file_server {
				status 404
			}
		}`
	ways, plain := harness.Ways(t, "normalize_errors"+site), harness.Ways(t, site)
	const tooMany = "Too many requests were sent in a given amount of time."
	notFound := canned(404, "NOT_FOUND", viaCaddy)
	for _, test := range []struct {
		name    string
		path    string
		args    []string
		want    string // if empty, everything is as without us
		interim int    // number of 1xx
		trailer string
	}{
		{
			name: "what described the old body is gone, and what betrays the software",
			path: "/up/described", want: notFound,
		},
		{
			name: "what clients need is kept, and shown to scripts", path: "/up/useful",
			want: answer(429, "TOO_MANY_REQUESTS", tooMany,
				"Access-Control-Allow-Origin: https://app.example", "Access-Control-Expose-Headers: Retry-After, X-Error-Id",
				noStore, "Link: </help>; rel=help", "Ratelimit-Remaining: 0", "Retry-After: 30", "Set-Cookie: a=1",
				"Strict-Transport-Security: max-age=1", "Vary: Origin", viaCaddy, "X-Request-Id: r-1"),
		},
		{
			name: "103, then 404", path: "/up/hints", interim: 1,
			want: canned(404, "NOT_FOUND", "Link: </style.css>; rel=preload", viaCaddy),
		},
		{
			name: "nothing written by any handler", path: "/nothing",
		},
		{
			name: "204", path: "/up/no-content",
		},
		{
			name: "205", path: "/up/reset-content",
		},
		{
			name: "304", path: "/up/not-modified",
		},
		{
			name: "flushes while held back", path: "/up/flushed", want: notFound,
		},
		{
			name: "trailers, announced and late", path: "/up/trailers",
			want: canned(400, "BAD_REQUEST", viaCaddy),
		},
		{
			name: "a body that goes through ReadFrom", path: "/page/missing",
			want: canned(404, "NOT_FOUND", "Vary: Accept-Encoding"),
		},
		{
			name: "HEAD", path: "/up/head/flushed", args: []string{"-I"},
			want: "404\nContent-Type: application/json\nDate: <date>\nVia: 1.1 Caddy\nX-Content-Type-Options: nosniff\nX-Error-Id: <id>",
		},
		{
			name: "server-sent events", path: "/up/events",
		},
		{
			name: "server-sent events on a 503", path: "/up/events?fail",
		},
		{
			name: "gRPC", path: "/up/rpc", trailer: "Grpc-Status: 5",
		},
	} {
		for i, way := range ways {
			t.Run(test.name+", "+way.Name, func(t *testing.T) {
				separator := "?"
				if strings.Contains(test.path, "?") {
					separator = "&"
				}
				path := fmt.Sprintf("%s%sway=%d", test.path, separator, i)
				r := way.Get(t, path, test.args...)
				logged := map[string]any{"status": r.Status, "size": len(r.Body), "error_id": r.Get("X-Error-Id")}
				if test.want != "" {
					harness.WantResponse(t, r, test.want)
					wantRecord(t, way.Record(t, r), map[string]any{"response.status": r.Status, "request.uri": path})
				} else {
					original := plain[i].Get(t, path, test.args...)
					harness.WantResponse(t, r, original.String())
					if way.AccessLog {
						access := plain[i].Access(t, path)
						logged = map[string]any{"status": access.Get("status"), "size": access.Get("size"), "error_id": nil}
					}
				}
				if len(r.Interim) != test.interim {
					t.Errorf("%d interim responses, want %d", len(r.Interim), test.interim)
				}
				var trailers []string
				for _, field := range r.Trailers {
					trailers = append(trailers, field.Name+": "+field.Value)
				}
				if got := strings.Join(trailers, ", "); got != test.trailer {
					t.Errorf("the trailers are %q, want %q", got, test.trailer)
				}
				if way.AccessLog {
					wantRecord(t, way.Access(t, path), logged)
				}
			})
		}
	}
}

// TestWhatStreamsIsNotHeldBack shows that the client has the first part before
// the upstream writes the second: it does so only when told that the first is there.
func TestWhatStreamsIsNotHeldBack(t *testing.T) {
	arrived := make(chan struct{})
	addr := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		if r.URL.Query().Has("fail") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintln(w, "first")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-arrived:
			fmt.Fprintln(w, "second")
		case <-time.After(3 * time.Second):
		case <-r.Context().Done():
		}
	})
	ways := harness.Ways(t, "normalize_errors\nreverse_proxy "+addr)
	for _, test := range []struct{ name, path string }{
		{"server-sent events", "/?type=text/event-stream"},
		{"server-sent events on a 503", "/?fail&type=text/event-stream"},
		{"chunked progress", "/?type=text/html"},
	} {
		for _, way := range ways {
			t.Run(test.name+", "+way.Name, func(t *testing.T) {
				r, err := way.Client(t).Get(way.URL(test.path))
				if err != nil {
					t.Fatal(err)
				}
				defer r.Body.Close()
				first := make([]byte, len("first\n"))
				if _, err := io.ReadFull(r.Body, first); err != nil || string(first) != "first\n" {
					t.Fatalf("the first part is %q, %v", first, err)
				}
				select {
				case arrived <- struct{}{}:
				case <-time.After(3 * time.Second):
					t.Fatal("the first part came when the upstream was done: it was held back")
				}
				if second, err := io.ReadAll(r.Body); err != nil || string(second) != "second\n" {
					t.Errorf("the second part is %q, %v", second, err)
				}
			})
		}
	}
}

// TestAHEADAnswerHasNoBody looks at the connection itself: what follows the
// head of the answer is the next answer.
func TestAHEADAnswerHasNoBody(t *testing.T) {
	addr, port := harness.Handler(t, legacy), harness.FreePort(t)
	harness.StartCaddy(t, fmt.Sprintf("http://localhost:%d {\nnormalize_errors\nreverse_proxy %s\n}\n", port, addr))
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(conn, "HEAD /flushed HTTP/1.1\r\nHost: localhost\r\n\r\nGET /no-content HTTP/1.1\r\nHost: localhost\r\n\r\n")
	reader := bufio.NewReader(conn)
	for _, want := range []struct{ method, status string }{{"HEAD", "404 Not Found"}, {"GET", "204 No Content"}} {
		r, err := http.ReadResponse(reader, &http.Request{Method: want.method})
		if err != nil {
			t.Fatalf("reading the answer to %s: %v", want.method, err)
		}
		if r.Status != want.status {
			t.Errorf("%s: status %q, want %q", want.method, r.Status, want.status)
		}
	}
}

// TestAnUpgradedConnectionIsATunnel shows that 101 and what follows it pass.
func TestAnUpgradedConnectionIsATunnel(t *testing.T) {
	addr := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		fmt.Fprint(rw, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		_ = rw.Flush()
		_, _ = io.Copy(conn, rw)
	})
	for _, directives := range []string{"normalize_errors", "log\nnormalize_errors", "encode\nnormalize_errors"} {
		port := harness.FreePort(t)
		harness.StartCaddy(t, fmt.Sprintf("http://localhost:%d {\n%s\nreverse_proxy %s\n}\n", port, directives, addr))
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		reader := bufio.NewReader(conn)
		r, err := http.ReadResponse(reader, nil)
		if err != nil || r.StatusCode != http.StatusSwitchingProtocols {
			t.Fatalf("%q: the answer is %v, %v, want 101", directives, r, err)
		}
		fmt.Fprint(conn, "ping\n")
		if line, err := reader.ReadString('\n'); line != "ping\n" {
			t.Errorf("%q: the echo is %q, %v", directives, line, err)
		}
	}
}

// TestUpstreamConnectionsAreUsedAgain shows that an error costs no upstream
// connection unless draining its body would cost more. The client keeps its own,
// which curl does not: the proxy gives up a request whose client has left.
func TestUpstreamConnectionsAreUsedAgain(t *testing.T) {
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size := 2 << 10
		fmt.Sscanf(r.URL.Path, "/%d", &size)
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write(make([]byte, size))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	way := harness.Protocols(t, "log\nnormalize_errors\nreverse_proxy "+server.Listener.Addr().String())[0]
	for _, test := range []struct {
		name string
		size int
		most int64
	}{
		{"2 KiB", 2 << 10, 1},
		{"200 KiB, past the capture", 200 << 10, 1},
		{"8 MiB, past the drain budget", 8 << 20, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := opened.Load()
			for i := range 10 {
				path := fmt.Sprintf("/%d/%d", test.size, i)
				r, err := http.Get(way.URL(path))
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(r.Body)
				r.Body.Close()
				if want := `{"code":"NOT_FOUND","description":"` + documented["NOT_FOUND"] + `"}`; string(body) != want || err != nil {
					t.Fatalf("the answer is %s, %v, want %s", body, err, want)
				}
				way.Access(t, path) // the drain, which the client does not wait for, is over
			}
			if n := opened.Load() - before; n > test.most {
				t.Errorf("10 errors opened %d upstream connections, want at most %d", n, test.most)
			}
		})
	}
}

// TestAClientThatLeftIsNotAnswered shows that nothing is recorded, and nothing
// logged as our failure, for a client that did not wait.
func TestAClientThatLeftIsNotAnswered(t *testing.T) {
	addr := harness.Handler(t, misbehave)
	for _, way := range harness.Protocols(t, "log\nnormalize_errors\nreverse_proxy "+addr) {
		t.Run(way.Name, func(t *testing.T) {
			path := "/left/" + strings.ReplaceAll(way.Name, " ", "") + "/stall"
			r := way.Get(t, path, "--max-time", "0.5")
			if r.Exit != 28 {
				t.Fatalf("curl's exit code is %d, want 28, a timeout", r.Exit)
			}
			way.Access(t, path) // the handler is done
			ours := way.Entries(t, func(e harness.Entry) bool {
				return strings.Contains(e.Text("logger"), "normalize_errors") || e.Text("level") == "error"
			})
			if len(ours) > 0 {
				t.Errorf("the log has %v, want nothing of ours", ours)
			}
		})
	}
}
