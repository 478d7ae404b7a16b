package integration

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// bodyTimeout is how long clients may wait in these tests, and soon is what
// "at once" means on a busy machine.
const (
	bodyTimeout = 2 * time.Second
	soon        = time.Second
)

// misbehave answers with a 500 whose body goes wrong as the path's last part says.
func misbehave(w http.ResponseWriter, r *http.Request) {
	flush := http.NewResponseController(w).Flush
	how := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	w.Header().Set("Content-Type", "text/html")
	if how == "cut-length" {
		w.Header().Set("Content-Length", "1000")
	}
	w.WriteHeader(http.StatusInternalServerError)
	_ = flush()
	switch how {
	case "endless":
		for r.Context().Err() == nil {
			fmt.Fprint(w, strings.Repeat("x", 8192))
		}
	case "stall":
		<-r.Context().Done()
	case "drip":
		for tick := time.Tick(time.Second); ; {
			fmt.Fprint(w, "x")
			_ = flush()
			select {
			case <-r.Context().Done():
				return
			case <-tick:
			}
		}
	case "cut-length", "cut-chunked":
		fmt.Fprint(w, "Fatal: ")
		_ = flush()
		panic(http.ErrAbortHandler)
	}
}

// TestNoErrorBodyHoldsTheClient shows that the client gets its whole answer
// however the upstream's body misbehaves, and when.
func TestNoErrorBodyHoldsTheClient(t *testing.T) {
	var mu sync.Mutex
	running := make(map[string]int) // by path
	addr := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		running[r.URL.Path]++
		mu.Unlock()
		defer func() {
			mu.Lock()
			running[r.URL.Path]--
			mu.Unlock()
		}()
		misbehave(w, r)
	})
	// Any of these may hold a worker for a minute: eight of them, three requests each.
	fpm, root := harness.PHPFPM(t)
	ways := harness.Protocols(t, fmt.Sprintf(`
		normalize_errors {
			body_timeout %s
		}
		reverse_proxy /http/* %s
		handle /php/* {
			root %s
			php_fastcgi %s
		}`, bodyTimeout, addr, root, fpm))
	overHTTP := canned(500, "INTERNAL_SERVER_ERROR", noStore, viaCaddy)
	overFastCGI := canned(500, "INTERNAL_SERVER_ERROR", noStore, "Status: 500 Internal Server Error", viaFastCGI)
	for _, test := range []struct {
		name    string
		path    string
		atLimit bool // of time; else at once
		want    string
		body    string // in the record; "…" stands for anything
		silent  bool   // the cut cannot be told from an end
	}{
		{name: "a 500 that never ends", path: "/http/endless", want: overHTTP, body: "xxxx…"},
		{name: "a 500 that stalls after its headers", path: "/http/stall", atLimit: true, want: overHTTP, body: ""},
		{name: "a 500 that drips a byte a second", path: "/http/drip", atLimit: true, want: overHTTP, body: "x…"},
		{name: "a 500 cut before its declared length", path: "/http/cut-length", want: overHTTP, body: "Fatal: "},
		{name: "a 500 cut between chunks", path: "/http/cut-chunked", want: overHTTP, body: "Fatal: "},
		{name: "a 500 that never ends, over FastCGI", path: "/php/?do=endless", want: overFastCGI, body: "xxxx…"},
		{name: "a 500 that stalls, over FastCGI", path: "/php/?do=stall", atLimit: true, want: overFastCGI, body: "Fatal: "},
		{name: "a 500 that drips, over FastCGI", path: "/php/?do=drip", atLimit: true, want: overFastCGI, body: "x…"},
		{name: "a 500 cut by a crash, over FastCGI", path: "/php/?do=cut", want: overFastCGI, body: "Fatal: ", silent: true},
	} {
		for _, way := range ways {
			t.Run(test.name+", "+way.Name, func(t *testing.T) {
				r := way.Get(t, test.path, "--max-time", "20")
				harness.WantResponse(t, r, test.want)
				least, most := time.Duration(0), soon
				if test.atLimit {
					least, most = bodyTimeout, bodyTimeout+soon
				}
				if r.Total < least || r.Total > most {
					t.Errorf("the client waited %s, want between %s and %s", r.Total, least, most)
				}
				record := way.Record(t, r)
				wantRecord(t, record, map[string]any{"upstream.status": 500, "upstream.truncated": !test.silent})
				beginning, more := strings.CutSuffix(test.body, "…")
				if body := record.Text("upstream.body"); !strings.HasPrefix(body, beginning) || !more && body != beginning {
					t.Errorf("the record's body is %.80q, want %q", body, test.body)
				}
			})
		}
	}
	t.Run("the upstream is let go as well", func(t *testing.T) {
		err := harness.Eventually(10*time.Second, func() bool {
			mu.Lock()
			defer mu.Unlock()
			for _, n := range running {
				if n > 0 {
					return false
				}
			}
			return true
		})
		if err != nil {
			t.Errorf("%v: these handlers still run: %v", err, running)
		}
	})
}
