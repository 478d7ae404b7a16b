package normalize

import (
	"slices"
	"strings"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// ruleFacts is what rules ask about one response. Each answer is worked out
// when it is first asked for, and once.
type ruleFacts struct {
	rules *ruleSet
	req   *Request
	resp  *Response
	ev    *recognize.Evidence
	text  *Text

	// rule is the rule that holds, or nil.
	rule *compiledRule

	doc      *recognize.Document
	codes    []string // folded
	messages []string // folded
	members  []member
	captures map[*bodyRegexp][]int
	has      struct{ codes, messages, members bool }
}

// member is a member of the body that some rule asks for.
type member struct {
	path  *memberPath
	value string
	// scalar is false for an object, array or element that is known by what
	// lies in it.
	scalar bool
}

// holds reports whether all lines of r hold, the cheap ones first and the
// request's last.
func (f *ruleFacts) holds(r *compiledRule) bool {
	return r.sees(f.resp.Status) &&
		(r.lines.Header == nil || r.lines.Header(f.resp.Header)) &&
		(r.lines.Format == nil || slices.Contains(r.lines.Format, f.ev.Format)) &&
		(r.codes == nil || anyMatch(r.codes, f.foldedCodes())) &&
		(r.messages == nil || anyMatch(r.messages, f.foldedMessages())) &&
		f.fieldsHold(r) &&
		(r.body == nil || f.find(r.body) != nil) &&
		f.requestHolds(r)
}

// foldedCodes are the upstream's codes: its own or, where it has none, those of
// its complaints.
func (f *ruleFacts) foldedCodes() []string {
	if f.has.codes {
		return f.codes
	}
	f.has.codes = true
	if f.codes = appendFolded(nil, f.ev.Code); f.codes == nil {
		for _, v := range f.ev.Violations {
			f.codes = appendFolded(f.codes, v.Code)
		}
	}
	return f.codes
}

// foldedMessages are what the upstream says: its message or, where it has none,
// the title of its page and the messages of its complaints.
func (f *ruleFacts) foldedMessages() []string {
	if f.has.messages {
		return f.messages
	}
	f.has.messages = true
	if f.messages = appendFolded(nil, f.ev.Message); f.messages == nil {
		f.messages = appendFolded(nil, f.ev.Title)
		for _, v := range f.ev.Violations {
			f.messages = appendFolded(f.messages, v.Message)
		}
	}
	return f.messages
}

// appendFolded adds s unless it is blank: a pattern holds of nothing that is
// not there.
func appendFolded(texts []string, s string) []string {
	if s = fold(s); s != "" {
		texts = append(texts, s)
	}
	return texts
}

// document gives access to the members of the body.
func (f *ruleFacts) document() *recognize.Document {
	if f.doc == nil {
		f.doc = recognize.Parse(recognize.Input{
			Status:    f.resp.Status,
			MediaType: mediaType(f.resp.Header.Get("Content-Type")),
			Header:    f.resp.Header,
			Text:      f.text.Text,
			Truncated: f.text.Truncated,
		})
	}
	return f.doc
}

// foundMembers are the members of the body that some rule asks for, from one
// walk over it.
func (f *ruleFacts) foundMembers() []member {
	if f.has.members {
		return f.members
	}
	f.has.members = true
	paths := f.rules.index.paths
	if len(paths) == 0 {
		return nil
	}
	f.document().Walk(func(path, value string) bool {
		if m, ok := paths[path]; ok {
			f.members = append(f.members, member{path: m, value: value, scalar: true})
		}
		if value == "null" || !f.rules.index.presence {
			return true
		}
		// What lies in an object, array or element shows that it is there.
		for i := strings.LastIndexByte(path, '.'); i > 0; i = strings.LastIndexByte(path[:i], '.') {
			if m, ok := paths[path[:i]]; ok && !f.knows(m) {
				f.members = append(f.members, member{path: m})
			}
		}
		return true
	})
	return f.members
}

// knows reports whether a member that is no scalar has been found already.
func (f *ruleFacts) knows(path *memberPath) bool {
	for _, m := range f.members {
		if m.path == path && !m.scalar {
			return true
		}
	}
	return false
}

// fieldsHold reports whether all field lines of r hold.
func (f *ruleFacts) fieldsHold(r *compiledRule) bool {
	for _, line := range r.fields {
		if !line.holds(f.foundMembers()) {
			return false
		}
	}
	return true
}

// holds reports whether one of the members is what the line asks for. A null
// is there only for a line that asks for the value null.
func (line *fieldLine) holds(members []member) bool {
	for _, m := range members {
		if m.path != line.member {
			continue
		}
		if len(line.values) == 0 {
			if !m.scalar || m.value != "null" {
				return true
			}
			continue
		}
		for _, p := range line.values {
			if m.scalar && p.match(m.value) {
				return true
			}
		}
	}
	return false
}

// find runs an expression over the text, and returns where it and, if a text
// asks for them, its captures matched, as
// [regexp.Regexp.FindStringSubmatchIndex] does. Nothing matches a text that
// could not be decoded.
func (f *ruleFacts) find(body *bodyRegexp) (loc []int) {
	if !f.text.OK {
		return nil
	}
	if loc, ok := f.captures[body]; ok {
		return loc
	}
	switch {
	case body.captures:
		loc = body.FindStringSubmatchIndex(f.text.Text)
	case body.MatchString(f.text.Text):
		loc = []int{}
	}
	if body.captures || body.shared {
		if f.captures == nil {
			f.captures = make(map[*bodyRegexp][]int)
		}
		f.captures[body] = loc
	}
	return loc
}

// capture returns what the n-th group of the rule's expression matched, or
// nothing.
func (f *ruleFacts) capture(n int) string {
	if f.rule == nil || f.rule.body == nil {
		return ""
	}
	loc := f.find(f.rule.body)
	if 2*n+1 >= len(loc) || loc[2*n] < 0 {
		return ""
	}
	return f.text.Text[loc[2*n]:loc[2*n+1]]
}
