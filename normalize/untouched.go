package normalize

import (
	"net/http"
	"strings"
)

// untouched names why a response is never touched unless a rule claims it, as
// far as request, status and header tell; empty if nothing speaks against it.
// These speak protocols whose clients depend on errors of their own form.
func (n *Normalizer) untouched(req *Request, resp *Response) string {
	if why := protocolOfRequest(req.Header); why != "" {
		return why
	}
	h := resp.Header
	if len(h) == 0 || resp.Err {
		return ""
	}
	if len(h["Docker-Distribution-Api-Version"]) > 0 {
		return "docker registry"
	}
	media := mediaType(h.Get("Content-Type"))
	switch {
	case media == "":
	case isRPC(media):
		return "rpc"
	case media == "text/event-stream":
		return "event stream"
	case media == "application/scim+json":
		return "scim"
	default:
		for _, pattern := range n.pass {
			if pattern.match(media) {
				return "content type " + media
			}
		}
	}
	if n.cfg.RespectNoTransform && lists(h["Cache-Control"], "no-transform", false) {
		return "no-transform"
	}
	return ""
}

// protocolOfRequest names the protocol of a request whose errors are the
// protocol's own: gRPC, Connect, SOAP.
func protocolOfRequest(h http.Header) string {
	if len(h) == 0 {
		return ""
	}
	if len(h["Connect-Protocol-Version"]) > 0 {
		return "rpc"
	}
	if len(h["Soapaction"]) > 0 {
		return "soap request"
	}
	switch media := mediaType(h.Get("Content-Type")); {
	case isRPC(media):
		return "rpc"
	case media == "application/soap+xml":
		return "soap request"
	case media == "application/scim+json":
		return "scim"
	}
	return ""
}

// isRPC reports whether a media type is gRPC's, gRPC-Web's or Connect's.
func isRPC(media string) bool {
	return strings.HasPrefix(media, "application/grpc") || strings.HasPrefix(media, "application/connect+")
}

// mediaType is the type/subtype of a Content-Type (RFC 9110 section 8.3.1), in
// lower case and without parameters, however broken these are.
func mediaType(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.Trim(media, " \t"))
}

// acmeProblem begins the problem types of ACME (RFC 8555 section 6.7).
const acmeProblem = "urn:ietf:params:acme:error:"

// untouchedBody names why a response is left alone that only its body tells.
func untouchedBody(req *Request, v *Verdict) string {
	switch ev := &v.Evidence; {
	case ev.Format == "dav":
		return "webdav"
	case ev.Format == "problem" && strings.Contains(v.Text.Text[:min(len(v.Text.Text), maxEnvelope)], acmeProblem):
		return "acme"
	case isTokenRequest(req) && isTokenError(ev.Code) && ev.Format == "oauth":
		return "oauth token endpoint"
	}
	return ""
}

// isTokenRequest reports whether a request has the form that OAuth endpoints
// take: a form POST (RFC 6749 section 3.2).
func isTokenRequest(req *Request) bool {
	return req.Method == http.MethodPost && req.Header != nil &&
		mediaType(req.Header.Get("Content-Type")) == "application/x-www-form-urlencoded"
}

// isTokenError reports whether a code is in the IANA OAuth Extensions Error
// Registry for the token endpoint and its kin.
func isTokenError(code string) bool {
	switch code {
	case "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope", // RFC 6749 section 5.2
		"authorization_pending", "slow_down", "access_denied", "expired_token", // RFC 8628 section 3.5
		"unsupported_token_type",               // RFC 7009 section 2.2.1
		"invalid_target",                       // RFC 8707 section 2
		"invalid_dpop_proof", "use_dpop_nonce", // RFC 9449 section 12.2
		"temporarily_unavailable", "server_error", "interaction_required", "invalid_request_object":
		return true
	}
	return false
}
