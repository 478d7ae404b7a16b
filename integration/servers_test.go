package integration

import (
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// exchange is one request and the whole answer to it.
type exchange struct {
	name   string
	path   string
	args   []string // of curl
	want   string
	record map[string]any // beside the original
}

// exchanges asks the server at addr, through Caddy, over each protocol, and
// checks the whole answer and the record; the original to look for in the
// record is what the server says when asked directly.
func exchanges(t *testing.T, addr, options string, all []exchange) {
	t.Helper()
	ways := harness.Protocols(t, "normalize_errors {\n"+options+"\n}\nreverse_proxy "+addr)
	for _, x := range all {
		for _, way := range ways {
			t.Run(x.name+", "+way.Name, func(t *testing.T) {
				r := way.Get(t, x.path, x.args...)
				harness.WantResponse(t, r, strings.ReplaceAll(x.want, "<host>", way.Host))
				record := way.Record(t, r)
				original := harness.Curl(t, "http://"+addr+x.path, append(x.args, "-H", "Host: "+way.Host)...)
				wantOriginal(t, record, original, r)
				wantRecord(t, record, map[string]any{
					"request.uri": x.path, "request.host": way.Host, "upstream.address": "tcp/" + addr,
				})
				wantRecord(t, record, x.record)
			})
		}
	}
	t.Run("a success is left alone", func(t *testing.T) {
		for _, way := range ways {
			original, r := harness.Curl(t, "http://"+addr+"/"), way.Get(t, "/")
			if r.Status != 200 || string(r.Body) != string(original.Body) {
				t.Errorf("%s: got\n%s\nwant\n%s", way.Name, r, original)
			}
			for _, field := range original.Fields {
				switch field.Name {
				case "Date", "Connection", "Keep-Alive", "Host":
				default:
					if r.Get(field.Name) != field.Value {
						t.Errorf("%s: %s is %q, want %q", way.Name, field.Name, r.Get(field.Name), field.Value)
					}
				}
			}
		}
	})
}

func TestApacheSpeaksTheEnvelope(t *testing.T) {
	exchanges(t, harness.Apache(t), "", []exchange{
		{
			name: "not found", path: "/nothing",
			want: canned(404, "NOT_FOUND", viaCaddy),
		},
		{
			name: "a page of its own, gzip", path: "/gzip/nothing", args: []string{"--compressed", "-H", "Accept-Encoding: gzip"},
			want:   canned(404, "NOT_FOUND", "Vary: Accept-Encoding", viaCaddy),
			record: map[string]any{"upstream.content_encoding": "gzip"},
		},
		{
			name: "a page of its own, brotli", path: "/br/nothing", args: []string{"--compressed", "-H", "Accept-Encoding: br"},
			want:   canned(404, "NOT_FOUND", "Vary: Accept-Encoding", viaCaddy),
			record: map[string]any{"upstream.content_encoding": "br"},
		},
		{
			name: "forbidden", path: "/forbidden",
			want: canned(403, "FORBIDDEN", noStore, viaCaddy),
		},
		{
			name: "gone", path: "/gone",
			want: canned(410, "DELETED", viaCaddy),
		},
		{
			name: "Basic authentication", path: "/basic",
			want: canned(401, "UNAUTHORIZED", noStore, viaCaddy, `Www-Authenticate: Bearer realm="localhost"`),
		},
		{
			name: "Basic authentication, asked with a token", path: "/basic", args: []string{"-H", "Authorization: Bearer abc"},
			want: canned(401, "UNAUTHORIZED", noStore, viaCaddy, `Www-Authenticate: Bearer realm="localhost", error="invalid_token"`),
		},
		{
			name: "method not allowed", path: "/index.html", args: []string{"-X", "DELETE"},
			want: answer(405, "METHOD_NOT_ALLOWED", "The request method is not allowed for the requested resource.",
				"Allow: GET, HEAD, OPTIONS, POST, TRACE", viaCaddy),
		},
		{
			name: "content too large", path: "/small", args: []string{"-d", "too much"},
			want: answer(413, "CONTENT_TOO_LARGE", "The request body is too large.", viaCaddy),
		},
		{
			name: "a proxy whose upstream is dead", path: "/dead",
			want: canned(503, "SERVICE_UNAVAILABLE", noStore, viaCaddy),
		},
	})
}

func TestADigestHandshakeGoesOnAfterBearer(t *testing.T) {
	addr := harness.Apache(t)
	for _, way := range harness.Protocols(t, "normalize_errors\nreverse_proxy "+addr) {
		t.Run(way.Name, func(t *testing.T) {
			r := way.Get(t, "/digest")
			var challenges []string
			for _, field := range r.Fields {
				if field.Name == "Www-Authenticate" {
					challenges = append(challenges, field.Value)
				}
			}
			if len(challenges) != 2 || challenges[0] != `Bearer realm="localhost"` ||
				!strings.HasPrefix(challenges[1], `Digest realm="legacy", nonce="`) {
				t.Errorf("the challenges are %q, want Bearer, then Apache's Digest", challenges)
			}
		})
	}
}

func TestNginxSpeaksTheEnvelope(t *testing.T) {
	addr := harness.Nginx(t)
	harness.Curl(t, "http://"+addr+"/busy") // the one request a minute
	exchanges(t, addr, "", []exchange{
		{
			name: "not found", path: "/nothing",
			want: canned(404, "NOT_FOUND", viaCaddy),
		},
		{
			name: "forbidden", path: "/forbidden",
			want: canned(403, "FORBIDDEN", noStore, viaCaddy),
		},
		{
			name: "Basic authentication", path: "/basic",
			want: canned(401, "UNAUTHORIZED", noStore, viaCaddy, `Www-Authenticate: Bearer realm="localhost"`),
		},
		{
			name: "content too large", path: "/small", args: []string{"-d", "too much"},
			want: answer(413, "CONTENT_TOO_LARGE", "The request body is too large.", viaCaddy),
		},
		{
			name: "range not satisfiable", path: "/index.html", args: []string{"-H", "Range: bytes=99-"},
			want: answer(416, "RANGE_NOT_SATISFIABLE", "The requested range is not available.",
				"Content-Range: bytes */6", viaCaddy),
		},
		{
			name: "too many requests", path: "/busy",
			want: answer(429, "TOO_MANY_REQUESTS", "Too many requests were sent in a given amount of time.",
				noStore, "Retry-After: 60", viaCaddy),
		},
		{
			name: "unavailable for a while", path: "/slow-down",
			want: canned(503, "SERVICE_UNAVAILABLE", noStore, "Retry-After: 120", viaCaddy),
		},
		{
			name: "a proxy whose upstream is dead", path: "/dead",
			want: answer(502, "BAD_GATEWAY", "The server received an invalid response from an upstream server.", noStore, viaCaddy),
		},
	})
}

func TestTomcatSpeaksTheEnvelope(t *testing.T) {
	exchanges(t, harness.Tomcat(t), "resource /orders/* ORDER", []exchange{
		{
			name: "not found", path: "/nothing",
			want: canned(404, "NOT_FOUND", viaCaddy),
		},
		{
			name: "a resource that is not there", path: "/orders/7",
			want: canned(404, "ORDER_NOT_EXIST", viaCaddy),
		},
		{
			name: "a page that throws", path: "/boom.jsp",
			want:   canned(500, "INTERNAL_SERVER_ERROR", noStore, viaCaddy),
			record: map[string]any{"level": "error"},
		},
		{
			name: "an application that says why", path: "/conflict.jsp",
			want: answer(409, "ALREADY_EXIST", "An order with this number already exists",
				"Set-Cookie: JSESSIONID=<session>; Path=/; HttpOnly", viaCaddy),
		},
		{
			name: "Basic authentication", path: "/manager/html",
			want: canned(401, "UNAUTHORIZED", noStore, viaCaddy, `Www-Authenticate: Bearer realm="localhost"`),
		},
		{
			name: "method not allowed", path: "/index.html", args: []string{"-X", "DELETE"},
			want: answer(405, "METHOD_NOT_ALLOWED", "The request method is not allowed for the requested resource.",
				"Allow: GET, HEAD, OPTIONS, POST", viaCaddy),
		},
		{
			name: "HEAD", path: "/nothing", args: []string{"-I"},
			want: "404\nContent-Type: application/json\nDate: <date>\n" + viaCaddy +
				"\nX-Content-Type-Options: nosniff\nX-Error-Id: <id>",
		},
	})
}

func TestPHPSpeaksTheEnvelope(t *testing.T) {
	const host = "Host: <host>" // this server sends it back
	exchanges(t, harness.PHP(t), "", []exchange{
		{
			name: "not found", path: "/nothing",
			want: canned(404, "NOT_FOUND", host, viaCaddy),
		},
		{
			name: "Laravel's validation", path: "/json",
			want: answer(422, "MISSING_PARAMETER", "email: The email field is required.", host, viaCaddy),
		},
		{
			name: "a fatal error", path: "/fatal",
			want: canned(500, "INTERNAL_SERVER_ERROR", noStore, host, viaCaddy),
		},
		{
			name: "Basic authentication", path: "/login",
			want: answer(401, "UNAUTHORIZED", "Please log in", noStore, "Set-Cookie: visit=1", host, viaCaddy, `Www-Authenticate: Bearer realm="localhost"`),
		},
	})
}

func TestFlaskSpeaksTheEnvelope(t *testing.T) {
	exchanges(t, harness.Flask(t), "", []exchange{
		{
			name: "not found", path: "/nothing",
			want: canned(404, "NOT_FOUND", viaCaddy),
		},
		{
			name: "method not allowed", path: "/", args: []string{"-X", "DELETE"},
			want: answer(405, "METHOD_NOT_ALLOWED", "The request method is not allowed for the requested resource.",
				"Allow: GET, HEAD, OPTIONS", viaCaddy),
		},
		{
			name: "an application that says why", path: "/orders", args: []string{"-X", "POST"},
			want: answer(409, "ALREADY_EXIST", "An order with this number already exists.", viaCaddy),
		},
		{
			name: "an exception", path: "/boom",
			want: canned(500, "INTERNAL_SERVER_ERROR", noStore, viaCaddy),
		},
	})
}

func TestExpressSpeaksTheEnvelope(t *testing.T) {
	const csp = "Content-Security-Policy: default-src 'none'"
	exchanges(t, harness.Node(t, "express"), "", []exchange{
		{
			name: "router's page", path: "/nothing",
			want: canned(404, "NOT_FOUND", csp, viaCaddy),
		},
		{
			name: "a code and a message", path: "/orders/7",
			want: answer(404, "ORDER_NOT_EXIST", "There is no such order", viaCaddy),
		},
		{
			name: "broken JSON", path: "/orders", args: []string{"-H", "Content-Type: application/json", "-d", "{"},
			want: canned(400, "BAD_REQUEST", csp, viaCaddy),
		},
		{
			name: "an exception", path: "/boom",
			want: canned(500, "INTERNAL_SERVER_ERROR", noStore, csp, viaCaddy),
		},
	})
}

func TestNestSpeaksTheEnvelope(t *testing.T) {
	exchanges(t, harness.Node(t, "nest"), "resource /orders/* ORDER", []exchange{
		{
			name: "router's message", path: "/nothing",
			want: canned(404, "NOT_FOUND", viaCaddy),
		},
		{
			name: "a message", path: "/orders/7",
			want: answer(404, "ORDER_NOT_EXIST", "There is no such order", viaCaddy),
		},
		{
			name: "a parameter that does not parse", path: "/orders/seven",
			want: answer(400, "BAD_REQUEST", "Validation failed (numeric string is expected)", viaCaddy),
		},
		{
			name: "the status phrase for a message", path: "/conflict",
			want: canned(409, "CONFLICT", viaCaddy),
		},
		{
			name: "no credentials", path: "/me",
			want: canned(401, "UNAUTHORIZED", noStore, viaCaddy, `Www-Authenticate: Bearer realm="localhost"`),
		},
		{
			name: "forbidden, with a token", path: "/forbidden", args: []string{"-H", "Authorization: Bearer abc"},
			want: answer(403, "FORBIDDEN", "Only the owner may see this order", noStore, viaCaddy),
		},
		{
			name: "an exception", path: "/boom",
			want: canned(500, "INTERNAL_SERVER_ERROR", noStore, viaCaddy),
		},
	})
}

func TestFastifySpeaksTheEnvelope(t *testing.T) {
	exchanges(t, harness.Node(t, "fastify"), "", []exchange{
		{
			name: "router's message", path: "/nothing",
			want: canned(404, "NOT_FOUND", viaCaddy),
		},
		{
			name: "a property that is missing", path: "/users", args: []string{"-H", "Content-Type: application/json", "-d", "{}"},
			want: answer(400, "MISSING_PARAMETER", "email: must have required property 'email'", viaCaddy),
		},
		{
			name: "a media type that it does not know", path: "/users", args: []string{"-H", "Content-Type: text/csv", "-d", "email"},
			want: answer(415, "UNSUPPORTED_MEDIA_TYPE", "The format of the request body is not supported.", viaCaddy),
		},
		{
			name: "an exception", path: "/boom",
			want: canned(500, "INTERNAL_SERVER_ERROR", noStore, viaCaddy),
		},
	})
}
