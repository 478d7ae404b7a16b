// Package bench measures the built binary under load, against Caddy without the
// handler and with the handlers that it replaces:
//
//	go test -bench Floods -benchtime 3x ./bench
//	go test -bench Requests -benchtime 9x ./bench
//
// An iteration is one flood, or one round of requests to each variant.
package bench

import (
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

func TestMain(m *testing.M) { harness.Main(m) }

// site returns what makes a variant's site, in front of an upstream.
func site(directives string) func(addr, upstream string) string {
	return func(addr, upstream string) string {
		return "http://" + addr + " {\n" + directives + "\nreverse_proxy " + upstream + "\n}\n"
	}
}

// The variants under comparison.
var (
	plain     = site("")
	ours      = site("normalize_errors")
	unlogged  = site("normalize_errors {\npayload off\n}")
	noTimeout = site("normalize_errors {\nbody_timeout off\n}")
	intercept = site("intercept {\n@failed status 4xx 5xx\nhandle_response @failed {\n" +
		"header Content-Type application/json\nheader -Content-Length\n" +
		"respond `{\"code\":\"NOT_FOUND\",\"description\":\"The requested resource could not be found.\"}` 404\n}\n}")
)
