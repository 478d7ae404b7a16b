package caddymodule

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/google/uuid"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// Placeholders that say what became of a failure.
const (
	placeholderPrefix = "http.normalize_errors."
	// placeholderDecided tells a handler further out that one further in has
	// decided: "answer" or "pass".
	placeholderDecided = placeholderPrefix + "decided"
)

// outcome is what became of a failure.
type outcome struct {
	verdict        *normalize.Verdict
	errorID        string
	upstreamStatus int
}

// newOutcome names a verdict on what w holds.
func newOutcome(w *writer, verdict *normalize.Verdict) *outcome {
	o := &outcome{verdict: verdict, upstreamStatus: w.status}
	kept := w.snapshot[w.handler.errorIDHeader]
	if verdict.Evidence.Format == "envelope" && len(kept) == 1 && sound(kept[0]) {
		o.errorID = kept[0] // one failure, one id, however many of us it passes
	} else {
		o.errorID = newErrorID()
	}
	return o
}

// render makes header that of the answer, in place, and returns its body, which
// is empty where the method asks for none.
func (o *outcome) render(header http.Header, method, idHeader string) []byte {
	if idHeader != "" {
		header[idHeader] = []string{o.errorID}
		normalize.EditHeader(header, o.upstreamStatus, o.verdict, idHeader)
	} else {
		normalize.EditHeader(header, o.upstreamStatus, o.verdict)
	}
	if method == http.MethodHead {
		return nil // nor a length, which GET's answer may not have
	}
	body := normalize.AppendEnvelope(make([]byte, 0, 256), o.verdict.Code, o.verdict.Description)
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	return body
}

// newErrorID returns a UUIDv7 (RFC 9562 section 5.7): unique across any number
// of servers, and in the order of time.
func newErrorID() string {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.NewString() // panics only if there is no randomness at all
	}
	return id.String()
}

// sound reports whether an id that came from upstream may be used as ours.
func sound(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for i := 0; i < len(id); i++ {
		if c := id[i]; c <= ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return false
		}
	}
	return normalize.Leak(id) == "" || uuid.Validate(id) == nil
}

// setPlaceholders makes {http.normalize_errors.*} known. alone says that no inner
// handler runs meanwhile; a replacer takes a new source of values only then.
func (o *outcome) setPlaceholders(repl *caddy.Replacer, alone bool) {
	repl.Set(placeholderDecided, "answer")
	if alone {
		repl.Map(o.placeholder)
		return
	}
	for _, name := range [...]string{"status", "code", "description", "why", "rule", "error_id", "upstream_status", "upstream_code", "format"} {
		value, _ := o.placeholder(placeholderPrefix + name)
		repl.Set(placeholderPrefix+name, value)
	}
}

// placeholder is the value of one of {http.normalize_errors.*}.
func (o *outcome) placeholder(key string) (any, bool) {
	name, ok := strings.CutPrefix(key, placeholderPrefix)
	if !ok {
		return nil, false
	}
	switch name {
	case "status":
		return o.verdict.Status, true
	case "code":
		return o.verdict.Code, true
	case "description":
		return o.verdict.Description, true
	case "why":
		return o.verdict.Why, true
	case "rule":
		return o.verdict.Rule, true
	case "error_id":
		return o.errorID, true
	case "upstream_status":
		return o.upstreamStatus, true
	case "upstream_code":
		return o.verdict.Evidence.Code, true
	case "format":
		return o.verdict.Evidence.Format, true
	}
	return nil, false
}

// addLogFields adds the same facts to the access log entry.
func (o *outcome) addLogFields(ctx context.Context) {
	if extra, ok := ctx.Value(caddyhttp.ExtraLogFieldsCtxKey).(*caddyhttp.ExtraLogFields); ok {
		extra.Set(zap.Inline(o))
	}
}

// MarshalLogObject adds the fields of the access log entry.
func (o *outcome) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	enc.AddString("error_code", o.verdict.Code)
	enc.AddString("error_id", o.errorID)
	enc.AddInt("upstream_status", o.upstreamStatus)
	return nil
}
