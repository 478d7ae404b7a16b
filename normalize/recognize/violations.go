package recognize

import (
	"strconv"
	"strings"
)

// violations looks for the complaints of a validation error in the members that
// usually hold them.
func (d *jsonDoc) violations(ev *Evidence) {
	root := &d.nodes[0]
	if root.kind == jsonArray && d.top != nil && d.isComplaints(root) {
		d.collect(ev, root, "", 0)
	}
	if len(ev.Violations) == 0 && d.top != nil {
		d.violationsOf(ev, d.top, 0)
	}
}

// violationsOf looks through the members of obj, then through the objects that
// they hold.
func (d *jsonDoc) violationsOf(ev *Evidence, obj *node, depth int) {
	for m := d.at(obj.child); m != nil && len(ev.Violations) == 0; m = d.at(m.next) {
		if r := &d.t.roles[m.name]; r.list == 1 && d.isList(m) || r.list == 2 && d.isComplaints(m) {
			d.collect(ev, m, "", 0)
			if m.name == d.t.byRule {
				ruleKeys(ev)
			}
		}
	}
	for m := d.at(obj.child); m != nil && depth < 2 && len(ev.Violations) == 0; m = d.at(m.next) {
		if r := &d.t.roles[m.name]; m.is(jsonObject) && (r.inside != 0 || r.list != 0) {
			d.violationsOf(ev, m, depth+1)
		}
	}
	if len(ev.Violations) == 0 {
		d.single(ev, obj)
	}
}

// ruleKeys takes the last part of each field for the rule that was broken, as
// Laminas writes it: {"validation_messages":{"artist":{"isEmpty":…}}}.
func ruleKeys(ev *Evidence) {
	for i := range ev.Violations {
		v := &ev.Violations[i]
		if dot := strings.LastIndexByte(v.Field, '.'); dot > 0 && v.Code == "" {
			v.Field, v.Code = v.Field[:dot], v.Field[dot+1:]
			v.Kind = kindOf(v.Code, v.Message)
		}
	}
}

// single takes obj for a complaint if it names a field by a name that means
// nothing else.
func (d *jsonDoc) single(ev *Evidence, obj *node) {
	named := false
	for m := d.at(obj.child); m != nil; m = d.at(m.next) {
		rank := d.t.roles[m.name].field
		named = named || rank != 0 && rank <= plainFieldNames
	}
	if !named {
		return
	}
	var v Violation
	if field, _ := d.complaint(obj, &v); field <= plainFieldNames && v.Message != "" {
		ev.add(v)
	}
}

// isList reports whether n, whose name says that it lists complaints, does.
func (d *jsonDoc) isList(n *node) bool {
	switch n.kind {
	case jsonArray:
		if first := d.at(n.child); first.is(jsonString) {
			return d.isComplaintText(first)
		}
		return d.isComplaints(n)
	case jsonObject:
		if d.isError(n) {
			var v Violation
			field, _ := d.complaint(n, &v) // a list of one, as it comes of XML
			return field <= plainFieldNames && v.Message != ""
		}
		return true
	}
	return false
}

// isComplaints reports whether n looks like a list of complaints: objects that
// name a field, a map from fields to sentences, or sentences of a validator.
func (d *jsonDoc) isComplaints(n *node) bool {
	switch n.kind {
	case jsonArray:
		if first := d.at(n.child); first.is(jsonString) {
			return (d.status == 400 || d.status == 422) && d.isComplaintText(first)
		}
		for m, i := d.at(n.child), 0; m != nil && i < 4; m, i = d.at(m.next), i+1 {
			if !m.is(jsonObject) {
				continue
			}
			var v Violation
			if d.complaint(m, &v); v.Field != "" && (v.Message != "" || v.Code != "") || d.nestedList(m) != nil {
				return true
			}
		}
	case jsonObject:
		if !d.validates() || d.isError(n) || n.child == 0 {
			return false
		}
		for m, i := d.at(n.child), 0; m != nil && i < 8; m, i = d.at(m.next), i+1 {
			if d.t.roles[m.name].inside != 0 && !m.is(jsonString) || !d.isComplaintAbout(m, 0) {
				return false
			}
		}
		return true
	}
	return false
}

// isComplaintAbout reports whether the member m of a map may be the complaints
// about the field of its name: sentences, complaints without a field, or again
// a map of such.
func (d *jsonDoc) isComplaintAbout(m *node, depth int) bool {
	switch m.kind {
	case jsonString:
		return depth == 0 && strings.ContainsAny(d.str(m), " \u3002")
	case jsonArray:
		first := d.at(m.child)
		for i := 0; first.is(jsonObject) && first.child == 0 && i < maxElements; i++ { // [{},{"sku":["Not a string."]}]
			first = d.at(first.next)
		}
		if first.is(jsonString) {
			return d.validates() || strings.ContainsAny(d.str(first), " \u3002")
		}
		return first.is(jsonObject) && depth < 3 && d.isComplaintAbout(first, depth+1)
	case jsonObject:
		for c := d.at(m.child); c != nil; c = d.at(c.next) {
			r := &d.t.roles[c.name]
			if r.complaint != 0 && (r.complaint <= plainComplaintNames || depth > 0 && c.is(jsonString)) {
				return true
			}
			if c.is(jsonArray|jsonObject) && c.child != 0 && depth < 3 && d.isComplaintAbout(c, depth+1) {
				return true
			}
		}
	}
	return false
}

// validates reports whether a failure of this status may be one of validation,
// so that a map may be one of fields.
func (d *jsonDoc) validates() bool {
	switch d.status {
	case 401, 402, 403, 404, 405, 406, 407, 408, 410, 415, 429:
		return false
	}
	return true
}

// isComplaintText reports whether a sentence without a field is a complaint of
// a validation error: its words say so, or the status does.
func (d *jsonDoc) isComplaintText(n *node) bool {
	return d.status == 422 || kindOf("", d.str(n)) != Invalid
}

// isError reports whether an object is an error rather than a map of fields: it
// says something about itself, in a member that is no list.
func (d *jsonDoc) isError(obj *node) bool {
	for m := d.at(obj.child); m != nil; m = d.at(m.next) {
		r := &d.t.roles[m.name]
		if m.is(jsonString) && r.message != 0 && (r.message <= plainMessageNames || !d.validates()) ||
			m.is(jsonString|jsonNumber) && r.code != 0 && r.code <= plainCodeNames {
			return true
		}
	}
	// {"detail":"Not Found"} has but one member.
	only := d.at(obj.child)
	r := &role{}
	if only != nil && only.next == 0 {
		r = &d.t.roles[only.name]
	}
	return only.is(jsonString) && r.message != 0 && r.inside != 0
}

// collect adds the complaints that n holds about the field prefix or what is
// below it.
func (d *jsonDoc) collect(ev *Evidence, n *node, prefix string, depth int) {
	if depth > 5 || len(ev.Violations) >= MaxViolations {
		return
	}
	switch n.kind {
	case jsonString:
		if s := d.str(n); !isBlank(s) && !isConstant(s) {
			ev.add(Violation{Field: prefix, Message: s})
		}
	case jsonArray:
		i := 0
		for m := d.at(n.child); m != nil; m = d.at(m.next) {
			// Objects are complaints, or else one map for each element of a list field.
			if !d.collectComplaint(ev, m, prefix, false, depth) {
				index := prefix
				if m.is(jsonObject) && prefix != "" {
					index = join(prefix, strconv.Itoa(i))
				}
				d.collect(ev, m, index, depth+1)
			}
			i++
		}
	case jsonObject:
		if d.collectComplaint(ev, n, prefix, true, depth) {
			return
		}
		for m := d.at(n.child); m != nil; m = d.at(m.next) {
			d.collect(ev, m, join(prefix, fieldOfKey(d.key(m))), depth+1)
		}
	}
}

// collectComplaint adds the complaint that n is, or the list of complaints about
// one field; it reports whether n is either. In a map a member is rather a
// field than what it is called, unless its name leaves no doubt.
func (d *jsonDoc) collectComplaint(ev *Evidence, n *node, prefix string, inMap bool, depth int) bool {
	if !n.is(jsonObject) {
		return false
	}
	var v Violation
	field, words := d.complaint(n, &v)
	if list := d.nestedList(n); list != nil && v.Message == "" {
		d.collect(ev, list, join(prefix, v.Field), depth+1)
		return true
	}
	switch {
	case words <= plainComplaintNames:
	case inMap && field > plainFieldNames, v.Message == "" && (prefix+v.Field == "" || v.Code == "" && field > plainFieldNames):
		return false
	}
	if prefix != "" && v.Field != prefix && !strings.HasPrefix(v.Field, prefix+".") {
		v.Field = join(prefix, v.Field)
	}
	ev.add(v)
	return true
}

// nestedList returns the list of complaints within one element of a list, such
// as Google's fieldViolations; nil if there is none.
func (d *jsonDoc) nestedList(n *node) *node {
	for m := d.at(n.child); m != nil; m = d.at(m.next) {
		if m.is(jsonArray) && m.child != 0 && d.t.roles[m.name].list == 1 {
			return m
		}
	}
	return nil
}

// complaint reads an object as one complaint. It returns the ranks of the names
// that hold the field and the words, 255 for what is not there.
func (d *jsonDoc) complaint(n *node, v *Violation) (field, words uint8) {
	field, words = 255, 255
	code := uint8(255)
	missing := ""
	for m := d.at(n.child); m != nil; m = d.at(m.next) {
		r := &d.t.roles[m.name]
		if r.field != 0 && r.field < field {
			if s := d.fieldIn(m); s != "" {
				v.Field, field = s, r.field
				continue
			}
		}
		if r.kind != 0 && r.kind < code {
			if s := d.codeOf(m); s != "" && !isOutcome(s) {
				v.Code, code = s, r.kind
			}
		}
		if r.complaint != 0 && r.complaint < words {
			if s := d.complaintIn(m); isConstant(s) {
				if code == 255 {
					v.Code, code = s, 254
				}
			} else if s != "" {
				v.Message, words = s, r.complaint
			}
		}
		if m.is(jsonObject) && missing == "" {
			missing = d.str(d.get(m, "missingProperty"))
		}
	}
	v.Field = join(v.Field, missing)
	return field, words
}

// complaintIn returns the words, or a constant for them, in a member of a
// complaint.
func (d *jsonDoc) complaintIn(m *node) string {
	if m.is(jsonObject) && m.child != 0 { // {"constraints":{"isEmail":"email must be an email"}}
		m = d.at(m.child)
	}
	m = d.first(m)
	if !m.is(jsonString) {
		return ""
	}
	return strings.TrimSpace(d.str(m))
}

// fieldIn returns the field that a member of a complaint names: a name, a
// pointer, the first of a list of names, the parts of a path, or an object that
// holds one of these.
func (d *jsonDoc) fieldIn(m *node) string {
	switch m.kind {
	case jsonString:
		return fieldName(d.str(m))
	case jsonArray:
		var parts []string
		for e := d.at(m.child); e != nil && len(parts) < MaxDepth; e = d.at(e.next) {
			if e.is(jsonString | jsonNumber) {
				parts = append(parts, d.str(e))
			}
		}
		if len(parts) > 1 && !d.t.roles[m.name].parts {
			parts = parts[:1]
		}
		return fieldName(strings.Join(parts, "."))
	case jsonObject:
		for c := d.at(m.child); c != nil; c = d.at(c.next) {
			if d.t.roles[c.name].field != 0 && c.is(jsonString|jsonArray) {
				if s := d.fieldIn(c); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

// add appends v with its kind, unless there are enough already.
func (ev *Evidence) add(v Violation) {
	if len(ev.Violations) >= MaxViolations || v == (Violation{}) {
		return
	}
	if ev.Violations == nil {
		ev.Violations = make([]Violation, 0, MaxViolations/4)
	}
	v.Kind = kindOf(v.Code, v.Message)
	ev.Violations = append(ev.Violations, v)
}

// tagViolations reads the message of a Go validator, a line for each complaint:
// "Key: 'Login.User' Error:Field validation for 'User' failed on the 'required' tag".
func tagViolations(ev *Evidence) {
	if !strings.Contains(ev.Message, "Field validation for '") {
		return
	}
	for line := range strings.SplitSeq(ev.Message, "\n") {
		_, rest, _ := strings.Cut(line, "Field validation for '")
		field, rest, _ := strings.Cut(rest, "' failed on the '")
		if tag, _, ok := strings.Cut(rest, "'"); ok {
			ev.add(Violation{Field: fieldName(field), Code: tag})
		}
	}
}
