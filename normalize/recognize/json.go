package recognize

import (
	"strconv"
	"strings"
)

// jsonTables is what recognising JSON takes, built once from the rows of
// jsonFamilies and the lists of names.
type jsonTables struct {
	names    nameTable
	families []compiledFamily
	roles    []role // by nameID
}

// compiledFamily is a row of jsonFamilies, parsed.
type compiledFamily struct {
	*jsonFamily
	signatures    []signature
	code, message []path
}

var tables = newJSONTables(jsonFamilies)

func newJSONTables(rows []jsonFamily) *jsonTables {
	t := &jsonTables{}
	for i := range rows {
		f := compiledFamily{jsonFamily: &rows[i], code: t.parsePaths(rows[i].code), message: t.parsePaths(rows[i].message)}
		for _, when := range rows[i].when {
			f.signatures = append(f.signatures, t.parseSignature(when))
		}
		t.families = append(t.families, f)
	}
	if len(t.names.names) > maxSetName {
		panic("recognize: " + strconv.Itoa(len(t.names.names)) + " names are more than a set holds")
	}
	t.roles = newRoles(&t.names)
	return t
}

// readJSON reads a JSON text: by the first family whose signature it has, else
// as the dialect of nobody.
func readJSON(in *Input) (Evidence, bool) { return readNestedJSON(in, 0) }

// maxNested is how often a message may itself be JSON.
const maxNested = 1

func readNestedJSON(in *Input, nested int) (Evidence, bool) {
	d := openJSON(in)
	if d == nil {
		return Evidence{}, false
	}
	defer d.release()
	ev := d.evidence()
	// Services that wrap another's failure send its JSON as their message.
	if s := strings.TrimSpace(ev.Message); nested < maxNested && len(s) > 2 && (s[0] == '{' || s[0] == '[') {
		inner := *in
		inner.Text = s
		if wrapped, ok := readNestedJSON(&inner, nested+1); ok && (wrapped.Message != "" || wrapped.Code != "") {
			wrapped.Format = ev.Format
			return wrapped, true
		}
	}
	return ev, true
}

// evidence returns what the text says.
func (d *jsonDoc) evidence() Evidence {
	var ev Evidence
	f := d.family()
	if f == nil {
		ev.Format = "json"
		found := d.survey(&d.nodes[0], 0)
		if d.nodes[0].kind == jsonString {
			found.message = d.words(&d.nodes[0])
		}
		ev.Code, ev.Message = found.code, found.message
	} else {
		ev.Format = f.name
		ev.Code, ev.Message = d.firstCode(f.code), d.firstMessage(f.message)
		if f.adjust != nil {
			f.adjust(d, &ev)
		}
	}
	if ev.Leaky {
		return ev
	}
	if len(ev.Violations) == 0 && (f == nil || !f.noViolations) {
		d.violations(&ev)
	}
	if ev.Message == "" || d.weak(ev.Message) {
		if len(ev.Violations) > 0 && ev.Violations[0].Message != "" {
			ev.Message = ev.Violations[0].Message
		} else if f != nil {
			if found := d.survey(d.top, 0); found.message != "" && (ev.Message == "" || !d.weak(found.message)) {
				ev.Message = found.message
			}
		}
	}
	return ev
}

// family returns the first family whose signature d has, nil if there is none.
func (d *jsonDoc) family() *compiledFamily {
	if d.top == nil {
		return nil
	}
	for i := range d.t.families {
		f := &d.t.families[i]
		for j := range f.signatures {
			if d.matches(&f.signatures[j]) && (f.check == nil || f.check(d)) {
				return f
			}
		}
	}
	return nil
}

// firstCode returns the first of paths that leads to a code.
func (d *jsonDoc) firstCode(paths []path) string {
	for _, p := range paths {
		if code := d.codeOf(d.follow(d.top, p)); code != "" {
			return code
		}
	}
	return ""
}

// firstMessage returns the first of paths that leads to words of some weight,
// else the first that leads to any.
func (d *jsonDoc) firstMessage(paths []path) string {
	var weak string
	for _, p := range paths {
		message := d.words(d.follow(d.top, p))
		if message == "" {
			continue
		}
		if !d.weak(message) {
			return message
		}
		if weak == "" {
			weak = message
		}
	}
	return weak
}

// words returns what a message slot says: a string, or the first of an array,
// or what an object says about itself.
func (d *jsonDoc) words(n *node) string {
	n = d.first(n)
	switch {
	case n.is(jsonString):
		if s := d.str(n); !isBlank(s) {
			return s
		}
	case n.is(jsonObject):
		return d.survey(n, 1).message
	}
	return ""
}

// codeOf returns the code in n: a word, or a number that is not merely the
// status once more.
func (d *jsonDoc) codeOf(n *node) string {
	n = d.first(n)
	if !n.is(jsonString | jsonNumber) {
		return ""
	}
	s := strings.TrimSpace(d.str(n))
	if n := leadingNumber(s); n == d.status && n != 0 || s == "0" || len(s) > maxCode || !isToken(s) {
		return ""
	}
	return s
}

// maxCode is the length of the longest code.
const maxCode = 128

// leadingNumber returns the three-digit number that s is or starts with, as in
// "404 Not Found"; else 0.
func leadingNumber(s string) int {
	if len(s) < 3 || len(s) > 3 && s[3] != ' ' {
		return 0
	}
	n, err := strconv.Atoi(s[:3])
	if err != nil {
		return 0
	}
	return n
}
