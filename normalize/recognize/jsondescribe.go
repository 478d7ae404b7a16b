package recognize

import "strings"

// describeJSON returns the documentation of rows, in words made from the
// signatures and paths themselves.
func describeJSON(rows []jsonFamily) []FamilyInfo {
	infos := make([]FamilyInfo, 0, len(rows)+1)
	for _, f := range rows {
		var signatures []string
		for _, when := range f.when {
			signatures = append(signatures, describeSignature(when))
		}
		signature := unescape(strings.Join(signatures, "; or "))
		if f.also != "" {
			signature += "; with " + f.also
		}
		code := describePaths(f.code)
		if code != "" && f.elseCode != "" {
			code += ", else "
		}
		infos = append(infos, FamilyInfo{
			Name: f.name, Kind: "json", Signature: signature, Code: code + f.elseCode, Message: describePaths(f.message),
		})
	}
	return append(infos, FamilyInfo{
		Name: "json", Kind: "json", Signature: "any other JSON",
		Code: "the usual names near the top", Message: "the usual names near the top",
	})
}

// describeSignature puts a signature into words.
func describeSignature(when string) string {
	var parts []string
	for _, field := range strings.Fields(when) {
		if strings.HasPrefix(field, "#") {
			parts = append(parts, "nothing else")
			continue
		}
		field, absent := strings.CutPrefix(field, "!")
		field, pattern, _ := strings.Cut(field, "=")
		if name, ok := strings.CutPrefix(field, ">"); ok {
			field = "field `" + name + "`"
		} else {
			name, kinds := cutKinds(field)
			types := strings.TrimPrefix(field[len(name):], ":")
			field = "`" + name + "`"
			if kinds != 0 {
				field += " (" + strings.ReplaceAll(types, "|", " or ") + ")"
			}
		}
		if pattern != "" {
			field += " = `" + pattern + "`"
		}
		if absent {
			field = "no " + field
		}
		parts = append(parts, field)
	}
	return strings.Join(parts, ", ")
}

// describePaths puts paths into words.
func describePaths(paths string) string {
	if paths == "" {
		return ""
	}
	return unescape("`" + strings.Join(strings.Fields(paths), "`, else `") + "`")
}

// unescape takes the backslashes from before the dots in names.
func unescape(s string) string { return strings.ReplaceAll(s, `\.`, ".") }
