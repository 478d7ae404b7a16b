package caddymodule

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"golang.org/x/net/http/httpguts"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// Defaults and bounds.
const (
	defaultCapture     = 64 << 10
	minCapture         = 1 << 10
	maxCapture         = 16 << 20
	defaultBodyTimeout = 5 * time.Second
	maxBodyTimeout     = 5 * time.Minute
	defaultErrorID     = "X-Error-Id"
)

// payloadConfig is a resolved [Payload].
type payloadConfig struct {
	enabled  bool
	maxSize  int       // bytes
	statuses statusSet // of the upstream
	redactor *normalize.Redactor
}

// statusSet is a set of status codes below 600.
type statusSet [600]bool

func (s *statusSet) has(status int) bool {
	return 0 <= status && status < len(s) && s[status]
}

// resolve checks the settings that are Caddy's business, sets the resolved ones
// and returns the rest for [normalize.New], which checks them. Errors are
// *[normalize.ConfigError]. It serves provisioning and adapting alike.
func (h *Handler) resolve() (normalize.Config, error) {
	var cfg normalize.Config
	err := h.resolveHandling()
	if err == nil {
		err = h.resolvePayload()
	}
	if err != nil {
		return cfg, err
	}
	cfg.MaxText = h.capture

	if cfg.Documented, err = oneOf("codes", h.Codes, "all", "documented"); err != nil {
		return cfg, err
	}
	if cfg.CatalogDescriptions, err = oneOf("description", h.Description, "upstream", "catalog"); err != nil {
		return cfg, err
	}
	if cfg.RespectNoTransform, err = oneOf("no_transform", h.NoTransform, "override", "respect"); err != nil {
		return cfg, err
	}
	cfg.IgnoreUpstreamResource = h.InferResource != nil && !*h.InferResource
	cfg.Pass = h.Pass
	for _, e := range h.Catalog {
		cfg.Catalog = append(cfg.Catalog, e.entry())
	}
	for _, r := range h.Resources {
		cfg.Resources = append(cfg.Resources, normalize.PathResource(r))
	}
	if c := h.Challenge; c != nil {
		cfg.Challenge = normalize.ChallengeConfig{
			Realm:            c.Realm,
			ResourceMetadata: c.ResourceMetadata,
			Error:            c.Error,
			Legacy:           c.Legacy,
			Relay:            c.Relay,
		}
		for _, s := range c.Scopes {
			cfg.Challenge.Scopes = append(cfg.Challenge.Scopes, normalize.PathScope(s))
		}
	}
	for i, r := range h.Rules {
		if err := r.Match.readPlaceholders(); err != nil {
			return cfg, configErrorf(requestPath(i), "%w", err)
		}
		cfg.Rules = append(cfg.Rules, r.rule(i))
	}
	return cfg, nil
}

// check finds mistakes without loading anything. Whether the catalogue has the
// code of a rule is not known before its file is read.
func (h *Handler) check() error {
	cfg, err := h.resolve()
	if err != nil {
		return err
	}
	if h.CatalogFile != "" {
		cfg.Documented = false
		for i := range cfg.Rules {
			if r := &cfg.Rules[i]; r.Code != "" && r.Description == "" {
				r.Description = "to be read"
			}
		}
	}
	_, err = normalize.New(cfg)
	return err
}

// resolveHandling resolves how responses are captured and answered.
func (h *Handler) resolveHandling() error {
	h.handlerErrors = h.HandlerErrors == nil || *h.HandlerErrors

	h.capture = defaultCapture
	if h.Capture != 0 {
		if h.Capture < minCapture || h.Capture > maxCapture {
			return configErrorf("capture", "%s is out of bounds: it must be 1 KiB to 16 MiB", formatSize(h.Capture))
		}
		h.capture = int(h.Capture)
	}

	h.bodyTimeout = defaultBodyTimeout
	if h.BodyTimeout != nil {
		h.bodyTimeout = time.Duration(*h.BodyTimeout)
		if h.bodyTimeout < 0 || h.bodyTimeout > maxBodyTimeout {
			return configErrorf("body_timeout", "%s is out of bounds: it must be more than 0s and at most 5m, or off", h.bodyTimeout)
		}
	}

	h.errorIDHeader = defaultErrorID
	if h.ErrorID != nil {
		h.errorIDHeader = http.CanonicalHeaderKey(*h.ErrorID)
		switch h.errorIDHeader {
		case "", "Off":
			h.errorIDHeader = ""
		case "Connection", "Content-Length", "Content-Type", "Trailer", "Transfer-Encoding", "Www-Authenticate":
			return configErrorf("error_id", "the header field %s has a meaning of its own; take another, such as %s", *h.ErrorID, defaultErrorID)
		default:
			if !httpguts.ValidHeaderFieldName(h.errorIDHeader) {
				return configErrorf("error_id", "%q is not the name of a header field, such as %s", *h.ErrorID, defaultErrorID)
			}
		}
	}
	return nil
}

// resolvePayload resolves what is recorded of bodies; capture comes first.
func (h *Handler) resolvePayload() error {
	h.payload = payloadConfig{enabled: true, maxSize: h.capture}
	p := h.Payload
	if p == nil {
		p = new(Payload)
	}
	h.payload.enabled = !p.Off
	if p.MaxSize != 0 {
		if p.MaxSize < 0 || p.MaxSize > int64(h.capture) {
			return configErrorf("payload.max_size", "%s is out of bounds: it must be at least 1 byte and at most what is captured, %s",
				formatSize(p.MaxSize), formatSize(int64(h.capture)))
		}
		h.payload.maxSize = int(p.MaxSize)
	}
	if err := checkStatuses("payload.status_code", p.StatusCode); err != nil {
		return err
	}
	for status := range h.payload.statuses {
		h.payload.statuses[status] = len(p.StatusCode) == 0
		for _, wanted := range p.StatusCode {
			if caddyhttp.StatusCodeMatches(status, wanted) {
				h.payload.statuses[status] = true
			}
		}
	}
	patterns := make([]*regexp.Regexp, len(p.Redact))
	for i, pattern := range p.Redact {
		var err error
		if patterns[i], err = regexp.Compile(pattern); err != nil {
			return configErrorf(fmt.Sprintf("payload.redact[%d]", i), "%w", err)
		}
	}
	for i, name := range p.RedactFields {
		if name == "" {
			return configErrorf(fmt.Sprintf("payload.redact_fields[%d]", i), "a name is missing")
		}
	}
	h.payload.redactor = normalize.NewRedactor(p.RedactFields, patterns)
	return nil
}

// checkStatuses checks a list of status codes and classes of a matcher.
func checkStatuses(path string, statuses []int) error {
	for i, status := range statuses {
		if (status < 1 || status > 5) && (status < 100 || status > 599) {
			return configErrorf(fmt.Sprintf("%s[%d]", path, i), "%d is neither a status, 100 to 599, nor the digit of a class, 1 to 5", status)
		}
	}
	return nil
}

// entry returns e for package normalize, which spells the resource {RESOURCE}
// in rows of the catalogue.
func (e CatalogEntry) entry() normalize.Entry {
	return normalize.Entry{
		Status:      e.Status,
		Code:        strings.ReplaceAll(e.Code, "{resource}", "{RESOURCE}"),
		Description: strings.ReplaceAll(e.Description, "{resource}", "{RESOURCE}"),
	}
}

// rule returns r, the i-th rule, for package normalize, which spells the
// resource {resource} in rules.
func (r Rule) rule(i int) normalize.Rule {
	rule := normalize.Rule{
		Name:        r.Name,
		Match:       r.Match.match(),
		Pass:        r.Pass,
		Status:      r.Status,
		Code:        strings.ReplaceAll(r.Code, "{RESOURCE}", "{resource}"),
		Description: strings.ReplaceAll(r.Description, "{RESOURCE}", "{resource}"),
		Resource:    r.Resource,
	}
	if rule.Name == "" {
		rule.Name = fmt.Sprintf("rules[%d]", i)
	}
	if rule.Code == "auto" {
		rule.Code = ""
	}
	if r.Challenge != nil {
		rule.Error, rule.Scope = r.Challenge.Error, r.Challenge.Scope
	}
	return rule
}

// match returns m for package normalize.
func (m *Match) match() *normalize.Match {
	if m == nil {
		return nil
	}
	match := &normalize.Match{
		Status:     m.StatusCode,
		Format:     m.Format,
		Code:       m.UpstreamCode,
		Message:    m.Message,
		BodyRegexp: m.BodyRegexp,
	}
	if m.Headers != nil {
		headers := caddyhttp.ResponseMatcher{Headers: m.Headers}
		match.Header = func(h http.Header) bool { return headers.Match(0, h) }
	}
	for _, f := range m.Field {
		match.Fields = append(match.Fields, normalize.FieldMatch(f))
	}
	switch {
	case len(m.upstream) > 0:
		match.RequestUpstream = m.matchesUpstream
	case len(m.RequestRaw)+len(m.request) > 0: // loading empties the raw ones
		match.Request = m.matches
	}
	return match
}

// oneOf reports whether value is alternative rather than normal (or empty).
func oneOf(path, value, normal, alternative string) (bool, error) {
	switch value {
	case "", normal:
		return false, nil
	case alternative:
		return true, nil
	}
	return false, configErrorf(path, "%q is neither %s nor %s", value, normal, alternative)
}

// formatSize spells a size in bytes, exactly.
func formatSize(size int64) string {
	unit := 0
	for size != 0 && size%1024 == 0 && unit < 3 {
		size /= 1024
		unit++
	}
	return fmt.Sprintf("%d %s", size, [...]string{"B", "KiB", "MiB", "GiB"}[unit])
}

// configErrorf returns a *[normalize.ConfigError] at path.
func configErrorf(path, format string, args ...any) error {
	return &normalize.ConfigError{Path: path, Err: fmt.Errorf(format, args...)}
}
