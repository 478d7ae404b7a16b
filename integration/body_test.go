package integration

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// zipped is s in gzip.
func zipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	w.Close()
	return b.String()
}

// eucKR is 주문이 없습니다 ("there is no order") in EUC-KR.
const eucKR = "\xc1\xd6\xb9\xae\xc0\xcc \xbe\xf8\xbd\xc0\xb4\xcf\xb4\xd9"

// TestNoBodyBreaksTheAnswer has a row for each way in which the bodies of
// errors are known to break handlers that read or replace them.
func TestNoBodyBreaksTheAnswer(t *testing.T) {
	const noOrder = `{"code":"OrderNotFound","message":"There is no such order"}`
	type response struct {
		status int
		header map[string]string
		body   string
	}
	rows := []struct {
		name string
		response
		args   []string
		want   string // if empty, everything is as it came
		record map[string]any
	}{
		{
			name: "gzip", args: []string{"-H", "Accept-Encoding: gzip"},
			response: response{404, map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, zipped(noOrder)},
			want:     answer(404, "ORDER_NOT_EXIST", "There is no such order", viaCaddy),
			record:   map[string]any{"upstream.body": noOrder, "upstream.content_encoding": "gzip"},
		},
		{
			name: "a body that claims a coding and has none", args: []string{"-H", "Accept-Encoding: gzip"},
			response: response{404, map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, noOrder},
			want:     answer(404, "ORDER_NOT_EXIST", "There is no such order", viaCaddy),
			record:   map[string]any{"upstream.body": noOrder},
		},
		{
			// Without an Accept-Encoding of the client, the proxy asks for gzip itself.
			name:     "a body that the proxy fails to decode",
			response: response{404, map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, noOrder},
			want:     canned(404, "NOT_FOUND", viaCaddy),
			record:   map[string]any{"upstream.truncated": true},
		},
		{
			name:     "a coding that nobody knows",
			response: response{404, map[string]string{"Content-Type": "application/json", "Content-Encoding": "secret"}, "\x00\x01\x02"},
			want:     canned(404, "NOT_FOUND", viaCaddy),
			record: map[string]any{
				"upstream.body": base64.StdEncoding.EncodeToString([]byte("\x00\x01\x02")), "upstream.body_encoding": "base64", "upstream.decoded": false,
			},
		},
		{
			name:     "no content type",
			response: response{404, map[string]string{"Content-Type": ""}, noOrder},
			want:     answer(404, "ORDER_NOT_EXIST", "There is no such order", viaCaddy),
		},
		{
			name:     "a content type that lies",
			response: response{404, map[string]string{"Content-Type": "text/html"}, noOrder},
			want:     answer(404, "ORDER_NOT_EXIST", "There is no such order", viaCaddy),
		},
		{
			name:     "JSON that is none",
			response: response{404, map[string]string{"Content-Type": "application/json"}, "<h1>Not Found</h1>"},
			want:     canned(404, "NOT_FOUND", viaCaddy),
			record:   map[string]any{"upstream.body": "<h1>Not Found</h1>"},
		},
		{
			name:     "a declared charset",
			response: response{404, map[string]string{"Content-Type": "application/json; charset=euc-kr"}, `{"message":"` + eucKR + `"}`},
			want:     answer(404, "NOT_FOUND", "주문이 없습니다", viaCaddy),
			record:   map[string]any{"upstream.body": `{"message":"주문이 없습니다"}`, "upstream.charset": "euc-kr"},
		},
		{
			name:     "a charset that nobody declared",
			response: response{404, map[string]string{"Content-Type": "application/json"}, `{"message":"` + eucKR + `"}`},
			want:     canned(404, "NOT_FOUND", viaCaddy),
			record:   map[string]any{"upstream.decoded": false},
		},
		{
			name:     "characters that JSON must escape",
			response: response{400, map[string]string{"Content-Type": "application/json"}, `{"message":"say \"a\" & b > c, please"}`},
			want:     answer(400, "BAD_REQUEST", `say "a" & b > c, please`, viaCaddy),
		},
		{
			name:     "text that looks like a placeholder",
			response: response{409, map[string]string{"Content-Type": "application/json"}, `{"message":"Version {env.HOME} is out of date"}`},
			want:     answer(409, "CONFLICT", "Version {env.HOME} is out of date", viaCaddy),
		},
		{
			name: "an envelope already, with its error id",
			response: response{
				409,
				map[string]string{"Content-Type": "application/json", "X-Error-Id": "01900000-0000-7000-8000-000000000000"},
				`{"code":"ALREADY_EXIST","description":"The requested resource already exists."}`,
			},
			want:   canned(409, "ALREADY_EXIST", viaCaddy),
			record: map[string]any{"error_id": "01900000-0000-7000-8000-000000000000"},
		},
		{
			name:     "an error of an OAuth token endpoint",
			args:     []string{"-d", "grant_type=password"},
			response: response{400, map[string]string{"Content-Type": "application/json"}, `{"error":"invalid_grant","error_description":"expired"}`},
		},
		{
			name:     "a SOAP fault for a SOAP client",
			args:     []string{"-H", `SOAPAction: "urn:x"`, "-d", "<x/>"},
			response: response{500, map[string]string{"Content-Type": "text/xml"}, `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>`},
		},
		{
			name:     "an error with status 200",
			response: response{200, map[string]string{"Content-Type": "application/json"}, `{"ok":false,"error":"not_found"}`},
		},
	}
	addr := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) {
		var row int
		fmt.Sscanf(r.URL.Path, "/%d", &row)
		for name, value := range rows[row].header {
			w.Header().Set(name, value)
		}
		if value, ok := rows[row].header["Content-Type"]; ok && value == "" {
			w.Header()["Content-Type"] = nil // else net/http finds one
		}
		w.WriteHeader(rows[row].status)
		fmt.Fprint(w, rows[row].body)
	})
	directives := "reverse_proxy " + addr
	ways, plain := harness.Ways(t, "normalize_errors\n"+directives), harness.Ways(t, directives)
	for i, row := range rows {
		for j, way := range ways {
			t.Run(row.name+", "+way.Name, func(t *testing.T) {
				path := fmt.Sprintf("/%d", i)
				r := way.Get(t, path, row.args...)
				if row.want == "" {
					harness.WantResponse(t, r, plain[j].Get(t, path, row.args...).String())
					return
				}
				harness.WantResponse(t, r, row.want)
				if id := r.Get("X-Error-Id"); row.record["error_id"] != nil {
					if id != row.record["error_id"] {
						t.Errorf("the error id is %s, want %s", id, row.record["error_id"])
					}
					return // every way has the same
				}
				wantRecord(t, way.Record(t, r), row.record)
			})
		}
	}
}

// TestTwoInARowSpeakOnce shows that a Caddy behind another leaves the answer to
// the inner one, under one error id.
func TestTwoInARowSpeakOnce(t *testing.T) {
	addr := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("WWW-Authenticate", "Basic realm=legacy")
		http.Error(w, "java.lang.NullPointerException", http.StatusUnauthorized)
	})
	inner := harness.Protocols(t, "normalize_errors\nreverse_proxy "+addr)
	for _, way := range harness.Protocols(t, "normalize_errors\nreverse_proxy "+inner[0].Host) {
		t.Run(way.Name, func(t *testing.T) {
			r := way.Get(t, "/")
			harness.WantResponse(t, r, canned(401, "UNAUTHORIZED", noStore, viaCaddy, viaCaddy, `Www-Authenticate: Bearer realm="localhost"`))
			outer, inner := way.Record(t, r), inner[0].Record(t, r)
			wantRecord(t, inner, map[string]any{"upstream.body": "java.lang.NullPointerException\n"})
			wantRecord(t, outer, map[string]any{"upstream.format": "envelope", "upstream.body": string(r.Body)})
		})
	}
}
