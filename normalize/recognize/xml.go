package recognize

import "strings"

// xmlFamilies are the families of XML bodies, most specific first. Paths are
// local names from the root's children on, whatever their case and namespace;
// "|" separates alternatives.
var xmlFamilies = []family[xmlDoc]{
	{
		name: "soap", signature: "root `Envelope` or `Fault` (SOAP 1.1, 1.2 and mixtures; WCF)",
		code: "`faultcode` without prefix; 1.2: innermost `Subcode`, else `Code`", message: "`faultstring`; 1.2: `Reason/Text`", read: readSOAP,
	},
	{name: "xml-rpc", signature: "root `methodResponse`", code: "`faultCode`", message: "`faultString`", read: readXMLRPC},
	{name: "dav", signature: "root in namespace `DAV:`", code: "the condition's name", message: "`human-readable`, else `responsedescription`", read: readDAV},
	{name: "problem", signature: "root `problem` (RFC 9457 appendix B) or `ProblemDetails`", code: "`code`, else the end of `type`", message: "`detail`, else `title`", read: readXMLProblem},
	xmlRow("odata", "root `error` in a namespace of OData, or with `innererror`", "code", "message", func(doc *xmlDoc) bool {
		ns := doc.nodes[0].namespace()
		return doc.rootIs("error") && (strings.Contains(ns, "dataservices/metadata") || strings.Contains(ns, "odata") || doc.child(0, "innererror") >= 0)
	}),
	xmlRow("aws", "root `ErrorResponse` or `Response` with `Error` in it", "Error/Code|Errors/Error/Code", "Error/Message|Errors/Error/Message", func(doc *xmlDoc) bool {
		return doc.rootIs("ErrorResponse", "Response") && (doc.find(0, "Error/Code") >= 0 || doc.find(0, "Errors/Error/Code") >= 0)
	}),
	{name: "s3", signature: "root `Error` with `Code` and `Message` (S3, Azure Storage)", code: "`Code`", message: "`Message`, first line", read: readS3},
	{name: "aspnet", signature: "root `Error` with `Message` and `MessageDetail`, `ModelState` or `ExceptionMessage` (Web API)", message: "`Message`", read: readHTTPError},
	xmlRow("loopback", "root `error` with `statusCode`", "code|name", "message", func(doc *xmlDoc) bool {
		return doc.rootIs("error") && doc.child(0, "statusCode") >= 0
	}),
	xmlRow("rails", "root `hash`", "code", "message|error|errors/error", func(doc *xmlDoc) bool {
		return doc.rootIs("hash")
	}),
	xmlRow("falcon", "root `error` with `title`", "code", "description|title", func(doc *xmlDoc) bool {
		return doc.rootIs("error") && doc.child(0, "title") >= 0 && doc.child(0, "message") < 0
	}),
	xmlRow("symfony", "root `response` with `title`", "", "detail|title", func(doc *xmlDoc) bool {
		return doc.rootIs("response") && doc.child(0, "title") >= 0
	}),
	xmlRow("twilio", "root `TwilioResponse`", "RestException/Code", "RestException/Message", func(doc *xmlDoc) bool {
		return doc.rootIs("TwilioResponse")
	}),
	{name: "ogc", signature: "root `ExceptionReport` or `ServiceExceptionReport` (OGC services)", code: "`@exceptionCode`, else `@code`", message: "`ExceptionText`, `ServiceException`", read: readOGC},
	{name: "solr", signature: "root `response` with `lst` elements", message: "the element named `msg`", read: readSolr},
	{name: "openstack", signature: "root with attribute `code`, named after the error", code: "the root's name", message: "`message`", read: readOpenStack},
	xmlRow("netconf", "`error-tag` in `rpc-error` or `error` (RFC 6241, RFC 8040)", "rpc-error/error-tag|error/error-tag", "rpc-error/error-message|error/error-message", func(doc *xmlDoc) bool {
		return doc.find(0, "rpc-error/error-tag") >= 0 || doc.find(0, "error/error-tag") >= 0
	}),
	xmlRow("data.go.kr", "root `OpenAPI_ServiceResponse`", "cmmMsgHeader/returnAuthMsg", "cmmMsgHeader/errMsg", func(doc *xmlDoc) bool {
		return doc.rootIs("OpenAPI_ServiceResponse")
	}),
	{name: "xml", signature: "any other root", code: "the usual names near the root", message: "the usual names near the root", read: readGenericXML},
}

// xmlRow makes a row of a family whose code and message lie at fixed paths.
func xmlRow(name, signature, code, message string, is func(*xmlDoc) bool) family[xmlDoc] {
	return family[xmlDoc]{
		name: name, signature: signature,
		code: describePaths(strings.ReplaceAll(code, "|", " ")), message: describePaths(strings.ReplaceAll(message, "|", " ")),
		read: func(doc *xmlDoc, ev *Evidence) bool {
			if !is(doc) {
				return false
			}
			ev.Code, ev.Message = doc.first(code), doc.first(message)
			doc.rest(ev)
			return true
		},
	}
}

// readXML reads a body that looks like XML and is no HTML.
func readXML(in *Input) (Evidence, bool) {
	text, ok := skipProlog(in.Text[:min(len(in.Text), maxXML)])
	if !ok {
		return Evidence{}, false
	}
	doc := parseXML(in, text)
	if len(doc.nodes) == 0 {
		return Evidence{}, false
	}
	ev, ok := firstOf(xmlFamilies, doc)
	if leadingNumber(ev.Code) == in.Status {
		ev.Code = "" // the status once more
	}
	ev.Leaky = ev.Leaky || doc.leaky()
	return ev, ok
}

// skipProlog returns s from its root element on, and whether there is one that
// is not HTML's.
func skipProlog(s string) (string, bool) {
	for {
		s = strings.TrimLeft(s, " \t\r\n\f")
		if len(s) < 2 || s[0] != '<' || hasPrefixFold(s, "<!doctype html") {
			return "", false
		}
		if s[1] != '!' && s[1] != '?' {
			break
		}
		s = s[skipXMLDeclaration(s, 0):]
	}
	end := 1
	for end < min(len(s), maxTagName+2) && isTagByte(s[end]) {
		end++
	}
	return s, isNameStart(s[1]) && !isHTMLElement(s[1:end])
}

// hasPrefixFold is strings.HasPrefix in any case of ASCII letters.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// isHTMLElement reports whether name, in any case, starts HTML rather than XML.
func isHTMLElement(name string) bool {
	var buf [16]byte
	switch string(lowerName(&buf, name)) {
	case "html", "head", "title", "meta", "link", "style", "script", "base", "body",
		"h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "div", "center", "br", "hr", "b", "i", "u", "em", "strong",
		"span", "font", "table", "tr", "td", "th", "ul", "ol", "li", "dl", "a", "img", "form", "input", "iframe",
		"noscript", "section", "main", "article", "header", "footer", "nav", "blockquote", "code", "tt", "small", "big":
		return true
	}
	return false
}

// rootIs reports whether the root has one of the local names, in any case.
func (doc *xmlDoc) rootIs(names ...string) bool {
	for _, name := range names {
		if strings.EqualFold(doc.nodes[0].name, name) {
			return true
		}
	}
	return false
}

// first returns the first text that is not empty at alternative paths.
func (doc *xmlDoc) first(paths string) string {
	for paths != "" {
		var path string
		path, paths, _ = strings.Cut(paths, "|")
		if text := doc.text(0, path); text != "" {
			return text
		}
	}
	return ""
}

// leaky reports whether the body shows internals beside its message.
func (doc *xmlDoc) leaky() bool {
	for i := range doc.nodes {
		n := &doc.nodes[i]
		if isTrace(n) || strings.Contains(n.attrs, "stackTrace=") && n.attr("stackTrace") != "" {
			return true
		}
	}
	return false
}

// isTrace reports whether an element holds a stack trace.
func isTrace(n *xmlNode) bool {
	var buf [16]byte
	switch string(lowerName(&buf, n.name)) {
	case "stacktrace", "backtrace", "stacktracestring", "exceptiondetail", "innerexception":
		return strings.TrimSpace(n.inner) != ""
	case "trace", "stack":
		return !n.leaf || strings.ContainsAny(n.inner, "\n(")
	}
	return false
}

// lowerName returns name in lower case without "-" and "_", in buf; nothing if
// it does not fit.
func lowerName(buf *[16]byte, name string) []byte {
	n := 0
	for i := range len(name) {
		c := name[i]
		if c == '-' || c == '_' {
			continue
		}
		if n == len(buf) {
			return nil
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		buf[n] = c
		n++
	}
	return buf[:n]
}
