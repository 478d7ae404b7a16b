package normalize

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// requestAnswers are the answers of rules' request matchers. They live in the
// [Request], so that what was asked for the head is not asked again.
type requestAnswers struct {
	rules   *ruleSet
	request *http.Request
	asked   map[*compiledRule]bool
	// fault is the first error of a matcher; its rule does not hold.
	fault error
}

// answersFor returns the answers to rules.
func (r *Request) answersFor(rules *ruleSet) *requestAnswers {
	if r.answers == nil || r.answers.rules != rules {
		r.answers = &requestAnswers{rules: rules, asked: make(map[*compiledRule]bool)}
		if r.Match != nil {
			r.answers.request = r.Match()
		}
	}
	return r.answers
}

// holds asks the request matcher of a rule, unless it has been asked before.
func (r *Request) holds(rules *ruleSet, rule *compiledRule) bool {
	if rule.lines.Request == nil {
		return true
	}
	a := r.answersFor(rules)
	answer, ok := a.asked[rule]
	if !ok {
		answer = a.ask(rule, rule.lines.Request)
		a.asked[rule] = answer
	}
	return answer
}

// ask asks a request matcher of rule.
func (a *requestAnswers) ask(rule *compiledRule, matcher func(*http.Request) (bool, error)) bool {
	if a.request == nil {
		return false
	}
	answer, err := matcher(a.request)
	if err != nil && a.fault == nil {
		a.fault = fmt.Errorf("matching the request of rule %s: %w", rule.Name, err)
	}
	return answer && err == nil
}

// requestHolds asks both request matchers of a rule.
func (f *ruleFacts) requestHolds(rule *compiledRule) bool {
	if !f.req.holds(f.rules, rule) {
		return false
	}
	matcher := rule.lines.RequestUpstream
	return matcher == nil || f.req.answersFor(f.rules).ask(rule, func(r *http.Request) (bool, error) {
		return matcher(r, f.lookup)
	})
}

// lookup resolves a placeholder for a request matcher, without braces.
func (f *ruleFacts) lookup(name string) (value string, ok bool) {
	switch name {
	case "upstream.code":
		return f.ev.Code, f.ev.Code != ""
	case "upstream.message":
		return f.ev.Message, f.ev.Message != ""
	case "upstream.status":
		return strconv.Itoa(f.resp.Status), true
	case "upstream.format":
		return f.ev.Format, f.ev.Format != ""
	}
	path, ok := strings.CutPrefix(name, "upstream.field.")
	if !ok {
		return "", false
	}
	return f.document().Lookup(path)
}

// fault is the first error that a rule's request matcher returned.
func (r *Request) fault() error {
	if r.answers == nil {
		return nil
	}
	return r.answers.fault
}
