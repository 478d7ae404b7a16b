package normalize

import (
	"fmt"
	"regexp"
	"strings"
)

const ruleResourceMark = "{RESOURCE}"

var codeGrammar = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// checkRuleCode checks the grammar of code words; {RESOURCE} may stand in one.
func checkRuleCode(code string) error {
	if !codeGrammar.MatchString(strings.Replace(code, ruleResourceMark, "R", 1)) {
		return fmt.Errorf("parsing code %q: a code is upper-case letters, digits and underscores and begins with a letter, such as NOT_FOUND", code)
	}
	return nil
}

// codeAlone is what is left of a code when no resource is known.
func codeAlone(code string) string {
	return strings.Trim(strings.ReplaceAll(strings.Replace(code, ruleResourceMark, "", 1), "__", "_"), "_")
}
