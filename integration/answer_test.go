package integration

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// documented are the texts of the public catalogue, word for word.
var documented = map[string]string{
	"BAD_REQUEST":           "The server cannot process the request because the request format or body is invalid.",
	"UNAUTHORIZED":          "The requested authentication information was missing or incorrectly specified. A common authentication error indicates what is defined in RFC 6749.",
	"FORBIDDEN":             "The server understood the client's request but refused to process it. If the client app does not have access to the resource or the required OAuth scopes, access is denied.",
	"NOT_FOUND":             "The requested resource could not be found.",
	"ORDER_NOT_EXIST":       "The specific resource could not be found.",
	"CONFLICT":              "There is a conflict with the requested resource.",
	"ALREADY_EXIST":         "The requested resource already exists.",
	"DELETED":               "The requested resource has already been deleted and does not exist on the server.",
	"INTERNAL_SERVER_ERROR": "Unspecified internal server error",
	"SERVICE_UNAVAILABLE":   "Temporary server error",
}

// viaCaddy is the field that Caddy's reverse proxy adds to a response.
const viaCaddy = "Via: 1.1 Caddy"

// viaFastCGI is the same where the response did not come over HTTP. The field
// Status, which a FastCGI response has as well, is CGI's (RFC 3875 section 6.3.3).
const viaFastCGI = "Via: 0.0 Caddy"

// noStore is the field of answers that depend on who asked, or will pass.
const noStore = "Cache-Control: no-store"

// answer writes a whole answer as [harness.Response.String] does: the fields of
// every answer, those given and no other.
func answer(status int, code, description string, fields ...string) string {
	var body strings.Builder
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(description); err != nil {
		panic(err)
	}
	fields = append(fields, "Content-Length: <length>", "Content-Type: application/json", "Date: <date>",
		"X-Content-Type-Options: nosniff", "X-Error-Id: <id>")
	name := func(field string) string { return field[:strings.Index(field, ":")] }
	slices.SortStableFunc(fields, func(a, b string) int { return strings.Compare(name(a), name(b)) })
	return fmt.Sprintf("%d\n%s\n\n{\"code\":%q,\"description\":%s}", status, strings.Join(fields, "\n"), code, strings.TrimSuffix(body.String(), "\n"))
}

// canned is an answer with a code and text of the public catalogue.
func canned(status int, code string, fields ...string) string {
	description, ok := documented[code]
	if !ok {
		panic("no such code: " + code)
	}
	return answer(status, code, description, fields...)
}

// wantRecord checks values of a record, by dotted path.
func wantRecord(t *testing.T, record harness.Entry, want map[string]any) {
	t.Helper()
	for path, value := range want {
		if got := record.Get(path); fmt.Sprint(got) != fmt.Sprint(value) {
			t.Errorf("the record's %s is %v, want %v", path, got, value)
		}
	}
}

// wantOriginal checks that the record holds what the client would have got
// without us, and what it got instead.
func wantOriginal(t *testing.T, record harness.Entry, original, got *harness.Response) {
	t.Helper()
	var envelope struct{ Code, Description string }
	if err := json.Unmarshal(got.Body, &envelope); len(got.Body) > 0 && err != nil {
		t.Errorf("parsing the answer: %v", err)
	}
	want := map[string]any{
		"upstream.status": original.Status,
		"response.status": got.Status,
	}
	if len(got.Body) > 0 {
		want["response.code"], want["response.description"] = envelope.Code, envelope.Description
	}
	if len(original.Body) > 0 {
		want["upstream.body"], want["upstream.body_encoding"] = string(original.Body), "utf-8"
		want["upstream.truncated"] = false
		if original.Get("Content-Encoding") == "" { // else curl has decoded it
			want["upstream.body_size"] = len(original.Body)
		}
	}
	for _, field := range original.Fields {
		switch field.Name {
		case "Date", "Connection", "Keep-Alive", "Transfer-Encoding", "Etag", "Allow": // may differ from one time to the next
		case "Set-Cookie": // Caddy redacts it
			want["upstream.headers."+field.Name] = "[REDACTED]"
		default:
			want["upstream.headers."+field.Name] = "[" + field.Value + "]"
		}
	}
	wantRecord(t, record, want)
}
