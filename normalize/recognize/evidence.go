// Package recognize reads what a legacy service meant by an error body.
//
// It turns text that is already decoded (UTF-8, bounded) into [Evidence]: which
// family of error bodies it belongs to, the upstream's own code, and the words
// it used. It decides nothing and filters nothing: whether a message may reach
// a client is the business of package normalize.
//
// A family is one row of a table that lists its signature and where its code
// and message lie; see families.go.
package recognize

import "net/http"

// Input is what a reader may look at. Every field is already bounded by the
// caller; readers look at the first few KiB and stop early.
type Input struct {
	// Status is the upstream's status code.
	Status int
	// MediaType is the type/subtype of the upstream's Content-Type, in lower
	// case and without parameters; empty if the field is absent or unreadable.
	// It is a hint: the body is sniffed whatever it says.
	MediaType string
	// Header is the upstream's header, for the few families that put their
	// code there (X-Amzn-ErrorType). It is only read, and may be nil.
	Header http.Header
	// ReasonPhrase is the reason phrase of the upstream's status line (RFC 9112
	// section 4); some services put their message there. Usually empty.
	ReasonPhrase string
	// Text is the decoded body or its prefix. A leading byte order mark is
	// already gone.
	Text string
	// Truncated says that Text is only the beginning of the body.
	Truncated bool
}

// Evidence is what a body says about the failure. All strings are the
// upstream's, unescaped (entities, JSON escapes) but neither filtered nor
// folded; they are at most [MaxMessage] bytes.
type Evidence struct {
	// Format is the name of the recognised family, such as "spring" or "soap",
	// as `format` rules and the record spell it. Empty if nothing was
	// recognised. Generic readers yield "json", "xml", "html" and "text".
	Format string
	// Code is the upstream's own code in its own spelling, if any.
	Code string
	// Message is the text of the family's message slot, if any.
	Message string
	// Title is the title or first heading of a page whose family has no message
	// slot or is unknown. It serves the record and the rules, never a client.
	Title string
	// Violations are the single complaints of a validation error, in order,
	// at most [MaxViolations].
	Violations []Violation
	// Scope is the scope that the body itself asks for, if it does (RFC 6749
	// section 5.2 vocabulary in an API's body).
	Scope string
	// Leaky marks a body that shows internals (a debug page, a stack trace
	// beside the message): the message then never reaches a client.
	Leaky bool
}

// Violation is one complaint of a validation error.
type Violation struct {
	// Field names the offending member, dotted, without prefixes such as
	// "body." or "/data/attributes/" that say only where it was looked for.
	Field string
	// Code is the upstream's own code for the complaint, if any.
	Code string
	// Message is what is wrong, in the upstream's words.
	Message string
	// Kind is what the code or the message amounts to.
	Kind ViolationKind
}

// ViolationKind is the kind of a complaint, as far as it decides the code.
type ViolationKind uint8

const (
	// Invalid is any complaint that is none of the kinds below.
	Invalid ViolationKind = iota
	// Missing says that a required member is absent, null or blank.
	Missing
	// Range says that a value, length, size or count is out of bounds.
	Range
)

// Bounds on what a reader returns and looks at.
const (
	// MaxMessage is the most bytes of any string in [Evidence]; a longer one is
	// cut at a rune boundary.
	MaxMessage = 1024
	// MaxViolations is the most violations a reader collects.
	MaxViolations = 16
	// MaxDepth is the deepest nesting a reader follows.
	MaxDepth = 16
)
