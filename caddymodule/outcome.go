package caddymodule

import (
	"context"
	"net/http"
	"strconv"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// Placeholders that say what became of a failure.
const (
	placeholderPrefix = "http.normalize_errors."
	// placeholderDecided tells a handler further out that one further in has
	// decided: "answer" or "pass".
	placeholderDecided = placeholderPrefix + "decided"
)

// outcome is an answer, ready to be sent and recorded.
type outcome struct {
	verdict        *normalize.Verdict
	errorID        string
	header         http.Header
	body           []byte
	upstreamStatus int
}

// newOutcome renders a verdict on what w holds.
func newOutcome(w *writer, verdict *normalize.Verdict) *outcome {
	o := &outcome{verdict: verdict, header: w.snapshot, upstreamStatus: w.status}
	idHeader := w.handler.errorIDHeader
	if kept := w.snapshot[idHeader]; idHeader != "" && verdict.Evidence.Format == "envelope" && len(kept) == 1 && sound(kept[0]) {
		o.errorID = kept[0] // one failure, one id, however many of us it passes
	} else {
		o.errorID = newErrorID()
	}
	if w.handler.Observe {
		return o // the header is the client's: nothing may change
	}
	o.header = w.snapshot.Clone()
	if idHeader != "" {
		o.header[idHeader] = []string{o.errorID}
		normalize.EditHeader(o.header, w.status, verdict, idHeader)
	} else {
		normalize.EditHeader(o.header, w.status, verdict)
	}
	if w.entry.Method != http.MethodHead {
		o.body = normalize.AppendEnvelope(make([]byte, 0, 256), verdict.Code, verdict.Description)
		o.header["Content-Length"] = []string{strconv.Itoa(len(o.body))}
	}
	return o
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

// setPlaceholders sets {http.normalize_errors.*}.
func (o *outcome) setPlaceholders(repl *caddy.Replacer) {
	v := o.verdict
	repl.Set(placeholderDecided, "answer")
	repl.Set(placeholderPrefix+"status", v.Status)
	repl.Set(placeholderPrefix+"code", v.Code)
	repl.Set(placeholderPrefix+"description", v.Description)
	repl.Set(placeholderPrefix+"why", v.Why)
	repl.Set(placeholderPrefix+"rule", v.Rule)
	repl.Set(placeholderPrefix+"error_id", o.errorID)
	repl.Set(placeholderPrefix+"upstream_status", o.upstreamStatus)
	repl.Set(placeholderPrefix+"upstream_code", v.Evidence.Code)
	repl.Set(placeholderPrefix+"format", v.Evidence.Format)
}

// addLogFields adds the same facts to the access log entry.
func (o *outcome) addLogFields(ctx context.Context) {
	extra, ok := ctx.Value(caddyhttp.ExtraLogFieldsCtxKey).(*caddyhttp.ExtraLogFields)
	if !ok {
		return
	}
	extra.Set(zap.String("error_code", o.verdict.Code))
	extra.Set(zap.String("error_id", o.errorID))
	extra.Set(zap.Int("upstream_status", o.upstreamStatus))
}
