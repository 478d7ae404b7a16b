package recognize

import (
	"html"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Bounds on the reading of text.
const (
	maxText  = 4 << 10 // bytes looked at
	maxLines = 3       // lines of a text that can still be a message
)

// textDoc is a body that is no markup and no JSON.
type textDoc struct {
	in    *Input
	text  string // trimmed, and cut to maxText
	lines int    // lines that are not blank
}

// textFamilies are the families of text bodies, most specific first.
var textFamilies = []family[textDoc]{
	{name: "django-debug", signature: "a line Request Method: after a heading like KeyError at /path", read: isDjangoDebugText},
	{name: "trace", signature: "a stack trace of some language", read: isTrace},
	{name: "php", signature: "in … on line N", read: isPHPText},
	{name: "resteasy", signature: "starts with RESTEASY and six digits", code: "identifier", read: readRESTEasyText},
	{name: "websphere", signature: "starts with Error NNN: SRVE…", code: "SRVE identifier", message: "what follows the identifier", read: readWebSphereText},
	{name: "grpc", signature: "rpc error: code = X desc = Y (Consul, etcd)", code: "code", message: "desc", read: readRPCText},
	{name: "cloudflare", signature: "error code: NNNN", code: "number", read: readCloudflareText},
	{name: "envoy", signature: "the words of Envoy's own answers", message: "what is wrong with the JWT", read: readEnvoyText},
	{name: "fastly", signature: "starts with Fastly error:", read: prefixedBy("Fastly error:")},
	{name: "form", signature: "form-encoded, with error or a member known to hold one", code: "error, oauth_problem, L_ERRORCODE0", message: "error_description, oauth_problem_advice, L_LONGMESSAGE0", read: readForm},
	{name: "text", signature: "a few lines of text", message: "the text", read: readPlainText},
	{name: "reason", signature: "nothing to read, but a reason phrase of its own", message: "the reason phrase", read: readReason},
}

// readText reads a body that is neither markup nor JSON.
func readText(in *Input) (Evidence, bool) {
	doc := &textDoc{in: in, text: strings.TrimSpace(in.Text[:min(len(in.Text), maxText)])}
	if doc.text == "" || doc.text[0] == '<' || doc.text[0] == '{' || !mayBeText(in.MediaType) || !isPrintable(doc.text) {
		doc.text = ""
	}
	for rest := doc.text; rest != ""; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if strings.TrimSpace(line) != "" {
			doc.lines++
		}
	}
	return firstOf(textFamilies, doc)
}

// mayBeText reports whether a body of this type may hold words: upstreams
// forget the type or leave it at their default, but they do not call text an
// image.
func mayBeText(mediaType string) bool {
	kind, subtype, _ := strings.Cut(mediaType, "/")
	switch kind {
	case "image", "audio", "video", "font", "model":
		return false
	}
	switch subtype {
	case "css", "javascript", "csv", "pdf", "zip", "gzip", "wasm", "grpc", "event-stream":
		return false
	}
	return true
}

// isPrintable reports whether s has no control characters but white space.
func isPrintable(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// isTrace recognises stack traces by the lines that only they have.
func isTrace(doc *textDoc, ev *Evidence) bool {
	if doc.lines < 2 {
		return false
	}
	for _, mark := range [...]string{
		"Traceback (most recent call last)", "Stack trace:", "Stacktrace:", "stack traceback:", "goroutine ", "panic: ",
		"Caused by: ", "Exception in thread", "End of inner exception", "Backtrace:", "Call stack:",
	} {
		if strings.Contains(doc.text, mark) {
			ev.Leaky = true
			return true
		}
	}
	for rest := doc.text; rest != "" && !ev.Leaky; {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		ev.Leaky = isFrame(strings.TrimSpace(line))
	}
	return ev.Leaky
}

// isFrame reports whether a line is a frame of a stack: Java's, .NET's and
// Node's start with "at", Python's with "File", PHP's with "#0", Ruby's and
// Perl's name a file and a line.
func isFrame(line string) bool {
	switch {
	case strings.HasPrefix(line, "at "):
		return strings.ContainsAny(line, "(:./\\")
	case strings.HasPrefix(line, "File \""), strings.HasPrefix(line, "#0 "), strings.HasPrefix(line, "from /"):
		return true
	}
	for _, mark := range [...]string{".rb:", ".pl line ", ".pm line ", ".go:", ".erl:", ".ex:", ".php:", ".php("} {
		if strings.Contains(line, mark) {
			return true
		}
	}
	return false
}

// isDjangoDebugText recognises what Django's debug mode sends to clients that
// are no browsers.
func isDjangoDebugText(doc *textDoc, ev *Evidence) bool {
	ev.Leaky = strings.Contains(doc.text, "\nRequest Method: ")
	return ev.Leaky
}

// isPHPText recognises PHP's own messages without HTML.
func isPHPText(doc *textDoc, ev *Evidence) bool {
	_, rest, ok := strings.Cut(doc.text, " on line ")
	ev.Leaky = ok && rest != "" && '0' <= rest[0] && rest[0] <= '9' && strings.Contains(doc.text, " in ")
	return ev.Leaky
}

// readRESTEasyText reads RESTEasy's message, which holds the host.
func readRESTEasyText(doc *textDoc, ev *Evidence) bool {
	if !strings.HasPrefix(doc.text, "RESTEASY") {
		return false
	}
	ev.Code, _, _ = strings.Cut(doc.text, ":")
	return true
}

// readWebSphereText reads the line that WebSphere sends for want of a page.
func readWebSphereText(doc *textDoc, ev *Evidence) bool {
	if ev.Code = websphereID(doc.text); ev.Code == "" {
		return false
	}
	_, rest, _ := strings.Cut(doc.text, ev.Code)
	ev.Message = strings.TrimSpace(strings.TrimPrefix(rest, ":"))
	return true
}

// readRPCText reads the text of a gRPC status; a chain of them ends with the
// one that began it.
func readRPCText(doc *textDoc, ev *Evidence) bool {
	i := strings.LastIndex(doc.text, "rpc error: code = ")
	if i < 0 {
		return false
	}
	code, desc, ok := strings.Cut(doc.text[i+len("rpc error: code = "):], " desc = ")
	if !ok {
		return false
	}
	ev.Code, ev.Message = code, desc
	return true
}

// readCloudflareText reads the one line that Cloudflare sends to programs.
func readCloudflareText(doc *textDoc, ev *Evidence) bool {
	rest, ok := strings.CutPrefix(doc.text, "error code: ")
	if !ok || len(rest) < 3 || len(rest) > 5 || strings.Trim(rest, "0123456789") != "" {
		return false
	}
	ev.Code = rest
	return true
}

// readEnvoyText reads the answers that Envoy makes itself. What it says of
// upstreams is not for clients; what it says of a token is.
func readEnvoyText(doc *textDoc, ev *Evidence) bool {
	for _, words := range [...]string{
		"upstream connect error", "no healthy upstream", "upstream request timeout", "RBAC: access denied",
		"no_healthy_upstream", "stream timeout", "local_rate_limited",
	} {
		if strings.HasPrefix(doc.text, words) {
			return true
		}
	}
	if strings.HasPrefix(doc.text, "Jwt ") || strings.HasPrefix(doc.text, "Audiences in Jwt") || strings.HasPrefix(doc.text, "Jwks ") {
		ev.Message = doc.text
		return true
	}
	return false
}

// prefixedBy recognises a text by its beginning and takes nothing from it.
func prefixedBy(prefix string) func(*textDoc, *Evidence) bool {
	return func(doc *textDoc, _ *Evidence) bool { return strings.HasPrefix(doc.text, prefix) }
}

// readForm reads a form-encoded error: OAuth before it spoke JSON, PayPal NVP.
func readForm(doc *textDoc, ev *Evidence) bool {
	if doc.lines != 1 || !strings.Contains(doc.text, "=") || strings.ContainsAny(doc.text, " \t") {
		return false
	}
	known := false
	for rest := doc.text; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return false
		}
		value, err := url.QueryUnescape(value)
		if err != nil || !utf8.ValidString(value) {
			return false
		}
		switch strings.ToLower(name) {
		case "error", "oauth_problem", "l_errorcode0", "error_code", "errorcode", "code":
			if known = true; ev.Code == "" {
				ev.Code = value
			}
		case "error_description", "oauth_problem_advice", "l_longmessage0", "error_message", "errormessage", "message", "msg":
			known, ev.Message = true, value
		case "l_shortmessage0":
			if ev.Message == "" {
				ev.Message = value
			}
		case "scope":
			ev.Scope = value
		}
	}
	if !known {
		*ev = Evidence{}
	}
	return known
}

// readPlainText takes a text of a few lines as the message, without the status
// at its beginning and without identifiers at its end.
func readPlainText(doc *textDoc, ev *Evidence) bool {
	if doc.text == "" {
		return false
	}
	text := doc.text
	if doc.lines > 1 {
		first, rest, _ := strings.Cut(text, "\n")
		if phrase, ok := statusTitle(strings.TrimSpace(first)); ok && isPhrase(phrase) {
			ev.Message = strings.TrimSpace(rest)
			pyramidMessage(nil, ev) // WebOb has the same in every syntax
			text = ev.Message
			doc.lines--
		}
	}
	if ev.Message = ""; doc.lines > maxLines || len(text) > MaxMessage {
		return true
	}
	text = withoutStatus(text, doc.in.Status)
	if doc.in.MediaType == "text/html" {
		text = html.UnescapeString(text)
	}
	ev.Message = text
	return true
}
