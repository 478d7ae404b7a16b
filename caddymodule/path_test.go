package caddymodule

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

var (
	pathPatterns = []string{
		"*", "/", "/*", "/users", "/users/", "/users*", "/users/*", "/Users/*",
		"*.json", "*/admin", "*/admin/*", "*admin*", "**", "/a*b", "/a*b*", "*a*b*",
		"/users/*/posts", "/users/*/posts/*", "/v?/x", "/v[12]/x", "/v[12]*", "/v[1/x", `/v\*/x`,
		"/a//b", "/a//*", "//*", "/a///b", "/über/*", "/a b", "/.well-known/*",
	}
	paths = []string{
		"/", "//", "/users", "/users/", "/users/7", "/uSERS/7/posts", "/users/7/posts/1", "/users2",
		"/x.json", "/a/x.JSON", "/x.json/y", "/admin", "/v1/admin", "/v1/admin/x", "/administrator",
		"/acb", "/a/b", "/a//b", "/a///b", "/a//b/", "//a//b", "/v1/x", "/v2/x", "/v3/x", "/v*/x", "/v[1/x",
		"/x/../users/7", "/x/../../users", "/./users", "/users/..", "/users/../", "/users/.", "/a/.//b", "/a//../b",
		"/über/1", "/ÜBER/1", "/a b", "/a%20b", "/.well-known/x", "*", "",
	}
)

// TestPathPatternsMeanWhatTheyMeanInCaddy holds every pattern against every path.
func TestPathPatternsMeanWhatTheyMeanInCaddy(t *testing.T) {
	for _, pattern := range pathPatterns {
		for _, path := range paths {
			if got, want := normalize.MatchPath(pattern, path), caddyMatchesPath(t, pattern, path); got != want {
				t.Errorf("%q matches %q: %t, in Caddy %t", pattern, path, got, want)
			}
		}
	}
}

// FuzzPathPatterns compares with Caddy whatever pattern a configuration may have.
func FuzzPathPatterns(f *testing.F) {
	for i, pattern := range pathPatterns {
		f.Add(pattern, paths[i%len(paths)])
	}
	f.Fuzz(func(t *testing.T, pattern, path string) {
		if pattern == "" || pattern[0] != '/' && pattern[0] != '*' || strings.ContainsAny(pattern, "%{}") {
			t.Skip("no pattern")
		}
		if got, want := normalize.MatchPath(pattern, path), caddyMatchesPath(t, pattern, path); got != want {
			t.Errorf("%q matches %q: %t, in Caddy %t", pattern, path, got, want)
		}
	})
}

var replacerContext = context.WithValue(context.Background(), caddy.ReplacerCtxKey, caddy.NewEmptyReplacer())

func caddyMatchesPath(t *testing.T, pattern, path string) bool {
	t.Helper()
	matcher := caddyhttp.MatchPath{pattern}
	if err := matcher.Provision(caddy.Context{}); err != nil {
		t.Fatal(err)
	}
	r := &http.Request{URL: &url.URL{Path: path}}
	matches, err := matcher.MatchWithError(r.WithContext(replacerContext))
	if err != nil {
		t.Fatal(err)
	}
	return matches
}
