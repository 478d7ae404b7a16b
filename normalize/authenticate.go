package normalize

import (
	"net/http"
	"slices"
	"strings"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// The error codes of RFC 6750 section 3.1, and those that RFC 9449 section 7.1
// and RFC 9470 section 3 add.
const (
	invalidRequest    = "invalid_request"
	invalidToken      = "invalid_token"
	insufficientScope = "insufficient_scope"
	insufficientUser  = "insufficient_user_authentication"
	invalidDPoPProof  = "invalid_dpop_proof"
	useDPoPNonce      = "use_dpop_nonce"
	bearer, dpop      = "Bearer", "DPoP"
)

// challenger decides what WWW-Authenticate says.
type challenger struct{ ChallengeConfig }

// complaint is what a challenge of ours says about the credentials.
type complaint struct {
	// code is an error code, or empty.
	code string
	// scope is what insufficient_scope names, if it is known.
	scope string
	// asked says that a rule asks for it, so that it wins over the upstream's.
	asked bool
}

// challenge returns the field lines of WWW-Authenticate for the answer v to
// req, each one challenge, and the schemes of upstream challenges that are
// replaced. rule is what the rule that decided says of the challenge; its code
// is empty if it says nothing or no rule decided. Of v, it reads Status, Row
// and Evidence.
//
// An error goes where the client looks for it: into the challenge of the scheme
// that it used (RFC 9449 section 7.1). An upstream that challenges for tokens
// itself knows best: its challenges stay, and only what they lack is added. Its
// other challenges are subject to Legacy, those of the gateway itself to nobody.
func (c *challenger) challenge(req *Request, resp *Response, v *Verdict, rule complaint) (lines, dropped []string) {
	sent := resp.Header["Www-Authenticate"]
	if !challenges(v.Status) && (len(sent) == 0 || v.Status != resp.Status) {
		return nil, nil // what was said about another status would mislead
	}
	asked := challenges(v.Status) && rule.code != ""
	used := req.Credentials()
	if len(sent) == 0 && !asked && v.Status != http.StatusUnauthorized && !used.Token() && c.Error != "always" {
		return nil, nil // RFC 6750 section 3.1: no error to who sent no token
	}
	parsed, _ := ParseChallenges(sent)
	var (
		f        authField
		heard    complaint
		verbatim []string
	)
	if c.Relay || resp.Own {
		enough := len(parsed) > 0 || c.Relay && len(sent) > 0
		if !asked && (enough || v.Status != http.StatusUnauthorized) {
			return slices.Clone(sent), nil
		}
		verbatim = sent
	} else {
		f, heard, dropped = c.sort(parsed, req)
	}
	say := c.complaint(used, req.Path, v, heard)
	if asked {
		if rule.scope == "" && rule.code == insufficientScope {
			rule.scope = say.scope
		}
		say = complaint{code: rule.code, scope: rule.scope, asked: true}
	}
	c.complete(&f, say, used, v.Status)
	c.fill(&f, say, req)
	return append(f.lines(), verbatim...), dropped
}

// challenges reports whether a challenge of ours may say what is wrong in an
// answer of this status (RFC 6750 section 3.1).
func challenges(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnauthorized || status == http.StatusForbidden
}

// authField is the challenges of one WWW-Authenticate field, in the order in which
// they leave: clients that read only one look for Bearer.
type authField struct{ bearer, dpop, rest []Challenge }

// tokens calls f with each challenge for a token.
func (f *authField) tokens(do func(*Challenge)) {
	for _, list := range [][]Challenge{f.bearer, f.dpop} {
		for i := range list {
			do(&list[i])
		}
	}
}

// said returns what the first challenge for a token that carries an error says.
func (f *authField) said() (said complaint) {
	f.tokens(func(t *Challenge) {
		if said.code == "" {
			said = complaint{code: t.get("error"), scope: t.get("scope")}
		}
	})
	return said
}

// lines formats the challenges, each once.
func (f *authField) lines() (lines []string) {
	for _, list := range [][]Challenge{f.bearer, f.dpop, f.rest} {
		for _, one := range list {
			if line := one.String(); !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// sort decides which of the upstream's challenges stay. heard is what one that
// was invalid said nevertheless.
func (c *challenger) sort(sent []Challenge, req *Request) (kept authField, heard complaint, dropped []string) {
	for _, one := range sent {
		scheme := strings.ToLower(one.Scheme)
		switch {
		case scheme == "bearer" || scheme == "dpop":
			if one.Token68 != "" || one.find("realm") >= 0 && one.get("realm") == "" {
				if heard.code == "" {
					heard = complaint{code: one.get("error"), scope: one.get("scope")}
				}
				continue
			}
			guard(&one, req)
			if scheme == "dpop" {
				one.Scheme = dpop
				kept.dpop = append(kept.dpop, one)
			} else {
				one.Scheme = bearer
				kept.bearer = append(kept.bearer, one)
			}
		case c.Legacy != "keep" && (c.Legacy == "replace" || !isHandshake(&one)):
			if !slices.Contains(dropped, one.Scheme) {
				dropped = append(dropped, one.Scheme)
			}
		case isHandshake(&one):
			if isWhole(&one) {
				kept.rest = append(kept.rest, one)
			}
		default:
			guard(&one, req)
			if one.find("realm") < 0 {
				one.set("realm", c.realm(req))
			}
			arrange(&one)
			kept.rest = append(kept.rest, one)
		}
	}
	return kept, heard, dropped
}

// isHandshake reports whether a challenge is one leg of an exchange in which
// the client computes with what it got: it is sent as it came or not at all.
func isHandshake(c *Challenge) bool {
	switch strings.ToLower(c.Scheme) {
	case "digest", "ntlm", "negotiate": // RFC 7616, [MS-NTHT], RFC 4559
		return true
	}
	return c.Token68 != ""
}

// isWhole reports whether a handshake can be sent as it came: with a parameter
// if it is Digest's, and with no character that is not to leave.
func isWhole(c *Challenge) bool {
	if strings.EqualFold(c.Scheme, "digest") && len(c.Params) == 0 {
		return false
	}
	return !slices.ContainsFunc(c.Params, func(p AuthParam) bool { return !isQuotable(p.Value) })
}

// complaint returns what the table of statuses has ours say; its code is empty
// if that is nothing.
func (c *challenger) complaint(used Credentials, path string, v *Verdict, heard complaint) complaint {
	say := complaint{scope: cleanScope(heard.scope)}
	if say.scope == "" {
		say.scope = cleanScope(v.Evidence.Scope)
	}
	configured := c.scope(path)
	if say.scope == "" {
		say.scope = configured
	}
	if !challenges(v.Status) || c.Error == "never" || !used.Token() && c.Error != "always" {
		return say // RFC 6750 section 3.1: no error to who sent no token
	}
	body := errorOf(&v.Evidence)
	said := func(code string) bool { return heard.code == code || body == code }
	switch v.Status {
	case http.StatusUnauthorized:
		say.code = invalidToken
		for _, code := range []string{insufficientScope, insufficientUser, useDPoPNonce, invalidDPoPProof} {
			ofDPoP := code == useDPoPNonce || code == invalidDPoPProof
			if said(code) && (!ofDPoP || used.Scheme == DPoPToken) {
				say.code = code
			}
		}
	case http.StatusForbidden:
		switch v.Row {
		case "ACCESS_DENIED", "LIMIT_EXCEEDED", "OUT_OF_RANGE":
			return say // not about credentials (RFC 9110 section 15.5.4)
		}
		lacks := said(insufficientScope) || configured != "" && v.Row == "FORBIDDEN"
		if lacks && (used.Token() || say.scope != "") {
			say.code = insufficientScope
		}
	case http.StatusBadRequest:
		switch v.Row {
		case "BAD_REQUEST", "INVALID_PARAMETER", "INVALID_{RESOURCE}", "MISSING_PARAMETER":
			say.code = invalidRequest
		}
		if used.Malformed || said(invalidRequest) {
			say.code = invalidRequest
		}
		if said(invalidToken) {
			say.code = invalidToken
		}
	}
	return say
}

// errorOf returns the error that an upstream's body amounts to, if it speaks of
// the credentials without doubt. An "invalid token" might be any other token,
// say of a form, unless OAuth's own vocabulary says it.
func errorOf(ev *recognize.Evidence) string {
	for _, words := range []string{ev.Code, ev.Message} {
		word := alphanumeric(words)
		for _, suffix := range []string{"exception", "error"} {
			word = strings.TrimSuffix(word, suffix)
		}
		switch word {
		case "invalidrequest":
			return invalidRequest
		case "invalidtoken":
			if ev.Format == "oauth" {
				return invalidToken
			}
		case "accesstokenexpired", "expiredaccesstoken", "invalidaccesstoken", "accesstokeninvalid",
			"expiredauthenticationtoken", "invalidauthenticationtoken":
			return invalidToken
		case "insufficientscope", "insufficientscopes", "missingscope", "missingscopes", "insufficientclientscope",
			"accesstokenscopeinsufficient", "requesthadinsufficientauthenticationscopes":
			return insufficientScope
		case "insufficientuserauthentication":
			return insufficientUser
		case "invaliddpopproof":
			return invalidDPoPProof
		case "usedpopnonce":
			return useDPoPNonce
		}
	}
	return ""
}

// alphanumeric returns the letters and digits of a short s, in lower case.
func alphanumeric(s string) string {
	if len(s) > 64 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, s)
}

// complete adds our challenges, and puts the complaint where it belongs.
func (c *challenger) complete(f *authField, say complaint, used Credentials, status int) {
	list, scheme := &f.bearer, bearer
	if used.Scheme == DPoPToken {
		list, scheme = &f.dpop, dpop
	}
	said := f.said()
	none := len(f.bearer)+len(f.dpop) == 0
	if none && status == http.StatusUnauthorized {
		f.bearer = append(f.bearer, Challenge{Scheme: bearer})
	}
	if say.code == "" {
		return
	}
	switch {
	case say.asked:
		if len(*list) == 0 {
			*list = append(*list, Challenge{Scheme: scheme})
		}
	case len(*list) == 0:
		if !none && scheme == bearer {
			return // the upstream takes proofs of possession only
		}
		*list = append(*list, Challenge{Scheme: scheme})
		if said.code != "" {
			say.code, say.scope = said.code, said.scope
		}
	case said.code != "" || len((*list)[0].Params) > 0 && c.Error != "always":
		return
	}
	ours := &(*list)[0]
	if ours.get("error") != say.code {
		ours.set("error", say.code)
		ours.remove("error_description")
		ours.remove("error_uri")
	}
	if say.scope != "" && (say.asked || say.code == insufficientScope) {
		ours.set("scope", say.scope)
	}
}

// fill adds what challenges for tokens lack, and puts their parameters in order.
func (c *challenger) fill(f *authField, say complaint, req *Request) {
	f.tokens(func(t *Challenge) {
		if t.find("realm") < 0 {
			t.set("realm", c.realm(req))
		}
		if c.ResourceMetadata != "" && t.find("resource_metadata") < 0 {
			t.set("resource_metadata", c.ResourceMetadata)
		}
		if t.get("error") == insufficientScope && t.find("scope") < 0 && say.scope != "" {
			t.set("scope", say.scope)
		}
		for i := range t.Params {
			t.Params[i].Unquoted = false // as RFC 6750 section 3 has them
		}
		arrange(t)
	})
}

// arrange puts the parameters in order. The description is last, for common
// clients find "scope=" wherever it stands first.
func arrange(c *Challenge) {
	order := []string{"realm", "resource_metadata", "scope", "error", "error_uri", "", "error_description"}
	rank := func(p AuthParam) int {
		if i := slices.Index(order, p.Name); i >= 0 {
			return i
		}
		return slices.Index(order, "") // all others, as they came
	}
	slices.SortStableFunc(c.Params, func(a, b AuthParam) int { return rank(a) - rank(b) })
}

// realm is the realm of our challenges.
func (c *challenger) realm(req *Request) string {
	if c.Realm != "" {
		return c.Realm
	}
	if host := hostname(req.Host); isHostName(host) {
		return host
	}
	return "api"
}

// scope is the scope configured for a path.
func (c *challenger) scope(path string) string {
	for _, s := range c.Scopes {
		if MatchPath(s.Pattern, path) {
			return s.Scope
		}
	}
	return ""
}
