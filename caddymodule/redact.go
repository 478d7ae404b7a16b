package caddymodule

import (
	"net/http"
	"net/url"
	"strings"
)

// redactedValue stands for what is redacted, as in Caddy's own logs.
const redactedValue = "REDACTED"

// secretFields are header fields that hold credentials, beside the four that
// Caddy redacts itself.
var secretFields = [...]string{"Dpop", "X-Api-Key", "X-Auth-Token"}

// urlFields are header fields whose queries may hold credentials.
var urlFields = [...]string{"Referer", "Location"}

// loggableHeader returns h with more credentials redacted; h itself if there
// are none.
func loggableHeader(h http.Header, credentials bool) http.Header {
	if credentials {
		return h
	}
	copied := false
	set := func(name string, values []string) {
		if !copied {
			h, copied = h.Clone(), true
		}
		h[name] = values
	}
	for _, name := range secretFields {
		if len(h[name]) > 0 {
			set(name, []string{redactedValue})
		}
	}
	for _, name := range urlFields {
		if values := h[name]; len(values) > 0 && strings.Contains(values[0], "?") {
			set(name, []string{redactQuery(values[0])})
		}
	}
	return h
}

// secretParameters are query parameters that hold credentials, in lower case.
var secretParameters = map[string]struct{}{
	"access_token": {}, "token": {}, "id_token": {}, "refresh_token": {}, "api_key": {}, "apikey": {}, "key": {}, "code": {},
	"signature": {}, "sig": {}, "password": {}, "passwd": {}, "pwd": {}, "secret": {}, "client_secret": {}, "assertion": {},
	"client_assertion": {}, "saml_response": {}, "samlresponse": {}, "auth": {}, "authorization": {}, "session": {}, "sessionid": {},
	"jwt": {}, "ticket": {}, "x-amz-signature": {}, "x-amz-security-token": {}, "x-amz-credential": {}, "x-goog-signature": {},
}

// redactQuery redacts the values of credentials in the query of a URI, however
// its parameters are escaped, and leaves the rest as it is.
func redactQuery(uri string) string {
	path, query, ok := strings.Cut(uri, "?")
	if !ok {
		return uri
	}
	parts := strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' })
	changed := false
	for i, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if _, secret := secretParameters[strings.ToLower(plain)]; secret && value != "" {
			parts[i], changed = name+"="+redactedValue, true
		}
	}
	if !changed {
		return uri
	}
	return path + "?" + strings.Join(parts, "&")
}
