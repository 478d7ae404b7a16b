package caddymodule

import (
	"bufio"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// The states of a response. It begins fresh and ends passing, observed or
// answered; a held response is decided once and then passes (released) or is
// answered (claimed).
const (
	fresh    uint32 = iota // no final status yet
	passing                // every call goes straight through
	observed               // as passing, but the beginning of the body is copied
	held                   // captured; the client has seen nothing
	answered               // the client has our answer; the rest is drained, then cut
)

// drainBudget is how many bytes of a claimed body are read and dropped after
// our answer so that the upstream connection can be used again. Past about
// 1 MiB a new connection is cheaper.
const drainBudget = 512 << 10

// errCut ends a claimed body that is longer than the drain budget. A reverse
// proxy that gets it closes the upstream connection.
var errCut = errors.New("the rest of the error body is not wanted")

// writer stands between the inner handlers and the client's response writer.
//
// The outer writer is only reached through [http.ResponseController] or the
// embedded wrapper, never by type assertion: Caddy wraps every writer, and the
// optional interfaces are found through Unwrap.
type writer struct {
	caddyhttp.ResponseWriterWrapper

	handler *Handler
	// entry is the request as it came, by value, since inner handlers edit the
	// request in place; entry.URL points to url, entry.Context is the
	// client's. authorization are the field lines, which inner handlers may
	// delete from the shared header.
	entry         http.Request
	url           url.URL
	authorization []string
	cancel        context.CancelFunc // ends the inner handlers' context; nil without a body timeout

	state atomic.Uint32 // written under mu, except from fresh

	mu sync.Mutex // guards the failure, and the outer writer while it is held
	*failure
}

// failure is what a writer holds of a response that may be one; nil until the
// status says so.
type failure struct {
	status   int
	own      bool        // no upstream sent this
	failed   bool        // a handler returned an error instead of answering
	snapshot http.Header // the header as of WriteHeader
	inner    http.Header // what inner handlers see and edit from then on
	body     *capture    // the beginning of the body
	flushed  bool        // an inner handler flushed while it was held
	drained  int         // bytes dropped after our answer
	timer    *time.Timer // fires at the body timeout
	cause    error       // the error that a handler returned
	request  normalize.Request
	response normalize.Response
	outcome  *outcome // what became of it, for the access log
}

var writers = sync.Pool{New: func() any { return new(writer) }}

// newWriter returns a writer for one request. It allocates nothing in the long run.
func newWriter(h *Handler, w http.ResponseWriter, r *http.Request) *writer {
	ww := writers.Get().(*writer)
	ww.ResponseWriter = w
	ww.handler = h
	ww.entry = *r
	ww.url = *r.URL
	ww.entry.URL = &ww.url
	ww.authorization = r.Header["Authorization"]
	return ww
}

// recycle takes back a writer that met no failure. Any other is left to the
// garbage collector: its timer or a late flush may still refer to it.
func (w *writer) recycle() {
	if w.failure == nil {
		*w = writer{}
		writers.Put(w)
	}
}

// gone reports whether the client has left. Then nothing is held or written.
func (w *writer) gone() bool { return w.entry.Context().Err() != nil }

// Header returns the header that inner handlers may edit: the client's, or from
// capture on one of their own, so that late fields and trailers of the old
// body never reach the client.
func (w *writer) Header() http.Header {
	switch w.state.Load() {
	case held, answered:
		w.mu.Lock()
		defer w.mu.Unlock()
		if s := w.state.Load(); s != held && s != answered {
			break // released meanwhile
		}
		if w.inner == nil {
			w.inner = w.snapshot.Clone()
		}
		return w.inner
	}
	return w.ResponseWriter.Header()
}

// WriteHeader decides, by what is known without the body, whether the response
// passes or is held. Informational statuses pass and change nothing.
func (w *writer) WriteHeader(status int) {
	switch w.state.Load() {
	case held, answered:
		return // superfluous, as in net/http
	case fresh:
		if status < 200 && status != http.StatusSwitchingProtocols {
			break
		}
		if status < 400 && !w.handler.normalizer.MayClaim(status) || w.gone() {
			w.state.Store(passing)
			break
		}
		w.screen(status)
		if w.state.Load() == held {
			return
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// screen chooses the state of a response that may be a failure.
func (w *writer) screen(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failure = &failure{status: status}
	repl := w.replacer()
	if _, decided := repl.Get(placeholderDecided); decided {
		w.state.Store(passing) // by a handler inside this one
		return
	}
	w.cause, _ = w.entry.Context().Value(caddyhttp.ErrorCtxKey).(error) // in an error route
	header := w.ResponseWriter.Header()
	w.own = w.cause != nil || !fromUpstream(repl, status, header)
	w.setRequest()
	w.response = normalize.Response{Status: status, Header: header, Own: w.own}
	if w.handler.normalizer.Screen(&w.request, &w.response) == normalize.PassHead {
		w.pass(repl)
		w.state.Store(passing)
		return
	}
	w.snapshot = header.Clone()
	w.body = newCapture(w.handler.capture)
	if w.handler.Observe {
		w.state.Store(observed)
		return
	}
	w.state.Store(held)
	if w.handler.bodyTimeout > 0 {
		w.timer = time.AfterFunc(w.handler.bodyTimeout, w.expire)
	}
}

// pass leaves word for a handler outside this one that a response stays as it is.
func (w *writer) pass(repl *caddy.Replacer) {
	if !w.handler.Observe && w.status >= 400 {
		repl.Set(placeholderDecided, "pass")
	}
}

// Write captures what is held, drops what is drained, and passes on the rest.
func (w *writer) Write(p []byte) (int, error) {
	switch w.state.Load() {
	case passing:
		return w.ResponseWriter.Write(p)
	case observed:
		n, err := w.ResponseWriter.Write(p)
		w.body.add(p[:max(n, 0)])
		return n, err
	case fresh:
		w.WriteHeader(http.StatusOK)
		return w.Write(p)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state.Load() == held {
		kept := w.body.add(p)
		if kept == len(p) {
			return kept, nil
		}
		// The limit is reached: whatever follows, the client waits no longer.
		if w.decide(true, true) {
			w.drained += len(p) - kept
			return len(p), nil
		}
		p = p[kept:]
		n, err := w.ResponseWriter.Write(p)
		return kept + n, err
	}
	if w.state.Load() == passing { // released by the timer while we waited
		return w.ResponseWriter.Write(p)
	}
	if w.drained += len(p); w.drained > drainBudget {
		return 0, errCut
	}
	return len(p), nil
}

// ReadFrom copies from r as Write would. It keeps the outer writer's shortcut
// for what passes, and keeps it from what does not.
func (w *writer) ReadFrom(r io.Reader) (int64, error) {
	if w.state.Load() == fresh {
		w.WriteHeader(http.StatusOK)
	}
	switch w.state.Load() {
	case passing:
		return w.ResponseWriterWrapper.ReadFrom(r)
	case observed:
		return w.ResponseWriterWrapper.ReadFrom(io.TeeReader(r, w.body))
	}
	return io.Copy(struct{ io.Writer }{w}, r)
}

// FlushError flushes what passes. While a response is held it only remembers
// that a flush was asked for; it may be called from another goroutine.
func (w *writer) FlushError() error {
	switch w.state.Load() {
	case fresh:
		w.WriteHeader(http.StatusOK)
		return w.FlushError()
	case held, answered:
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.state.Load() != passing {
			w.flushed = true
			return nil
		}
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Flush is FlushError for handlers that look for an [http.Flusher].
func (w *writer) Flush() { _ = w.FlushError() }

// Hijack hands over the connection (RFC 9110 section 7.8). What was held is
// released first.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.mu.Lock()
	if w.state.Load() == held {
		w.release()
	}
	w.state.CompareAndSwap(fresh, passing)
	w.mu.Unlock()
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// expire is called when the body timeout is over: the client gets what can be
// said by now, whatever the inner handlers wait for.
func (w *writer) expire() {
	defer w.handler.contain("answering at the body timeout")
	w.mu.Lock()
	defer w.mu.Unlock()
	switch w.state.Load() {
	case held:
		if w.gone() || !w.decide(true, false) {
			return
		}
	case answered: // the drain takes too long
	default:
		return
	}
	if w.cancel != nil {
		w.cancel()
	}
}

// decide ends a capture: the response is answered (true) or released. early says
// that the body goes on, so the client must get the answer now; alone, that no
// inner handler runs meanwhile.
func (w *writer) decide(early, alone bool) bool {
	w.body.truncated = w.body.truncated || early
	verdict := w.verdict()
	if verdict.Pass {
		w.pass(w.replacer())
		w.release()
		return false
	}
	w.answer(verdict, early, alone)
	return true
}

// release lets a held response go: its beginning as it came, then every call
// straight through.
func (w *writer) release() {
	header := w.ResponseWriter.Header()
	late := maps.Clone(header) // an inner handler may have kept hold of it
	setHeader(header, w.snapshot)
	w.ResponseWriter.WriteHeader(w.status)
	if p := w.body.bytes(); len(p) > 0 {
		_, _ = w.ResponseWriter.Write(p) // the inner handler's next call meets the same error
	}
	// From here on only trailers count: those that were set meanwhile.
	maps.Copy(header, late)
	maps.Copy(header, w.inner)
	if w.flushed {
		_ = http.NewResponseController(w.ResponseWriter).Flush()
	}
	w.state.Store(passing)
}

// answer writes the envelope in place of the response.
func (w *writer) answer(verdict *normalize.Verdict, flush, alone bool) {
	w.state.Store(answered)
	w.outcome = newOutcome(w, verdict)
	w.outcome.setPlaceholders(w.replacer(), alone)
	header := w.ResponseWriter.Header()
	setHeader(header, w.snapshot)
	body := w.outcome.render(header, w.entry.Method, w.handler.errorIDHeader)
	w.ResponseWriter.WriteHeader(verdict.Status)
	if len(body) > 0 {
		_, _ = w.ResponseWriter.Write(body) // a client that left needs no answer
	}
	if flush {
		_ = http.NewResponseController(w.ResponseWriter).Flush()
	}
	w.handler.record(w, w.outcome)
}

// setHeader makes header equal to h, in place: the server holds the map.
func setHeader(header, h http.Header) {
	clear(header)
	maps.Copy(header, h)
}

// Interface guards
var (
	_ http.ResponseWriter = (*writer)(nil)
	_ http.Flusher        = (*writer)(nil)
	_ http.Hijacker       = (*writer)(nil)
	_ http.Pusher         = (*writer)(nil)
	_ io.ReaderFrom       = (*writer)(nil)
)
