package recognize

// textDoc is what the reader makes of the body before it asks the families.
type textDoc struct{ in *Input }

// textFamilies are the families of Text bodies, most specific first.
var textFamilies []family[textDoc]

// readText reads a body that looks like Text.
func readText(in *Input) (Evidence, bool) { return firstOf(textFamilies, &textDoc{in}) }
