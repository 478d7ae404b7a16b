package normalize

import (
	"net/http"
	"testing"
)

// decide has a normaliser with these rules decide one response.
func decide(t testing.TB, cfg Config, resp Response) Verdict {
	t.Helper()
	n, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Header == nil {
		resp.Header = http.Header{"Content-Type": {"application/json"}}
	}
	return n.Decide(request(t, "/v1/things/7"), &resp)
}

func TestWhatARuleDecides(t *testing.T) {
	all := func(r Rule) Config { r.Name = "r"; return Config{Rules: []Rule{r}} }
	tests := []struct {
		when              string
		cfg               Config
		status            int
		body              string
		wantStatus        int
		code, description string
	}{
		{"a code is worded by the catalogue", all(Rule{Status: 503, Code: "SERVICE_UNAVAILABLE"}), 500, "", 503, "SERVICE_UNAVAILABLE", "Temporary server error"},
		{"a code of the rule's own is worded by the rule", all(Rule{Code: "SEAT_TAKEN", Description: "Take another seat."}), 409, "", 409, "SEAT_TAKEN", "Take another seat."},
		{"auto keeps the built-in code", all(Rule{Description: "Try later."}), 503, "", 503, "SERVICE_UNAVAILABLE", "Try later."},
		{"auto is judged by the rule's status", all(Rule{Status: 404}), 500, "", 404, "NOT_FOUND", "The requested resource could not be found."},
		{"a resource of the rule's", all(Rule{Status: 404, Code: "{resource}_NOT_EXIST", Resource: "SEAT", Description: "This {resource} is not there."}), 400, "", 404, "SEAT_NOT_EXIST", "This seat is not there."},
		{"a resource of the path's", Config{Resources: []PathResource{{Pattern: "/v1/things/*", Resource: "THING"}}, Rules: []Rule{{Status: 404, Code: "{resource}_NOT_EXIST"}}}, 400, "", 404, "THING_NOT_EXIST", "The specific resource could not be found."},
		{"no resource: not found", all(Rule{Status: 404, Code: "{resource}_NOT_EXIST"}), 400, "", 404, "NOT_FOUND", "The requested resource could not be found."},
		{"no resource: exists", all(Rule{Status: 409, Code: "{resource}_ALREADY_EXIST"}), 400, "", 409, "ALREADY_EXIST", "The requested resource already exists."},
		{"no resource: invalid", all(Rule{Status: 400, Code: "INVALID_{resource}"}), 500, "", 400, "INVALID_PARAMETER", "There is an error in the format or content of the requested parameter."},
		{"no resource: a code of the rule's own", all(Rule{Status: 403, Code: "{resource}_SUSPENDED", Description: "The {resource} is suspended."}), 500, "", 403, "SUSPENDED", "The resource is suspended."},
		{"a resource in a code of the rule's own", all(Rule{Status: 403, Code: "{resource}_SUSPENDED", Resource: "USER", Description: "The {resource} is suspended."}), 500, "", 403, "USER_SUSPENDED", "The user is suspended."},
		{"a full code of a row with a resource", all(Rule{Status: 404, Code: "USER_NOT_EXIST"}), 500, "", 404, "USER_NOT_EXIST", "The specific resource could not be found."},
		{"a text whose upstream words are missing falls back on the catalogue", all(Rule{Status: 503, Code: "SERVICE_UNAVAILABLE", Description: "It said {upstream.message}"}), 500, "", 503, "SERVICE_UNAVAILABLE", "Temporary server error"},
		{"a code of the rule's own without text falls back on the status", all(Rule{Status: 503, Code: "MOON_PHASE", Description: "It said {upstream.message}"}), 500, "", 503, "MOON_PHASE", "Temporary server error"},
	}
	for _, test := range tests {
		t.Run(test.when, func(t *testing.T) {
			v := decide(t, test.cfg, Response{Status: test.status, Body: []byte(test.body)})
			if v.Pass || v.Status != test.wantStatus || v.Code != test.code || v.Description != test.description {
				t.Errorf("got %d %s %q", v.Status, v.Code, v.Description)
			}
		})
	}
}

func TestRuleThatPasses(t *testing.T) {
	v := decide(t, Config{Rules: []Rule{{Name: "mine", Pass: true}}}, Response{Status: 404})
	if !v.Pass || v.Rule != "mine" || v.Why != "rule: mine" {
		t.Errorf("got %+v", v)
	}
}

func TestRuleClaimsWhatIsNeverTouched(t *testing.T) {
	resp := Response{Status: 500, Header: http.Header{"Content-Type": {"application/scim+json"}}}
	if v := decide(t, Config{}, resp); !v.Pass {
		t.Error("a SCIM error was touched without a rule")
	}
	if v := decide(t, Config{Rules: []Rule{{}}}, resp); v.Pass || v.Code != "INTERNAL_SERVER_ERROR" {
		t.Errorf("got %+v", v)
	}
}
