package recognize

import "strings"

// isYellowScreen recognises ASP.NET's page, Mono's as well; its style sheet is
// so long that it may be all there is.
func isYellowScreen(p *page) bool {
	return strings.HasPrefix(p.h1, "Server Error in '") || p.h1 == "" && p.title == "" && strings.Contains(p.raw, "h2.exceptionMessage {")
}

// iisDetailed takes the status with its sub-status from IIS's page for
// developers.
var iisDetailed = slot{code: "status with sub-status", take: func(p *page, ev *Evidence) {
	ev.Leaky = true
	_, rest, _ := strings.Cut(p.title, "Detailed Error - ")
	ev.Code, _, _ = strings.Cut(rest, " ")
}}

// isIIS recognises IIS's own pages by a heading that all of them have: 404 -
// File or directory not found.
func isIIS(p *page) bool {
	for _, heading := range [...]string{p.title, p.h2} {
		phrase, ok := statusTitle(heading)
		if ok && strings.HasPrefix(phrase, "- ") && (p.h1 == "Server Error" || p.h2 == heading) {
			return true
		}
	}
	return strings.HasPrefix(p.h2, "HTTP Error ") && strings.Contains(p.h2, "(IIS)")
}

// iisStatic takes the text under the heading.
var iisStatic = slot{message: "h3", take: func(p *page, ev *Evidence) {
	ev.Message = p.textOf(p.find("h3"))
}}

// isHTTPSys recognises the answers of the kernel driver under IIS and every
// other .NET service on Windows.
func isHTTPSys(p *page) bool {
	return p.h2 != "" && p.startsWith("HTTP Error ") >= 0
}

// httpSys takes what follows the status.
var httpSys = slot{message: "p after HTTP Error NNN.", take: func(p *page, ev *Evidence) {
	text := p.textOf(p.startsWith("HTTP Error "))
	if _, rest, ok := strings.Cut(text, ". "); ok {
		ev.Message = rest
	}
}}

// wcfHelp takes the introduction of a page that WCF shows instead of a service.
var wcfHelp = slot{message: "first sentence", take: func(p *page, ev *Evidence) {
	if p.startsWith("Request Error") >= 0 {
		ev.Leaky = strings.Contains(p.raw, "exception")
		return
	}
	ev.Message = p.textOf(p.startsWith("Endpoint not found", "Method not allowed"))
}}
