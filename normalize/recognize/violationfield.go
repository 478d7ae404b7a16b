package recognize

import "strings"

// fieldName returns the name of a field, dotted, of a name, a JSON pointer (RFC
// 6901), a JSON path or a property path with brackets, without what says only
// where the field was looked for. A sentence or an address is no field.
func fieldName(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxField {
		return ""
	}
	plain := true
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\n', '<', '>', '(', ')', '{', '}', '=', ',', ';', '"', '\'', ':':
			return ""
		case '/', '#', '[', '$':
			plain = false
		}
	}
	if !plain {
		s = dotted(s)
	}
	s = strings.Trim(s, ".")
	if first, rest, ok := strings.Cut(s, "."); isLocation(first) {
		if !ok {
			return ""
		}
		return rest
	}
	return s
}

// dotted returns a pointer or a path with brackets as a dotted path.
func dotted(s string) string {
	s = strings.TrimPrefix(s, "#")
	pointer := strings.HasPrefix(s, "/")
	if pointer {
		s = strings.TrimPrefix(s, "/data/attributes")
		s = strings.TrimPrefix(s, "/data/relationships")
	}
	var buf [maxField]byte
	path := buf[:0]
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '[', c == '/' && pointer:
			path = append(path, '.')
		case c == ']':
		case c == '~' && pointer && i+1 < len(s) && (s[i+1] == '0' || s[i+1] == '1'):
			i++
			path = append(path, "~/"[s[i]-'0'])
		default:
			path = append(path, c)
		}
	}
	return string(path)
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
