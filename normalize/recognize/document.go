package recognize

// Document gives access to the members of a body by their paths, for rules.
// A Document is read-only and safe for concurrent use.
//
// A path is dotted: in JSON the names of members, numbers for the elements of
// arrays (`errors.0.code`); in XML the local names of elements from the root
// element on, whatever their namespaces, numbers for the elements of that name
// from the second on (`Errors.Error.1.Code`), `@name` for an attribute.
type Document struct{}

// Bounds on [Document.Walk].
const (
	// MaxMembers is the most members that are visited.
	MaxMembers = 512
)

// Parse makes a Document of in. It never fails: what cannot be read, or was cut
// off, has no members.
func Parse(in Input) *Document { return &Document{} }

// Lookup returns the scalar member at path, as its text: strings unescaped,
// numbers, booleans and null as written. An object or array has no value, but ok
// says that it is there.
func (d *Document) Lookup(path string) (value string, ok bool) { return "", false }

// Walk visits every scalar member once with its path, in the order of the
// document, at most [MaxMembers] and not deeper than [MaxDepth], until visit
// returns false.
func (d *Document) Walk(visit func(path, value string) bool) {}
