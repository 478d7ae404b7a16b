package normalize

import (
	"fmt"
	"slices"
	"strings"
)

// resourceMark stands for a resource name in the code or the description of a row.
const resourceMark = "{RESOURCE}"

// builtin is the documented catalogue: the public contract, word for word. The
// first row of a status is the status's own; the others need evidence.
var builtin = [...]Entry{
	{400, "BAD_REQUEST", "The server cannot process the request because the request format or body is invalid."},
	{400, "INVALID_PARAMETER", "There is an error in the format or content of the requested parameter."},
	{400, "INVALID_{RESOURCE}", "There is an error in the content of the requested resource."},
	{400, "MISSING_PARAMETER", "A required parameter was not specified."},
	{400, "LIMIT_EXCEEDED", "The limit for a parameter or resource property value was exceeded."},
	{400, "OUT_OF_RANGE", "The parameter or resource property value is out of range."},
	{401, "UNAUTHORIZED", "The requested authentication information was missing or incorrectly specified. A common authentication error indicates what is defined in RFC 6749."},
	{403, "FORBIDDEN", "The server understood the client's request but refused to process it. If the client app does not have access to the resource or the required OAuth scopes, access is denied."},
	{403, "ACCESS_DENIED", "Access to the requested resource is restricted."},
	{403, "LIMIT_EXCEEDED", "The limit for the requested resource was exceeded."},
	{403, "OUT_OF_RANGE", "The expected range for the requested resource was exceeded."},
	{404, "NOT_FOUND", "The requested resource could not be found."},
	{404, "{RESOURCE}_NOT_EXIST", "The specific resource could not be found."},
	{409, "CONFLICT", "There is a conflict with the requested resource."},
	{409, "ALREADY_EXIST", "The requested resource already exists."},
	{409, "{RESOURCE}_ALREADY_EXIST", "The specific resource already exists."},
	{410, "DELETED", "The requested resource has already been deleted and does not exist on the server."},
	{500, "INTERNAL_SERVER_ERROR", "Unspecified internal server error"},
	{503, "SERVICE_UNAVAILABLE", "Temporary server error"},
}

// registered gives every other status of the IANA HTTP Status Code Registry a
// row of its own, named after its reason phrase, and the documented row that it
// folds onto. 418 is registered as unused and counts as 400.
var registered = [...]struct {
	Entry
	foldStatus int
	foldCode   string
}{
	{Entry{402, "PAYMENT_REQUIRED", "Payment is required to access the requested resource."}, 403, "ACCESS_DENIED"},
	{Entry{405, "METHOD_NOT_ALLOWED", "The request method is not allowed for the requested resource."}, 400, "BAD_REQUEST"},
	{Entry{406, "NOT_ACCEPTABLE", "The requested resource is not available in a format that the client accepts."}, 400, "BAD_REQUEST"},
	{Entry{407, "PROXY_AUTHENTICATION_REQUIRED", "The authentication information for the proxy was missing or incorrectly specified."}, 401, "UNAUTHORIZED"},
	{Entry{408, "REQUEST_TIMEOUT", "The request was not received in time."}, 400, "BAD_REQUEST"},
	{Entry{411, "LENGTH_REQUIRED", "The length of the request body was not specified."}, 400, "BAD_REQUEST"},
	{Entry{412, "PRECONDITION_FAILED", "A condition specified in the request was not met."}, 400, "BAD_REQUEST"},
	{Entry{413, "CONTENT_TOO_LARGE", "The request body is too large."}, 400, "LIMIT_EXCEEDED"},
	{Entry{414, "URI_TOO_LONG", "The request URI is too long."}, 400, "BAD_REQUEST"},
	{Entry{415, "UNSUPPORTED_MEDIA_TYPE", "The format of the request body is not supported."}, 400, "BAD_REQUEST"},
	{Entry{416, "RANGE_NOT_SATISFIABLE", "The requested range is not available."}, 400, "OUT_OF_RANGE"},
	{Entry{417, "EXPECTATION_FAILED", "The expectation specified in the request cannot be met."}, 400, "BAD_REQUEST"},
	{Entry{421, "MISDIRECTED_REQUEST", "The request was sent to a server that cannot respond to it."}, 400, "BAD_REQUEST"},
	{Entry{423, "LOCKED", "The requested resource is locked."}, 409, "CONFLICT"},
	{Entry{424, "FAILED_DEPENDENCY", "The request failed because it depends on another request that failed."}, 409, "CONFLICT"},
	{Entry{425, "TOO_EARLY", "The server refused to process a request that might be replayed."}, 400, "BAD_REQUEST"},
	{Entry{426, "UPGRADE_REQUIRED", "The request must be sent with a different protocol."}, 400, "BAD_REQUEST"},
	{Entry{428, "PRECONDITION_REQUIRED", "The request must be conditional."}, 400, "BAD_REQUEST"},
	{Entry{429, "TOO_MANY_REQUESTS", "Too many requests were sent in a given amount of time."}, 403, "LIMIT_EXCEEDED"},
	{Entry{431, "REQUEST_HEADER_FIELDS_TOO_LARGE", "The request header fields are too large."}, 400, "LIMIT_EXCEEDED"},
	{Entry{451, "UNAVAILABLE_FOR_LEGAL_REASONS", "The requested resource is unavailable for legal reasons."}, 403, "ACCESS_DENIED"},
	{Entry{501, "NOT_IMPLEMENTED", "The server does not support the requested functionality."}, 500, "INTERNAL_SERVER_ERROR"},
	{Entry{502, "BAD_GATEWAY", "The server received an invalid response from an upstream server."}, 503, "SERVICE_UNAVAILABLE"},
	{Entry{504, "GATEWAY_TIMEOUT", "The server did not receive a response from an upstream server in time."}, 503, "SERVICE_UNAVAILABLE"},
	{Entry{505, "HTTP_VERSION_NOT_SUPPORTED", "The HTTP version of the request is not supported."}, 500, "INTERNAL_SERVER_ERROR"},
	{Entry{506, "VARIANT_ALSO_NEGOTIATES", "The server has an internal content negotiation error."}, 500, "INTERNAL_SERVER_ERROR"},
	{Entry{507, "INSUFFICIENT_STORAGE", "The server cannot store what is needed to complete the request."}, 500, "INTERNAL_SERVER_ERROR"},
	{Entry{508, "LOOP_DETECTED", "The server detected an infinite loop while processing the request."}, 500, "INTERNAL_SERVER_ERROR"},
	{Entry{510, "NOT_EXTENDED", "The request requires an extension that the server does not provide."}, 500, "INTERNAL_SERVER_ERROR"},
	{Entry{511, "NETWORK_AUTHENTICATION_REQUIRED", "Authentication is required to access the network."}, 500, "INTERNAL_SERVER_ERROR"},
}

// catalog is the codes of each status. It is immutable once built.
type catalog struct {
	rows map[int][]Entry
	fold map[int]Entry // status → documented row; nil unless folding
}

// newCatalog returns the built-in catalogue with the operator's rows: a row
// that is there already is reworded, any other is added behind the status's own.
func newCatalog(cfg *Config) (*catalog, error) {
	c := &catalog{rows: make(map[int][]Entry, 40)}
	for _, e := range builtin {
		c.rows[e.Status] = append(c.rows[e.Status], e)
	}
	// 422 shares the codes of 400, with INVALID_PARAMETER first.
	for _, e := range c.rows[400] {
		e.Status = 422
		c.rows[422] = append(c.rows[422], e)
	}
	slices.SortStableFunc(c.rows[422], func(a, b Entry) int {
		return boolInt(b.Code == "INVALID_PARAMETER") - boolInt(a.Code == "INVALID_PARAMETER")
	})
	for _, r := range registered {
		c.rows[r.Status] = append(c.rows[r.Status], r.Entry)
	}
	for i, e := range cfg.Catalog {
		if err := c.add(e, cfg.Documented); err != nil {
			return nil, &ConfigError{Path: fmt.Sprintf("catalog[%d]", i), Err: err}
		}
	}
	if cfg.Documented {
		c.fold = make(map[int]Entry, len(registered))
		for _, r := range registered {
			row, _ := c.row(r.foldStatus, r.foldCode)
			c.fold[r.Status] = row
		}
	}
	return c, nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// add takes a row of the operator's into the catalogue.
func (c *catalog) add(e Entry, documented bool) error {
	if e.Status < 400 || e.Status > 599 {
		return fmt.Errorf("adding code %s: status %d is not in 400–599", e.Code, e.Status)
	}
	if err := checkCode(e.Code); err != nil {
		return err
	}
	rows, known := c.rows[e.Status]
	if !known { // an unregistered status begins with the rows that it counts as
		for _, row := range c.rows[c.class(e.Status)] {
			row.Status = e.Status
			rows = append(rows, row)
		}
		c.rows[e.Status] = rows
	}
	for i := range rows {
		if rows[i].Code == e.Code {
			if e.Description != "" {
				rows[i].Description = e.Description
			}
			return nil
		}
	}
	if documented {
		return fmt.Errorf("adding code %s: the documented codes are a closed list; drop the code or `codes documented`", e.Code)
	}
	if e.Description == "" {
		return fmt.Errorf("adding code %s: the catalogue has no such code for %d, so it needs a description", e.Code, e.Status)
	}
	if known {
		c.rows[e.Status] = append(rows, e)
	} else { // who gives an unregistered status a code means it as its own
		c.rows[e.Status] = append([]Entry{e}, rows...)
	}
	return nil
}

// class returns the status whose rows apply: an unregistered status counts as
// the x00 of its class (RFC 9110 section 15), one beyond 599 as 500.
func (c *catalog) class(status int) int {
	if _, ok := c.rows[status]; ok {
		return status
	}
	if 400 <= status && status < 500 {
		return 400
	}
	return 500
}

// own returns the row of the status itself.
func (c *catalog) own(status int) Entry { return c.rows[c.class(status)][0] }

// row returns the row of a status that has exactly this code.
func (c *catalog) row(status int, code string) (Entry, bool) {
	for _, e := range c.rows[c.class(status)] {
		if e.Code == code {
			return e, true
		}
	}
	return Entry{}, false
}

// parse finds the row that a full code belongs to: the row of that code, else
// the {RESOURCE} row that it is an instance of, with the resource.
func (c *catalog) parse(status int, code string) (e Entry, resource string, ok bool) {
	if e, ok := c.row(status, code); ok && !strings.Contains(e.Code, resourceMark) {
		return e, "", true
	}
	for _, e := range c.rows[c.class(status)] {
		if strings.IndexByte(e.Code, resourceMark[0]) < 0 {
			continue
		}
		before, after, found := strings.Cut(e.Code, resourceMark)
		if !found || len(code) <= len(before)+len(after) ||
			!strings.HasPrefix(code, before) || !strings.HasSuffix(code, after) {
			continue
		}
		resource = code[len(before) : len(code)-len(after)]
		if checkCode(resource) == nil {
			return e, resource, true
		}
	}
	return Entry{}, "", false
}

// documented folds a row onto the documented list, if that is asked for.
func (c *catalog) documented(e Entry) Entry {
	if c.fold == nil {
		return e
	}
	if folded, ok := c.fold[e.Status]; ok {
		return folded
	}
	return e
}

// checkCode checks the grammar of code words; {RESOURCE} may stand in one.
//
//	code = UPPER *( UPPER / DIGIT / "_" )
func checkCode(code string) error {
	plain := strings.Replace(code, resourceMark, "R", 1)
	for i := 0; i < len(plain); i++ {
		c := plain[i]
		if 'A' <= c && c <= 'Z' || i > 0 && ('0' <= c && c <= '9' || c == '_') {
			continue
		}
		return fmt.Errorf("parsing code %q: a code is upper-case letters, digits and underscores and begins with a letter, such as %s", code, suggestCode(code))
	}
	if plain == "" {
		return fmt.Errorf("parsing code: it is empty; a code is upper-case letters, digits and underscores, such as NOT_FOUND")
	}
	return nil
}

// suggestCode respells a word as a code, for an error message.
func suggestCode(s string) string {
	s = strings.Trim(upperSnake(s), "_")
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return "NOT_FOUND"
	}
	return s
}

// fill puts a resource into a row's code and description. With no resource
// known, {RESOURCE} falls away: the row is the plain one of the same meaning.
func (c *catalog) fill(e Entry, resource string) (row Entry, code, description string) {
	if !strings.Contains(e.Code, resourceMark) {
		return e, e.Code, wordsInto(e.Description, resource)
	}
	if resource != "" {
		return e, strings.Replace(e.Code, resourceMark, resource, 1), wordsInto(e.Description, resource)
	}
	plain, ok := c.row(e.Status, withoutResource(e.Code))
	if !ok {
		plain = c.own(e.Status)
	}
	return plain, plain.Code, wordsInto(plain.Description, "")
}

// withoutResource is the code that is left when no resource is known.
func withoutResource(code string) string {
	switch code {
	case "{RESOURCE}_NOT_EXIST":
		return "NOT_FOUND"
	case "INVALID_{RESOURCE}":
		return "INVALID_PARAMETER"
	default:
		return strings.Trim(strings.ReplaceAll(strings.Replace(code, resourceMark, "", 1), "__", "_"), "_")
	}
}

// wordsInto writes a resource's lower-case words for {RESOURCE} in a description.
func wordsInto(description, resource string) string {
	if !strings.Contains(description, resourceMark) {
		return description
	}
	words := "resource"
	if resource != "" {
		words = resourceWords(resource)
	}
	return strings.ReplaceAll(description, resourceMark, words)
}

// resourceWords spells CALENDAR_EVENT as "calendar event".
func resourceWords(resource string) string {
	return strings.ToLower(strings.ReplaceAll(resource, "_", " "))
}
