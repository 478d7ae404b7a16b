package normalize

import (
	"net/http"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

func TestTheUpstreamsOwnCodeDecides(t *testing.T) {
	for _, c := range []struct {
		status int
		code   string
		want   string
	}{
		// One of ours, in any spelling.
		{400, "missing_parameter", "MISSING_PARAMETER"},
		{400, "MissingParameter", "MISSING_PARAMETER"},
		{403, "AccessDenied", "ACCESS_DENIED"},
		{403, "access-denied", "ACCESS_DENIED"},
		{404, "USER_NOT_EXIST", "USER_NOT_EXIST"},
		{404, "NotFound", "NOT_FOUND"},
		{422, "OUT_OF_RANGE", "OUT_OF_RANGE"},
		// Its meaning, with the resource.
		{404, "NoSuchBucket", "BUCKET_NOT_EXIST"},
		{404, "NoSuchKey", "NOT_FOUND"},
		{404, "USER_NOT_FOUND", "USER_NOT_EXIST"},
		{404, "user.not_found", "USER_NOT_EXIST"},
		{404, "UserNotFoundException", "USER_NOT_EXIST"},
		{404, "com.example.errors.CustomerNotFoundException", "CUSTOMER_NOT_EXIST"},
		{404, "ResourceNotFoundException", "NOT_FOUND"},
		{404, "EntityNotFound", "NOT_FOUND"},
		{404, "unknown_customer", "CUSTOMER_NOT_EXIST"},
		{409, "BucketAlreadyExists", "BUCKET_ALREADY_EXIST"},
		{409, "ResourceAlreadyExistsException", "ALREADY_EXIST"},
		{409, "DuplicateUser", "USER_ALREADY_EXIST"},
		{409, "23505", "ALREADY_EXIST"},
		{409, "ALREADY_EXISTS", "ALREADY_EXIST"},
		{409, "ConflictException", "CONFLICT"},
		{400, "InvalidBucketName", "INVALID_BUCKET_NAME"},
		{400, "InvalidParameterValue", "INVALID_PARAMETER"},
		{400, "INVALID_ARGUMENT", "INVALID_PARAMETER"},
		{400, "InvalidRequest", "BAD_REQUEST"},
		{400, "INVALID_REQUEST_ERROR", "BAD_REQUEST"},
		{400, "INVALID_REQUEST_UNKNOWN", "BAD_REQUEST"},
		{404, "NOT_AUTHORIZED_OR_NOT_EXIST", "NOT_FOUND"},
		{400, "MissingRequiredParameter", "MISSING_PARAMETER"},
		{400, "parameter_missing", "MISSING_PARAMETER"},
		{400, "ResourceLimitExceeded", "LIMIT_EXCEEDED"},
		{400, "TooManyBuckets", "LIMIT_EXCEEDED"},
		{400, "EntityTooLarge", "LIMIT_EXCEEDED"},
		{400, "ValueOutOfRange", "OUT_OF_RANGE"},
		{403, "PERMISSION_DENIED", "ACCESS_DENIED"},
		{403, "QuotaExceeded", "LIMIT_EXCEEDED"},
		{403, "insufficient_scope", "FORBIDDEN"},
		// It says nothing for this status.
		{400, "ResourceNotFoundException", "BAD_REQUEST"},
		{404, "MissingParameter", "NOT_FOUND"},
		{500, "NoSuchBucket", "INTERNAL_SERVER_ERROR"},
		{429, "RESOURCE_EXHAUSTED", "TOO_MANY_REQUESTS"},
		// A word that is no resource.
		{404, "NoSuchThingAsAFreeLunchToday", "NOT_FOUND"},
		{404, "User42NotFound", "NOT_FOUND"},
		{404, strings.Repeat("X", 200) + "NotFound", "NOT_FOUND"},
	} {
		n := newTestNormalizer(t, Config{})
		got := n.decideCode(&Request{}, c.status, &recognize.Evidence{Code: c.code})
		if _, code, _ := n.catalog.fill(got.row, got.resource); code != c.want {
			t.Errorf("%d %s is %s (%s), want %s", c.status, c.code, code, got.why, c.want)
		}
	}
}

func TestComplaintsAndConfiguredResourcesDecide(t *testing.T) {
	required := recognize.Violation{Field: "name", Kind: recognize.Missing}
	tooLong := recognize.Violation{Field: "name", Kind: recognize.Range}
	other := recognize.Violation{Field: "age", Code: "type_error.integer"}
	resources := []PathResource{{"/calendars/*/events/*", "CALENDAR_EVENT"}, {"/calendars/*", "CALENDAR"}}
	for _, c := range []struct {
		name   string
		cfg    Config
		path   string
		status int
		ev     recognize.Evidence
		want   string
		why    string
	}{
		{"all required", Config{}, "", 400, recognize.Evidence{Violations: []recognize.Violation{required, required}}, "MISSING_PARAMETER", "violations: required"},
		{"all out of range", Config{}, "", 422, recognize.Evidence{Violations: []recognize.Violation{tooLong}}, "OUT_OF_RANGE", "violations: range"},
		{"mixed", Config{}, "", 422, recognize.Evidence{Violations: []recognize.Violation{required, other}}, "INVALID_PARAMETER", "violations: invalid"},
		{"complaints beat a code that only says validation", Config{}, "", 400, recognize.Evidence{Code: "ValidationException", Violations: []recognize.Violation{required}}, "MISSING_PARAMETER", "violations: required"},
		{"complaints beat the code of the first", Config{}, "", 422, recognize.Evidence{Code: "missing", Violations: []recognize.Violation{{Code: "missing", Kind: recognize.Missing}, other}}, "INVALID_PARAMETER", "violations: invalid"},
		{"complaints mean nothing on a 409", Config{}, "", 409, recognize.Evidence{Violations: []recognize.Violation{required}}, "CONFLICT", "status"},
		{"a configured resource", Config{Resources: resources}, "/calendars/1", 404, recognize.Evidence{}, "CALENDAR_NOT_EXIST", "resource: CALENDAR"},
		{"the first of several", Config{Resources: resources}, "/calendars/1/events/2", 404, recognize.Evidence{Code: "NOT_FOUND"}, "CALENDAR_EVENT_NOT_EXIST", "meaning: {RESOURCE}_NOT_EXIST"},
		{"what is configured is what the path is about", Config{Resources: resources}, "/calendars/1", 404, recognize.Evidence{Code: "NoSuchRow"}, "CALENDAR_NOT_EXIST", "meaning: {RESOURCE}_NOT_EXIST"},
		{"a conflict without evidence", Config{Resources: resources}, "/calendars/1", 409, recognize.Evidence{}, "CONFLICT", "status"},
		{"a conflict with evidence", Config{Resources: resources}, "/calendars/1", 409, recognize.Evidence{Message: "Name already exists"}, "CALENDAR_ALREADY_EXIST", "resource: CALENDAR"},
		{"evidence without a resource", Config{}, "/x", 409, recognize.Evidence{Message: "Name already exists"}, "ALREADY_EXIST", "message: exists"},
		{"nothing is inferred where that is off", Config{IgnoreUpstreamResource: true}, "", 404, recognize.Evidence{Code: "NoSuchBucket"}, "NOT_FOUND", "meaning: {RESOURCE}_NOT_EXIST"},
		{"nor where the codes are a closed list", Config{Documented: true}, "", 409, recognize.Evidence{Code: "BucketAlreadyExists"}, "ALREADY_EXIST", "meaning: {RESOURCE}_ALREADY_EXIST"},
		{"the status alone", Config{}, "", 410, recognize.Evidence{}, "DELETED", "status"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newTestNormalizer(t, c.cfg)
			got := n.decideCode(&Request{Path: c.path}, c.status, &c.ev)
			if _, code, _ := n.catalog.fill(got.row, got.resource); code != c.want || got.why != c.why {
				t.Errorf("decided %s (%s), want %s (%s)", code, got.why, c.want, c.why)
			}
		})
	}
}

func TestSomeResponsesAreNeverTouched(t *testing.T) {
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	for _, c := range []struct {
		name   string
		cfg    Config
		method string
		sent   http.Header // with the request
		status int
		header http.Header // of the response
		body   string
		pass   bool
	}{
		{"gRPC", Config{}, "POST", nil, 404, http.Header{"Content-Type": {"application/grpc+proto"}}, "", true},
		{"gRPC-Web, by the request", Config{}, "POST", http.Header{"Content-Type": {"application/grpc-web-text"}}, 404, nil, "", true},
		{"Connect, streaming", Config{}, "POST", nil, 404, http.Header{"Content-Type": {"application/connect+json"}}, "", true},
		{"Connect, unary", Config{}, "POST", http.Header{"Connect-Protocol-Version": {"1"}}, 404, nil, `{"code":"not_found"}`, true},
		{"an event stream", Config{}, "GET", nil, 503, http.Header{"Content-Type": {"text/event-stream; charset=utf-8"}}, "", true},
		{"a Docker registry", Config{}, "GET", nil, 401, http.Header{"Docker-Distribution-Api-Version": {"registry/2.0"}}, "", true},
		{"a SOAP request", Config{}, "POST", http.Header{"Soapaction": {`""`}}, 500, http.Header{"Content-Type": {"text/xml"}}, "<Envelope/>", true},
		{"a SOAP 1.2 request", Config{}, "POST", http.Header{"Content-Type": {"application/soap+xml"}}, 500, nil, "<Envelope/>", true},
		{"SCIM", Config{}, "GET", nil, 404, http.Header{"Content-Type": {"application/scim+json"}}, "{}", true},
		{"WebDAV", Config{}, "GET", nil, 423, http.Header{"Content-Type": {"application/xml"}}, `<?xml version="1.0"?><D:error xmlns:D="DAV:"><D:lock-token-submitted/></D:error>`, true},
		{"ACME", Config{}, "POST", nil, 400, http.Header{"Content-Type": {"application/problem+json"}}, `{"type":"urn:ietf:params:acme:error:badNonce","detail":"x"}`, true},
		{"an OAuth token endpoint", Config{}, "POST", form, 400, http.Header{"Content-Type": {"application/json"}}, `{"error":"invalid_grant"}`, true},
		{"an OAuth token endpoint with a description", Config{}, "POST", form, 401, http.Header{"Content-Type": {"application/json"}}, `{"error":"invalid_client","error_description":"x"}`, true},
		{"an API that answers a GET so", Config{}, "GET", nil, 400, http.Header{"Content-Type": {"application/json"}}, `{"error":"invalid_grant"}`, false},
		{"a form answered with an error that is not OAuth's", Config{}, "POST", form, 400, http.Header{"Content-Type": {"application/json"}}, `{"error":"name is taken"}`, false},
		{"a configured type", Config{Pass: []string{"application/vnd.acme.*"}}, "GET", nil, 404, http.Header{"Content-Type": {"application/VND.acme.error+json"}}, "{}", true},
		{"no-transform, respected", Config{RespectNoTransform: true}, "GET", nil, 404, http.Header{"Content-Type": {"text/plain"}, "Cache-Control": {"no-store, no-transform"}}, "x", true},
		{"no-transform, by default", Config{}, "GET", nil, 404, http.Header{"Content-Type": {"text/plain"}, "Cache-Control": {"no-transform"}}, "x", false},
		{"plain JSON", Config{}, "GET", nil, 404, http.Header{"Content-Type": {"application/json"}}, "{}", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newTestNormalizer(t, c.cfg)
			v := n.Decide(&Request{Method: c.method, Header: c.sent}, &Response{Status: c.status, Header: c.header, Body: []byte(c.body)})
			if v.Pass != c.pass {
				t.Errorf("pass is %v (%s), want %v; evidence %+v", v.Pass, v.Why, c.pass, v.Evidence)
			}
		})
	}
}

func TestAnUpstreamThatSpeaksTheEnvelopeIsHeard(t *testing.T) {
	for _, c := range []struct {
		name        string
		cfg         Config
		status      int
		body        string
		code        string
		description string // "" is the catalogue's
	}{
		{"code and description are kept", Config{}, 404, `{"code":"CALENDAR_NOT_EXIST","description":"There is no calendar 7."}`, "CALENDAR_NOT_EXIST", "There is no calendar 7."},
		{"a description that leaks is replaced", Config{}, 404, `{"code":"NOT_FOUND","description":"java.lang.NullPointerException at com.acme.Foo"}`, "NOT_FOUND", ""},
		{"a 5xx never carries upstream text", Config{}, 500, `{"code":"INTERNAL_SERVER_ERROR","description":"disk 7 is full"}`, "INTERNAL_SERVER_ERROR", ""},
		{"the catalogue words it where configured", Config{CatalogDescriptions: true}, 404, `{"code":"NOT_FOUND","description":"There is no calendar 7."}`, "NOT_FOUND", ""},
		{"a code of another status is no envelope", Config{}, 500, `{"code":"NOT_FOUND","description":"x"}`, "INTERNAL_SERVER_ERROR", ""},
		{"a closed list folds it", Config{Documented: true}, 405, `{"code":"METHOD_NOT_ALLOWED","description":"Only GET."}`, "BAD_REQUEST", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newTestNormalizer(t, c.cfg)
			v := n.Decide(&Request{}, &Response{Status: c.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(c.body)})
			want := c.description
			if want == "" {
				row, _, _ := n.catalog.fill(n.catalog.documented(n.catalog.own(c.status)), "")
				want = row.Description
			}
			if v.Code != c.code || v.Description != want {
				t.Errorf("got %s %q (%s), want %s %q", v.Code, v.Description, v.Why, c.code, want)
			}
		})
	}
}
