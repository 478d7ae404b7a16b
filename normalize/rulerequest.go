package normalize

import (
	"fmt"
	"net/http"
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

// holds asks the request matcher of a rule, unless it has been asked before.
func (r *Request) holds(rules *ruleSet, rule *compiledRule) bool {
	ask := rule.lines.Request
	if ask == nil {
		return true
	}
	a := r.answers
	if a == nil || a.rules != rules {
		a = &requestAnswers{rules: rules, asked: make(map[*compiledRule]bool)}
		if r.Match != nil {
			a.request = r.Match()
		}
		r.answers = a
	}
	if a.request == nil {
		return false
	}
	answer, ok := a.asked[rule]
	if !ok {
		var err error
		if answer, err = ask(a.request); err != nil {
			answer = false
			if a.fault == nil {
				a.fault = fmt.Errorf("matching the request of rule %s: %w", rule.Name, err)
			}
		}
		a.asked[rule] = answer
	}
	return answer
}

// fault is the first error that a rule's request matcher returned.
func (r *Request) fault() error {
	if r.answers == nil {
		return nil
	}
	return r.answers.fault
}
