package recognize

import "strings"

// jsonTables is what recognising JSON takes, built once from the rows of
// jsonFamilies and the lists of names.
type jsonTables struct {
	names      nameTable
	families   []compiledFamily
	signatures []signature // of all families, in their order
	owners     []int       // of the signatures: indexes of families
	roles      []role      // by nameID

	byRule nameID // of the list whose complaints are named by the rule broken

	traits     map[nameID][]trait // that signatures ask for at the top
	traitCount int
}

// compiledFamily is a row of jsonFamilies, parsed.
type compiledFamily struct {
	*jsonFamily
	code, message []path
}

var tables = newJSONTables(jsonFamilies)

func newJSONTables(rows []jsonFamily) *jsonTables {
	t := &jsonTables{traits: map[nameID][]trait{}}
	for i := range rows {
		f := compiledFamily{jsonFamily: &rows[i], code: t.parsePaths(rows[i].code), message: t.parsePaths(rows[i].message)}
		for _, when := range rows[i].when {
			sig := t.parseSignature(when)
			t.signatures = append(t.signatures, sig)
			t.owners = append(t.owners, i)
		}
		t.families = append(t.families, f)
	}
	t.roles = newRoles(&t.names)
	t.byRule = t.names.id("validation_messages")
	for name, traits := range t.traits {
		t.roles[name].traits = traits
	}
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
	d.read()
	ev := d.ev
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

// read fills d.ev with what the text says.
func (d *jsonDoc) read() {
	ev := &d.ev
	f := d.family()
	weak := true
	if f != nil {
		ev.Format = f.name
		ev.Code = d.firstCode(f.code)
		ev.Message, weak = d.firstMessage(f.message)
		if f.adjust != nil {
			before := ev.Message
			f.adjust(d, ev)
			weak = weak || ev.Message != before && d.weak(ev.Message)
		}
	} else {
		ev.Format = "json"
		found := d.survey(&d.nodes[0], 0)
		ev.Code, ev.Message, weak = found.code, found.message, found.weak
	}
	if ev.Leaky {
		return
	}
	if isConstant(ev.Message) { // {"message":"EMAIL_NOT_FOUND"} is a code in the wrong place
		if ev.Code == "" || isUpperSnake(ev.Message) && !isConstant(ev.Code) {
			ev.Code = ev.Message
		}
		ev.Message, weak = "", true
	}
	if len(ev.Violations) == 0 && (f == nil || !f.noViolations) {
		d.violations(ev)
		if len(ev.Violations) == 0 {
			tagViolations(ev)
		}
	}
	if len(ev.Violations) > 0 && ev.Code == ev.Violations[0].Field { // from {"name":"age","description":…}
		ev.Code = ev.Violations[0].Code
	}
	switch {
	case !weak:
	case len(ev.Violations) > 0 && ev.Violations[0].Message != "":
		ev.Message = ev.Violations[0].Message
	case f != nil:
		if found := d.survey(d.top, 0); found.message != "" && (!found.weak || ev.Message == "") {
			ev.Message = found.message
		}
	}
}

// family returns the first family whose signature d has, nil if there is none.
func (d *jsonDoc) family() *compiledFamily {
	if d.top == nil {
		return nil
	}
	for i := range d.t.signatures {
		if !d.matches(&d.t.signatures[i]) {
			continue
		}
		if f := &d.t.families[d.t.owners[i]]; f.check == nil || f.check(d) {
			return f
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
func (d *jsonDoc) firstMessage(paths []path) (message string, weak bool) {
	for _, p := range paths {
		s := d.words(d.follow(d.top, p))
		if s != "" && !d.weak(s) {
			return s, false
		}
		if message == "" {
			message = s
		}
	}
	return message, true
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
	if strings.HasPrefix(s, "urn:") {
		s = s[strings.LastIndexByte(s, ':')+1:]
	}
	if n := leadingNumber(s); n == d.status && n != 0 || s == "0" || !isToken(s) || isUUID(s) {
		return ""
	}
	return s
}

// maxCode is the length of the longest code.
const maxCode = 128
