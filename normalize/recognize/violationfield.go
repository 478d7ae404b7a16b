package recognize

import "strings"

// fieldName returns the name of a field, dotted, of a name, a JSON pointer (RFC
// 6901), a JSON path or a property path with brackets, without what says only
// where the field was looked for. A sentence or an address is no field.
func fieldName(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxField || strings.Contains(s, "://") || strings.ContainsAny(s, " \t\n<>(){}=,;\"'") {
		return ""
	}
	s = strings.TrimPrefix(s, "#")
	if strings.HasPrefix(s, "/") {
		s = strings.ReplaceAll(s[1:], "/", ".")
		s = strings.TrimPrefix(s, "data.attributes.")
		s = strings.TrimPrefix(s, "data.relationships.")
		if strings.Contains(s, "~") {
			s = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
		}
	}
	if strings.Contains(s, "[") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "[", "."), "]", "")
	}
	s = strings.TrimPrefix(strings.Trim(s, "."), "$.")
	if first, rest, ok := strings.Cut(s, "."); ok && rest != "" {
		if isLocation(first) {
			s = rest
		}
	} else if isLocation(s) {
		return ""
	}
	return strings.Trim(s, ".")
}

// maxField is the length of the longest field.
const maxField = 128

// isLocation reports whether the first part of a path says where in the request
// a field was looked for.
func isLocation(s string) bool {
	var buf [16]byte
	switch string(lower(buf[:], s)) {
	case "body", "query", "path", "header", "headers", "cookie", "cookies", "params", "querystring", "query_string",
		"json", "form", "files", "request", "requestbody", "payload", "model", "$", "parameter", "view_args", "root":
		return true
	}
	return false
}

// fieldOfKey returns the field that the name of a member stands for: nothing
// for the names that frameworks give to complaints about the whole.
func fieldOfKey(key string) string {
	switch key {
	case "non_field_errors", "nonFieldErrors", "__all__", "_errors", "_error", "_schema", "base", "errors", "$", "global", "messages",
		"__root__", "fieldErrors", "formErrors":
		return ""
	}
	if isLocation(key) {
		return ""
	}
	return fieldName(key)
}

// join joins two parts of a path.
func join(prefix, name string) string {
	if prefix == "" || name == "" {
		return prefix + name
	}
	return prefix + "." + name
}

// isUUID reports whether s is a UUID, which as a code tells nobody anything.
func isUUID(s string) bool {
	return len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-'
}
