package recognize

// FamilyInfo describes one family of error bodies for the documentation.
type FamilyInfo struct {
	// Name is what [Evidence].Format and `format` rules call the family.
	Name string
	// Kind is the syntax: "json", "xml", "html" or "text".
	Kind string
	// Signature says how the family is told from others.
	Signature string
	// Code and Message say where the upstream's code and message lie; empty
	// means that the family has none.
	Code, Message string
}

// Families describes every family in the order in which they are tried, kind by
// kind, the generic readers last of their kind.
func Families() []FamilyInfo {
	var all []FamilyInfo
	all = append(all, describeJSON(jsonFamilies)...)
	all = append(all, describe("xml", xmlFamilies)...)
	all = append(all, describe("html", htmlFamilies)...)
	all = append(all, describe("text", textFamilies)...)
	return all
}

// family is one row of a table of families. D is what the reader of its kind
// has made of the body before it asks the rows in turn.
type family[D any] struct {
	// name, signature, code and message are those of [FamilyInfo].
	name, signature, code, message string
	// read reports whether the body is of this family, and if so fills ev; it
	// leaves Format to its caller.
	read func(doc *D, ev *Evidence) bool
}

// describe returns the documentation of rows.
func describe[D any](kind string, rows []family[D]) []FamilyInfo {
	infos := make([]FamilyInfo, 0, len(rows))
	for _, f := range rows {
		infos = append(infos, FamilyInfo{Name: f.name, Kind: kind, Signature: f.signature, Code: f.code, Message: f.message})
	}
	return infos
}

// firstOf asks the rows in order; the first that knows doc names the format.
func firstOf[D any](rows []family[D], doc *D) (Evidence, bool) {
	ev := new(Evidence) // outside the loop: it escapes to read
	for i := range rows {
		if rows[i].read(doc, ev) {
			ev.Format = rows[i].name
			return *ev, true
		}
	}
	return Evidence{}, false
}
