package bench

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// perRound is how many requests a variant gets in a round, from parallel clients.
const (
	perRound = 4000
	parallel = 8
)

// BenchmarkRequests compares the variants on successes and on failures with a
// 2 KiB page, as ratios to plain Caddy: of requests per second (more is better)
// and of Caddy's CPU time per request (less is better). The figure is the median
// of the rounds; in each, every variant has its turn.
func BenchmarkRequests(b *testing.B) {
	page := "<html><head><title>404 Not Found</title></head><body>" + strings.Repeat("<p>Not here.</p>", 124) + "</body></html>"
	upstream := harness.Handler(b, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if strings.HasPrefix(r.URL.Path, "/404") {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, page)
	})
	variants := []struct {
		name string
		site func(addr, upstream string) string
	}{
		{"plain", plain},
		{"intercept", intercept},
		{"ours", ours},
		{"ours-no-timeout", noTimeout},
		{"ours-no-payload", unlogged},
	}
	addrs, caddies := make([]string, len(variants)), make([]*harness.Caddy, len(variants))
	for i, variant := range variants {
		addrs[i] = harness.FreeAddr(b)
		caddies[i] = harness.StartCaddy(b, variant.site(addrs[i], upstream))
	}
	for _, path := range []string{"/200", "/404"} {
		b.Run(path[1:], func(b *testing.B) {
			rates, costs := make([][]float64, len(variants)), make([][]float64, len(variants))
			for i := range variants {
				load(b, addrs[i], path, perRound/4) // warms up
			}
			for b.Loop() {
				for i := range variants {
					before, start := cpu(b, caddies[i]), time.Now()
					load(b, addrs[i], path, perRound)
					rates[i] = append(rates[i], perRound/time.Since(start).Seconds())
					costs[i] = append(costs[i], (cpu(b, caddies[i])-before).Seconds()*1e6/perRound)
				}
			}
			b.ReportMetric(0, "ns/op") // of a round: it says nothing
			b.ReportMetric(median(rates[0]), "req/s-plain")
			b.ReportMetric(median(costs[0]), "µs-cpu-plain")
			for i, variant := range variants[1:] {
				b.ReportMetric(median(rates[i+1])/median(rates[0]), "rate-"+variant.name)
				b.ReportMetric(median(costs[i+1])/median(costs[0]), "cpu-"+variant.name)
			}
		})
	}
}

// load sends n requests from parallel clients that keep their connections.
func load(b *testing.B, addr, path string, n int) {
	var wg sync.WaitGroup
	for range parallel {
		wg.Go(func() {
			for range n / parallel {
				if _, err := get(b, addr, path); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// cpu is the CPU time that a Caddy has used, in ticks of 10 ms (proc(5), stat).
func cpu(b *testing.B, caddy *harness.Caddy) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", caddy.PID()))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat)[strings.LastIndexByte(string(stat), ')')+2:])
	var user, system time.Duration
	fmt.Sscan(fields[11]+" "+fields[12], &user, &system)
	return (user + system) * 10 * time.Millisecond
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
