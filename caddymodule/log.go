package caddymodule

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// The messages of a record.
const (
	messageNormalized = "upstream error normalized"
	messageObserved   = "upstream error observed"
)

// record writes the log entry of a failure: what came, what went, and why.
func (h *Handler) record(w *writer, o *outcome) {
	level, message := zapcore.InfoLevel, messageNormalized
	if o.verdict.Status >= 500 {
		level = zapcore.ErrorLevel
	}
	if h.Observe {
		message = messageObserved
	}
	entry := h.logger.Check(level, message)
	if entry == nil {
		return
	}
	fields := append(make([]zap.Field, 0, 10),
		zap.String("error_id", o.errorID),
		zap.Object("request", requestRecord{w}),
		zap.Object("upstream", upstreamRecord{w, o}),
		zap.Object("response", responseRecord{o}),
		zap.String("why", o.verdict.Why),
	)
	if o.verdict.Rule != "" {
		fields = append(fields, zap.String("rule", o.verdict.Rule))
	}
	if o.verdict.Fault != "" {
		fields = append(fields, zap.String("fault", o.verdict.Fault))
	}
	if w.cause != nil {
		fields = append(fields, zap.Object("cause", causeRecord{w.cause}))
	}
	entry.Write(fields...)
	h.warnDropped(o.verdict.Dropped)
}

// warnDropped says once per scheme that challenges of it are being replaced.
func (h *Handler) warnDropped(schemes []string) {
	for _, scheme := range schemes {
		if _, warned := h.droppedSchemes.LoadOrStore(strings.ToLower(scheme), true); !warned {
			h.logger.Warn("replacing the upstream's challenge; `challenge { legacy keep }` or `challenge relay` keeps it",
				zap.String("scheme", scheme))
		}
	}
}

// requestRecord is the request as the client sent it, as Caddy logs requests,
// with more of its credentials redacted.
type requestRecord struct{ w *writer }

func (r requestRecord) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	req := r.w.matchable()
	credentials := logCredentials(req)
	if !credentials {
		req.RequestURI = redactQuery(req.RequestURI)
	}
	req.Header = loggableHeader(req.Header, credentials)
	return caddyhttp.LoggableHTTPRequest{Request: req, ShouldLogCredentials: credentials}.MarshalLogObject(enc)
}

// logCredentials reports whether the server was told to log credentials.
func logCredentials(r *http.Request) bool {
	server, ok := r.Context().Value(caddyhttp.ServerCtxKey).(*caddyhttp.Server)
	return ok && server.Logs != nil && server.Logs.ShouldLogCredentials
}

// upstreamRecord is the failure as it came.
type upstreamRecord struct {
	w *writer
	o *outcome
}

func (r upstreamRecord) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	w, v := r.w, r.o.verdict
	if !w.own {
		repl := w.replacer()
		if address, ok := repl.GetString("http.reverse_proxy.upstream.address"); ok {
			enc.AddString("address", address)
		}
		if latency, ok := repl.Get("http.reverse_proxy.upstream.latency"); ok {
			if d, ok := latency.(time.Duration); ok {
				enc.AddDuration("latency", d)
			}
		}
	}
	enc.AddInt("status", w.status)
	credentials := logCredentials(&w.entry)
	err := enc.AddObject("headers", caddyhttp.LoggableHTTPHeader{
		Header:               loggableHeader(w.snapshot, credentials),
		ShouldLogCredentials: credentials,
	})
	addString(enc, "format", v.Evidence.Format)
	addString(enc, "code", v.Evidence.Code)
	if v.Evidence.Message != "" {
		message, _ := w.handler.redactBody(v.Evidence.Message)
		enc.AddString("message", message)
	}
	addString(enc, "title", v.Evidence.Title)
	enc.AddInt64("body_size", max(w.body.size, int64(len(w.body.bytes()))))
	enc.AddBool("truncated", w.body.truncated)
	addString(enc, "content_encoding", v.Text.Coding)
	addString(enc, "charset", v.Text.Charset)
	if w.handler.payload.enabled && w.handler.payload.statuses.has(w.status) && len(w.body.bytes()) > 0 {
		r.addBody(enc)
	}
	return err
}

// addBody adds the decoded text, redacted, then cut; or, if the body could not
// be decoded, its bytes in base64.
func (r upstreamRecord) addBody(enc zapcore.ObjectEncoder) {
	w, text := r.w, r.o.verdict.Text
	limit := w.handler.payload.maxSize
	enc.AddBool("decoded", text.OK)
	if !text.OK {
		raw := w.body.bytes()
		if len(raw) > limit {
			raw = raw[:limit]
			enc.AddBool("body_cut", true)
		}
		enc.AddString("body_encoding", "base64")
		enc.AddString("body", base64.StdEncoding.EncodeToString(raw))
		return
	}
	body, redacted := w.handler.redactBody(text.Text)
	if redacted {
		enc.AddBool("body_redacted", true)
	}
	if len(body) > limit {
		for limit > 0 && !utf8.RuneStart(body[limit]) {
			limit--
		}
		body = body[:limit]
		enc.AddBool("body_cut", true)
	}
	enc.AddString("body_encoding", "utf-8")
	enc.AddString("body", body)
}

// responseRecord is the answer.
type responseRecord struct{ o *outcome }

func (r responseRecord) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	v := r.o.verdict
	enc.AddInt("status", v.Status)
	enc.AddString("code", v.Code)
	enc.AddString("description", v.Description)
	if len(v.Challenges) == 0 {
		return nil
	}
	return enc.AddArray("www_authenticate", caddyhttp.LoggableStringArray(v.Challenges))
}

// causeRecord is an error of Caddy's own, which a nil return would hide.
type causeRecord struct{ err error }

func (r causeRecord) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	handlerErr, ok := errors.AsType[caddyhttp.HandlerError](r.err)
	if !ok {
		enc.AddString("error", r.err.Error())
		return nil
	}
	if handlerErr.Err != nil {
		enc.AddString("error", handlerErr.Err.Error())
	}
	enc.AddInt("status", handlerErr.StatusCode)
	addString(enc, "id", handlerErr.ID)
	addString(enc, "trace", handlerErr.Trace)
	return nil
}

// addString adds a field unless it is empty.
func addString(enc zapcore.ObjectEncoder, key, value string) {
	if value != "" {
		enc.AddString(key, value)
	}
}
