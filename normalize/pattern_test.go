package normalize

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestPattern(t *testing.T) {
	tests := []struct {
		when    string
		pattern string
		text    string
		want    bool
	}{
		{"a text without wildcard is the whole text", "not found", "not found", true},
		{"a text without wildcard is no beginning", "not found", "not found here", false},
		{"case does not count", "NotFound", "NOTFOUND", true},
		{"case does not count beyond ASCII", "schlüssel fehlt", "SCHLÜSSEL FEHLT", true},
		{"the long s and the Kelvin sign are an s and a k", "mask", "MAſ\u212a", true},
		{"white space is one space however it is spelled", "not  found", "\tnot\n found ", true},
		{"a leading wildcard leaves the end", "*notfound", "UserNotFound", true},
		{"a leading wildcard needs the end", "*notfound", "UserNotFoundException", false},
		{"a trailing wildcard leaves the beginning", "ERR_*", "err_12", true},
		{"a wildcard matches nothing too", "ERR_*", "ERR_", true},
		{"two wildcards look inside", "*quota*", "daily quota reached", true},
		{"the parts come in order", "*a*b*", "b then a", false},
		{"the parts do not overlap", "aba*aba", "ababa", false},
		{"beginning and end do not overlap", "ab*b", "ab", false},
		{"a part is looked for after the one before", "*ab*b*", "ab", false},
		{"an earlier part takes its first place", "*a*a", "aa", true},
		{"a run of wildcards is one", "a***b", "axb", true},
		{"a wildcard alone matches anything", "*", "anything at all", true},
		{"a backslash is a character, as in class names", `App\Errors\*`, `app\errors\notfound`, true},
		{"a star in the text is matched by the wildcard", "a*b", "a*b", true},
	}
	for _, test := range tests {
		if got := newFoldedPattern(test.pattern).match(fold(test.text)); got != test.want {
			t.Errorf("%s: %q of %q is %v", test.when, test.pattern, test.text, got)
		}
	}
}

func TestPatternOfFieldKeepsCase(t *testing.T) {
	p := newPattern("E*x")
	if !p.match("Ex") || p.match("ex") || p.match("EX") {
		t.Error("case must count in a value")
	}
}

// FuzzPattern compares patterns with the regular expressions that say the same.
func FuzzPattern(f *testing.F) {
	f.Add("*NotFound", "UserNotFound")
	f.Add("aba*aba", "ababa")
	f.Add("*the  request*[/x]*", "the request [/x] is\tnot available")
	f.Add("a**b*", "A\xffB\u212a")
	f.Add("  *é*", "É\u00a0")
	f.Fuzz(func(t *testing.T, source, text string) {
		folded := fold(text)
		if again := fold(folded); again != folded {
			t.Fatalf("fold(%q) is %q, and again %q", text, folded, again)
		}
		if len(folded) > len(text)+2*strings.Count(text, "")+utf8.UTFMax {
			t.Fatalf("fold(%q) grew to %q", text, folded)
		}
		if fold(strings.ToValidUTF8(strings.ToUpper(text), "\ufffd")) == "" && strings.TrimSpace(text) != "" {
			t.Fatalf("fold(%q) lost its text", text)
		}
		parts := strings.Split(fold(source), "*")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		re, err := regexp.Compile(`^(?s:` + strings.Join(parts, ".*") + `)$`)
		if err != nil {
			t.Skip() // a pattern that is not UTF-8 can be no expression
		}
		if got, want := newFoldedPattern(source).match(folded), re.MatchString(folded); got != want {
			t.Fatalf("%q of %q is %v, want %v", source, text, got, want)
		}
	})
}
