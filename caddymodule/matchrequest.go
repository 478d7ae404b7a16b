package caddymodule

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2"
)

func requestPath(rule int) string { return fmt.Sprintf("rules[%d].match.request", rule) }

// loadRequest loads the request matchers, if there are any.
func (m *Match) loadRequest(ctx caddy.Context) error {
	if m == nil || len(m.RequestRaw) == 0 {
		return nil
	}
	sets, err := ctx.LoadModule(m, "RequestRaw")
	if err != nil {
		return fmt.Errorf("loading request matchers: %w", err)
	}
	return m.request.FromInterface(sets)
}

var upstreamPlaceholder = regexp.MustCompile(`\{(upstream\.[^{}"\\]*)\}`)

// readPlaceholders notes which {upstream.*} placeholders the request matchers
// read, before they are loaded. With any, they can only be asked when the
// upstream's body has been read.
func (m *Match) readPlaceholders() error {
	if m == nil || len(m.RequestRaw) == 0 {
		return nil
	}
	m.upstream = nil
	for _, set := range m.RequestRaw {
		for _, raw := range set {
			for _, match := range upstreamPlaceholder.FindAllSubmatch(raw, -1) {
				m.upstream = append(m.upstream, string(match[1]))
			}
		}
	}
	slices.Sort(m.upstream)
	m.upstream = slices.Compact(m.upstream)
	for _, name := range m.upstream {
		switch strings.TrimPrefix(name, "upstream.") {
		case "code", "message", "status", "format":
		default:
			if path, ok := strings.CutPrefix(name, "upstream.field."); !ok || path == "" {
				return fmt.Errorf("{%s} is unknown here; there are {upstream.code}, .message, .status, .format and .field.<path>", name)
			}
		}
	}
	return nil
}

// matches asks the request matchers.
func (m *Match) matches(r *http.Request) (bool, error) { return m.request.AnyMatchWithError(r) }

// matchesUpstream asks the request matchers with the placeholders set. What the
// upstream does not say is empty; the status is a number, as in Caddy's own
// placeholders of statuses.
func (m *Match) matchesUpstream(r *http.Request, upstream func(string) (string, bool)) (bool, error) {
	repl := r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer)
	for _, name := range m.upstream {
		text, _ := upstream(name)
		var value any = text
		if status, err := strconv.Atoi(text); err == nil && name == "upstream.status" {
			value = status
		}
		repl.Set(name, value)
		defer repl.Delete(name)
	}
	return m.matches(r)
}
