package normalize

import (
	"cmp"
	"net/http"
	"slices"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// challengeCase is one response and what its WWW-Authenticate becomes. The
// request is for https://example.com:8443/v1/users/7.
type challengeCase struct {
	name string
	rfc  string // the section that asks for it

	authorization []string
	query         string

	status   int // of the upstream
	answer   int // of ours, if a rule changed it
	row      string
	sent     []string
	evidence recognize.Evidence
	own      bool
	config   ChallengeConfig
	rule     complaint

	want    []string
	dropped []string
}

// run returns what the challenger makes of the case.
func (c *challengeCase) run(t *testing.T) (lines, dropped []string) {
	t.Helper()
	n, err := newChallenger(&c.config)
	if err != nil {
		t.Fatal(err)
	}
	req := &Request{Host: "example.com:8443", Path: "/v1/users/7", RawQuery: c.query, Authorization: c.authorization}
	resp := &Response{Status: c.status, Header: http.Header{"Www-Authenticate": slices.Clone(c.sent)}, Own: c.own}
	v := &Verdict{Status: cmp.Or(c.answer, c.status), Row: c.row, Evidence: c.evidence}
	if v.Row == "" {
		v.Row = map[int]string{400: "BAD_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN"}[v.Status]
	}
	lines, dropped = n.challenge(req, resp, v, c.rule)
	if !slices.Equal(resp.Header["Www-Authenticate"], c.sent) {
		t.Errorf("the upstream's header was changed to %q", resp.Header["Www-Authenticate"])
	}
	return lines, dropped
}

var (
	withBearer = []string{"Bearer mF_9.B5f-4.1JqM"}
	withDPoP   = []string{"DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp"}
	withBasic  = []string{"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}

	oneRealm    = []string{`Bearer realm="example.com"`}
	tokenBad    = []string{`Bearer realm="example.com", error="invalid_token"`}
	requestBad  = []string{`Bearer realm="example.com", error="invalid_request"`}
	scopeBad    = []string{`Bearer realm="example.com", scope="users.read", error="insufficient_scope"`}
	usersScope  = ChallengeConfig{Scopes: []PathScope{{"/v1/groups/*", "groups.read"}, {"/v1/users/*", "users.read"}, {"*", "other"}}}
	alwaysScope = ChallengeConfig{Scopes: usersScope.Scopes, Error: "always"}
	metadata    = "https://example.com/.well-known/oauth-protected-resource"
)

var challengeCases = []challengeCase{
	// 401
	{name: "a 401 without a challenge, and no credentials", rfc: "RFC 9110 section 15.5.2, RFC 6750 section 3.1", status: 401, want: oneRealm},
	{name: "a 401 to a bearer token", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 401, want: tokenBad},
	{name: "a 401 to a token in the query", rfc: "RFC 6750 section 2.3", query: "a=b&access_token=mF_9", status: 401, want: tokenBad},
	{name: "a 401 to a malformed token", rfc: "RFC 6750 section 3.1", authorization: []string{"Bearer a b"}, status: 401, want: tokenBad},
	{name: "a 401 to an empty token", rfc: "RFC 6750 section 3.1", authorization: []string{"Bearer"}, status: 401, want: tokenBad},
	{name: "a 401 to other credentials", rfc: "RFC 6750 section 3.1", authorization: withBasic, status: 401, want: oneRealm},
	{name: "a 401 to a DPoP token", rfc: "RFC 9449 section 7.1", authorization: withDPoP, status: 401, want: []string{`Bearer realm="example.com"`, `DPoP realm="example.com", error="invalid_token"`}},
	{name: "a 401 whose body asks for a DPoP nonce", rfc: "RFC 9449 section 9", authorization: withDPoP, status: 401, evidence: recognize.Evidence{Code: "use_dpop_nonce"}, want: []string{`Bearer realm="example.com"`, `DPoP realm="example.com", error="use_dpop_nonce"`}},
	{name: "a DPoP nonce is no business of a bearer token", rfc: "RFC 9449 section 7.1", authorization: withBearer, status: 401, evidence: recognize.Evidence{Code: "use_dpop_nonce"}, want: tokenBad},
	{name: "a 401 whose body lacks scope", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 401, evidence: recognize.Evidence{Code: "insufficient_scope", Scope: "a b"}, want: []string{`Bearer realm="example.com", scope="a b", error="insufficient_scope"`}},
	{name: "a 401 whose body asks for a stronger authentication", rfc: "RFC 9470 section 3", authorization: withBearer, status: 401, evidence: recognize.Evidence{Code: "insufficient_user_authentication"}, want: []string{`Bearer realm="example.com", error="insufficient_user_authentication"`}},
	{name: "a 401 without a token, whose body speaks of one", rfc: "RFC 6750 section 3.1", status: 401, evidence: recognize.Evidence{Code: "invalid_token"}, want: oneRealm},
	{name: "error always, without a token", rfc: "RFC 6750 section 3.1", status: 401, config: ChallengeConfig{Error: "always"}, want: tokenBad},
	{name: "error never, with a token", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 401, config: ChallengeConfig{Error: "never"}, want: oneRealm},
	{name: "error never, with a DPoP token", rfc: "RFC 9449 section 7.1", authorization: withDPoP, status: 401, config: ChallengeConfig{Error: "never"}, want: oneRealm},
	{name: "a realm and metadata that are configured", rfc: "RFC 9728 section 5.1", authorization: withBearer, status: 401, config: ChallengeConfig{Realm: "shop", ResourceMetadata: metadata}, want: []string{`Bearer realm="shop", resource_metadata="` + metadata + `", error="invalid_token"`}},
	{name: "a scope that is configured is not named by a 401", rfc: "RFC 6750 section 3", authorization: withBearer, status: 401, config: usersScope, want: tokenBad},

	// 403
	{name: "a 403 may be unrelated to credentials", rfc: "RFC 9110 section 15.5.4", authorization: withBearer, status: 403},
	{name: "a 403 where a scope is configured", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 403, config: usersScope, want: scopeBad},
	{name: "a 403 where a scope is configured, without a token", rfc: "RFC 6750 section 3.1", authorization: withBasic, status: 403, config: usersScope},
	{name: "a 403 whose body lacks scope and names it", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 403, evidence: recognize.Evidence{Code: "insufficient_scope", Scope: "mail.send"}, config: usersScope, want: []string{`Bearer realm="example.com", scope="mail.send", error="insufficient_scope"`}},
	{name: "a 403 whose body lacks scope and does not name it", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 403, evidence: recognize.Evidence{Code: "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}, want: []string{`Bearer realm="example.com", error="insufficient_scope"`}},
	{name: "a 403 whose body lacks scope where one is configured", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 403, evidence: recognize.Evidence{Code: "InsufficientScopeException"}, config: usersScope, want: scopeBad},
	{name: "a 403 whose message lacks scope", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 403, evidence: recognize.Evidence{Message: "Insufficient client scope"}, want: []string{`Bearer realm="example.com", error="insufficient_scope"`}},
	{name: "a 403 whose message has the words elsewhere", rfc: "RFC 9110 section 15.5.4", authorization: withBearer, status: 403, evidence: recognize.Evidence{Message: "insufficient scope of delivery for this plan"}},
	{name: "a 403 with a code of the operator's whose body lacks scope", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 403, row: "NOT_ALLOWED", evidence: recognize.Evidence{Code: "missing_scope"}, want: []string{`Bearer realm="example.com", error="insufficient_scope"`}},
	{name: "a 403 with a code of the operator's where a scope is configured", rfc: "RFC 9110 section 15.5.4", authorization: withBearer, status: 403, row: "NOT_ALLOWED", config: usersScope},
	{name: "ACCESS_DENIED is not about scope", rfc: "RFC 9110 section 15.5.4", authorization: withBearer, status: 403, row: "ACCESS_DENIED", config: usersScope, evidence: recognize.Evidence{Code: "insufficient_scope"}},
	{name: "LIMIT_EXCEEDED is not about scope", rfc: "RFC 9110 section 15.5.4", authorization: withBearer, status: 403, row: "LIMIT_EXCEEDED", config: usersScope},
	{name: "OUT_OF_RANGE is not about scope", rfc: "RFC 9110 section 15.5.4", authorization: withBearer, status: 403, row: "OUT_OF_RANGE", config: usersScope},
	{name: "a 403 to a DPoP token", rfc: "RFC 9449 section 7.1", authorization: withDPoP, status: 403, config: usersScope, want: []string{`DPoP realm="example.com", scope="users.read", error="insufficient_scope"`}},
	{name: "a 403, error always, without a token but with a scope", rfc: "RFC 6750 section 3.1", status: 403, config: alwaysScope, want: scopeBad},
	{name: "a 403, error always, without a token and without a scope", rfc: "RFC 6750 section 3.1", status: 403, config: ChallengeConfig{Error: "always"}, evidence: recognize.Evidence{Code: "insufficient_scope"}},
	{name: "a 403, error never", rfc: "RFC 6750 section 3", authorization: withBearer, status: 403, config: ChallengeConfig{Error: "never", Scopes: usersScope.Scopes}},
	{name: "a scope in a body with characters that none may have", rfc: "RFC 6749 section 3.3", authorization: withBearer, status: 403, evidence: recognize.Evidence{Code: "insufficient_scope", Scope: "caf\u00e9"}, want: []string{`Bearer realm="example.com", error="insufficient_scope"`}},

	// 400
	{name: "a 400 to a token", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 400, want: requestBad},
	{name: "a 400 without a token", rfc: "RFC 6750 section 3.1", status: 400},
	{name: "a 400 about a parameter", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 400, row: "INVALID_PARAMETER", want: requestBad},
	{name: "a 400 about a resource", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 400, row: "INVALID_{RESOURCE}", want: requestBad},
	{name: "a 400 about a missing parameter", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 400, row: "MISSING_PARAMETER", want: requestBad},
	{name: "a 400 about a limit", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 400, row: "LIMIT_EXCEEDED"},
	{name: "a 400 about a limit, to a token sent twice", rfc: "RFC 6750 section 2", authorization: withBearer, query: "access_token=x", status: 400, row: "LIMIT_EXCEEDED", want: requestBad},
	{name: "a 400 about a range, to a malformed token", rfc: "RFC 6750 section 2.1", authorization: []string{"Bearer \u00fc"}, status: 400, row: "OUT_OF_RANGE", want: requestBad},
	{name: "a 400 about a range whose body says invalid_request", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 400, row: "OUT_OF_RANGE", evidence: recognize.Evidence{Format: "oauth", Code: "invalid_request"}, want: requestBad},
	{name: "a 400 whose body says invalid_token", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 400, evidence: recognize.Evidence{Format: "oauth", Code: "invalid_token"}, want: tokenBad},
	{name: "a 400 about some other token", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 400, evidence: recognize.Evidence{Format: "json", Code: "INVALID_TOKEN"}, want: requestBad},
	{name: "a 400 whose access token expired", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 400, evidence: recognize.Evidence{Format: "json", Code: "AccessTokenExpired"}, want: tokenBad},
	{name: "a 400, error always", rfc: "RFC 6750 section 3.1", status: 400, config: ChallengeConfig{Error: "always"}, want: requestBad},
	{name: "a 400, error never, to a malformed token", rfc: "RFC 6750 section 3", authorization: []string{"Bearer"}, status: 400, config: ChallengeConfig{Error: "never"}},
	{name: "a 400 to a DPoP token", rfc: "RFC 9449 section 7.1", authorization: withDPoP, status: 400, want: []string{`DPoP realm="example.com", error="invalid_request"`}},

	// other statuses
	{name: "a 404 gets none", rfc: "RFC 9110 section 11.6.1", authorization: withBearer, status: 404, config: alwaysScope},
	{name: "a 407 is for another hop", rfc: "RFC 9110 section 11.7.1", authorization: withBearer, status: 407, config: alwaysScope},
	{name: "a 404 keeps what the upstream offers", rfc: "RFC 9110 section 11.6.1", status: 404, sent: []string{`Bearer scope="a"`}, want: []string{`Bearer realm="example.com", scope="a"`}},

	// the upstream's challenges for tokens
	{name: "an upstream's challenge is kept", rfc: "RFC 6750 section 3", authorization: withBearer, status: 401, sent: []string{`Bearer realm="x", error="invalid_token", error_description="The access token expired"`}, want: []string{`Bearer realm="x", error="invalid_token", error_description="The access token expired"`}},
	{name: "an upstream's challenge without an error stays without", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 401, sent: []string{`Bearer realm="x"`}, want: []string{`Bearer realm="x"`}},
	{name: "an upstream's challenge without an error, error always", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 401, sent: []string{`Bearer realm="x"`}, config: ChallengeConfig{Error: "always"}, want: []string{`Bearer realm="x", error="invalid_token"`}},
	{name: "an upstream's error is not overwritten", rfc: "RFC 9470 section 3", authorization: withBearer, status: 401, sent: []string{`bearer ERROR="insufficient_user_authentication", acr_values="myACR", max_age=300`}, config: ChallengeConfig{Error: "always"}, want: []string{`Bearer realm="example.com", error="insufficient_user_authentication", acr_values="myACR", max_age="300"`}},
	{name: "parameters are put in order, the description last", rfc: "RFC 6750 section 3", status: 401, sent: []string{`Bearer x=1, error_description="d", error_uri="https://example.org/e", error="e", scope="s", resource_metadata="https://example.org/m", realm="r", y=2`}, want: []string{`Bearer realm="r", resource_metadata="https://example.org/m", scope="s", error="e", error_uri="https://example.org/e", x="1", y="2", error_description="d"`}},
	{name: "what is missing is filled in", rfc: "RFC 9728 section 5.1", authorization: withBearer, status: 401, sent: []string{`Bearer error="invalid_token"`}, config: ChallengeConfig{ResourceMetadata: metadata}, want: []string{`Bearer realm="example.com", resource_metadata="` + metadata + `", error="invalid_token"`}},
	{name: "what is there is not replaced", rfc: "RFC 9728 section 5.1", status: 401, sent: []string{`Bearer realm="r", resource_metadata="https://example.org/m"`}, config: ChallengeConfig{Realm: "ours", ResourceMetadata: metadata}, want: []string{`Bearer realm="r", resource_metadata="https://example.org/m"`}},
	{name: "a bare Bearer says nothing, so that we say it", rfc: "RFC 6750 section 3", authorization: withBearer, status: 401, sent: []string{"Bearer"}, want: tokenBad},
	{name: "a bare Bearer without a token", rfc: "RFC 6750 section 3", status: 401, sent: []string{"Bearer"}, want: oneRealm},
	{name: "a challenge that lacks scope gets the configured one", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 403, sent: []string{`Bearer error="insufficient_scope"`}, config: usersScope, want: scopeBad},
	{name: "an upstream's scope is kept", rfc: "RFC 6750 section 3", authorization: withBearer, status: 403, sent: []string{`Bearer error="insufficient_scope", scope="a  b"`}, config: usersScope, want: []string{`Bearer realm="example.com", scope="a b", error="insufficient_scope"`}},
	{name: "several challenges in a field leave on a line each, Bearer first", rfc: "RFC 9110 section 11.6.1", status: 401, sent: []string{`Negotiate, DPoP algs="ES256", Bearer realm="a", Bearer realm="b"`}, want: []string{`Bearer realm="a"`, `Bearer realm="b"`, `DPoP realm="example.com", algs="ES256"`, "Negotiate"}},
	{name: "the same challenge twice leaves once", rfc: "RFC 9110 section 11.6.1", status: 401, sent: []string{`Bearer realm="a"`, `Bearer realm=a`}, want: []string{`Bearer realm="a"`}},

	// DPoP
	{name: "an upstream that takes DPoP only is not made to offer Bearer", rfc: "RFC 9449 section 7.1", authorization: withDPoP, status: 401, sent: []string{`DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"`}, want: []string{`DPoP realm="example.com", error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"`}},
	{name: "the same for a bearer token", rfc: "RFC 9449 section 7.1", authorization: withBearer, status: 401, sent: []string{`DPoP error="invalid_token", algs="ES256"`}, want: []string{`DPoP realm="example.com", error="invalid_token", algs="ES256"`}},
	{name: "both schemes, as in RFC 9449 figure 17, to nobody", rfc: "RFC 9449 section 7.2", status: 401, sent: []string{`Bearer, DPoP algs="ES256 PS256"`}, want: []string{`Bearer realm="example.com"`, `DPoP realm="example.com", algs="ES256 PS256"`}},
	{name: "both schemes, to a DPoP token", rfc: "RFC 9449 section 7.2", authorization: withDPoP, status: 401, sent: []string{`Bearer, DPoP error="invalid_token", algs="ES256"`}, want: []string{`Bearer realm="example.com"`, `DPoP realm="example.com", error="invalid_token", algs="ES256"`}},
	{name: "both schemes, to a bearer token", rfc: "RFC 9449 section 7.2", authorization: withBearer, status: 401, sent: []string{`Bearer, DPoP algs="ES256"`}, want: []string{`Bearer realm="example.com", error="invalid_token"`, `DPoP realm="example.com", algs="ES256"`}},
	{name: "Bearer alone, to a DPoP token", rfc: "RFC 9449 section 7.1", authorization: withDPoP, status: 401, sent: []string{`Bearer realm="x"`}, want: []string{`Bearer realm="x"`, `DPoP realm="example.com", error="invalid_token"`}},
	{name: "an upstream's error is said in the scheme that the client used", rfc: "RFC 9449 section 7.1", authorization: withDPoP, status: 403, sent: []string{`Bearer error="insufficient_scope", scope="a"`}, config: usersScope, want: []string{`Bearer realm="example.com", scope="a", error="insufficient_scope"`, `DPoP realm="example.com", scope="a", error="insufficient_scope"`}},

	// invalid challenges
	{name: "a message in the place of a challenge", rfc: "RFC 9110 section 11.3", authorization: withBearer, status: 401, sent: []string{"Bearer token expired"}, want: tokenBad},
	{name: "a token68 is no challenge for a token", rfc: "RFC 6750 section 3", authorization: withBearer, status: 401, sent: []string{"Bearer expired"}, want: tokenBad},
	{name: "an empty realm", rfc: "RFC 6750 section 3", authorization: withBearer, status: 401, sent: []string{`Bearer realm="", error="expired"`}, want: tokenBad},
	{name: "an empty realm, and yet it lacks scope", rfc: "RFC 6750 section 3", authorization: withBearer, status: 403, sent: []string{`Bearer realm="", error="insufficient_scope", scope="a"`}, want: []string{`Bearer realm="example.com", scope="a", error="insufficient_scope"`}},
	{name: "a parameter twice", rfc: "RFC 9110 section 11.2", status: 401, sent: []string{`Bearer realm="a", realm="b"`}, want: oneRealm},
	{name: "characters that need a backslash, or are beyond ASCII", rfc: "RFC 6750 section 3", status: 401, sent: []string{`Bearer realm="a\"b", error="in\\valid", x="` + "\u00e9" + `", y="z"`}, want: []string{`Bearer realm="example.com", y="z"`}},
	{name: "empty parameters", rfc: "RFC 6750 section 3", status: 401, sent: []string{`Bearer realm="r", scope="", error="", x=""`}, want: []string{`Bearer realm="r"`}},

	// what the upstream's challenges must not show
	{name: "a description that leaks goes", rfc: "RFC 6750 section 3", status: 401, sent: []string{`Bearer realm="r", error="invalid_token", error_description="io.jsonwebtoken.ExpiredJwtException: JWT expired"`}, want: []string{`Bearer realm="r", error="invalid_token"`}},
	{name: "a description that repeats the token goes", rfc: "RFC 6750 section 5.2", authorization: withBearer, status: 401, sent: []string{`Bearer realm="r", error="invalid_token", error_description="Unknown token mF_9.B5f-4.1JqM"`}, want: []string{`Bearer realm="r", error="invalid_token"`}},
	{name: "an error that leaks goes", rfc: "RFC 6750 section 3", status: 401, sent: []string{`Bearer realm="r", error="java.lang.NullPointerException"`}, want: []string{`Bearer realm="r"`}},
	{name: "a realm that leaks is replaced", rfc: "RFC 9110 section 11.5", status: 401, sent: []string{`Bearer realm="http://10.0.0.5:8080/realm", error="invalid_token"`}, want: tokenBad},
	{name: "a realm on a public host is kept", rfc: "RFC 9110 section 11.5", status: 401, sent: []string{`Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a:pull"`}, want: []string{`Bearer realm="https://auth.docker.io/token", scope="repository:a:pull", service="registry.docker.io"`}},
	{name: "addresses on private hosts go", rfc: "RFC 9728 section 5.1", status: 401, sent: []string{`Bearer realm="r", resource_metadata="https://keycloak.corp/m", error_uri="http://10.0.0.5/e"`}, want: []string{`Bearer realm="r"`}},
	{name: "metadata on a private host makes room for ours", rfc: "RFC 9728 section 5.1", status: 401, sent: []string{`DPoP realm="r", resource_metadata="http://localhost/m"`}, config: ChallengeConfig{ResourceMetadata: metadata}, want: []string{`DPoP realm="r", resource_metadata="` + metadata + `"`}},
	{name: "an unknown parameter that leaks goes", rfc: "RFC 6750 section 3", status: 401, sent: []string{`Bearer realm="r", debug="/srv/app/auth.py", authorization_uri="https://login.example.org/authorize"`}, want: []string{`Bearer realm="r", authorization_uri="https://login.example.org/authorize"`}},
	{name: "claims and nonces are not taken for tokens that leak", rfc: "RFC 6750 section 3", status: 401, sent: []string{`Bearer realm="r", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ=="`}, want: []string{`Bearer realm="r", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ=="`}},
	{name: "a scope is what a client has to ask for", rfc: "RFC 6749 section 3.3", status: 403, sent: []string{`Bearer realm="r", error="insufficient_scope", scope="api://11111111-2222-3333-4444-555555555555/read"`}, want: []string{`Bearer realm="r", scope="api://11111111-2222-3333-4444-555555555555/read", error="insufficient_scope"`}},
	{name: "a kept Basic realm that leaks is replaced", rfc: "RFC 7617 section 2", status: 401, sent: []string{`Basic realm="C:\\inetpub"`, `Basic realm="db01.corp"`}, config: ChallengeConfig{Legacy: "keep"}, want: []string{`Bearer realm="example.com"`, `Basic realm="example.com"`}},

	// the upstream's other challenges
	{name: "Basic is replaced", rfc: "RFC 7617 section 2", status: 401, sent: []string{`Basic realm="Legacy Realm"`}, want: oneRealm, dropped: []string{"Basic"}},
	{name: "Basic, Token and a vendor's are replaced, each named once", rfc: "RFC 9110 section 11.1", status: 401, sent: []string{`Basic realm="a"`, "Token", `Basic realm="b"`, `X-Api key="1"`}, want: oneRealm, dropped: []string{"Basic", "Token", "X-Api"}},
	{name: "Basic on a 403 is removed", rfc: "RFC 9110 section 11.6.1", status: 403, sent: []string{`Basic realm="x"`}, dropped: []string{"Basic"}},
	{name: "handshakes follow Bearer", rfc: "RFC 4559 section 4.1", status: 401, sent: []string{"Negotiate", "NTLM", `Digest realm="r", nonce="n", algorithm=MD5, stale=true`}, want: []string{`Bearer realm="example.com"`, "Negotiate", "NTLM", `Digest realm="r", nonce="n", algorithm=MD5, stale=true`}},
	{name: "a handshake under way follows Bearer", rfc: "RFC 4559 section 4.1", authorization: []string{"NTLM TlRMTVNTUAABAAAA"}, status: 401, sent: []string{"NTLM TlRMTVNTUAACAAAA"}, want: []string{`Bearer realm="example.com"`, "NTLM TlRMTVNTUAACAAAA"}},
	{name: "any token68 is a handshake", rfc: "RFC 9110 section 11.2", status: 401, sent: []string{"Vendor abc=="}, want: []string{`Bearer realm="example.com"`, "Vendor abc=="}},
	{name: "half a handshake is none", rfc: "RFC 7616 section 3.3", status: 401, sent: []string{"Digest", `Digest realm="a\\b", nonce="n"`}, want: oneRealm},
	{name: "legacy replace removes handshakes as well", rfc: "RFC 9110 section 11.6.1", status: 401, sent: []string{"Negotiate", `Basic realm="x"`}, config: ChallengeConfig{Legacy: "replace"}, want: oneRealm, dropped: []string{"Negotiate", "Basic"}},
	{name: "legacy keep keeps all behind Bearer", rfc: "RFC 9110 section 11.6.1", status: 401, sent: []string{`Basic realm="x", charset="UTF-8"`, "NTLM"}, config: ChallengeConfig{Legacy: "keep"}, want: []string{`Bearer realm="example.com"`, `Basic realm="x", charset="UTF-8"`, "NTLM"}},
	{name: "legacy keep sends none bare, or with an empty realm", rfc: "RFC 7617 section 2", status: 401, sent: []string{"Token", `Basic realm="", charset="UTF-8"`}, config: ChallengeConfig{Legacy: "keep"}, want: []string{`Bearer realm="example.com"`, `Token realm="example.com"`, `Basic realm="example.com", charset="UTF-8"`}},

	// relay
	{name: "relay sends what came", rfc: "RFC 9110 section 11.6.1", authorization: withBearer, status: 401, sent: []string{`Basic realm="", NTLM`, "Bearer token expired"}, config: ChallengeConfig{Relay: true}, want: []string{`Basic realm="", NTLM`, "Bearer token expired"}},
	{name: "relay where nothing came", rfc: "RFC 9110 section 15.5.2", authorization: withBearer, status: 401, config: ChallengeConfig{Relay: true}, want: tokenBad},
	{name: "relay adds nothing to a 403", rfc: "RFC 9110 section 11.6.1", authorization: withBearer, status: 403, config: ChallengeConfig{Relay: true, Scopes: usersScope.Scopes}},

	// Caddy's own
	{name: "the gateway's own challenge is kept, nothing is added", rfc: "RFC 9110 section 11.6.1", authorization: withBearer, own: true, status: 401, sent: []string{`Basic realm="restricted"`}, want: []string{`Basic realm="restricted"`}},
	{name: "a 401 of the gateway's own without a challenge", rfc: "RFC 9110 section 15.5.2", authorization: withBearer, own: true, status: 401, want: tokenBad},
	{name: "a 401 of the gateway's own whose challenge is none", rfc: "RFC 9110 section 15.5.2", own: true, status: 401, sent: []string{"token expired!!, \"x\""}, want: []string{`Bearer realm="example.com"`, "token expired!!, \"x\""}},
	{name: "a 403 of the gateway's own", rfc: "RFC 9110 section 15.5.4", authorization: withBearer, own: true, status: 403, config: usersScope},

	// rules
	{name: "a rule's error wins over the built-in decision", rfc: "RFC 6750 section 3.1", status: 401, rule: complaint{code: "insufficient_scope", scope: "a b"}, want: []string{`Bearer realm="example.com", scope="a b", error="insufficient_scope"`}},
	{name: "a rule's error wins over error never", rfc: "RFC 6750 section 3.1", status: 403, config: ChallengeConfig{Error: "never"}, rule: complaint{code: "insufficient_scope"}, want: []string{`Bearer realm="example.com", error="insufficient_scope"`}},
	{name: "a rule's error wins over the upstream's, and over what explains that", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 401, sent: []string{`Bearer realm="x", error="invalid_token", error_description="expired", error_uri="https://example.org/", acr_values="1"`}, rule: complaint{code: "invalid_request"}, want: []string{`Bearer realm="x", error="invalid_request", acr_values="1"`}},
	{name: "a rule's insufficient_scope without a scope takes the configured one", rfc: "RFC 6750 section 3.1", status: 403, row: "ACCESS_DENIED", config: usersScope, rule: complaint{code: "insufficient_scope"}, want: scopeBad},
	{name: "a rule's error to a DPoP token", rfc: "RFC 9449 section 7.1", authorization: withDPoP, status: 401, rule: complaint{code: "invalid_dpop_proof"}, want: []string{`Bearer realm="example.com"`, `DPoP realm="example.com", error="invalid_dpop_proof"`}},
	{name: "a rule's error joins what is relayed", rfc: "RFC 6750 section 3.1", status: 401, sent: []string{"NTLM"}, config: ChallengeConfig{Relay: true}, rule: complaint{code: "invalid_token"}, want: []string{`Bearer realm="example.com", error="invalid_token"`, "NTLM"}},
	{name: "a rule's error has no place on a 404", rfc: "RFC 6750 section 3.1", status: 404, rule: complaint{code: "invalid_token"}},
	{name: "a redirect that a rule makes a 401", rfc: "RFC 9110 section 15.5.2", status: 302, answer: 401, want: oneRealm},
	{name: "a page that a rule makes a 401, to a token", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 200, answer: 401, want: tokenBad},
	{name: "a 403 that a rule makes a 401", rfc: "RFC 6750 section 3.1", authorization: withBearer, status: 403, answer: 401, config: usersScope, want: tokenBad},
	{name: "a 401 that a rule makes a 502: the gateway's credentials, not the client's", rfc: "RFC 9110 section 15.6.3", authorization: withBearer, status: 401, answer: 502, sent: []string{`Basic realm="backend"`, `Bearer realm="x"`}},
	{name: "the same under relay", rfc: "RFC 9110 section 15.6.3", status: 401, answer: 502, sent: []string{`Basic realm="backend"`}, config: ChallengeConfig{Relay: true}},
	{name: "a 401 that a rule makes a 404, with an error", rfc: "RFC 9110 section 15.5.5", authorization: withBearer, status: 401, answer: 404, sent: []string{`Bearer realm="x"`}, rule: complaint{code: "invalid_token"}},
}

func TestChallenge(t *testing.T) {
	for _, test := range challengeCases {
		t.Run(test.name, func(t *testing.T) {
			lines, dropped := test.run(t)
			if !slices.Equal(lines, test.want) {
				t.Errorf("%s\n got %q\nwant %q", test.rfc, lines, test.want)
			}
			if !slices.Equal(dropped, test.dropped) {
				t.Errorf("dropped: got %q, want %q", dropped, test.dropped)
			}
		})
	}
}

func TestRealm(t *testing.T) {
	for _, test := range []struct{ name, host, want string }{
		{"a name", "api.Example.com", "api.Example.com"},
		{"a name with a port", "localhost:8080", "localhost"},
		{"an IPv4 address", "192.0.2.7:80", "192.0.2.7"},
		{"an IPv6 address has characters that we leave out", "[2001:db8::1]:443", "api"},
		{"no host", "", "api"},
		{"characters that no host has", `a"b`, "api"},
		{"two colons", "a:1:2", "api"},
		{"a name in Unicode", "b\u00fccher.example", "api"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := new(challenger).realm(&Request{Host: test.host}); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
