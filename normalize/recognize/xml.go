package recognize

// xmlDoc is what the reader makes of the body before it asks the families.
type xmlDoc struct{ in *Input }

// xmlFamilies are the families of XML bodies, most specific first.
var xmlFamilies []family[xmlDoc]

// readXML reads a body that looks like XML.
func readXML(in *Input) (Evidence, bool) { return firstOf(xmlFamilies, &xmlDoc{in}) }
