package normalize

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/internal/prose"
)

// newChallenger returns a challenger for a configuration, or a [*ConfigError].
func newChallenger(cfg *ChallengeConfig) (*challenger, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	return &challenger{*cfg}, nil
}

// validate returns a [*ConfigError] for the first mistake in c.
func (c *ChallengeConfig) validate() error {
	if c.Realm != "" && (!isQuotable(c.Realm) || strings.TrimSpace(c.Realm) == "") {
		return configErrorf("challenge.realm", "parsing realm %q: a realm is printable ASCII without quotes and backslashes, and not blank", c.Realm)
	}
	if c.ResourceMetadata != "" {
		if err := checkMetadataURL(c.ResourceMetadata); err != nil {
			return configErrorf("challenge.resource_metadata", "parsing URL %q: %w", c.ResourceMetadata, err)
		}
	}
	for i, s := range c.Scopes {
		if err := validatePattern(s.Pattern); err != nil {
			return &ConfigError{Path: fmt.Sprintf("challenge.scopes[%d].pattern", i), Err: err}
		}
		if err := checkScope(s.Scope); err != nil {
			return &ConfigError{Path: fmt.Sprintf("challenge.scopes[%d].scope", i), Err: err}
		}
	}
	if !slices.Contains([]string{"", "auto", "always", "never"}, c.Error) {
		return configErrorf("challenge.error", "%q is not known: write auto, always or never", c.Error)
	}
	if !slices.Contains([]string{"", "auto", "replace", "keep"}, c.Legacy) {
		return configErrorf("challenge.legacy", "%q is not known: write auto, replace or keep", c.Legacy)
	}
	return nil
}

// checkMetadataURL checks the URL of a resource's metadata (RFC 9728 section
// 1.2: https, no fragment). http is for trials on one's own machine.
func checkMetadataURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || !isVisible(s):
		return errors.New("it is not a URL of printable ASCII without spaces, quotes and backslashes")
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return errors.New("write it absolute, such as https://api.example.com/.well-known/oauth-protected-resource")
	case strings.Contains(s, "#"):
		return errors.New("it must not have a fragment")
	case u.User != nil:
		return errors.New("it must not have a user or a password")
	}
	return nil
}

// cleanScope returns the upstream's scope with single spaces, or nothing if it
// has characters that no scope may have.
func cleanScope(scope string) string {
	if scope == "" {
		return ""
	}
	scope = strings.Join(strings.Fields(scope), " ")
	if checkScope(scope) != nil {
		return ""
	}
	return scope
}

// isQuotable reports whether s has only the characters of RFC 6750 section 3's
// error_description: %x20-21 / %x23-5B / %x5D-7E. They need no backslash, and
// no client or cache rejects them.
func isQuotable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r > '~' })
}

// isVisible is isQuotable without spaces: the characters of scope and error_uri.
func isVisible(s string) bool { return isQuotable(s) && !strings.Contains(s, " ") }

// guard takes from an upstream's challenge the parameters that must not leave:
// those with characters that none may have, empty ones (common clients stop
// reading there), leaking ones, and addresses on hosts that the client cannot
// reach.
func guard(c *Challenge, req *Request) {
	c.Params = slices.DeleteFunc(c.Params, func(p AuthParam) bool {
		if p.Value == "" || !isQuotable(p.Value) {
			return true
		}
		switch strings.ToLower(p.Name) {
		case "resource_metadata":
			return !isPublicURL(p.Value, req, false)
		case "error_uri":
			return !isPublicURL(p.Value, req, true)
		case "scope": // the client has to ask for it, whatever it looks like
			return cleanScope(p.Value) == ""
		case "error_description":
			return Leak(p.Value) != "" || echoes(p.Value, req)
		case "realm", "error":
			return Leak(p.Value) != ""
		default: // a nonce, or claims in base64url, looks like a token
			kind := Leak(p.Value)
			return kind != "" && kind != "token"
		}
	})
	for i := range c.Params {
		p := &c.Params[i]
		switch name := strings.ToLower(p.Name); name {
		case "scope":
			p.Name, p.Value = name, cleanScope(p.Value)
		case "realm", "resource_metadata", "error", "error_description", "error_uri":
			p.Name = name // some clients know only these spellings
		}
	}
}

// isPublicURL reports whether s is an http or https URL, or a relative one if
// that will do, on a host that a client may know: a public one, or the one that
// it asked.
func isPublicURL(s string, req *Request, relative bool) bool {
	u, err := url.Parse(s)
	if s == "" || err != nil || !isVisible(s) || u.User != nil || Leak(u.RawQuery) != "" || Leak(u.Fragment) != "" {
		return false
	}
	if u.Scheme == "" && u.Host == "" {
		return relative
	}
	host := u.Hostname()
	return (u.Scheme == "http" || u.Scheme == "https") && host != "" &&
		(isPublicHost(host) || strings.EqualFold(host, hostname(req.Host)))
}

// isPublicHost reports whether host is a public address, or a name that is
// public by its form. No top-level domain begins with a digit, but addresses in
// a form such as 10.0.0x1 end like that.
func isPublicHost(host string) bool {
	if _, err := netip.ParseAddr(host); err != nil {
		last := host[strings.LastIndexByte(strings.TrimSuffix(host, "."), '.')+1:]
		if !isHostName(host) || '0' <= last[0] && last[0] <= '9' || last[0] == '.' {
			return false
		}
	}
	return !prose.PrivateHost(host)
}

// hostname returns host without its port and brackets.
func hostname(host string) string {
	if rest, ok := strings.CutPrefix(host, "["); ok {
		host, _, _ = strings.Cut(rest, "]")
		return host
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		return host[:i]
	}
	return host
}

// hostChars are the characters of a host name (RFC 1123 section 2.1).
const hostChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

// isHostName reports whether s has only the characters of a host name.
func isHostName(s string) bool { return s != "" && len(s) <= 255 && strings.Trim(s, hostChars) == "" }
