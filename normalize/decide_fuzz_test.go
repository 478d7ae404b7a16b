package normalize

import (
	"net/http"
	"testing"
)

// FuzzDecide sends whatever there is through every step: the answer is whole,
// whatever the upstream and the client sent.
func FuzzDecide(f *testing.F) {
	for _, c := range loadCases(f) {
		f.Add(c.Status, c.Header.Get("Content-Type"), c.Header.Get("Content-Encoding"), c.Header.Get("Www-Authenticate"), c.RequestHeader.Get("Authorization"), c.Target, c.Body)
	}
	f.Add(401, "text/plain", "br, gzip", `Bearer realm=""`, "Bearer", "/a?access_token=%zz", []byte("\x1f\x8b"))
	n := newTestNormalizer(f, Config{
		Resources: []PathResource{{Pattern: "/v1/*", Resource: "THING"}},
		Rules: []Rule{
			{Name: "soft", Match: &Match{Status: []int{200}, Fields: []FieldMatch{{Path: "success", Values: []string{"false"}}}}, Status: 400},
			{Name: "worded", Match: &Match{Status: []int{4, 5}, Code: []string{"E*"}}, Code: "BAD_REQUEST", Status: 400, Description: "It failed: {upstream.message} ({upstream.code})"},
		},
	})
	f.Fuzz(func(t *testing.T, status int, contentType, coding, challenge, authorization, path string, body []byte) {
		if status < 200 || status > 999 {
			return
		}
		header := http.Header{"Content-Type": {contentType}, "Content-Encoding": {coding}, "Www-Authenticate": {challenge}}
		req := Request{Method: http.MethodGet, Host: "api.example.com", Path: path, Authorization: []string{authorization}}
		v := n.Decide(&req, &Response{Status: status, Header: header, Body: body})
		if v.Fault != "" {
			t.Fatalf("reading it failed: %s", v.Fault)
		}
		if v.Pass {
			return
		}
		wantSoundAnswer(t, n, &v)
		EditHeader(header, status, &v)
		if header.Get("Content-Encoding") != "" || header.Get("Content-Type") != "application/json" {
			t.Errorf("header is %v", header)
		}
	})
}
