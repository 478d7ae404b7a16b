package normalize

import "testing"

func TestMatchPath(t *testing.T) {
	for _, test := range []struct {
		name          string
		pattern, path string
		want          bool
	}{
		{"a star is every path", "*", "/anything", true},
		{"without a wildcard the whole path", "/users", "/users", true},
		{"without a wildcard no prefix", "/users", "/users/7", false},
		{"a trailing slash counts", "/users", "/users/", false},
		{"case does not count", "/Users/*", "/uSERS/7", true},
		{"a star at the end is a prefix, over segments", "/users/*", "/users/7/posts", true},
		{"a prefix needs its slash", "/users/*", "/users", false},
		{"a star at the end without slash", "/users*", "/users2", true},
		{"a star at the beginning is a suffix", "*.json", "/a/b.json", true},
		{"a suffix does not match elsewhere", "*.json", "/a.json/b", false},
		{"stars at both ends are a substring", "*/admin/*", "/v1/admin/x", true},
		{"a substring that is not there", "*/admin/*", "/v1/adm/x", false},
		{"a star within is one segment", "/users/*/posts", "/users/7/posts", true},
		{"a star within is not two segments", "/users/*/posts", "/users/7/8/posts", false},
		{"a star within and one at the end", "/a/*/b/*", "/a/1/b/2", true},
		{"a question mark is one character", "/v?/x", "/v1/x", true},
		{"a class", "/v[12]/x", "/v3/x", false},
		{"dot segments do not hide a path", "/admin/*", "/x/../admin/y", true},
		{"repeated slashes do not hide a path", "/admin/x", "//admin///x", true},
		{"repeated slashes count if the pattern has some", "/a//b", "/a//b", true},
		{"three slashes are not two", "/a//b", "/a///b", false},
		{"repeated slashes are needed if the pattern has some", "/a//*", "/a/b", false},
		{"a broken class matches nothing", "/v[1/x", "/v1/x", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := MatchPath(test.pattern, test.path); got != test.want {
				t.Errorf("MatchPath(%q, %q) = %v", test.pattern, test.path, got)
			}
		})
	}
}

func TestValidatePattern(t *testing.T) {
	for _, test := range []struct {
		pattern string
		want    string
	}{
		{"/users/*", ""},
		{"*.json", ""},
		{"*", ""},
		{"/v[12]/*/x", ""},
		{"/v[1*", ""}, // a prefix, not a glob
		{"", "a path pattern is missing: write one such as /users/*"},
		{"users/*", `the path pattern "users/*" matches nothing: it must begin with / or *`},
		{"/a%20b", `the path pattern "/a%20b" must be a decoded path, without % escapes and placeholders`},
		{"/{env.X}", `the path pattern "/{env.X}" must be a decoded path, without % escapes and placeholders`},
		{"/v[1/x", `the path pattern "/v[1/x" has an unfinished [ or \`},
	} {
		t.Run(test.pattern, func(t *testing.T) {
			got := ""
			if err := validatePattern(test.pattern); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
