package recognize

import "strings"

// isTraceText recognises stack traces by the lines that only they have.
func isTraceText(doc *textDoc, ev *Evidence) bool {
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
	ev.Leaky = hasFrame(doc.text)
	return ev.Leaky
}

// hasFrame reports whether a line of text is a frame of a stack.
func hasFrame(text string) bool {
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if isFrame(strings.TrimSpace(line)) {
			return true
		}
	}
	return false
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
