package normalize

import (
	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
	"net/http"
)

func Leak(string) string                                     { return "" }
func phrase(m, f string, s int, r *Request) (string, string) { return m, "" }
func MatchPath(p, s string) bool                             { return p == s }
func validatePattern(string) error                           { return nil }

type pattern struct{}

func (pattern) match(string) bool     { return false }
func newFoldedPattern(string) pattern { return pattern{} }

type challenger struct{}

func newChallenger(*ChallengeConfig) (*challenger, error) { return nil, nil }
func (*challenger) challenge(req *Request, resp *Response, v *Verdict, rule *compiledRule) (a, b []string) {
	return
}

type ruleSet struct{}
type compiledRule struct {
	Rule
	text *template
}
type template struct{}

func (*template) expand(m ruleMatch, resource string) (string, bool) { return "", false }

type ruleMatch struct {
	rule      *compiledRule
	needsBody bool
}

func compileRules([]Rule, *catalog) (*ruleSet, error)                                { return nil, nil }
func (*ruleSet) mayMatch(int) bool                                                   { return false }
func (*ruleSet) matchHead(*Request, *Response) (m ruleMatch)                         { return }
func (*ruleSet) match(*Request, *Response, *recognize.Evidence, *Text) (m ruleMatch) { return }

var _ http.Header
