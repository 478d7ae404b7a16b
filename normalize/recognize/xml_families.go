package recognize

import (
	"strconv"
	"strings"
)

// readXMLProblem reads a problem of RFC 9457 appendix B.
func readXMLProblem(doc *xmlDoc, ev *Evidence) bool {
	if !doc.rootIs("problem", "ProblemDetails", "ValidationProblemDetails") {
		return false
	}
	if ev.Code = doc.first("code|errorCode"); ev.Code == "" {
		ev.Code = problemType(doc.text(0, "type"))
	}
	ev.Message = doc.first("detail|title")
	doc.rest(ev)
	return true
}

// readS3 reads the error of S3, of its many imitators and of Azure Storage,
// which appends lines of identifiers to the message.
func readS3(doc *xmlDoc, ev *Evidence) bool {
	if doc.nodes[0].name != "Error" || doc.child(0, "Code") < 0 || doc.child(0, "Message") < 0 {
		return false
	}
	ev.Code = doc.text(0, "Code")
	ev.Message, _, _ = strings.Cut(doc.text(0, "Message"), "\n")
	return true
}

// readHTTPError reads ASP.NET Web API's HttpError.
func readHTTPError(doc *xmlDoc, ev *Evidence) bool {
	if !doc.rootIs("Error") || doc.child(0, "Message") < 0 {
		return false
	}
	if doc.child(0, "MessageDetail", "ModelState", "ExceptionMessage", "ExceptionType", "StackTrace") < 0 {
		return false
	}
	ev.Message = doc.text(0, "Message")
	ev.Leaky = doc.child(0, "ExceptionMessage", "ExceptionType", "StackTrace") >= 0
	if state := doc.child(0, "ModelState"); state >= 0 {
		for i := state + 1; i < len(doc.nodes) && doc.nodes[i].depth > doc.nodes[state].depth; i++ {
			if doc.nodes[i].leaf {
				ev.add(Violation{Field: fieldName(doc.nodes[i].name), Message: xmlText(doc.nodes[i].inner)})
			}
		}
	}
	return true
}

// readOGC reads an exception of the Open Geospatial Consortium's services (WMS,
// WFS, WPS).
func readOGC(doc *xmlDoc, ev *Evidence) bool {
	if !doc.rootIs("ExceptionReport", "ServiceExceptionReport") || len(doc.nodes) < 2 {
		return false
	}
	exception := &doc.nodes[1]
	if ev.Code = exception.attr("exceptionCode"); ev.Code == "" {
		ev.Code = exception.attr("code")
	}
	ev.Message = xmlText(exception.inner)
	return true
}

// readSolr reads an answer of Apache Solr, whose members are named by an
// attribute.
func readSolr(doc *xmlDoc, ev *Evidence) bool {
	if !doc.rootIs("response") || doc.child(0, "lst") < 0 {
		return false
	}
	for i := range doc.nodes {
		n := &doc.nodes[i]
		if !n.leaf || n.attrs == "" {
			continue
		}
		switch n.attr("name") {
		case "msg":
			ev.Message = xmlText(n.inner)
		case "code":
			ev.Code = xmlText(n.inner)
		case "trace":
			ev.Leaky = true
		}
	}
	return true
}

// readOpenStack reads the errors whose root is named after what went wrong:
// <itemNotFound code="404"><message>…
func readOpenStack(doc *xmlDoc, ev *Evidence) bool {
	root := &doc.nodes[0]
	if root.attrs == "" || doc.child(0, "message") < 0 || knownName(root.name) || root.attr("code") != strconv.Itoa(doc.in.Status) {
		return false
	}
	ev.Code, ev.Message = root.name, doc.text(0, "message")
	return true
}
