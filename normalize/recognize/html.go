package recognize

// htmlDoc is what the reader makes of the body before it asks the families.
type htmlDoc struct{ in *Input }

// htmlFamilies are the families of HTML bodies, most specific first.
var htmlFamilies []family[htmlDoc]

// readHTML reads a body that looks like HTML.
func readHTML(in *Input) (Evidence, bool) { return firstOf(htmlFamilies, &htmlDoc{in}) }
