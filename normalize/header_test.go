package normalize

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheHeaderIsEditedForTheAnswer(t *testing.T) {
	for _, c := range []struct {
		name    string
		status  int // of the upstream
		verdict Verdict
		header  http.Header
		want    map[string]string // "" says that the field is gone
	}{
		{"what described the old body goes", 404, Verdict{Status: 404}, http.Header{
			"Content-Encoding": {"gzip"}, "Content-Length": {"10"}, "Content-Md5": {"x"}, "Digest": {"x"}, "Repr-Digest": {"x"}, "Content-Digest": {"x"},
			"Signature": {"x"}, "Signature-Input": {"x"}, "Trailer": {"X"}, "Transfer-Encoding": {"chunked"}, "Content-Location": {"/x"}, "Content-Range": {"bytes */1"},
		}, map[string]string{
			"Content-Encoding": "", "Content-Length": "", "Content-Md5": "", "Digest": "", "Repr-Digest": "", "Content-Digest": "", "Signature": "",
			"Signature-Input": "", "Trailer": "", "Transfer-Encoding": "", "Content-Location": "", "Content-Range": "",
			"Content-Type": "application/json", "X-Content-Type-Options": "nosniff",
		}},
		{"a 416 keeps the current length", 416, Verdict{Status: 416}, http.Header{"Content-Range": {"bytes */47022"}}, map[string]string{"Content-Range": "bytes */47022"}},
		{"software is not named", 400, Verdict{Status: 400}, http.Header{
			"Server": {"Apache"}, "X-Powered-By": {"PHP"}, "X-Aspnet-Version": {"4"}, "X-Aspnetmvc-Version": {"5"}, "X-Runtime": {"0.1"}, "X-Generator": {"Drupal"},
			"X-Debug-Token": {"1"}, "X-Debug-Token-Link": {"http://x"},
		}, map[string]string{"Server": "", "X-Powered-By": "", "X-Aspnet-Version": "", "X-Aspnetmvc-Version": "", "X-Runtime": "", "X-Generator": "", "X-Debug-Token": "", "X-Debug-Token-Link": ""}},
		{"what the client needs stays", 405, Verdict{Status: 405}, http.Header{
			"Retry-After": {"3"}, "Allow": {"GET"}, "Set-Cookie": {"a=b"}, "Link": {"</x>"}, "Vary": {"Origin"}, "Dpop-Nonce": {"n"}, "Replay-Nonce": {"r"},
			"Ratelimit-Limit": {"10"}, "Strict-Transport-Security": {"max-age=1"}, "Traceparent": {"00-1"}, "X-Unknown": {"1"}, "Authentication-Info": {"x"},
			"Cache-Control": {"max-age=60"}, "Age": {"3"}, "Proxy-Authenticate": {"Basic"}, "Location": {"/x"}, "Via": {"1.1 x"},
		}, map[string]string{
			"Retry-After": "3", "Allow": "GET", "Set-Cookie": "a=b", "Link": "</x>", "Vary": "Origin", "Dpop-Nonce": "n", "Replay-Nonce": "r", "Ratelimit-Limit": "10",
			"Strict-Transport-Security": "max-age=1", "Traceparent": "00-1", "X-Unknown": "1", "Authentication-Info": "x", "Cache-Control": "max-age=60", "Age": "3",
			"Proxy-Authenticate": "Basic", "Location": "/x", "Via": "1.1 x",
		}},
		{"what passes or depends on who asked is not stored", 503, Verdict{Status: 503}, http.Header{
			"Cache-Control": {"public"}, "Expires": {"x"}, "Pragma": {"x"}, "Age": {"1"}, "Surrogate-Control": {"x"}, "Cdn-Cache-Control": {"x"},
		}, map[string]string{"Cache-Control": "no-store", "Expires": "", "Pragma": "", "Age": "", "Surrogate-Control": "", "Cdn-Cache-Control": ""}},
		{"a 404 is stored as the upstream says", 404, Verdict{Status: 404}, http.Header{}, map[string]string{"Cache-Control": ""}},
		{"a changed status is not stored and leads nowhere", 302, Verdict{Status: 404}, http.Header{"Location": {"/login"}, "Refresh": {"0"}, "Status": {"302 Found"}}, map[string]string{
			"Cache-Control": "no-store", "Location": "", "Refresh": "", "Status": "",
		}},
		{"the challenge is ours", 401, Verdict{Status: 401, Challenges: []string{`Bearer realm="x"`}}, http.Header{"Www-Authenticate": {"Basic"}}, map[string]string{"Www-Authenticate": `Bearer realm="x"`}},
		{"no challenge is no field", 404, Verdict{Status: 404}, http.Header{"Www-Authenticate": {"Basic"}}, map[string]string{"Www-Authenticate": ""}},
		{"scripts may see what they need", 401, Verdict{Status: 401, Challenges: []string{"Bearer"}}, http.Header{
			"Access-Control-Allow-Origin": {"https://a.example"}, "Access-Control-Expose-Headers": {"X-Total"}, "Retry-After": {"1"}, "X-Error-Id": {"1"},
		}, map[string]string{"Access-Control-Expose-Headers": "X-Total, WWW-Authenticate, Retry-After, X-Error-Id"}},
		{"a star exposes all", 401, Verdict{Status: 401, Challenges: []string{"Bearer"}}, http.Header{
			"Access-Control-Allow-Origin": {"*"}, "Access-Control-Expose-Headers": {"*"},
		}, map[string]string{"Access-Control-Expose-Headers": "*"}},
		{"a star is a name where credentials are sent", 401, Verdict{Status: 401, Challenges: []string{"Bearer"}}, http.Header{
			"Access-Control-Allow-Origin": {"https://a.example"}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Expose-Headers": {"*"},
		}, map[string]string{"Access-Control-Expose-Headers": "*, WWW-Authenticate"}},
		{"Proxy-Status loses its details", 502, Verdict{Status: 502}, http.Header{"Proxy-Status": {`a; error=dns_error; details="x.internal", b; received-status=502`}}, map[string]string{
			"Proxy-Status": "a;error=dns_error, b;received-status=502",
		}},
		{"a Proxy-Status that does not parse goes", 502, Verdict{Status: 502}, http.Header{"Proxy-Status": {`a; details="`}}, map[string]string{"Proxy-Status": ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			EditHeader(c.header, c.status, &c.verdict, "X-Error-Id")
			for name, want := range c.want {
				if got := strings.Join(c.header[name], " | "); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}
