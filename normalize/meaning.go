package normalize

import (
	"math/bits"
	"strings"
)

// kind is what an upstream's own code amounts to, whatever the status.
type kind uint8

const (
	unclear   kind = iota
	generic        // says only that the request failed
	validated      // says only that its validation failed
	invalid        // something in the request is wrong
	missing        // something required is absent
	limit          // a limit, quota or size is exceeded
	outside        // a value or length is out of range
	notFound       // something does not exist
	exists         // something exists already
	denied         // the caller may not
	forbid         // the token does not reach that far
)

// meaning is what a code says: its kind and, where the code has one in it, the
// resource that it is about.
type meaning struct {
	kind     kind
	resource string
}

// vocabulary maps the codes of known vocabularies, in upper snake, where the
// word patterns below would not read them rightly: gRPC's canonical codes, the
// common AWS, Azure, Google, OData and Kubernetes codes, OAuth's and JSON-RPC's
// errors, and SQLSTATE classes (ISO/IEC 9075-2) that gateways pass on.
var vocabulary = map[string]kind{
	// OAuth (RFC 6750 section 3.1), and codes that mean no more.
	"INVALID_REQUEST": generic, "BAD_REQUEST": generic, "REQUEST_INVALID": generic, "INVALID": generic, "MALFORMED": generic,
	"VALIDATION": validated, "VALIDATION_FAILED": validated, "GRAPHQL_VALIDATION_FAILED": generic, "UNPROCESSABLE_ENTITY": generic, "UNPROCESSABLE_CONTENT": generic,
	"INVALID_FORMAT": generic, "INVALID_JSON": generic, "INVALID_BODY": generic, "INVALID_REQUEST_BODY": generic, "MALFORMED_REQUEST": generic,
	"PARSE": generic, "PARSE_ERROR": generic, "SYNTAX": generic, "CLIENT": generic, "SENDER": generic,
	"INSUFFICIENT_SCOPE": forbid, "ACCESS_TOKEN_SCOPE_INSUFFICIENT": forbid, "INVALID_SCOPE": forbid,

	// gRPC (google.rpc.Code).
	"INVALID_ARGUMENT": invalid, "PERMISSION_DENIED": denied, "RESOURCE_EXHAUSTED": limit, "ALREADY_EXISTS": exists, "NOT_FOUND": notFound,

	// JSON-RPC 2.0 section 5.1.
	"32700": generic, "32600": generic, "32601": notFound, "32602": invalid,

	// Validation kinds.
	"REQUIRED": missing, "BLANK": missing, "NULL": missing, "NOT_NULL": missing, "NOT_BLANK": missing, "NOT_EMPTY": missing, "PRESENCE": missing,
	"MIN": outside, "MAX": outside, "SIZE": outside, "LENGTH": outside, "MIN_LENGTH": outside, "MAX_LENGTH": outside, "RANGE": outside,

	"FORBIDDEN": unclear, "CONFLICT": unclear, "UNAUTHORIZED": unclear, "GONE": unclear, "MISSING": notFound,
	"UNIQUE": exists, "DUPLICATE": exists, "TAKEN": exists, "NOT_UNIQUE": exists, "EXISTS": exists, "UNIQUE_VIOLATION": exists,
	"NOT_AUTHORIZED": denied, "AUTHORIZATION_FAILED": denied, "INSUFFICIENT_PRIVILEGES": denied, "INSUFFICIENT_PERMISSIONS": denied, "RESTRICTED": denied, "SQL_ACCESS_DENIED": denied,
	"LIMIT": limit, "QUOTA": limit, "THROTTLING": limit, "THROTTLED": limit, "SLOW_DOWN": limit, "RATE_LIMITED": limit, "RATE_LIMIT": limit,

	// SQLSTATE as PostgREST and others pass them on.
	"23505": exists, "23502": missing, "22003": outside, "22001": outside, "42501": denied, "P0002": notFound, "02000": notFound,
	"22P02": invalid, "22007": invalid, "23514": invalid, "PGRST116": notFound, "PGRST103": outside,
}

// patterns read a code by its words: "*" stands for the resource, one or more
// words. The more telling ones come first.
var patterns = []struct {
	before, after string
	kind          kind
}{
	{"", "_ALREADY_EXISTS", exists},
	{"", "_ALREADY_EXIST", exists},
	{"", "_ALREADY_IN_USE", exists},
	{"", "_ALREADY_TAKEN", exists},
	{"", "_ALREADY_REGISTERED", exists},
	{"", "_ALREADY_OWNED_BY_YOU", exists},
	{"", "_ALREADY_DEFINED", exists},
	{"DUPLICATE_", "", exists},
	{"DUPLICATED_", "", exists},
	{"", "_DUPLICATED", exists},
	{"", "_DUPLICATE", exists},
	{"", "_NOT_UNIQUE", exists},
	{"", "_TAKEN", exists},
	{"", "_EXISTS", exists},
	{"", "_DOES_NOT_EXIST", notFound},
	{"", "_DO_NOT_EXIST", notFound},
	{"", "_NOT_EXISTS", notFound},
	{"", "_NOT_EXIST", notFound},
	{"", "_NOT_EXISTING", notFound},
	{"", "_NOT_FOUND", notFound},
	{"", "_CANNOT_BE_FOUND", notFound},
	{"NO_SUCH_", "", notFound},
	{"NON_EXISTENT_", "", notFound},
	{"NONEXISTENT_", "", notFound},
	{"UNKNOWN_", "", notFound},
	{"", "_UNKNOWN", notFound},
	{"", "_LIMIT_EXCEEDED", limit},
	{"", "_QUOTA_EXCEEDED", limit},
	{"", "_LIMIT_REACHED", limit},
	{"QUOTA_", "", limit},
	{"TOO_MANY_", "", limit},
	{"", "_TOO_LARGE", limit},
	{"", "_TOO_BIG", limit},
	{"LIMIT_", "", limit},
	{"THROTTL", "", limit},
	{"RATE_LIMIT", "", limit},
	{"", "_EXCEEDED", limit},
	{"", "_OUT_OF_RANGE", outside},
	{"", "_OUT_OF_BOUNDS", outside},
	{"OUT_OF_RANGE_", "", outside},
	{"", "_TOO_LONG", outside},
	{"", "_TOO_SHORT", outside},
	{"", "_TOO_SMALL", outside},
	{"", "_TOO_HIGH", outside},
	{"", "_TOO_LOW", outside},
	{"MISSING_REQUIRED_", "", missing},
	{"MISSING_", "", missing},
	{"REQUIRED_", "_MISSING", missing},
	{"", "_MISSING", missing},
	{"", "_REQUIRED", missing},
	{"REQUIRED_", "", missing},
	{"", "_IS_REQUIRED", missing},
	{"ACCESS_DENIED_", "", denied},
	{"", "_ACCESS_DENIED", denied},
	{"", "_PERMISSION_DENIED", denied},
	{"", "_NOT_ALLOWED", denied},
	{"", "_ACCESS_FORBIDDEN", denied},
	{"INVALID_", "", invalid},
	{"", "_INVALID", invalid},
	{"MALFORMED_", "", invalid},
	{"ILLEGAL_", "", invalid},
	{"BAD_", "", invalid},
	{"INCORRECT_", "", invalid},
	{"", "_NOT_VALID", invalid},
	{"", "_MALFORMED", invalid},
	{"", "_VALIDATION_FAILED", validated},
	{"", "_VALIDATION", validated},
	{"VALIDATION_", "", validated},
}

// patternSet is a set of patterns, by their indexes.
type patternSet [2]uint64

// patternsFrom and patternsTo hold the patterns that a word may have which
// begins, or ends, with a byte: few are in both.
var patternsFrom, patternsTo = func() (from, to [256]patternSet) {
	for i, p := range patterns {
		for c := range 256 {
			if p.before == "" || p.before[0] == byte(c) {
				from[c][i/64] |= 1 << (i % 64)
			}
			if p.after == "" || p.after[len(p.after)-1] == byte(c) {
				to[c][i/64] |= 1 << (i % 64)
			}
		}
	}
	return from, to
}()

// read returns what a code in any spelling means.
func read(code string) meaning {
	word := bareCode(code)
	if kind, ok := vocabulary[word]; ok || word == "" {
		return meaning{kind: kind}
	}
	from, to := &patternsFrom[word[0]], &patternsTo[word[len(word)-1]]
	for half := range from {
		for set := from[half] & to[half]; set != 0; set &= set - 1 {
			p := &patterns[half*64+bits.TrailingZeros64(set)]
			if len(word) <= len(p.before)+len(p.after) || !strings.HasPrefix(word, p.before) || !strings.HasSuffix(word, p.after) {
				continue
			}
			m := meaning{kind: p.kind}
			switch p.kind {
			case notFound, exists, invalid:
				m.resource = takeResource(word[len(p.before) : len(word)-len(p.after)])
			}
			return m
		}
	}
	return meaning{}
}

// maxCodeRead is the longest code that is read for its meaning.
const maxCodeRead = 128

// bareCode is a code in upper snake without what names no meaning: a dotted or
// slashed path before it, and Exception, Error or Fault behind it.
func bareCode(code string) string {
	if len(code) > maxCodeRead {
		return ""
	}
	if i := strings.LastIndexAny(code, "/#:"); i >= 0 && i < len(code)-1 {
		code = code[i+1:]
	}
	if i := strings.LastIndexByte(code, '.'); i >= 0 && i < len(code)-1 && isUpper(code[i+1]) {
		code = code[i+1:] // a class in its package; "user.not_found" is one word
	}
	word := upperSnake(code)
	for _, suffix := range [...]string{"_EXCEPTION", "_ERROR", "_FAULT"} {
		word = strings.TrimSuffix(word, suffix)
	}
	for _, prefix := range [...]string{"ERR_", "ERROR_", "E_"} {
		word = strings.TrimPrefix(word, prefix)
	}
	return word
}

// functionWords show that a word is a clause.
var functionWords = newSet("NOT OR AND IS ARE WAS OF IN TO FOR WITH WITHOUT HAS NO CANNOT COULD DOES MUST REQUEST UNKNOWN ALREADY FAILED INVALID MISSING REQUIRED")

// genericWords name no resource that a client could tell from another.
var genericWords = newSet(`RESOURCE ENTITY OBJECT ITEM RECORD ROUTE PAGE REQUEST PARAMETER PARAM PARAMETERS PARAMS ARGUMENT ARGUMENTS
		INPUT VALUE VALUES FORMAT FIELD FIELDS TOKEN STATE OPERATION METHOD DATA BODY PAYLOAD JSON XML SYNTAX CONTENT MEDIA_TYPE TYPE HEADER HEADERS
		QUERY QUERY_PARAMETER QUERY_STRING QUERY_PARAM PATH URL URI ENDPOINT ACTION KEY ID IDENTIFIER ATTRIBUTE ATTRIBUTES PROPERTY PROPERTIES
		CONTENT_TYPE ACCESS_TOKEN CREDENTIALS CREDENTIAL SIGNATURE SCOPE CLIENT GRANT SESSION AUTHENTICATION AUTHORIZATION
		RESOURCE_ID ENTITY_ID MODEL ROW NAME REQUEST_BODY REQUEST_PARAMETER PARAMETER_VALUE ARGUMENT_VALUE INPUT_VALUE FIELD_VALUE
		CODE ERROR EXCEPTION FAULT STATUS MESSAGE RESULT RESULTS HANDLER SERVICE SERVER HOST FILE DOCUMENT_ID ROUTE_OR_RESOURCE VERSION API THING SOMETHING ANY ALL NO ONE IT
		VALIDATION SCHEMA LOGIN PASSWORD USERNAME SQL DATABASE TABLE COLUMN CONSTRAINT CLASS`)

// Bounds on a resource name that is taken from the upstream's words.
const (
	maxResourceWords = 3
	maxResourceLen   = 32
)

// takeResource returns the resource that a word names, or nothing if the word is
// generic, too long, has digits or would leak.
func takeResource(word string) string {
	for _, prefix := range [...]string{"THE_", "REQUESTED_", "SPECIFIED_", "SUCH_"} {
		word = strings.TrimPrefix(word, prefix)
	}
	for _, suffix := range [...]string{"_EXCEPTION", "_ERROR", "_FAULT"} {
		word = strings.TrimSuffix(word, suffix)
	}
	if _, ok := genericWords[word]; ok || word == "" || len(word) > maxResourceLen ||
		strings.Count(word, "_") >= maxResourceWords || strings.ContainsAny(word, "0123456789") || !isUpper(word[0]) {
		return ""
	}
	for part := range strings.SplitSeq(word, "_") {
		if _, ok := functionWords[part]; ok {
			return "" // a clause, not a name
		}
	}
	if Leak(word) != "" || Leak(resourceWords(word)) != "" {
		return ""
	}
	return word
}

// codeOf returns the row of a status that a meaning has there, in its plain
// form with {RESOURCE} where a resource fits; ok is false if it has none.
func (m meaning) codeOf(status int) (code string, ok bool) {
	switch status {
	case 400, 422:
		switch m.kind {
		case invalid:
			if m.resource != "" {
				return "INVALID_{RESOURCE}", true
			}
			return "INVALID_PARAMETER", true
		case validated:
			return "INVALID_PARAMETER", true
		case missing:
			return "MISSING_PARAMETER", true
		case limit:
			return "LIMIT_EXCEEDED", true
		case outside:
			return "OUT_OF_RANGE", true
		}
	case 403:
		switch m.kind {
		case denied:
			return "ACCESS_DENIED", true
		case limit:
			return "LIMIT_EXCEEDED", true
		case outside:
			return "OUT_OF_RANGE", true
		case forbid:
			return "FORBIDDEN", true
		}
	case 404:
		if m.kind == notFound {
			return "{RESOURCE}_NOT_EXIST", true
		}
	case 409:
		if m.kind == exists {
			return "{RESOURCE}_ALREADY_EXIST", true
		}
	}
	return "", false
}
