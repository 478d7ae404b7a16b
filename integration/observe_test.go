package integration

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// TestObserveChangesNothing shows that the client gets what it would get without
// us, to the last trailer, and that the record says what it would have got.
func TestObserveChangesNothing(t *testing.T) {
	addr := harness.Handler(t, legacy)
	directives := "reverse_proxy " + addr
	ways, plain := harness.Protocols(t, "normalize_errors {\nobserve\n}\n"+directives), harness.Protocols(t, directives)
	for _, test := range []struct {
		path, code string // of the answer that was not sent; empty if there would be none
		args       []string
	}{
		{path: "/described", code: "NOT_FOUND"},
		{path: "/useful", code: "TOO_MANY_REQUESTS"},
		{path: "/hints", code: "NOT_FOUND"},
		{path: "/flushed", code: "NOT_FOUND"},
		{path: "/head/flushed", code: "NOT_FOUND", args: []string{"-I"}},
		{path: "/trailers", code: "BAD_REQUEST"},
		{path: "/not-modified"},
		{path: "/events"},
		{path: "/rpc"},
	} {
		for i, way := range ways {
			t.Run(test.path+", "+way.Name, func(t *testing.T) {
				path := fmt.Sprintf("%s?way=%d", test.path, i)
				got, want := way.Get(t, path, test.args...), plain[i].Get(t, path, test.args...)
				harness.WantResponse(t, got, want.String())
				if !reflect.DeepEqual(got.Trailers, want.Trailers) {
					t.Errorf("the trailers are %v, want %v", got.Trailers, want.Trailers)
				}
				if len(got.Interim) != len(want.Interim) {
					t.Errorf("%d interim responses, want %d", len(got.Interim), len(want.Interim))
				}
				if test.code == "" {
					return
				}
				var records []harness.Entry
				_ = harness.Eventually(10*time.Second, func() bool {
					records = way.Entries(t, func(e harness.Entry) bool {
						return e.Text("msg") == "upstream error observed" && e.Text("request.uri") == path
					})
					return len(records) > 0
				})
				if len(records) != 1 || records[0].Text("response.code") != test.code {
					t.Errorf("the records are %v, want one with the code %s", records, test.code)
				}
			})
		}
	}
}
