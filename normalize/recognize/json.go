package recognize

// jsonDoc is what the scanner makes of a JSON text.
type jsonDoc struct{ in *Input }

// jsonFamilies are the families of JSON bodies, most specific first.
var jsonFamilies []family[jsonDoc]

// readJSON reads a JSON text.
func readJSON(in *Input) (Evidence, bool) { return firstOf(jsonFamilies, &jsonDoc{in}) }
