package normalize

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// The dimensions of the matrix: what the request carried, what the upstream
// sent, what is configured.
var (
	matrixRequests = []Request{
		{},
		{Authorization: withBearer},
		{Authorization: withDPoP},
		{Authorization: withBasic},
		{Authorization: []string{"Negotiate YII="}},
		{Authorization: []string{"Bearer"}},
		{Authorization: []string{"Bearer a b"}},
		{Authorization: append(withBearer, withBearer...)},
		{Authorization: append(withBearer, withDPoP...)},
		{RawQuery: "access_token=x"},
		{RawQuery: "access_token=x", Authorization: withBearer},
		{Header: http.Header{"Cookie": {"session=1"}}},
	}
	matrixStatuses = [][2]int{ // the upstream's, the answer's
		{400, 400},
		{401, 401},
		{402, 402},
		{403, 403},
		{404, 404},
		{407, 407},
		{422, 422},
		{500, 500},
		{503, 503},
		{200, 401},
		{302, 401},
		{403, 401},
		{419, 401},
		{401, 403},
		{401, 400},
		{401, 404},
		{401, 502},
		{403, 502},
	}
	matrixRows = []string{"", "ACCESS_DENIED", "INVALID_PARAMETER", "LIMIT_EXCEEDED"}
	matrixSent = [][]string{
		nil,
		{""},
		{"Bearer"},
		{`Bearer realm="x"`},
		{`bearer Realm="x", Error=invalid_token, error_description="expired, scope=all of it"`},
		{`Bearer realm="", error="invalid_token"`},
		{`Bearer error="insufficient_scope", scope="a b"`},
		{`Bearer error="insufficient_scope"`},
		{`Bearer error="insufficient_user_authentication", acr_values="a b", max_age=5`},
		{"Bearer token expired"},
		{"Bearer token"},
		{`Bearer realm="a", realm="b"`},
		{`Bearer resource_metadata="http://10.0.0.8/m", error_uri="http://auth.internal/e", realm="r"`},
		{"Bearer realm=\"caf\u00e9\", error_description=\"\u8a8d\u8a3c\u30a8\u30e9\u30fc\""},
		{`Bearer realm="x", DPoP algs="ES256", Bearer realm="y"`},
		{`DPoP error="use_dpop_nonce"`},
		{"DPoP"},
		{`Basic realm="Legacy Realm"`},
		{`Basic realm="a\"b"`, "Token"},
		{"Negotiate", "NTLM", `Basic realm="x"`},
		{"NTLM TlRMTVNTUAACAAAA"},
		{`Digest realm="r", qop="auth,auth-int", nonce="n", algorithm=MD5, stale=false`},
		{`Basic realm="x", Bearer error="invalid_token", Digest realm="r", nonce="n"`},
		{`X-Vendor a="1", b=2`},
		{", ,", `"`, "=", `Bearer realm="x`},
	}
	matrixEvidence = []recognize.Evidence{
		{},
		{Format: "oauth", Code: "invalid_token"},
		{Format: "oauth", Code: "insufficient_scope", Scope: "a b"},
		{Format: "google", Code: "ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
		{Format: "oauth", Code: "use_dpop_nonce"},
	}
	matrixConfigs = []ChallengeConfig{
		{},
		{Realm: "shop", ResourceMetadata: metadata, Scopes: usersScope.Scopes},
		{Error: "always", Scopes: usersScope.Scopes},
		{Error: "never", Legacy: "replace"},
		{Legacy: "keep", ResourceMetadata: metadata},
		{Error: "always", Legacy: "replace"},
	}
	matrixRules = []complaint{{}, {code: "insufficient_scope", scope: "r w"}}
)

// Whatever is asked, sent and configured, the field obeys the grammar and its
// promises.
func TestChallengeMatrix(t *testing.T) {
	cells := 0
	for _, config := range matrixConfigs {
		n, err := newChallenger(&config)
		if err != nil {
			t.Fatal(err)
		}
		for _, req := range matrixRequests {
			req.Host, req.Path = "example.com", "/v1/users/7"
			for _, status := range matrixStatuses {
				rows := matrixRows
				if status[1] != 400 && status[1] != 403 {
					rows = rows[:1] // the row matters to these only
				}
				for _, row := range rows {
					for _, sent := range matrixSent {
						for _, evidence := range matrixEvidence {
							rules := matrixRules
							if evidence.Code != "" {
								rules = rules[:1]
							}
							for _, rule := range rules {
								resp := Response{Status: status[0], Header: http.Header{"Www-Authenticate": sent}}
								v := Verdict{Status: status[1], Row: row, Evidence: evidence}
								lines, _ := n.challenge(&req, &resp, &v, rule)
								if fault := challengeFault(lines, &req, &resp, &v, config, rule); fault != "" {
									t.Fatalf("%s\nrequest  %q %q\nstatus   %v\nrow      %q\nupstream %q\nevidence %q\nconfig   %+v\nrule     %+v\nanswer   %q",
										fault, req.Authorization, req.RawQuery, status, row, sent, evidence.Code, config, rule, lines)
								}
								cells++
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d cells", cells)
}

// challengeFault says which promise the field lines break, or nothing. They are
// neither relayed nor the gateway's own.
func challengeFault(lines []string, req *Request, resp *Response, v *Verdict, config ChallengeConfig, rule complaint) string {
	about := v.Status == 400 || v.Status == 401 || v.Status == 403
	switch {
	case v.Status == 401 && len(lines) == 0:
		return "a 401 needs a challenge (RFC 9110 section 15.5.2)"
	case v.Status != resp.Status && !about && len(lines) > 0:
		return "a challenge to another status was sent on"
	}
	tokens, others := 0, 0
	for i, line := range lines {
		parsed, invalid := ParseChallenges([]string{line})
		if len(parsed) != 1 || len(invalid) > 0 {
			return "a line is not one challenge: " + line
		}
		if slices.Index(lines, line) != i {
			return "a line is there twice: " + line
		}
		one := parsed[0]
		if one.String() != line {
			return "a line is not formatted as we do: " + line
		}
		switch one.Scheme {
		case "Bearer":
			if tokens+others > 0 && !strings.HasPrefix(lines[i-1], "Bearer ") {
				return "Bearer is not first"
			}
			tokens++
		case "DPoP":
			if others > 0 {
				return "DPoP is behind a scheme that is not for tokens"
			}
			tokens++
		default:
			others++
			if config.Legacy == "replace" || config.Legacy != "keep" && !isHandshake(&one) {
				return "a legacy challenge was not replaced: " + line
			}
		}
		if fault := paramFault(&one); fault != "" {
			return fault + ": " + line
		}
	}
	if v.Status == 401 && tokens == 0 {
		return "a 401 without a challenge for a token"
	}
	return complaintFault(lines, req, resp, v, config, rule)
}

func isToken(c *Challenge) bool {
	return strings.EqualFold(c.Scheme, "Bearer") || strings.EqualFold(c.Scheme, "DPoP")
}

// paramFault says what is wrong with the parameters of a challenge.
func paramFault(c *Challenge) string {
	token := isToken(c)
	bare := strings.EqualFold(c.Scheme, "NTLM") || strings.EqualFold(c.Scheme, "Negotiate") || c.Token68 != ""
	switch {
	case len(c.Params) == 0 && !bare:
		return "a bare challenge"
	case c.Token68 != "" && token:
		return "a token68 for a scheme that has none"
	case token && c.Params[0].Name != "realm":
		return "realm is not first"
	}
	for i, p := range c.Params {
		legal := func(r rune) bool { return r == 0x20 || r == 0x21 || 0x23 <= r && r <= 0x5b || 0x5d <= r && r <= 0x7e }
		for _, r := range p.Value {
			if !legal(r) {
				return "a character that RFC 6750 section 3 has not"
			}
		}
		switch {
		case p.Value == "" && (token || p.Name == "realm"):
			return "an empty " + p.Name
		case p.Name == "error_description" && i != len(c.Params)-1:
			return "error_description is not last"
		case (p.Name == "scope" || p.Name == "resource_metadata") && strings.Contains(p.Value, "  "):
			return "two spaces in " + p.Name
		case token && p.Unquoted:
			return "an unquoted " + p.Name
		}
	}
	return ""
}

// complaintFault checks that no error of ours is said to who sent no token, and
// that none of the upstream's is lost.
func complaintFault(lines []string, req *Request, resp *Response, v *Verdict, config ChallengeConfig, rule complaint) string {
	errors := func(lines []string) (all []string) {
		parsed, _ := ParseChallenges(lines)
		for _, one := range parsed {
			e := one.get("error")
			if e != "" && isQuotable(e) && Leak(e) == "" && isToken(&one) && (one.find("realm") < 0 || one.get("realm") != "") {
				all = append(all, e)
			}
		}
		return all
	}
	about := v.Status == 400 || v.Status == 401 || v.Status == 403
	said, says := errors(resp.Header["Www-Authenticate"]), errors(lines)
	if about && rule.code != "" {
		if !slices.Contains(says, rule.code) {
			return "the rule's error is missing"
		}
		return ""
	}
	for _, e := range says {
		used := req.Credentials()
		if !slices.Contains(said, e) && (config.Error == "never" || config.Error != "always" && !used.Token()) {
			return "an error of ours to who sent no token (RFC 6750 section 3.1), or with error never"
		}
	}
	if about || v.Status == resp.Status {
		for _, e := range said {
			if !slices.Contains(says, e) {
				return "the upstream's error is lost: " + e
			}
		}
	}
	return ""
}

// Whatever the upstream sends, each line parses as one challenge and keeps the
// promises; relayed, and of the gateway's own, it is sent as it came.
func FuzzChallenge(f *testing.F) {
	for i, sent := range matrixSent {
		f.Add(strings.Join(sent, "\n"), "invalid_token", "a b", i)
	}
	for _, test := range challengeCases {
		f.Add(strings.Join(test.sent, "\n"), test.evidence.Code, test.evidence.Scope, test.status)
	}
	f.Add(`Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a:pull",error="invalid_token"`, "UNAUTHORIZED", "", 401)
	f.Add(`Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\""`, "", "", 401)
	f.Fuzz(func(t *testing.T, field, code, scope string, mix int) {
		if mix < 0 {
			mix = -(mix + 1)
		}
		pick := func(n int) (i int) {
			i, mix = mix%n, mix/n
			return i
		}
		config := matrixConfigs[pick(len(matrixConfigs))]
		req := matrixRequests[pick(len(matrixRequests))]
		status := matrixStatuses[pick(len(matrixStatuses))]
		sent := strings.Split(field, "\n")
		req.Host, req.Path = "example.com", "/v1/users/7"
		resp := Response{Status: status[0], Header: http.Header{"Www-Authenticate": sent}}
		v := Verdict{Status: status[1], Row: matrixRows[pick(len(matrixRows))], Evidence: recognize.Evidence{Format: "oauth", Code: code, Scope: scope}}
		n, err := newChallenger(&config)
		if err != nil {
			t.Fatal(err)
		}

		lines, dropped := n.challenge(&req, &resp, &v, complaint{})
		if fault := challengeFault(lines, &req, &resp, &v, config, complaint{}); fault != "" {
			t.Fatalf("%s\nupstream %q\nanswer   %q", fault, sent, lines)
		}
		if len(lines) > maxChallenges+2 || len(dropped) > maxChallenges {
			t.Fatalf("%d lines and %d dropped", len(lines), len(dropped))
		}
		// All lines in one field, as an intermediary may send them, are the same.
		if all, invalid := ParseChallenges([]string{strings.Join(lines, ", ")}); len(invalid) == 0 && len(lines) <= maxChallenges {
			for i := range all {
				if all[i].String() != lines[i] {
					t.Fatalf("joined, %q is read as %q", lines[i], all[i])
				}
			}
		}

		// What is decided from our own answer is that answer.
		if status[0] == status[1] {
			resp.Header["Www-Authenticate"] = lines
			if again, _ := n.challenge(&req, &resp, &v, complaint{}); !slices.Equal(again, lines) {
				t.Fatalf("a second time\n got %q\nwant %q", again, lines)
			}
		}

		n.Relay = true
		resp.Header["Www-Authenticate"] = sent
		if relayed, _ := n.challenge(&req, &resp, &v, complaint{}); status[0] == status[1] && !slices.Equal(relayed, sent) {
			t.Fatalf("relayed %q as %q", sent, relayed)
		}
	})
}
