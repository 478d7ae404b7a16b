package recognize

import "strings"

// readSOAP reads a fault of SOAP 1.1 section 4.4 or SOAP 1.2 part 1 section
// 5.4. Services mix the two: either shape comes in either namespace, with any
// prefix and any case, so only local names count. A Fault without its Envelope
// is how WCF answers REST clients.
func readSOAP(doc *xmlDoc, ev *Evidence) bool {
	fault := 0
	if !doc.rootIs("Fault") {
		body := -1
		if doc.rootIs("Envelope") {
			body = doc.child(0, "Body")
		}
		if body < 0 {
			return false
		}
		if fault = doc.child(body, "Fault"); fault < 0 {
			// No fault, yet a failure: the service words it in an answer of its own.
			doc.generic(ev)
			return true
		}
	}
	code := doc.text(fault, "faultcode")
	if code == "" {
		code = doc.soapCode(doc.child(fault, "Code"))
	}
	ev.Code = localPart(code)
	if ev.Message = doc.text(fault, "faultstring"); ev.Message == "" {
		ev.Message = doc.soapReason(fault)
	}
	if weak(ev.Message, doc.in.Status) {
		var detail Evidence
		doc.generic(&detail)
		if detail.Message != "" {
			ev.Message = detail.Message
		}
	}
	ev.Leaky = doc.namespaceUsed("windowscommunicationfoundation/dispatcher") || strings.Contains(ev.Message, "\n   at ")
	return true
}

// soapCode returns the innermost Value of a 1.2 Code element, which says most.
func (doc *xmlDoc) soapCode(code int) string {
	var value string
	for range MaxDepth {
		if v := doc.text(code, "Value"); v != "" {
			value = v
		}
		sub := doc.child(code, "Subcode")
		if sub < 0 {
			break
		}
		code = sub
	}
	return value
}

// soapReason returns the Text of a 1.2 Reason: the English one of several, else
// the first.
func (doc *xmlDoc) soapReason(fault int) string {
	reason := doc.child(fault, "Reason")
	if reason < 0 {
		return ""
	}
	first := ""
	for i := reason + 1; i < len(doc.nodes) && doc.nodes[i].depth > doc.nodes[reason].depth; i++ {
		n := &doc.nodes[i]
		if !strings.EqualFold(n.name, "Text") {
			continue
		}
		if hasPrefixFold(n.attr("lang"), "en") {
			return xmlText(n.inner)
		}
		if first == "" {
			first = xmlText(n.inner)
		}
	}
	if first == "" && doc.nodes[reason].leaf {
		first = xmlText(doc.nodes[reason].inner)
	}
	return first
}

// namespaceUsed reports whether an element declares a namespace that contains s.
func (doc *xmlDoc) namespaceUsed(s string) bool {
	for i := range doc.nodes {
		if strings.Contains(doc.nodes[i].attrs, s) {
			return true
		}
	}
	return false
}

// localPart returns a qualified name without its prefix; a URI or Clark name
// ({namespace}local) without all but its end.
func localPart(name string) string {
	if i := strings.LastIndexAny(name, ":}#"); i >= 0 && i+1 < len(name) {
		name = name[i+1:]
	}
	if i := strings.LastIndexByte(name, '/'); i >= 0 && i+1 < len(name) {
		name = name[i+1:]
	}
	return name
}

// readXMLRPC reads a fault of XML-RPC: a struct of faultCode and faultString.
func readXMLRPC(doc *xmlDoc, ev *Evidence) bool {
	if !doc.rootIs("methodResponse") {
		return false
	}
	record := doc.find(0, "fault/value/struct")
	if record < 0 {
		return true
	}
	for i := record + 1; i < len(doc.nodes) && doc.nodes[i].depth > doc.nodes[record].depth; i++ {
		if !strings.EqualFold(doc.nodes[i].name, "member") {
			continue
		}
		switch name := doc.text(i, "name"); {
		case strings.EqualFold(name, "faultCode"):
			ev.Code = doc.text(i, "value")
		case strings.EqualFold(name, "faultString"):
			ev.Message = doc.text(i, "value")
		}
	}
	return true
}

// readDAV reads a condition of RFC 4918 section 16.
func readDAV(doc *xmlDoc, ev *Evidence) bool {
	if doc.nodes[0].namespace() != "DAV:" {
		return false
	}
	ev.Message = doc.first("human-readable|responsedescription")
	if doc.rootIs("error") && len(doc.nodes) > 1 {
		ev.Code = doc.nodes[1].name
	}
	return true
}
