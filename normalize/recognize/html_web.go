package recognize

import (
	"strconv"
	"strings"
)

// isExpress recognises the page of Express's final handler.
func isExpress(p *page) bool {
	return p.title == "Error" && len(p.blocks) == 1 && p.blocks[0].tag == "pre"
}

// expressPre takes the text of the pre, which outside production is a stack.
var expressPre = slot{message: "pre", take: func(p *page, ev *Evidence) {
	ev.Message = p.textOf(0)
	ev.Leaky = strings.Contains(p.blocks[0].text, "&nbsp;at ") || strings.Contains(ev.Message, "\n    at ")
}}

// isPHP recognises what PHP, or its extension Xdebug, prints into a page.
func isPHP(p *page) bool {
	for i := range p.blocks {
		text := p.blocks[i].text
		if strings.HasPrefix(text, "<br") {
			_, text, _ = strings.Cut(text, ">")
			text = strings.TrimLeft(text, " \r\n")
		}
		if _, rest, ok := strings.Cut(text[:min(len(text), 40)], "</b>: "); ok && rest != "" && strings.HasPrefix(text, "<b>") {
			return strings.Contains(p.blocks[i].text, " on line ")
		}
		if strings.HasPrefix(text, "<span style='background-color: #cc0000") {
			return true
		}
	}
	return false
}

// isSymfonyDebug recognises Symfony's exception page: it says the same in a
// comment before it starts and in its title.
func isSymfonyDebug(p *page) bool {
	for i := range p.blocks {
		if p.blocks[i].tag == "h1" && strings.Contains(p.blocks[i].attrs, "exception-message") {
			return true
		}
	}
	return p.comment != "" && p.title != "" && fold(plain(p.comment[:min(len(p.comment), MaxMessage)])) == p.title ||
		p.startsWith("Symfony Exception") >= 0
}

// isS3Website recognises the pages of S3's and Azure Storage's web sites.
func isS3Website(p *page) bool {
	return p.startsWith("Code: ", "HttpStatusCode: ") >= 0 && p.find("li") >= 0
}

// listItems takes the items of the list by their labels.
var listItems = slot{code: "item Code: or ErrorCode:", message: "item Message:", take: func(p *page, ev *Evidence) {
	for i := range p.blocks {
		label, text, _ := strings.Cut(p.textOf(i), ":")
		switch text = strings.TrimSpace(text); strings.TrimSpace(label) {
		case "Code", "ErrorCode":
			ev.Code = text
		case "Message":
			ev.Message = text
		}
	}
	if ev.Message == "" {
		ev.Message = p.h1
	}
}}

// isLaravel recognises Laravel's minimal pages: the status and the message, one
// block each.
func isLaravel(p *page) bool {
	return statusBlock(p) >= 0
}

// statusBlock returns the index of the div that holds the status alone and is
// followed by one with the message; -1 if there is none.
func statusBlock(p *page) int {
	for i := range p.blocks {
		b := &p.blocks[i]
		if i+1 < len(p.blocks) && b.tag == "div" && p.blocks[i+1].tag == "div" && len(b.text) == 3 && b.text == strconv.Itoa(p.in.Status) {
			return i
		}
	}
	return -1
}

// statusThenText takes the block after the status.
var statusThenText = slot{message: "div after the status", take: func(p *page, ev *Evidence) {
	ev.Message = p.textOf(statusBlock(p) + 1)
}}

// wordpressDie takes the message of wp_die.
var wordpressDie = slot{message: "div wp-die-message, else first p", take: func(p *page, ev *Evidence) {
	for i := range p.blocks {
		if strings.Contains(p.blocks[i].attrs, "wp-die-message") {
			ev.Message = p.textOf(i)
			return
		}
	}
	ev.Message = p.textOf(p.find("p"))
}}

// yiiText takes the alert of Yii 2's page, or the second heading of Yii 1's.
var yiiText = slot{message: "div alert, or h2", take: func(p *page, ev *Evidence) {
	for i := range p.blocks {
		if strings.Contains(p.blocks[i].attrs, "alert") {
			ev.Message = p.textOf(i)
			return
		}
	}
	ev.Message = p.h2
}}

// secondHeading takes the h2.
var secondHeading = slot{message: "h2", take: func(p *page, ev *Evidence) { ev.Message = p.h2 }}

// squidCode takes the name of Squid's page, which is the id of its body.
var squidCode = slot{code: "body's id", take: func(p *page, ev *Evidence) {
	if _, id, ok := strings.Cut(p.body, "id="); ok {
		ev.Code = strings.Trim(id, "\"' ")
	}
}}

// varnishP takes the paragraph under the heading if it says more than the
// heading does, which is how a VCL speaks.
var varnishP = slot{message: "first p", take: func(p *page, ev *Evidence) {
	ev.Message = p.textOf(p.find("p"))
}}

// cloudflareNumber takes Cloudflare's own number of what happened.
var cloudflareNumber = slot{code: "number after Error", take: func(p *page, ev *Evidence) {
	if ev.Code = number(p.h1, "Error"); ev.Code != "" {
		return
	}
	for i := range p.blocks {
		text := fold(p.textOf(i))
		if ev.Code = number(text, "Error code"); ev.Code == "" {
			ev.Code = number(text, "Error")
		}
		if ev.Code != "" {
			return
		}
	}
	ev.Code = number(p.title, "|")
}}

// isHAProxy recognises HAProxy's built-in answers: a heading and a sentence.
func isHAProxy(p *page) bool {
	_, ok := statusTitle(p.h1)
	return ok && p.title == "" && p.bare && len(p.blocks) == 2
}

// isLighttpd recognises lighttpd's XHTML.
func isLighttpd(p *page) bool {
	_, ok := statusTitle(p.title)
	return ok && p.h1 == p.title && strings.HasPrefix(p.raw, "<?xml")
}

// isApache recognises the canned pages of Apache httpd.
func isApache(p *page) bool {
	phrase, ok := statusTitle(p.title)
	return ok && p.h1 == phrase && hasPrefixFold(p.raw, "<!DOCTYPE HTML PUBLIC \"-//")
}
