package normalize

import (
	"net/http"
	"net/url"
	"strings"
)

// Request is what the client asked, as far as it bears on the answer. Take it
// before any other handler edits the request: what the client sent is what
// counts. The zero value is a GET without credentials. A Request serves one
// response and is not safe for concurrent use.
type Request struct {
	// Method is the request method.
	Method string
	// Host is the request's host as in the Host field or :authority, with the
	// port if there is one.
	Host string
	// Path is the decoded path.
	Path string
	// RawQuery is the undecoded query, without "?".
	RawQuery string
	// Authorization holds the request's Authorization field lines.
	Authorization []string
	// Header is the rest of the request's header (Content-Type, SOAPAction,
	// Cookie …). It is only read; it may be nil.
	Header http.Header
	// Match returns the request for matchers of rules: a shallow copy with the
	// values above restored. It is called at most once a response, and only if
	// a rule asks; it may be nil if no rule does.
	Match func() *http.Request
	// Placeholder resolves a placeholder of a rule's text, without braces, that
	// the package does not know itself. It may be nil.
	Placeholder func(name string) (value string, ok bool)

	// answers keeps what rules have asked of the request already.
	answers *requestAnswers
}

// NewRequest takes the facts from r, by value. Match is set to return r itself.
func NewRequest(r *http.Request) Request {
	return Request{
		Method:        r.Method,
		Host:          r.Host,
		Path:          r.URL.Path,
		RawQuery:      r.URL.RawQuery,
		Authorization: r.Header["Authorization"],
		Header:        r.Header,
		Match:         func() *http.Request { return r },
	}
}

// Scheme is the authentication scheme that a request used.
type Scheme uint8

// The schemes that matter for a challenge.
const (
	NoScheme    Scheme = iota // no Authorization, no token in the query
	BearerToken               // RFC 6750 section 2.1, or access_token in the query (section 2.3)
	DPoPToken                 // RFC 9449 section 7.1
	OtherScheme               // Basic, Digest, a vendor's
)

// Credentials is what the request carried to authenticate itself.
type Credentials struct {
	// Scheme is the scheme used.
	Scheme Scheme
	// Malformed says that the token could not have been right: illegal
	// characters, empty, sent twice or in two ways (RFC 6750 section 3.1,
	// invalid_request).
	Malformed bool
}

// Token reports whether the request carried a bearer or DPoP token.
func (c Credentials) Token() bool { return c.Scheme == BearerToken || c.Scheme == DPoPToken }

// Credentials reads what the request carried. Form bodies are not read.
func (r *Request) Credentials() Credentials {
	var c Credentials
	tokens := 0
	for _, line := range r.Authorization {
		scheme, token, _ := strings.Cut(strings.Trim(line, " \t"), " ")
		switch {
		case strings.EqualFold(scheme, "Bearer"):
			if c.Scheme != DPoPToken {
				c.Scheme = BearerToken
			}
		case strings.EqualFold(scheme, "DPoP"):
			c.Scheme = DPoPToken
		default:
			if scheme != "" && c.Scheme == NoScheme {
				c.Scheme = OtherScheme
			}
			continue
		}
		tokens++
		if !isToken68(strings.Trim(token, " \t")) {
			c.Malformed = true
		}
	}
	if len(r.Authorization) > 1 && tokens > 0 {
		c.Malformed = true
	}
	for query := r.RawQuery; query != ""; {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(pair, "=")
		if name != "access_token" {
			continue
		}
		tokens++
		if value, err := url.QueryUnescape(value); err != nil || !isToken68(value) {
			c.Malformed = true
		}
		if !c.Token() {
			c.Scheme = BearerToken
		}
	}
	c.Malformed = c.Malformed || tokens > 1
	return c
}

// isToken68 reports whether s is a b64token of RFC 6750 section 2.1, the same
// as token68 of RFC 9110 section 11.2:
//
//	token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
func isToken68(s string) bool {
	s = strings.TrimRight(s, "=")
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case strings.IndexByte("-._~+/", c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}
