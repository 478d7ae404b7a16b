package normalize

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// ruleSet is the operator's rules, ready to be asked. It is immutable; a nil
// one has no rules.
type ruleSet struct {
	rules []compiledRule
	// plans says by status which rules may hold; nil if none.
	plans [maxStatus + 1]*rulePlan
	index ruleIndex
}

// maxStatus is the largest status that HTTP/1.1 can carry (RFC 9112 section 4).
const maxStatus = 999

// rulePlan is how the rules that a status may be decided by are found. Numbers
// are places in [Config].Rules.
type rulePlan struct {
	// all are those rules, in order.
	all []int32
	// always are those that no index finds: they are candidates whatever the
	// response says.
	always []int32
	// kinds says which kinds of keys find the others.
	kinds [keyKinds]bool
}

// compiledRule is a rule that was checked.
type compiledRule struct {
	// name, pass, status, resource, error and scope are those of [Rule].
	name     string
	pass     bool
	status   int
	resource string
	error    string
	scope    string
	// code is the code as a row of the catalogue spells it, with {RESOURCE};
	// empty leaves it to the built-in decision.
	code string
	// description is nil if the rule has no text.
	description *template

	place    int
	statuses []int
	header   func(http.Header) bool
	formats  []string
	codes    []pattern
	messages []pattern
	fields   []fieldLine
	body     *bodyRegexp
	request  func(*http.Request) (bool, error)
}

// fieldLine is a compiled [FieldMatch].
type fieldLine struct {
	member *memberPath
	values []pattern // none asks for the member alone
}

// bodyRegexp is an expression over the decoded text; rules that write the same
// one share it.
type bodyRegexp struct {
	*regexp.Regexp
	// shared says that more than one rule asks, captures that a text does.
	shared, captures bool
}

// capture returns the number of a group that is named, or numbered, by name.
func (body *bodyRegexp) capture(name string) (int, error) {
	if body == nil {
		return 0, fmt.Errorf("{upstream.match.%s} needs a body_regexp in the rule's matcher", name)
	}
	n, err := strconv.Atoi(name)
	if err != nil {
		n = body.SubexpIndex(name)
	}
	if n < 0 || n > body.NumSubexp() {
		return 0, fmt.Errorf("{upstream.match.%s} is no group of body_regexp %q", name, body.String())
	}
	body.captures = true
	return n, nil
}

// sees reports whether the rule's status line holds. Without one, a rule sees
// what is a failure by its status: 4xx, 5xx, and the invalid ones beyond, which
// count as 5xx (RFC 9110 section 15).
func (r *compiledRule) sees(status int) bool {
	if len(r.statuses) == 0 {
		return status >= 400
	}
	for _, s := range r.statuses {
		if status == s || s < 10 && status/100 == s {
			return true
		}
	}
	return false
}

// needsBody reports whether the rule has a line that the head cannot answer.
func (r *compiledRule) needsBody() bool {
	return len(r.formats)+len(r.codes)+len(r.messages)+len(r.fields) > 0 || r.body != nil
}

// headResult is what the rules say of a response before its body is there.
type headResult struct {
	// rule is the rule that decides whatever the body says; nil if none does.
	rule *compiledRule
	// needsBody says that the body may make a rule hold. If it is false and
	// rule is nil, no rule will.
	needsBody bool
	// fault is the first error of a request matcher; its rule does not hold.
	fault error
}

// matchHead decides what status, header and request decide alone. A status that
// no rule sees costs one look-up.
func (rs *ruleSet) matchHead(status int, h http.Header, req *Request) headResult {
	if !rs.mayMatch(status) {
		return headResult{}
	}
	f := ruleFacts{rules: rs, req: req}
	for _, i := range rs.plans[status].all {
		r := &rs.rules[i]
		if r.header != nil && !r.header(h) || !f.requestHolds(r) {
			continue
		}
		if r.needsBody() {
			return headResult{needsBody: true, fault: f.fault}
		}
		return headResult{rule: r, fault: f.fault}
	}
	return headResult{fault: f.fault}
}

// mayMatch reports whether any rule sees a status.
func (rs *ruleSet) mayMatch(status int) bool {
	return rs != nil && uint(status) < uint(len(rs.plans)) && rs.plans[status] != nil
}

// match returns the first rule whose lines all hold, or nil, and what was read
// for that, which the rule's text is expanded from.
func (rs *ruleSet) match(req *Request, resp *Response, ev *recognize.Evidence, text Text) (*compiledRule, *ruleFacts) {
	f := &ruleFacts{rules: rs, req: req, resp: resp, ev: ev, text: text}
	if !rs.mayMatch(resp.Status) {
		return nil, f
	}
	plan := rs.plans[resp.Status]
	var buf [32]int32
	found := rs.index.candidates(plan, f, buf[:0])
	always := plan.always
	for len(found)+len(always) > 0 {
		var next int32
		if len(always) == 0 || len(found) > 0 && found[0] < always[0] {
			next, found = found[0], found[1:]
		} else {
			next, always = always[0], always[1:]
		}
		if r := &rs.rules[next]; f.holds(r) {
			f.rule = r
			return r, f
		}
	}
	return nil, f
}
