// Package reload changes the configuration of the built binary while requests
// fail.
package reload

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

func TestMain(m *testing.M) { harness.Main(m) }

const (
	reloads = 1_000
	clients = 6
	pace    = 20 * time.Millisecond // from one reload to the next, at least
)

// site is one of two configurations; each names itself in its answers.
const site = `{
	admin %[1]s
	persist_config off
	auto_https off
	grace_period 10s
	log {
		exclude http.handlers.normalize_errors
	}
}
http://localhost:%[2]d {
	normalize_errors {
		code 410 DELETED "Deleted, says %[4]s."
		resource /users/* USER
		@quota {
			status 2xx 4xx
			upstream_code QUOTA_*
			message *over*
			field error.limit
			body_regexp "limit\"?: ?(\d+)"
			request {
				path /quota
			}
		}
		rule @quota 429 QUOTA_%[4]s "The limit is {upstream.match.1}."
	}
	reverse_proxy %[3]s {
		transport http {
			keepalive 1s # past configurations keep their connections that long
		}
	}
}
`

// envelopes are the answers to each path, by configuration; the same where
// there is only one.
var envelopes = map[string][]string{
	"/users/7": {`{"code":"USER_NOT_EXIST","description":"The specific resource could not be found."}`},
	"/quota":   {`{"code":"QUOTA_A","description":"The limit is 50."}`, `{"code":"QUOTA_B","description":"The limit is 50."}`},
	"/gone":    {`{"code":"DELETED","description":"Deleted, says A."}`, `{"code":"DELETED","description":"Deleted, says B."}`},
	"/login":   {`{"code":"UNAUTHORIZED","description":"The requested authentication information was missing or incorrectly specified. A common authentication error indicates what is defined in RFC 6749."}`},
	"/large":   {`{"code":"INTERNAL_SERVER_ERROR","description":"Unspecified internal server error"}`},
	"/slow":    {`{"code":"SERVICE_UNAVAILABLE","description":"Temporary server error"}`},
}

var statuses = map[string]int{"/users/7": 404, "/quota": 429, "/gone": 410, "/login": 401, "/large": 500, "/slow": 503}

// fail is a legacy service that only ever fails.
func fail(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/users/7":
		w.WriteHeader(404)
		fmt.Fprint(w, `{"timestamp":"2024-05-01T10:00:00Z","status":404,"error":"Not Found","path":"/users/7"}`)
	case "/quota":
		fmt.Fprint(w, `{"error":{"code":"QUOTA_DAILY","message":"You are over it","limit":50}}`)
	case "/gone":
		http.Error(w, "", http.StatusGone)
	case "/login":
		h.Set("WWW-Authenticate", `Basic realm="legacy"`)
		w.WriteHeader(401)
	case "/large":
		w.WriteHeader(500)
		fmt.Fprint(w, strings.Repeat("at com.acme.Service.run(Service.java:7)\n", 5_000))
	case "/slow":
		w.WriteHeader(503)
		for range 5 {
			fmt.Fprint(w, "still down\n")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// tally counts what clients met.
type tally struct{ answers, retries, connections atomic.Int64 }

// load makes requests until stop is closed. Whatever is answered must be the
// path's own envelope; a connection that ends without an answer is retried.
func (n *tally) load(t *testing.T, base string, stop <-chan struct{}) {
	client := &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}
	defer client.CloseIdleConnections()
	trace := &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		if !c.Reused {
			n.connections.Add(1)
		}
	}}
	for {
		for path, want := range envelopes {
			select {
			case <-stop:
				return
			default:
			}
			for attempt := 1; ; attempt++ {
				req, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", base+path, nil)
				if err != nil {
					t.Error(err)
					return
				}
				wrong, err := ask(client, req, statuses[path], want)
				if wrong != "" {
					t.Errorf("%s: %s", path, wrong)
					return
				}
				if err == nil {
					n.answers.Add(1)
					break
				}
				n.retries.Add(1)
				if attempt == 10 {
					t.Errorf("%s: no answer in %d attempts: %v", path, attempt, err)
					return
				}
				time.Sleep(time.Duration(attempt) * pace / 4)
			}
		}
	}
}

// ask makes one request. err says that there was no whole answer, wrong what is
// wrong with one that there was.
func ask(client *http.Client, req *http.Request, status int, want []string) (wrong string, err error) {
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Sprintf("%d, cut after %q", resp.StatusCode, body), nil
	}
	found := false
	for _, envelope := range want {
		found = found || strings.TrimSuffix(string(body), "\n") == envelope
	}
	switch {
	case resp.StatusCode != status || !found || resp.Header.Get("Content-Type") != "application/json":
		return fmt.Sprintf("got %d %s %q", resp.StatusCode, resp.Header, body), nil
	case resp.Header.Get("X-Error-Id") == "":
		return "there is no error id", nil
	case status == 401 && !strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Bearer "):
		return "there is no challenge", nil
	}
	return "", nil
}

// TestReloadsUnderLoad changes the configuration a thousand times while clients
// get nothing but failures.
func TestReloadsUnderLoad(t *testing.T) {
	legacy := harness.Handler(t, fail)
	admin, port := harness.FreeAddr(t), harness.FreePort(t)
	folder := t.TempDir()
	var configs [2]string
	for i, name := range []string{"A", "B"} {
		configs[i] = adapt(t, fmt.Sprintf(site, admin, port, legacy, name))
	}
	base := fmt.Sprintf("http://localhost:%d", port)
	storage := filepath.Join(folder, "storage")
	harness.RunCaddy(t, filepath.Join(harness.Folder(t, map[string]string{"Caddyfile": fmt.Sprintf(site, admin, port, legacy, "A")}), "Caddyfile"), storage)

	var n tally
	stop := make(chan struct{})
	var workers sync.WaitGroup
	for range clients {
		workers.Go(func() { n.load(t, base, stop) })
	}
	change := func(times int) {
		for i := range times {
			if t.Failed() {
				break
			}
			next := time.After(pace)
			post(t, admin, configs[i%2])
			<-next
		}
	}
	change(100) // until pools and caches are as full as they get
	before := measure(t, admin)
	start := time.Now()
	change(reloads)
	took := time.Since(start)
	close(stop)
	workers.Wait()
	after := measure(t, admin)

	t.Logf("%d reloads in %v, under %d answers over %d connections; %d requests were retried", reloads, took.Round(time.Millisecond), n.answers.Load(), n.connections.Load(), n.retries.Load())
	t.Logf("heap %.1f MiB before, %.1f MiB after; goroutines %d before, %d after", before.heap/(1<<20), after.heap/(1<<20), before.goroutines, after.goroutines)
	if n.answers.Load() < reloads {
		t.Errorf("there were only %d answers", n.answers.Load())
	}
	if after.heap > 1.25*before.heap+4<<20 {
		t.Errorf("the heap grew from %.0f to %.0f bytes", before.heap, after.heap)
	}
	if after.goroutines > before.goroutines+20 {
		t.Errorf("the goroutines grew from %d to %d", before.goroutines, after.goroutines)
	}
}

// adapt returns a Caddyfile as JSON.
func adapt(t *testing.T, caddyfile string) string {
	t.Helper()
	path := filepath.Join(harness.Folder(t, map[string]string{"Caddyfile": caddyfile}), "Caddyfile")
	out, err := exec.Command(harness.Binary(t), "adapt", "--config", path).Output()
	if err != nil {
		t.Fatalf("adapting: %v", err)
	}
	return string(out)
}

// post loads a configuration, over a connection of its own since each load
// starts the administration endpoint anew.
func post(t *testing.T, admin, config string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+admin+"/load", strings.NewReader(config))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Errorf("loading: %v", err)
		return
	}
	defer resp.Body.Close()
	if body, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 {
		t.Errorf("loading: %d %s", resp.StatusCode, body)
	}
}

// usage is what the server uses.
type usage struct {
	heap       float64 // bytes in use
	goroutines int
}

// measure reads the server's usage when it has settled: after garbage
// collections, the least of what some seconds show.
func measure(t *testing.T, admin string) usage {
	t.Helper()
	least := usage{heap: 1 << 40, goroutines: 1 << 30}
	for range 20 {
		get(t, "http://"+admin+"/debug/pprof/heap?gc=1")
		metrics := get(t, "http://"+admin+"/metrics")
		least.heap = min(least.heap, metric(t, metrics, "go_memstats_heap_inuse_bytes"))
		least.goroutines = min(least.goroutines, int(metric(t, metrics, "go_goroutines")))
		time.Sleep(250 * time.Millisecond)
	}
	return least
}

func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%s: %d, %v", url, resp.StatusCode, err)
	}
	return string(body)
}

// metric returns a metric in Prometheus's text format.
func metric(t *testing.T, metrics, name string) float64 {
	t.Helper()
	for line := range strings.Lines(metrics) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			number, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				t.Fatal(err)
			}
			return number
		}
	}
	t.Fatalf("there is no metric %s", name)
	return 0
}
