package bench

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

const (
	clients   = 64
	errorBody = 100 << 20 // bytes
	capture   = 64 << 10  // the default
)

// flooder answers every request with a large 500, and notes when the first
// capture bytes of it were written.
type flooder struct {
	server *httptest.Server
	opened atomic.Int64
	sent   atomic.Int64 // bytes
	filled sync.Map     // path → time.Time
}

func newFlooder(b *testing.B) *flooder {
	f := new(flooder)
	f.server = httptest.NewUnstartedServer(f)
	f.server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			f.opened.Add(1)
		}
	}
	f.server.Start()
	b.Cleanup(f.server.Close)
	return f
}

func (f *flooder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", fmt.Sprint(errorBody))
	w.WriteHeader(http.StatusInternalServerError)
	chunk := bytes.Repeat([]byte("x"), capture)
	for written := 0; written < errorBody; written += len(chunk) {
		n, err := w.Write(chunk)
		f.sent.Add(int64(n))
		if err != nil {
			return
		}
		if written == 0 {
			f.filled.Store(r.URL.Path, time.Now())
		}
	}
}

// BenchmarkFloods has 64 clients draw a 100 MB error body at once.
func BenchmarkFloods(b *testing.B) {
	for _, variant := range []struct {
		name string
		site func(addr, upstream string) string
	}{{"plain", plain}, {"normalize_errors", ours}} {
		b.Run(variant.name, func(b *testing.B) {
			upstream, addr := newFlooder(b), harness.FreeAddr(b)
			caddy := harness.StartCaddy(b, variant.site(addr, upstream.server.Listener.Addr().String()))
			get(b, addr, "/warm-up")
			var worst struct{ wait, growth, conns, drawn float64 } // of all floods
			for b.Loop() {
				upstream.opened.Store(0)
				upstream.sent.Store(0)
				before := memory(b, caddy, "VmRSS")
				resetPeak(caddy)
				slowest := flood(b, upstream, addr, variant.name != "plain")
				growth := memory(b, caddy, "VmHWM") - before
				worst.wait = max(worst.wait, slowest.Seconds())
				worst.growth = max(worst.growth, growth)
				worst.conns = max(worst.conns, float64(upstream.opened.Load()))
				worst.drawn = max(worst.drawn, float64(upstream.sent.Load())/(1<<20)/clients)
				if variant.name != "plain" && growth > 64 {
					b.Errorf("the process grew by %.0f MiB, want at most 64", growth)
				}
			}
			b.ReportMetric(worst.wait, "s-slowest-answer")
			b.ReportMetric(worst.growth, "MiB-growth")
			b.ReportMetric(worst.conns, "upstream-conns")
			b.ReportMetric(worst.drawn, "MiB-drawn/client")
		})
	}
}

// flood returns how long the slowest client waited for its whole answer after
// the upstream had written what is captured.
func flood(b *testing.B, upstream *flooder, addr string, enveloped bool) time.Duration {
	waits := make(chan time.Duration, clients)
	for i := range clients {
		go func() {
			path := fmt.Sprintf("/flood/%d", i)
			body, err := get(b, addr, path)
			done := time.Now()
			if err != nil || enveloped && body != `{"code":"INTERNAL_SERVER_ERROR","description":"Unspecified internal server error"}` {
				b.Errorf("client %d got %.100s, %v", i, body, err)
			}
			filled, _ := upstream.filled.Load(path)
			waits <- done.Sub(filled.(time.Time))
		}()
	}
	var slowest time.Duration
	for range clients {
		slowest = max(slowest, <-waits)
	}
	return slowest
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}, Timeout: 2 * time.Minute}

// get returns the body, or its beginning if it is longer than an envelope.
func get(b *testing.B, addr, path string) (string, error) {
	r, err := client.Get("http://" + addr + path)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	beginning, err := io.ReadAll(io.LimitReader(r.Body, 1<<10))
	if err == nil {
		_, err = io.Copy(io.Discard, r.Body)
	}
	return string(beginning), err
}

// resetPeak makes VmHWM count anew (proc(5), clear_refs).
func resetPeak(caddy *harness.Caddy) {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", caddy.PID()), []byte("5"), 0)
}

// memory returns a figure of the process's status in MiB (proc(5)).
func memory(b *testing.B, caddy *harness.Caddy, name string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", caddy.PID()))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			var kib float64
			fmt.Sscan(value, &kib)
			return kib / 1024
		}
	}
	b.Fatalf("no %s in the process's status", name)
	return 0
}
