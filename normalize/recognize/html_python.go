package recognize

import "strings"

// isDjangoDebug recognises Django's technical pages.
func isDjangoDebug(p *page) bool {
	return p.startsWith("Request Method:") >= 0 || strings.HasPrefix(p.title, "Page not found at /") ||
		hasExceptionTitle(p) && strings.Contains(p.raw, "html * { padding:0")
}

// hasExceptionTitle reports whether the title is an exception's name and a
// path, as several debug pages have it.
func hasExceptionTitle(p *page) bool {
	name, path, ok := strings.Cut(p.title, " at /")
	if !ok || strings.ContainsAny(name, " ") || strings.ContainsAny(path, " ") {
		return false
	}
	return name != "" && 'A' <= name[0] && name[0] <= 'Z'
}

// isDjango recognises Django's default pages by the paragraph on the line of
// the heading, which is empty on most.
func isDjango(p *page) bool {
	if p.startsWith("CSRF verification failed") >= 0 {
		return true
	}
	switch p.title {
	case "Not Found", "403 Forbidden", "Bad Request (400)", "Server Error (500)":
		return p.h1 == p.title && strings.Contains(p.raw, "</h1><p>")
	}
	return false
}

// isWerkzeug recognises the pages of Werkzeug's HTTP exceptions, which have a
// title but no head.
func isWerkzeug(p *page) bool {
	phrase, ok := statusTitle(p.title)
	return ok && p.bare && p.h1 == phrase
}

// isTwisted recognises the resources of twisted.web.
func isTwisted(p *page) bool {
	phrase, ok := statusTitle(p.title)
	return ok && strings.HasPrefix(phrase, "- ") && p.h1 == phrase[len("- "):]
}

// isTornado recognises Tornado's pages: the title, and again as text.
func isTornado(p *page) bool {
	return len(p.title) > 5 && p.title[3:5] == ": " && len(p.blocks) == 1 && p.textOf(0) == p.title
}

// isGunicorn recognises gunicorn's pages by the paragraph in their heading.
func isGunicorn(p *page) bool {
	return p.h1 == "" && strings.Contains(p.raw, "<h1><p>")
}

// isWebOb recognises the pages of WebOb's exceptions, in Pyramid and TurboGears.
func isWebOb(p *page) bool {
	_, ok := statusTitle(p.title)
	return ok && p.h1 == p.title && len(p.blocks) > 1 && strings.Contains(p.blocks[1].text, "<br/><br/>")
}

// webobText takes the detail that follows the explanation of the status; the
// explanation if there is none.
var webobText = slot{message: "the text's last paragraph", take: func(p *page, ev *Evidence) {
	explanation, detail, _ := strings.Cut(p.blocks[1].text, "<br/><br/>")
	ev.Message = plain(explanation) + "\n\n" + plain(detail)
	pyramidMessage(nil, ev)
}}

// pythonServer takes the message line of http.server's page.
var pythonServer = slot{message: "p after Message:", take: func(p *page, ev *Evidence) {
	if i := p.startsWith("Message:"); i >= 0 {
		ev.Message = strings.TrimSpace(strings.TrimPrefix(p.textOf(i), "Message:"))
	}
}}

// cherrypyP takes the paragraph above the traceback, which is empty in
// production.
var cherrypyP = slot{message: "first p", take: func(p *page, ev *Evidence) {
	ev.Message = p.textOf(p.find("p"))
	ev.Leaky = strings.Contains(p.raw, "Traceback (most recent call last)")
}}

// bottlePre takes the text under the sentence that repeats the URL.
var bottlePre = slot{message: "first pre", take: func(p *page, ev *Evidence) {
	ev.Message = p.textOf(p.find("pre"))
	ev.Leaky = p.startsWith("Exception:", "Traceback:") >= 0
}}
