package integration

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// TestWhatTheClientSentCounts shows that the resource, the challenge and the
// record speak of the client's request, whatever handlers inside the site make
// of it on its way to the upstream.
func TestWhatTheClientSentCounts(t *testing.T) {
	// The upstream answers with what it got to see.
	addr := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusNotFound
		if r.URL.Query().Has("login") {
			status = http.StatusUnauthorized
		}
		credentials := "without credentials"
		if r.Header.Get("Authorization") != "" {
			credentials = "with credentials"
		}
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<p>%s %s %s", r.Method, r.URL.Path, credentials)
	})
	fpm, root := harness.PHPFPM(t)
	ways := harness.Protocols(t, `
		normalize_errors {
			resource /api/orders/* ORDER
		}
		handle_path /api/orders/* {
			reverse_proxy `+addr+`
		}
		handle /prefix/* {
			uri strip_prefix /prefix
			reverse_proxy `+addr+`
		}
		handle /rewritten/* {
			rewrite * /elsewhere?login
			reverse_proxy `+addr+`
		}
		handle /anonymous/* {
			request_header -Authorization
			reverse_proxy `+addr+`
		}
		handle /method/* {
			method POST
			reverse_proxy `+addr+`
		}
		handle /php/* {
			root `+root+`
			php_fastcgi `+fpm+`
		}`)
	const bearer = "Authorization: Bearer abc"
	invalidToken := canned(401, "UNAUTHORIZED", noStore, viaCaddy, `Www-Authenticate: Bearer realm="localhost", error="invalid_token"`)
	const redacted = "[REDACTED]"
	for _, test := range []struct {
		name   string
		path   string
		args   []string
		want   string
		record map[string]any
	}{
		{
			name: "handle_path", path: "/api/orders/7",
			want: canned(404, "ORDER_NOT_EXIST", viaCaddy),
			record: map[string]any{
				"request.uri": "/api/orders/7", "request.method": "GET",
				"upstream.body": "<p>GET /7 without credentials",
			},
		},
		{
			name: "uri strip_prefix", path: "/prefix/page",
			want: canned(404, "NOT_FOUND", viaCaddy),
			record: map[string]any{
				"request.uri": "/prefix/page", "upstream.body": "<p>GET /page without credentials",
			},
		},
		{
			name: "rewrite", path: "/rewritten/page?access_token=abc",
			want: invalidToken,
			record: map[string]any{
				"request.uri": "/rewritten/page?access_token=REDACTED", "upstream.body": "<p>GET /elsewhere without credentials",
			},
		},
		{
			name: "request_header -Authorization", path: "/anonymous/page?login", args: []string{"-H", bearer},
			want: invalidToken,
			record: map[string]any{
				"request.headers.Authorization": redacted, "upstream.body": "<p>GET /anonymous/page without credentials",
			},
		},
		{
			name: "method", path: "/method/page",
			want: canned(404, "NOT_FOUND", viaCaddy),
			record: map[string]any{
				"request.method": "GET", "upstream.body": "<p>POST /method/page without credentials",
			},
		},
		{
			name: "method, and the client sent HEAD", path: "/method/page", args: []string{"-I"},
			want: "404\nContent-Type: application/json\nDate: <date>\n" + viaCaddy +
				"\nX-Content-Type-Options: nosniff\nX-Error-Id: <id>",
			record: map[string]any{
				"request.method": "HEAD", "upstream.body": "<p>POST /method/page without credentials",
			},
		},
		{
			name: "php_fastcgi", path: "/php/orders/7?do=missing",
			want: canned(404, "NOT_FOUND", "Status: 404 Not Found", viaFastCGI),
			record: map[string]any{
				"request.uri":   "/php/orders/7?do=missing",
				"upstream.body": "<h1>No such page</h1> /php/orders/7?do=missing /index.php",
			},
		},
		{
			name: "php_fastcgi, with a token", path: "/php/?do=login", args: []string{"-H", bearer},
			want: canned(401, "UNAUTHORIZED", noStore, "Status: 401 Unauthorized", viaFastCGI, `Www-Authenticate: Bearer realm="localhost", error="invalid_token"`),
			record: map[string]any{
				"upstream.body": "<p>Please log in, GET with credentials", "upstream.address": "tcp/" + fpm,
			},
		},
	} {
		for _, way := range ways {
			t.Run(test.name+", "+way.Name, func(t *testing.T) {
				r := way.Get(t, test.path, test.args...)
				harness.WantResponse(t, r, test.want)
				wantRecord(t, way.Record(t, r), test.record)
			})
		}
	}
}

// TestCaddysOwnErrorsSpeakTheEnvelope shows the answers where no upstream said
// anything.
func TestCaddysOwnErrorsSpeakTheEnvelope(t *testing.T) {
	dead := harness.FreeAddr(t)
	stuck := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	reading := harness.Handler(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	ways := harness.Ways(t, `
		normalize_errors
		reverse_proxy /dead/* `+dead+`
		reverse_proxy /stuck/* `+stuck+` {
			transport http {
				response_header_timeout 200ms
			}
		}
		reverse_proxy /nobody/* {
			dynamic a {
				name nobody.invalid
				port 80
			}
		}
		handle /small/* {
			request_body {
				max_size 10
			}
			reverse_proxy `+reading+`
		}
		handle /private/* {
			basic_auth {
				alice $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG
			}
			respond "the secret"
		}
		error /teapot "how it is made: /etc/passwd" 418
		file_server /files/*`)
	const gateway = "The server received an invalid response from an upstream server."
	for _, test := range []struct {
		name   string
		path   string
		args   []string
		want   string
		record map[string]any
	}{
		{
			name: "nobody listens", path: "/dead/",
			want: answer(502, "BAD_GATEWAY", gateway, noStore),
			record: map[string]any{
				"level": "error", "cause.status": 502,
				"cause.error": "dial tcp " + dead + ": connect: connection refused",
			},
		},
		{
			name: "a timeout", path: "/stuck/",
			want:   answer(504, "GATEWAY_TIMEOUT", "The server did not receive a response from an upstream server in time.", noStore),
			record: map[string]any{"cause.status": 504},
		},
		{
			name: "no upstreams", path: "/nobody/",
			want:   canned(503, "SERVICE_UNAVAILABLE", noStore),
			record: map[string]any{"cause.status": 503},
		},
		{
			name: "a request body over the limit", path: "/small/", args: []string{"-d", "more than ten bytes"},
			want:   answer(413, "CONTENT_TOO_LARGE", "The request body is too large."),
			record: map[string]any{"cause.status": 413},
		},
		{
			name: "basic_auth: the operator's challenge", path: "/private/",
			want:   canned(401, "UNAUTHORIZED", noStore, `Www-Authenticate: Basic realm="restricted"`),
			record: map[string]any{"level": "info", "cause.status": 401},
		},
		{
			name: "error", path: "/teapot",
			want:   answer(418, "BAD_REQUEST", documented["BAD_REQUEST"]),
			record: map[string]any{"cause.error": "how it is made: /etc/passwd"},
		},
		{
			name: "file_server", path: "/files/none",
			want:   canned(404, "NOT_FOUND"),
			record: map[string]any{"cause.status": 404},
		},
	} {
		for _, way := range ways {
			t.Run(test.name+", "+way.Name, func(t *testing.T) {
				r := way.Get(t, test.path, test.args...)
				harness.WantResponse(t, r, test.want)
				record := way.Record(t, r)
				wantRecord(t, record, test.record)
				if record.Text("cause.id") == "" || record.Text("cause.trace") == "" {
					t.Errorf("the record's cause is %v, want Caddy's id and trace", record.Get("cause"))
				}
			})
		}
	}
}
