package caddymodule

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
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
	defer h.warnDropped(o.verdict.Dropped) // whatever the level lets through
	entry := h.logger.Check(level, message)
	if entry == nil {
		return
	}
	fields := append(make([]zap.Field, 0, 10),
		zap.String("error_id", o.errorID),
		zap.Object("request", newRequestRecord(w)),
		zap.Object("upstream", newUpstreamRecord(w, o)),
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

// newRequestRecord is the request as the client sent it, as Caddy logs
// requests, with more of its credentials redacted.
func newRequestRecord(w *writer) caddyhttp.LoggableHTTPRequest {
	req := w.sent()
	credentials := logCredentials(req)
	if !credentials {
		req.RequestURI = redactQuery(req.RequestURI)
	}
	req.Header = loggableHeader(req.Header, credentials)
	return caddyhttp.LoggableHTTPRequest{Request: req, ShouldLogCredentials: credentials}
}

// logCredentials reports whether the server was told to log credentials.
func logCredentials(r *http.Request) bool {
	server, ok := r.Context().Value(caddyhttp.ServerCtxKey).(*caddyhttp.Server)
	return ok && server.Logs != nil && server.Logs.ShouldLogCredentials
}

// upstreamRecord is the failure as it came. It refers to nothing that is used
// again, since a log core may encode it later.
type upstreamRecord struct {
	handler     *Handler
	verdict     *normalize.Verdict
	address     string
	latency     time.Duration
	status      int
	header      http.Header
	credentials bool // are logged
	size        int64
	truncated   bool
	withBody    bool
	raw         []byte // the body as sent, if it could not be decoded
}

func newUpstreamRecord(w *writer, o *outcome) *upstreamRecord {
	r := &upstreamRecord{
		handler:     w.handler,
		verdict:     o.verdict,
		status:      w.status,
		header:      w.snapshot,
		credentials: logCredentials(&w.entry),
		size:        w.body.size,
		truncated:   w.body.truncated,
		withBody:    w.handler.payload.enabled && w.handler.payload.statuses.has(w.status) && w.body.size > 0,
	}
	if !w.own {
		repl := w.replacer()
		r.address, _ = repl.GetString("http.reverse_proxy.upstream.address")
		latency, _ := repl.Get("http.reverse_proxy.upstream.latency")
		r.latency, _ = latency.(time.Duration)
	}
	if r.withBody && !o.verdict.Text.OK {
		r.raw = bytes.Clone(w.body.bytes())
	}
	return r
}

func (r *upstreamRecord) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	v := r.verdict
	if r.address != "" {
		enc.AddString("address", r.address)
		enc.AddDuration("latency", r.latency)
	}
	enc.AddInt("status", r.status)
	err := enc.AddObject("headers", caddyhttp.LoggableHTTPHeader{
		Header:               loggableHeader(r.header, r.credentials),
		ShouldLogCredentials: r.credentials,
	})
	addString(enc, "format", v.Evidence.Format)
	addString(enc, "code", v.Evidence.Code)
	if v.Evidence.Message != "" {
		message, _ := r.handler.payload.redactor.Redact(v.Evidence.Message)
		enc.AddString("message", message)
	}
	addString(enc, "title", v.Evidence.Title)
	enc.AddInt64("body_size", r.size)
	enc.AddBool("truncated", r.truncated)
	addString(enc, "content_encoding", v.Text.Coding)
	addString(enc, "charset", v.Text.Charset)
	if r.withBody {
		r.addBody(enc)
	}
	return err
}

// addBody adds the decoded text, redacted, then cut; or, if the body could not
// be decoded, its bytes in base64.
func (r *upstreamRecord) addBody(enc zapcore.ObjectEncoder) {
	text, limit := r.verdict.Text, r.handler.payload.maxSize
	enc.AddBool("decoded", text.OK)
	if !text.OK {
		enc.AddBool("body_cut", len(r.raw) > limit)
		enc.AddString("body_encoding", "base64")
		enc.AddString("body", base64.StdEncoding.EncodeToString(r.raw[:min(len(r.raw), limit)]))
		return
	}
	body, redacted := r.handler.payload.redactor.Redact(text.Text)
	enc.AddBool("body_redacted", redacted)
	enc.AddBool("body_cut", len(body) > limit)
	if len(body) > limit {
		for limit > 0 && !utf8.RuneStart(body[limit]) {
			limit--
		}
		body = body[:limit]
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
