package normalize

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// MatchPath reports whether path matches pattern, by the rules of Caddy's path
// request matcher: a pattern is the whole path, with a `*` at its end a prefix,
// at its beginning a suffix, at both ends a substring; any other `*`, `?` and
// `[…]` match within a segment, as in [path.Match]. Case does not count. The
// path is cleaned first (dot segments, and repeated slashes unless the pattern
// has some), a trailing slash stays.
func MatchPath(pattern, path string) bool {
	if pattern == "*" {
		return true
	}
	pattern, path = strings.ToLower(pattern), strings.ToLower(path)
	path = cleanPath(path, !strings.Contains(pattern, "//"))
	switch kind, literal := cutWildcards(pattern); kind {
	case substring:
		return strings.Contains(path, literal)
	case suffix:
		return strings.HasSuffix(path, literal)
	case prefix:
		return strings.HasPrefix(path, literal)
	default:
		return globMatches(pattern, path)
	}
}

// validatePattern says what is wrong with a path pattern.
func validatePattern(pattern string) error {
	switch {
	case pattern == "":
		return errors.New("a path pattern is missing: write one such as /users/*")
	case pattern[0] != '/' && pattern[0] != '*':
		return fmt.Errorf("the path pattern %q matches nothing: it must begin with / or *", pattern)
	case strings.ContainsAny(pattern, "%{}"):
		return fmt.Errorf("the path pattern %q must be a decoded path, without %% escapes and placeholders", pattern)
	}
	if kind, _ := cutWildcards(pattern); kind == glob {
		if _, err := path.Match(pattern, ""); err != nil {
			return fmt.Errorf("the path pattern %q has an unfinished [ or \\", pattern)
		}
	}
	return nil
}

// patternKind is what the wildcards of a pattern ask for.
type patternKind uint8

const (
	glob patternKind = iota
	prefix
	suffix
	substring
)

// cutWildcards tells the kind of a pattern, and its text without the wildcards
// at its ends. A pattern with wildcards elsewhere is a glob.
func cutWildcards(pattern string) (kind patternKind, literal string) {
	stars := strings.Count(pattern, "*")
	atStart, atEnd := strings.HasPrefix(pattern, "*"), strings.HasSuffix(pattern, "*")
	switch {
	case stars == 2 && atStart && atEnd:
		return substring, pattern[1 : len(pattern)-1]
	case stars == 1 && atStart:
		return suffix, pattern[1:]
	case stars == 1 && atEnd:
		return prefix, pattern[:len(pattern)-1]
	}
	return glob, pattern
}

// globMatches is [path.Match] without its error: a pattern that was not
// validated matches nothing.
func globMatches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// cleanPath is [path.Clean], but keeps a trailing slash, and keeps repeated
// slashes unless they are to be merged.
func cleanPath(p string, mergeSlashes bool) string {
	if !mergeSlashes {
		// An empty segment survives the cleaning with a byte in it that no
		// decoded path can be searched for.
		p = strings.ReplaceAll(p, "//", "/\xff/")
		p = strings.ReplaceAll(p, "//", "/\xff/") // the second of three
	}
	cleaned := path.Clean(p)
	if cleaned != "/" && strings.HasSuffix(p, "/") {
		cleaned += "/"
	}
	if !mergeSlashes {
		cleaned = strings.ReplaceAll(cleaned, "\xff", "")
	}
	return cleaned
}
