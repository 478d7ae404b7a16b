package caddymodule

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// ServeHTTP lets the inner handlers answer and steps in where they fail.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) (err error) {
	ww := newWriter(h, w, r)
	if h.bodyTimeout > 0 {
		parent := r.Context()
		ctx, cancel := context.WithCancel(parent)
		ww.cancel = cancel
		// In place, so that what inner handlers change on the request is still
		// seen by placeholders.
		*r = *r.WithContext(ctx)
		defer func() {
			cancel()
			*r = *r.WithContext(parent)
		}()
	}
	defer func() {
		fault := recover()
		if fault == nil && ww.state.Load() == passing {
			ww.recycle()
			return
		}
		err = ww.end(err, fault)
		ww.recycle()
	}()
	return next.ServeHTTP(ww, r)
}

// end settles the response when the inner handlers are done: with an error, a
// panic, or neither.
func (w *writer) end(err error, fault any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failure != nil && w.timer != nil && w.timer.Stop() {
		w.timer = nil // it never ran and never will
	}
	// A reverse proxy panics so when it cannot finish the response: because the
	// upstream died, or because we cut or cancelled it.
	aborted := fault == http.ErrAbortHandler //nolint:errorlint // a panic's value, compared as net/http does
	state := w.state.Load()
	if fault != nil && (!aborted || state != answered && (state != held || w.gone())) {
		if state == observed {
			w.body.truncated = true
			w.observe(err)
		}
		panic(fault)
	}
	switch state {
	case fresh:
		if err == nil || w.gone() || !w.answerError(err) {
			return err
		}
		err = nil
	case held:
		if w.gone() {
			break
		}
		w.setCause(err)
		w.body.truncated = w.body.truncated || err != nil || aborted
		if !w.decide(false, true) {
			if aborted {
				panic(fault)
			}
			break
		}
		err = nil
	case answered:
		err = nil
	case observed:
		w.observe(err)
	}
	w.settle()
	return err
}

// settle tells the access log what became of the response, and gives the buffer
// back unless the timer may still hold it.
func (w *writer) settle() {
	if w.outcome != nil {
		w.outcome.addLogFields(w.entry.Context())
		dropTrailers(w.ResponseWriter.Header())
	}
	if w.body != nil && w.timer == nil {
		w.body.release()
		w.body = nil
	}
}

// dropTrailers removes trailers that a handler set on the outer header because
// it had kept hold of it.
func dropTrailers(header http.Header) {
	for name := range header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			delete(header, name)
		}
	}
}

// answerError answers an error that a handler returned without writing
// anything. It reports whether it did: where it did not, the error goes on.
func (w *writer) answerError(err error) bool {
	if !w.handler.handlerErrors {
		return false
	}
	status := statusOf(err)
	if status < 400 {
		return false
	}
	w.failure = &failure{status: status, own: true, failed: true, cause: err}
	w.snapshot = w.ResponseWriter.Header().Clone()
	w.body = new(capture) // there is none, so the pool is left alone
	w.setRequest()
	setErrorPlaceholders(w.entry.Context(), err)
	if w.handler.Observe {
		w.observe(err)
		return false
	}
	verdict := w.verdict()
	if verdict.Pass {
		return false
	}
	w.handler.warnErrorRoutes(&w.entry)
	w.answer(verdict, false, true)
	return true
}

// setCause keeps an error that a handler returned, if it did.
func (w *writer) setCause(err error) {
	if err != nil {
		w.cause = err
	}
}

// observe records what would have become of a response that the client has. It
// may have left since: over HTTP/2 it has all of a HEAD's before the handler is done.
func (w *writer) observe(cause error) {
	w.setCause(cause)
	if verdict := w.verdict(); !verdict.Pass {
		w.handler.record(w, newOutcome(w, verdict))
	}
}

// statusOf is the status that Caddy's server would send for an error.
func statusOf(err error) int {
	if handlerErr, ok := errors.AsType[caddyhttp.HandlerError](err); ok && handlerErr.StatusCode != 0 {
		return handlerErr.StatusCode
	}
	return http.StatusInternalServerError
}

// setErrorPlaceholders sets {http.error.*} as Caddy does for error routes, for
// rules that quote them.
func setErrorPlaceholders(ctx context.Context, err error) {
	r := (&http.Request{}).WithContext(ctx)
	(*caddyhttp.HTTPErrorConfig)(nil).WithError(r, err)
}

// setRequest takes the facts of the request, as the client sent it.
func (w *writer) setRequest() {
	w.request = normalize.Request{
		Method:        w.entry.Method,
		Host:          w.entry.Host,
		Path:          w.url.Path,
		RawQuery:      w.url.RawQuery,
		Authorization: w.authorization,
		Header:        w.entry.Header,
		Match:         w.matchable,
		Placeholder:   w.placeholder,
	}
}

// sent returns a copy of the request with what the client sent restored.
func (w *writer) sent() *http.Request {
	r := w.entry
	u := w.url
	r.URL = &u
	if len(w.authorization) > 0 && len(r.Header["Authorization"]) == 0 {
		r.Header = r.Header.Clone()
		r.Header["Authorization"] = w.authorization
	}
	return &r
}

// matchable returns the request for request matchers: what the client sent, for
// placeholders ({path} in an expression) as well. Everything else in the context,
// and the other placeholders, are those of the request in hand.
func (w *writer) matchable() *http.Request {
	r := w.sent()
	ctx := r.Context()
	server, ok := ctx.Value(caddyhttp.ServerCtxKey).(*caddyhttp.Server)
	if !ok {
		return r
	}
	repl := caddy.NewReplacer()
	r = caddyhttp.PrepareRequest(r, repl, w.ResponseWriter, server)
	repl.Map(w.replacer().Get)
	now := r.Context()
	for _, key := range [...]caddy.CtxKey{caddyhttp.VarsCtxKey, caddyhttp.OriginalRequestCtxKey, caddyhttp.ExtraLogFieldsCtxKey} {
		now = context.WithValue(now, key, ctx.Value(key))
	}
	*r = *r.WithContext(now) // in place: the replacer reads this very request
	return r
}

// placeholder resolves Caddy's placeholders in the text of a rule.
func (w *writer) placeholder(name string) (string, bool) { return w.replacer().GetString(name) }

func (w *writer) replacer() *caddy.Replacer {
	return w.entry.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer)
}

// verdict has package normalize decide on what was captured.
func (w *writer) verdict() *normalize.Verdict {
	w.response = normalize.Response{
		Status:    w.status,
		Header:    w.snapshot,
		Body:      w.body.bytes(),
		Truncated: w.body.truncated,
		Own:       w.own,
		Err:       w.failed,
	}
	if !w.own {
		line, _ := w.replacer().GetString("http.reverse_proxy.status_text")
		w.response.ReasonPhrase = reasonPhrase(line, w.status)
	}
	verdict := w.handler.normalizer.Decide(&w.request, &w.response)
	return &verdict
}

// reasonPhrase is what follows the code in the status line that a reverse proxy
// read, if that line is this response's.
func reasonPhrase(line string, status int) string {
	code, phrase, _ := strings.Cut(line, " ")
	if code != strconv.Itoa(status) {
		return ""
	}
	return phrase
}

// fromUpstream reports whether an upstream sent a response: a reverse proxy chose
// one, and it is its response, not what a handler answered after, say, a
// forward_auth that let the request through. A reverse proxy leaves its mark in
// Via, which other handlers may remove, and the status that it read.
func fromUpstream(repl *caddy.Replacer, status int, header http.Header) bool {
	if _, ok := repl.Get("http.reverse_proxy.upstream.address"); !ok {
		return false
	}
	if via := header["Via"]; len(via) > 0 && strings.HasSuffix(via[len(via)-1], " Caddy") {
		return true
	}
	read, ok := repl.Get("http.reverse_proxy.status_code")
	return !ok || read == status
}

// contain keeps a panic of ours on a goroutine of ours from ending the server.
func (h *Handler) contain(doing string) {
	if fault := recover(); fault != nil {
		h.logger.Error(doing+" failed", zap.Any("fault", fault), zap.Stack("stack"))
	}
}

// Interface guards
var (
	_ caddyhttp.MiddlewareHandler = (*Handler)(nil)
)
