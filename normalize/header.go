package normalize

import (
	"net/http"
	"slices"
	"strings"

	"github.com/dunglas/httpsfv"
)

// Fields of the answer's header.
const (
	fieldChallenge     = "Www-Authenticate"
	fieldExposeHeaders = "Access-Control-Expose-Headers"
	fieldProxyStatus   = "Proxy-Status"
)

// removed are the fields that described the old body (RFC 9110 section 8, RFC
// 9530, RFC 9421), and those that tell what software runs behind.
var removed = map[string]struct{}{
	"Content-Length": {}, "Content-Encoding": {}, "Content-Language": {}, "Content-Location": {},
	"Content-Disposition": {}, "Content-Range": {}, "Content-Type": {}, "Etag": {}, "Last-Modified": {}, "Accept-Ranges": {},
	"Content-Md5": {}, "Digest": {}, "Content-Digest": {}, "Repr-Digest": {}, "Signature": {}, "Signature-Input": {},
	"Trailer": {}, "Transfer-Encoding": {},

	"Server": {}, "X-Powered-By": {}, "X-Aspnet-Version": {}, "X-Aspnetmvc-Version": {}, "X-Runtime": {}, "X-Generator": {},
}

// cacheFields are removed where the answer must not be stored.
var cacheFields = []string{"Expires", "Pragma", "Age", "Surrogate-Control", "Cdn-Cache-Control"}

// EditHeader turns the header of a response with the given status into that of
// its answer v, in place: what described the old body or betrays the software
// goes, what the client needs stays, the challenge takes its place. It sets no
// Content-Length, which depends on the request method. exposed names further
// response fields that a browser's script should see, if the response is for one.
func EditHeader(h http.Header, status int, v *Verdict, exposed ...string) {
	for name := range h {
		canonical := http.CanonicalHeaderKey(name)
		if _, ok := removed[canonical]; !ok && !strings.HasPrefix(canonical, "X-Debug-") && !strings.HasPrefix(canonical, http.TrailerPrefix) {
			continue
		}
		if canonical == "Content-Range" && v.Status == http.StatusRequestedRangeNotSatisfiable {
			continue // it tells the current length (RFC 9110 section 15.5.17)
		}
		delete(h, name)
	}
	if v.Status != status {
		delete(h, "Location")
		delete(h, "Refresh")
		delete(h, "Status") // CGI's (RFC 3875 section 6.3.3), which FastCGI leaves behind
	}
	h["Content-Type"] = []string{"application/json"}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	if noStore(v.Status) || v.Status != status {
		h["Cache-Control"] = []string{"no-store"}
		for _, name := range cacheFields {
			delete(h, name)
		}
	}
	stripProxyStatusDetails(h)
	if len(v.Challenges) > 0 {
		h[fieldChallenge] = v.Challenges
	} else {
		delete(h, fieldChallenge)
	}
	expose(h, exposed)
}

// noStore reports whether an answer of this status must not be stored: it
// depends on who asked, or will pass.
func noStore(status int) bool {
	switch status {
	case 401, 403, 407, 429:
		return true
	}
	return status >= 500
}

// stripProxyStatusDetails removes the parameter that quotes errors (RFC 9209
// section 2.1.4) from Proxy-Status; a field that does not parse goes whole.
func stripProxyStatusDetails(h http.Header) {
	lines := h[fieldProxyStatus]
	if len(lines) == 0 || !strings.Contains(strings.Join(lines, ","), "details") {
		return
	}
	defer func() {
		if recover() != nil { // the library's fault must not cost the answer
			delete(h, fieldProxyStatus)
		}
	}()
	list, err := httpsfv.UnmarshalList(lines)
	if err == nil {
		for _, member := range list {
			if item, ok := member.(httpsfv.Item); ok && item.Params != nil {
				item.Params.Del("details")
			}
		}
		var line string
		if line, err = httpsfv.Marshal(list); err == nil {
			h[fieldProxyStatus] = []string{line}
			return
		}
	}
	delete(h, fieldProxyStatus)
}

// expose names the fields that a cross-origin script needs in
// Access-Control-Expose-Headers, where the response is for such a script at all.
func expose(h http.Header, exposed []string) {
	if len(h["Access-Control-Allow-Origin"]) == 0 {
		return
	}
	credentials := strings.EqualFold(h.Get("Access-Control-Allow-Credentials"), "true")
	var missing []string
	listed := h[fieldExposeHeaders]
	for _, name := range append([]string{fieldChallenge, "Retry-After", "Dpop-Nonce"}, exposed...) {
		if len(h[http.CanonicalHeaderKey(name)]) > 0 && !lists(listed, name, !credentials) {
			missing = append(missing, spellField(name))
		}
	}
	if len(missing) == 0 {
		return
	}
	all := append(slices.Clone(listed), missing...)
	h[fieldExposeHeaders] = []string{strings.Join(all, ", ")}
}

// spellField spells a field name as its specification does where that differs
// from Go's canonical form.
func spellField(name string) string {
	switch name {
	case fieldChallenge:
		return "WWW-Authenticate"
	case "Dpop-Nonce":
		return "DPoP-Nonce"
	}
	return name
}

// lists reports whether a comma-separated list field has a member, any case;
// "*" stands for every member if star is set.
func lists(lines []string, name string, star bool) bool {
	for _, line := range lines {
		for member := range strings.SplitSeq(line, ",") {
			member = strings.Trim(member, " \t")
			if strings.EqualFold(member, name) || star && member == "*" {
				return true
			}
		}
	}
	return false
}
