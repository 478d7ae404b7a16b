package caddymodule

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/intercept"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// sink is a response writer that costs next to nothing and keeps nothing.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }

// htmlPage is an error page of 2 KiB.
var htmlPage = []byte("<!doctype html><html><head><title>HTTP Status 404 – Not Found</title><style>" +
	strings.Repeat("h1 {font-family:Tahoma,Arial,sans-serif;color:white;} ", 33) +
	"</style></head><body><h1>HTTP Status 404 – Not Found</h1><p><b>Message</b> No such customer</p></body></html>")

// BenchmarkServeHTTP shows what the handler costs. Compare the rows of one run:
// "next alone" is the floor of the success path, "intercept and respond" is what
// Caddy itself takes to replace an error.
func BenchmarkServeHTTP(b *testing.B) {
	success := caddyhttp.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) error {
		w.WriteHeader(200)
		_, err := w.Write(htmlPage)
		return err
	})
	failure := caddyhttp.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) error {
		h := w.Header()
		h["Content-Type"] = []string{"text/html"}
		h["Etag"] = []string{`"x"`}
		w.WriteHeader(404)
		_, err := w.Write(htmlPage)
		return err
	})
	for _, c := range []struct {
		name    string
		handler caddyhttp.MiddlewareHandler
		next    caddyhttp.Handler
	}{
		{"success/next alone", nil, success},
		{"success/body_timeout off", benchHandler(b, 0), success},
		{"success/default", benchHandler(b, -1), success},
		{"success/intercept", benchIntercept(b), success},
		{"failure/recognition stubbed out", stubbed(benchHandler(b, -1)), failure},
		{"failure/normalize_errors", benchHandler(b, -1), failure},
		{"failure/payload off", benchHandler(b, -1, func(h *Handler) { h.Payload = &Payload{Off: true} }), failure},
		{"failure/intercept and respond", benchIntercept(b), failure},
	} {
		b.Run(c.name, func(b *testing.B) {
			w := &sink{header: make(http.Header, 8)}
			template, err := http.NewRequest(http.MethodGet, "https://api.example.com/v1/customers/42", nil)
			if err != nil {
				b.Fatal(err)
			}
			base := context.WithValue(context.Background(), caddyhttp.ExtraLogFieldsCtxKey, new(caddyhttp.ExtraLogFields))
			b.ReportAllocs()
			for b.Loop() {
				// As the server does for each request; the floor pays it too.
				ctx := context.WithValue(base, caddy.ReplacerCtxKey, caddy.NewReplacer())
				ctx, cancel := context.WithCancel(ctx)
				r := template.WithContext(ctx)
				clear(w.header)
				if c.handler == nil {
					err = c.next.ServeHTTP(w, r)
				} else {
					err = c.handler.ServeHTTP(w, r, c.next)
				}
				cancel()
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// benchHandler returns a provisioned handler whose records are encoded and then
// dropped; a negative timeout is the default.
func benchHandler(b *testing.B, timeout caddy.Duration, edit ...func(*Handler)) *Handler {
	h := new(Handler)
	for _, e := range edit {
		e(h)
	}
	if timeout >= 0 {
		h.BodyTimeout = &timeout
	}
	provision(b, h)
	h.logger = zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(io.Discard), zap.InfoLevel))
	return h
}

// stubbed makes h decide by the status alone.
func stubbed(h *Handler) *Handler {
	h.normalizer = stub{}
	return h
}

type stub struct{}

func (stub) MayClaim(status int) bool { return status >= 400 }

func (stub) Screen(*normalize.Request, *normalize.Response) normalize.Screening {
	return normalize.NeedBody
}

func (stub) Decide(_ *normalize.Request, resp *normalize.Response) normalize.Verdict {
	return normalize.Verdict{
		Status: resp.Status, Code: "NOT_FOUND", Row: "NOT_FOUND", Description: "The requested resource could not be found.",
		Why: "status", Text: normalize.Text{Text: string(resp.Body), OK: true, Charset: "utf-8"},
	}
}

// quietOnce keeps intercept's debug entries from being written, as in production.
var quietOnce sync.Once

// benchIntercept returns Caddy's own way to replace an error.
func benchIntercept(b *testing.B) *intercept.Intercept {
	const envelope = `{"code":"NOT_FOUND","description":"The requested resource could not be found."}`
	config := fmt.Sprintf(`{"handle_response":[{"match":{"status_code":[4,5]},"routes":[{"handle":[
		{"handler":"static_response","status_code":404,"headers":{"Content-Type":["application/json"]},"body":%q}]}]}]}`, envelope)
	quietOnce.Do(func() {
		if err := caddy.Run(&caddy.Config{
			Admin:   &caddy.AdminConfig{Disabled: true},
			Logging: &caddy.Logging{Logs: map[string]*caddy.CustomLog{"default": {BaseLog: caddy.BaseLog{Level: "ERROR"}}}},
		}); err != nil {
			b.Fatal(err)
		}
	})
	handler := new(intercept.Intercept)
	if err := json.Unmarshal([]byte(config), handler); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := caddy.NewContext(caddy.Context{Context: context.Background()})
	b.Cleanup(cancel)
	if err := handler.Provision(ctx); err != nil {
		b.Fatal(err)
	}
	return handler
}
