package normalize

import (
	"errors"
	"testing"
)

func TestChallengeConfigValidate(t *testing.T) {
	for _, test := range []struct {
		name   string
		config ChallengeConfig
		want   string
	}{
		{"the default", ChallengeConfig{}, ""},
		{"everything at once", ChallengeConfig{
			Realm: "Example API (v2)", ResourceMetadata: metadata, Error: "always", Legacy: "keep", Relay: true,
			Scopes: []PathScope{{"/calendars/*", "calendar.read https://example.com/calendar"}, {"*", "x"}},
		}, ""},
		{"every word for error and legacy", ChallengeConfig{Error: "auto", Legacy: "auto"}, ""},
		{"metadata on one's own machine", ChallengeConfig{ResourceMetadata: "http://localhost:8080/m"}, ""},

		{"a realm with a quote", ChallengeConfig{Realm: `a"b`}, `challenge.realm: parsing realm "a\"b": a realm is printable ASCII without quotes and backslashes, and not blank`},
		{"a realm beyond ASCII", ChallengeConfig{Realm: "caf\u00e9"}, `challenge.realm: parsing realm "café": a realm is printable ASCII without quotes and backslashes, and not blank`},
		{"a blank realm", ChallengeConfig{Realm: "  "}, `challenge.realm: parsing realm "  ": a realm is printable ASCII without quotes and backslashes, and not blank`},
		{"metadata without a scheme", ChallengeConfig{ResourceMetadata: "example.com/m"}, `challenge.resource_metadata: parsing URL "example.com/m": write it absolute, such as https://api.example.com/.well-known/oauth-protected-resource`},
		{"metadata of another scheme", ChallengeConfig{ResourceMetadata: "ftp://example.com/m"}, `challenge.resource_metadata: parsing URL "ftp://example.com/m": write it absolute, such as https://api.example.com/.well-known/oauth-protected-resource`},
		{"metadata without a host", ChallengeConfig{ResourceMetadata: "https:///m"}, `challenge.resource_metadata: parsing URL "https:///m": write it absolute, such as https://api.example.com/.well-known/oauth-protected-resource`},
		{"metadata with a fragment", ChallengeConfig{ResourceMetadata: "https://example.com/m#"}, `challenge.resource_metadata: parsing URL "https://example.com/m#": it must not have a fragment`},
		{"metadata with a password", ChallengeConfig{ResourceMetadata: "https://a:b@example.com/m"}, `challenge.resource_metadata: parsing URL "https://a:b@example.com/m": it must not have a user or a password`},
		{"metadata with a space", ChallengeConfig{ResourceMetadata: "https://example.com/a b"}, `challenge.resource_metadata: parsing URL "https://example.com/a b": it is not a URL of printable ASCII without spaces, quotes and backslashes`},
		{"a scope with a quote, in the third place", ChallengeConfig{Scopes: []PathScope{{"/a", "a"}, {"/b", "b"}, {"/c", `c"`}}}, `challenge.scopes[2].scope: parsing scope "c\"": '"' may not be in it; a scope is printable ASCII without quotes and backslashes`},
		{"a scope with two spaces", ChallengeConfig{Scopes: []PathScope{{"/a", "a  b"}}}, `challenge.scopes[0].scope: parsing scope "a  b": its tokens are separated by single spaces`},
		{"no scope", ChallengeConfig{Scopes: []PathScope{{"/a", ""}}}, `challenge.scopes[0].scope: parsing scope "": its tokens are separated by single spaces`},
		{"a pattern that matches nothing", ChallengeConfig{Scopes: []PathScope{{"a", "a"}}}, `challenge.scopes[0].pattern: the path pattern "a" matches nothing: it must begin with / or *`},
		{"an unknown word for error", ChallengeConfig{Error: "sometimes"}, `challenge.error: "sometimes" is not known: write auto, always or never`},
		{"an unknown word for legacy", ChallengeConfig{Legacy: "drop"}, `challenge.legacy: "drop" is not known: write auto, replace or keep`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if err := test.config.validate(); err != nil {
				got = err.Error()
				if _, ok := errors.AsType[*ConfigError](err); !ok {
					t.Errorf("%T is no ConfigError", err)
				}
			}
			if got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestIsPublicHost(t *testing.T) {
	for _, test := range []struct {
		name, host string
		want       bool
	}{
		{"a public name", "auth.example.com", true},
		{"a public name with its dot", "auth.example.com.", true},
		{"a public address", "93.184.216.34", true},
		{"a public IPv6 address", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", true},
		{"a name of one label", "keycloak", false},
		{"a loopback name", "auth.localhost", false},
		{"a name in a private domain", "auth.prod.svc.cluster.local", false},
		{"a name in a private domain, in capitals and with its dot", "AUTH.CORP.", false},
		{"a name in a home", "nas.home.arpa", false},
		{"a private network (RFC 1918)", "172.31.0.1", false},
		{"a carrier's network (RFC 6598)", "100.100.0.1", false},
		{"loopback", "127.8.8.8", false},
		{"link-local", "169.254.169.254", false},
		{"unspecified", "0.0.0.0", false},
		{"a unique local IPv6 address (RFC 4193)", "fd00::1", false},
		{"link-local IPv6, with a zone", "fe80::1%eth0", false},
		{"an IPv4 address in IPv6", "::ffff:10.0.0.1", false},
		{"an address in hexadecimal", "10.0.0x1", false},
		{"an address of two numbers", "10.1", false},
		{"an address as one number", "167772161", false},
		{"characters that no name has", "a_b.example.com", false},
		{"no labels", "..", false},
		{"nothing", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := isPublicHost(test.host); got != test.want {
				t.Errorf("isPublicHost(%q) = %v", test.host, got)
			}
		})
	}
}

func TestIsPublicURL(t *testing.T) {
	for _, test := range []struct {
		name, url, host string
		relative        bool
		want            bool
	}{
		{"an https URL", "https://auth.example.com/m?x=1", "api.example.com", false, true},
		{"an http URL", "http://auth.example.com", "api.example.com", false, true},
		{"another scheme", "file:///etc/passwd", "api.example.com", true, false},
		{"no host", "https:///m", "api.example.com", true, false},
		{"a private host", "https://10.0.0.8/m", "api.example.com", false, false},
		{"the private host that the client asked", "http://LOCALHOST:9000/m", "localhost:8080", false, true},
		{"the private address that the client asked", "http://[fd00::1]/m", "[fd00::1]:8080", false, true},
		{"a user", "https://user@example.com/", "api.example.com", false, false},
		{"a relative URL, where it will do", "/docs#expired", "api.example.com", true, true},
		{"a relative URL, where it will not", "/docs", "api.example.com", false, false},
		{"a URL without a scheme", "//keycloak/docs", "api.example.com", true, false},
		{"a space", "https://example.com/a b", "api.example.com", false, false},
		{"nothing", "", "api.example.com", true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := isPublicURL(test.url, &Request{Host: test.host}, test.relative); got != test.want {
				t.Errorf("isPublicURL(%q) = %v", test.url, got)
			}
		})
	}
}
