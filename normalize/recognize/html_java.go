package recognize

import (
	"strconv"
	"strings"
)

// isTomcat recognises the report of Tomcat, in any of the languages that it
// speaks: "HTTPステータス 404 – …".
func isTomcat(p *page) bool {
	for _, heading := range [...]string{p.title, p.h1} {
		if strings.HasPrefix(heading, "HTTP Status ") {
			return true
		}
		if _, rest, ok := strings.Cut(heading, "HTTP"); ok && strings.Contains(rest, strconv.Itoa(p.in.Status)) && p.startsWith("<b>") >= 0 {
			return true
		}
	}
	return p.startsWith("Apache Tomcat/") >= 0
}

// tomcatMessage takes what follows the word Message in bold, in the report that
// Tomcat writes and GlassFish and JBoss inherited: a list of type, message (if
// there is one) and description, and of an exception in a report of one.
var tomcatMessage = slot{message: "what follows Message in bold", take: func(p *page, ev *Evidence) {
	ev.Leaky = p.find("pre") >= 0
	second, items := "", 0
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.tag != "p" || !hasPrefixFold(b.text, "<b>") {
			continue
		}
		label, rest, ok := strings.Cut(b.text[len("<b>"):], "</")
		if !ok {
			continue
		}
		_, rest, _ = strings.Cut(rest, ">")
		text := plain(rest)
		if items++; items == 2 {
			second = text
		}
		if i := strings.LastIndexByte(label, ' '); i >= 0 {
			label = label[i+1:] // "JBWEB000068: message"
		}
		switch {
		case strings.EqualFold(label, "message"):
			ev.Message = text
		case strings.EqualFold(label, "exception"), strings.EqualFold(text, "exception report"):
			ev.Leaky = true
		}
	}
	if ev.Message == "" && items >= 3 { // in another language
		ev.Message = second
	}
	if strings.HasPrefix(ev.Message, "/") {
		ev.Message = "" // old ones repeat the path
	}
}}

// jettyReport takes the cell after MESSAGE:, or in older ones the pre after
// "Reason:".
var jettyReport = slot{message: "cell after MESSAGE:, or pre", take: func(p *page, ev *Evidence) {
	if cell := p.startsWith("MESSAGE:"); cell >= 0 && cell+1 < len(p.blocks) && p.blocks[cell+1].tag == "td" {
		ev.Message = p.textOf(cell + 1)
	} else if pre := p.find("pre"); pre >= 0 {
		ev.Message = p.textOf(pre)
	}
	ev.Leaky = p.startsWith("Caused by:", "CAUSED BY:") >= 0
}}

// whitelabelDivs takes the div after the one that names type and status; a
// further one holds a stack trace.
var whitelabelDivs = slot{code: "type", message: "third div", take: func(p *page, ev *Evidence) {
	i := 0
	for ; i < len(p.blocks) && !strings.Contains(p.textOf(i), "There was an unexpected error"); i++ { // "[4f2a-1] There was"
	}
	if i == len(p.blocks) {
		return
	}
	if _, rest, ok := strings.Cut(p.textOf(i), "(type="); ok {
		ev.Code, _, _ = strings.Cut(rest, ", status=")
	}
	var divs []string
	for i++; i < len(p.blocks) && p.blocks[i].tag == "div" && len(divs) < 2; i++ {
		divs = append(divs, p.textOf(i))
	}
	if len(divs) > 0 {
		ev.Message = divs[0]
	}
	ev.Leaky = len(divs) > 1 || strings.Contains(ev.Message, "\n\tat ")
}}

// isWebLogic recognises WebLogic by its dashes: Error 404--Not Found.
func isWebLogic(p *page) bool {
	for _, heading := range [...]string{p.title, p.h2} {
		if strings.HasPrefix(heading, "Error ") && len(heading) > len("Error 404--") && heading[len("Error 404"):len("Error 404--")] == "--" {
			return true
		}
	}
	return false
}

// weblogicText takes what stands where the quotation from RFC 2068 stands if
// the application said nothing.
var weblogicText = slot{message: "the text in the place of From RFC 2068", take: func(p *page, ev *Evidence) {
	heading := p.startsWith("Error ")
	if heading < 0 || p.startsWith("From RFC ") >= 0 || strings.Contains(p.raw, "From RFC ") {
		return
	}
	for i := heading + 1; i < len(p.blocks); i++ {
		if text := p.textOf(i); text != "" {
			ev.Message = text
			return
		}
	}
}}

// isWebSphere recognises WebSphere by its message identifiers: SRVE0190E.
func isWebSphere(p *page) bool {
	return websphereID(p.title) != "" || websphereID(p.h1) != "" || websphereID(p.textOf(0)) != ""
}

// websphereText takes the identifier and what follows it.
var websphereText = slot{code: "SRVE identifier", message: "what follows the identifier", take: func(p *page, ev *Evidence) {
	for _, text := range [...]string{p.textOf(0), p.h1, p.title} {
		if ev.readSRVE(text) {
			return
		}
	}
}}

// readSRVE takes WebSphere's identifier from text and what follows it, unless
// that is only that there is no such file or that an error was reported.
func (ev *Evidence) readSRVE(text string) bool {
	if ev.Code = websphereID(text); ev.Code == "" {
		return false
	}
	if ev.Code != "SRVE0190E" && ev.Code != "SRVE0295E" {
		_, rest, _ := strings.Cut(text, ev.Code)
		ev.Message = strings.TrimSpace(strings.TrimPrefix(rest, ":"))
	}
	return true
}

// websphereID returns the first message identifier in s: SRVE, four digits and
// a letter for the severity.
func websphereID(s string) string {
	i := strings.Index(s, "SRVE")
	if i < 0 || len(s) < i+len("SRVE0190E") {
		return ""
	}
	for _, c := range []byte(s[i+4 : i+8]) {
		if c < '0' || c > '9' {
			return ""
		}
	}
	return s[i : i+len("SRVE0190E")]
}

// resteasyID takes the identifier alone: the message holds the host.
var resteasyID = slot{code: "RESTEASY identifier", take: func(p *page, ev *Evidence) {
	ev.Code, _, _ = strings.Cut(p.textOf(0), ":")
}}

// playDetail takes what stands in brackets behind the request.
var playDetail = slot{message: "what follows For request '…' in brackets", take: func(p *page, ev *Evidence) {
	if _, rest, ok := strings.Cut(p.textOf(p.startsWith("For request")), "["); ok {
		ev.Message = strings.TrimSuffix(rest, "]")
	}
}}

// isUndertow recognises the page of Undertow: a title and one line.
func isUndertow(p *page) bool {
	return p.title == "Error" && len(p.blocks) == 1 && (p.blocks[0].tag == "body" || p.blocks[0].tag == "")
}
