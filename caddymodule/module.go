// Package caddymodule is the Caddy HTTP handler normalize_errors: it captures
// what a legacy service sends on failure, has package normalize decide, answers
// the client and records the original.
package caddymodule

import (
	"net/http"
	"sync"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

func init() {
	caddy.RegisterModule(new(Handler))
}

// Handler makes every failure behind it speak one language: the body
// `{"code":"…","description":"…"}` with a documented code, and a
// WWW-Authenticate that clients can use (RFC 6750). What the upstream said is
// in the log.
//
// The zero configuration does the job.
type Handler struct {
	// Change nothing for the client; only record what would change.
	// Default: false.
	Observe bool `json:"observe,omitempty"`

	// Which codes answers may carry: `all`, or `documented` to fold every code
	// onto the nearest documented one, for an API that promises a closed list.
	// `documented` implies `infer_resource: false`. Default: `all`.
	Codes string `json:"codes,omitempty"`

	// Rows that are added to the built-in catalogue, or that reword its rows.
	Catalog []CatalogEntry `json:"catalog,omitempty"`

	// A JSON file with more such rows: an array of objects with the members
	// of `catalog`. It is read when the configuration is loaded; it may not
	// exceed 1 MiB. A relative path is relative to the working directory
	// (from a Caddyfile: to the Caddyfile's folder). Rows of `catalog` win
	// over rows of the file.
	CatalogFile string `json:"catalog_file,omitempty"`

	// What `{RESOURCE}` is on certain paths; the first match wins.
	Resources []PathResource `json:"resources,omitempty"`

	// Whether `{RESOURCE}` may be taken from the upstream's words
	// (`NoSuchBucket` becomes `BUCKET_NOT_EXIST`). Default: true.
	InferResource *bool `json:"infer_resource,omitempty"`

	// Who words a 4xx: `upstream`, as far as its message may be shown, or
	// always the `catalog`. A 5xx never carries upstream text.
	// Default: `upstream`.
	Description string `json:"description,omitempty"`

	// Whether errors that Caddy's own handlers return are answered too (no
	// upstream, `error`, `basic_auth` …). If false they go to the server's
	// error routes. Default: true.
	HandlerErrors *bool `json:"handler_errors,omitempty"`

	// Media types of responses that are never touched; `*` is a wildcard. They
	// add to the built-in list (gRPC, Connect, `text/event-stream`,
	// `application/scim+json` …).
	Pass []string `json:"pass,omitempty"`

	// What an upstream's `Cache-Control: no-transform` means: `override` or
	// `respect`, which leaves the response as it is. Default: `override`.
	NoTransform string `json:"no_transform,omitempty"`

	// How WWW-Authenticate is built.
	Challenge *Challenge `json:"challenge,omitempty"`

	// Rules are tried in order, before every built-in decision; the first
	// whose matcher holds decides.
	Rules []Rule `json:"rules,omitempty"`

	// How many bytes of each error body are captured, for decisions and for
	// the record: 1 KiB (1024) to 16 MiB (16777216). Default: 65536 (64 KiB).
	Capture int64 `json:"capture,omitempty"`

	// How long the client may have to wait for an error body; then it is
	// answered with what has arrived. At most 5m; 0 means as long as the
	// upstream takes. Default: 5s.
	BodyTimeout *caddy.Duration `json:"body_timeout,omitempty"`

	// The response header field that carries the id of the record; empty or
	// `off` means none. Default: `X-Error-Id`.
	ErrorID *string `json:"error_id,omitempty"`

	// Which upstream bodies are recorded, and how.
	Payload *Payload `json:"payload,omitempty"`

	normalizer    decider
	logger        *zap.Logger
	capture       int           // bytes
	bodyTimeout   time.Duration // 0 is off
	errorIDHeader string        // canonical; empty is off
	handlerErrors bool
	payload       payloadConfig

	warnErrorRoutesOnce sync.Once
	droppedSchemes      sync.Map // lower-case scheme → true, once it was warned of
}

// decider is what a handler asks of a [normalize.Normalizer].
type decider interface {
	MayClaim(status int) bool
	Screen(*normalize.Request, *normalize.Response) normalize.Screening
	Decide(*normalize.Request, *normalize.Response) normalize.Verdict
}

// CatalogEntry is a row of the catalogue.
type CatalogEntry struct {
	// The status, 400 to 599.
	Status int `json:"status"`

	// The code, `[A-Z][A-Z0-9_]*`; `{RESOURCE}` in it stands for the resource.
	Code string `json:"code"`

	// The description; `{RESOURCE}` in it stands for the resource in
	// lower-case words. It may be left out only for a code that the built-in
	// catalogue describes.
	Description string `json:"description,omitempty"`
}

// PathResource names the resource that paths are about.
type PathResource struct {
	// The path pattern, as in Caddy's path matcher: `*` is a wildcard, case
	// does not count.
	Pattern string `json:"pattern"`

	// The resource in upper snake, such as `CALENDAR_EVENT`.
	Resource string `json:"resource"`
}

// Challenge says how WWW-Authenticate is built.
type Challenge struct {
	// The realm of our challenges. Default: the request's host without port.
	Realm string `json:"realm,omitempty"`

	// The URL of the protected resource's metadata (RFC 9728 section 5.1).
	// Default: none.
	ResourceMetadata string `json:"resource_metadata,omitempty"`

	// What `insufficient_scope` names on certain paths; the first match wins.
	Scopes []PathScope `json:"scopes,omitempty"`

	// When our challenges carry an `error`: `auto` (RFC 6750 section 3.1: only
	// if the request carried a token), `always` or `never`. Default: `auto`.
	Error string `json:"error,omitempty"`

	// What becomes of upstream challenges that are not about tokens: `auto`
	// replaces Basic and vendor schemes and sends handshakes (Digest, NTLM,
	// Negotiate) after ours, `replace` removes all, `keep` keeps all.
	// Default: `auto`.
	Legacy string `json:"legacy,omitempty"`

	// Send the upstream's challenges untouched. Default: false.
	Relay bool `json:"relay,omitempty"`
}

// PathScope names the scope that paths require.
type PathScope struct {
	// The path pattern, as in Caddy's path matcher.
	Pattern string `json:"pattern"`

	// The scope, its tokens separated by single spaces (RFC 6749 section 3.3).
	Scope string `json:"scope"`
}

// Rule is a decision of the operator's.
type Rule struct {
	// What the record calls the rule. Default: its place, such as `rules[3]`.
	Name string `json:"name,omitempty"`

	// Which responses the rule decides. Default: every 4xx and 5xx.
	Match *Match `json:"match,omitempty"`

	// Leave the response as it is; then nothing below may be set.
	// Default: false.
	Pass bool `json:"pass,omitempty"`

	// The status of the answer, 400 to 599. Default: the upstream's.
	Status int `json:"status,omitempty"`

	// The code of the answer; `{RESOURCE}` in it stands for the resource.
	// `auto` or empty means the built-in decision.
	Code string `json:"code,omitempty"`

	// The description of the answer, with placeholders: `{resource}`,
	// `{upstream.code}`, `{upstream.message}`, `{upstream.status}`,
	// `{upstream.format}`, `{upstream.field.<path>}`, `{upstream.match.<n>}`
	// and all of Caddy's. Default: as without the rule.
	Description string `json:"description,omitempty"`

	// The resource in upper snake. Default: as without the rule.
	Resource string `json:"resource,omitempty"`

	// What the answer's challenge says. Default: as without the rule.
	Challenge *RuleChallenge `json:"challenge,omitempty"`
}

// RuleChallenge is what the challenge of a rule's answer says.
type RuleChallenge struct {
	// The error code (RFC 6750 section 3.1).
	Error string `json:"error,omitempty"`

	// The scope, its tokens separated by single spaces.
	Scope string `json:"scope,omitempty"`
}

// Match says which responses a rule decides. All members must hold; the values
// of a member are alternatives. Without `status_code` only 4xx and 5xx match.
type Match struct {
	caddyhttp.ResponseMatcher

	// Names of recognised formats (`soap`, `spring`, `oauth` …).
	Format []string `json:"format,omitempty"`

	// Patterns of the code in the upstream's body; `*` is a wildcard, case
	// does not count.
	UpstreamCode []string `json:"upstream_code,omitempty"`

	// Patterns of the upstream's message; `*` is a wildcard, case does not
	// count.
	Message []string `json:"message,omitempty"`

	// Members of the body that must be there; all of them.
	Field []FieldMatch `json:"field,omitempty"`

	// A regular expression (RE2) over the decoded body. Its captures are the
	// placeholders `{upstream.match.1}` and `{upstream.match.<name>}`.
	BodyRegexp string `json:"body_regexp,omitempty"`

	// Sets of request matchers, any of which must match what the client sent.
	// They may ask for `{upstream.code}`, `{upstream.message}`,
	// `{upstream.status}`, `{upstream.format}` and `{upstream.field.<path>}`,
	// as in `expression`.
	RequestRaw caddyhttp.RawMatcherSets `json:"request,omitempty" caddy:"namespace=http.matchers"`

	request  caddyhttp.MatcherSets
	upstream []string // the {upstream.*} placeholders that request reads, without braces
}

// FieldMatch asks for a member of the body.
type FieldMatch struct {
	// The path: dotted; numbers index arrays; in XML local names from the root
	// element on, `@name` an attribute.
	Path string `json:"path"`

	// The values it may have; `*` is a wildcard, case counts. Default: any.
	Values []string `json:"values,omitempty"`
}

// Payload says which upstream bodies are recorded, and how.
type Payload struct {
	// Record no bodies. Default: false.
	Off bool `json:"off,omitempty"`

	// How many bytes of each body are recorded, after redaction.
	// Default, and at most: `capture`.
	MaxSize int64 `json:"max_size,omitempty"`

	// Upstream statuses whose bodies are recorded; one digit stands for a
	// class. Default: all.
	StatusCode []int `json:"status_code,omitempty"`

	// Regular expressions (RE2) of what is redacted, beside the built-in
	// credentials, tokens and card numbers.
	Redact []string `json:"redact,omitempty"`

	// Names of JSON members, form fields and XML elements whose values are
	// redacted, beside the built-in ones; case does not count.
	RedactFields []string `json:"redact_fields,omitempty"`
}

// CaddyModule returns the Caddy module information.
func (*Handler) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{
		ID:  "http.handlers.normalize_errors",
		New: func() caddy.Module { return new(Handler) },
	}
}

// Provision resolves the defaults and compiles what the handler decides by.
func (h *Handler) Provision(ctx caddy.Context) error {
	h.logger = ctx.Logger()
	cfg, err := h.resolve()
	if err != nil {
		return err
	}
	for i := range h.Rules {
		if err := h.Rules[i].Match.loadRequest(ctx); err != nil {
			return configErrorf(requestPath(i), "%w", err)
		}
	}
	var file catalogFile
	if h.CatalogFile != "" {
		if file, err = readCatalogFile(h.CatalogFile); err != nil {
			return &normalize.ConfigError{Path: "catalog_file", Err: err}
		}
		file.addTo(&cfg)
	}
	h.normalizer, err = normalize.New(cfg)
	return file.locate(err, len(h.Catalog))
}

// warnErrorRoutes says, at most once, that the server of r has error routes,
// which do not run for errors answered here. Whether it has is only known when
// the server serves: a handler is provisioned before its server. A handler that
// is in an error route itself has nothing to say.
func (h *Handler) warnErrorRoutes(r *http.Request) {
	h.warnErrorRoutesOnce.Do(func() {
		server, ok := r.Context().Value(caddyhttp.ServerCtxKey).(*caddyhttp.Server)
		inErrorRoute := r.Context().Value(caddyhttp.ErrorCtxKey) != nil
		if ok && !inErrorRoute && h.handlerErrors && server.Errors != nil && len(server.Errors.Routes) > 0 {
			h.logger.Warn("the server's error routes (handle_errors) do not run for errors behind normalize_errors; " +
				"`handler_errors off` hands errors to them")
		}
	})
}

// Interface guards
var (
	_ caddy.Provisioner = (*Handler)(nil)
)
