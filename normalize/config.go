package normalize

import (
	"fmt"
	"net/http"
)

// Config says how a [Normalizer] decides. The zero value is the default.
type Config struct {
	// Documented folds every code onto the nearest code of the documented list,
	// for an API that promises a closed list. It implies KeepResource.
	Documented bool
	// Catalog adds rows to the built-in catalogue, or rewords its rows.
	Catalog []Entry
	// Resources names the resource that paths are about; the first match wins.
	Resources []PathResource
	// IgnoreUpstreamResource turns off taking the resource from the upstream's words.
	IgnoreUpstreamResource bool
	// CatalogDescriptions words every answer by the catalogue, never by the
	// upstream's message.
	CatalogDescriptions bool
	// Pass lists media type patterns (`*` wildcards) that are never touched,
	// beside the built-in list.
	Pass []string
	// RespectNoTransform leaves responses with Cache-Control: no-transform
	// (RFC 9111 section 5.2.2.6) as they are.
	RespectNoTransform bool
	// Challenge says how WWW-Authenticate is built.
	Challenge ChallengeConfig
	// Rules are tried in order, before every built-in decision; the first whose
	// Match holds decides.
	Rules []Rule
	// MaxText bounds the decoded text in bytes; 0 means 64 KiB.
	MaxText int
}

// Entry is one row of a catalogue.
type Entry struct {
	// Status is the HTTP status, 400 to 599.
	Status int
	// Code is the code, [A-Z][A-Z0-9_]*; {RESOURCE} in it stands for a
	// resource name.
	Code string
	// Description is the text; {RESOURCE} in it stands for the resource in
	// lower-case words.
	Description string
}

// PathResource names the resource of the paths that match Pattern.
type PathResource struct {
	// Pattern is a path pattern; see [MatchPath].
	Pattern string
	// Resource is the name in upper snake, such as CALENDAR_EVENT.
	Resource string
}

// ChallengeConfig says how challenges are built. The zero value is the default.
type ChallengeConfig struct {
	// Realm is the realm of our challenges; empty means the request's host.
	Realm string
	// ResourceMetadata is the URL of RFC 9728 section 5.1, if any.
	ResourceMetadata string
	// Scopes says what insufficient_scope names; the first match wins.
	Scopes []PathScope
	// Error says when our challenges carry an error: "auto" (or empty),
	// "always" or "never".
	Error string
	// Legacy says what becomes of upstream challenges that are not about
	// tokens: "auto" (or empty), "replace" or "keep".
	Legacy string
	// Relay sends the upstream's field lines untouched.
	Relay bool
}

// PathScope names the scope that paths matching Pattern require.
type PathScope struct {
	// Pattern is a path pattern; see [MatchPath].
	Pattern string
	// Scope is the space-separated scope (RFC 6749 section 3.3).
	Scope string
}

// Rule is one decision of the operator.
type Rule struct {
	// Name is what the record calls the rule.
	Name string
	// Match says which responses the rule decides; nil is every 4xx and 5xx.
	Match *Match
	// Pass leaves the response as it is. The fields below are then empty.
	Pass bool
	// Status replaces the status, 400 to 599; 0 keeps the upstream's.
	Status int
	// Code is the code, in which {resource} stands for the resource. Empty
	// means the built-in decision ("auto").
	Code string
	// Description is the text, with placeholders; empty means §5 of the flow:
	// the upstream's message if it may be shown, else the catalogue's.
	Description string
	// Resource is the resource name in upper snake; empty leaves it to the
	// configuration and the upstream's words.
	Resource string
	// Error and Scope make the answer's challenge say this error (RFC 6750
	// section 3.1) and scope, whatever the upstream's says. They have no effect
	// unless the answer's status is 400, 401 or 403.
	Error, Scope string
}

// Match says which responses a rule decides. All lines must hold; the values
// of a line are alternatives. A Match without Status sees 4xx and 5xx only.
type Match struct {
	// Status lists status codes; one digit stands for a class.
	Status []int
	// Header, if set, must return true of the upstream's header.
	Header func(http.Header) bool
	// Format lists names of recognised formats.
	Format []string
	// Code lists patterns of the upstream's code (`*` wildcards, any case).
	Code []string
	// Message lists patterns of the upstream's message (`*` wildcards, any case).
	Message []string
	// Fields lists members of the body that must be present and have one of
	// the values.
	Fields []FieldMatch
	// BodyRegexp is an RE2 pattern over the decoded text; its captures are the
	// placeholders {upstream.match.1} and {upstream.match.<name>}.
	BodyRegexp string
	// Request, if set, must return true of the client's request.
	Request func(*http.Request) (bool, error)
	// RequestUpstream, if set, must also return true of the client's request,
	// once the body is read: upstream resolves upstream.code, upstream.message,
	// upstream.status, upstream.format and upstream.field.<path>.
	RequestUpstream func(r *http.Request, upstream func(name string) (value string, ok bool)) (bool, error)
}

// FieldMatch asks for a member of the body.
type FieldMatch struct {
	// Path is dotted; numbers index arrays. In XML it is local names from the
	// root element on, @name an attribute.
	Path string
	// Values are the alternatives; none means that the member must be present.
	// `*` is a wildcard; case counts.
	Values []string
}

// ConfigError says what is wrong with a configuration, and where.
type ConfigError struct {
	// Path is the JSON path of the offending value, such as
	// "rules[3].match.body_regexp".
	Path string
	// Err says what is wrong and what would be right.
	Err error
}

func (e *ConfigError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns the error without its path.
func (e *ConfigError) Unwrap() error { return e.Err }

// configErrorf returns a ConfigError at path.
func configErrorf(path, format string, args ...any) error {
	return &ConfigError{Path: path, Err: fmt.Errorf(format, args...)}
}
