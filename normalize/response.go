package normalize

import (
	"net/http"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// Response is a failure as it was captured, before anything is read into it.
type Response struct {
	// Status is the upstream's status code.
	Status int
	// ReasonPhrase is the status line's reason phrase, if known.
	ReasonPhrase string
	// Header is the upstream's header. It is only read.
	Header http.Header
	// Body is the body, or its beginning, as sent (content codings applied).
	Body []byte
	// Truncated says that the body went on after Body.
	Truncated bool
	// Own says that no upstream sent this: it is the gateway's own answer or
	// error. Its challenges are the operator's and are kept.
	Own bool
	// Err says that the gateway failed with an error instead of answering; its
	// message is then never shown (there is no body), and protocols with errors
	// of their own get it unchanged.
	Err bool
}

// Verdict is what becomes of a response.
type Verdict struct {
	// Pass says that the response leaves as it is; Why says why, and nothing
	// below that concerns the answer is set.
	Pass bool

	// Status is the status of the answer.
	Status int
	// Code is the answer's code, and Row its row of the catalogue: the same,
	// but with {RESOURCE} for the word. The set of rows is closed.
	Code, Row string
	// Resource is the resource name in upper snake, or empty.
	Resource string
	// Description is the answer's description.
	Description string
	// Challenges are the field lines of the answer's WWW-Authenticate, each one
	// challenge.
	Challenges []string
	// Dropped are the schemes of upstream challenges that were replaced (not
	// the invalid ones), for the operator's eyes.
	Dropped []string

	// Why names the step, and the rule or table row, that decided, as
	// "step: detail"; the step is one of a closed set.
	Why string
	// Rule names the rule that decided, or is empty.
	Rule string

	// Evidence and Text are what was read, for the record.
	Evidence recognize.Evidence
	Text     Text
	// Fault is set if reading the response panicked; the answer is then the
	// status's own envelope. It is also set if a rule's request matcher failed;
	// the rule then did not hold.
	Fault string
}
