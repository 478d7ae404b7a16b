package normalize

import (
	"fmt"
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
	// Rule is the rule as configured, but its code is spelled as in a row of
	// the catalogue: with {RESOURCE}, and empty for auto.
	Rule
	// text is the description; nil if the rule has none.
	text *template

	place int
	// lines is the matcher; what follows are lines of it, compiled.
	lines    Match
	codes    []pattern
	messages []pattern
	fields   []fieldLine
	body     *bodyRegexp
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
	if len(r.lines.Status) == 0 {
		return status >= 400
	}
	for _, s := range r.lines.Status {
		if status == s || s < 10 && status/100 == s {
			return true
		}
	}
	return false
}

// needsBody reports whether the rule has a line that the head cannot answer.
func (r *compiledRule) needsBody() bool {
	return len(r.lines.Format)+len(r.codes)+len(r.messages)+len(r.fields) > 0 || r.body != nil ||
		r.lines.RequestUpstream != nil
}

// ruleMatch is what the rules say of a response.
type ruleMatch struct {
	// rule is the rule that decides; nil if none does.
	rule *compiledRule
	// needsBody says, of a response's head, that the body may make a rule hold.
	// If it is false and rule is nil, no rule will.
	needsBody bool
	// facts are what was read to tell; the rule's text is expanded from them.
	// They are nil for a head, and if no rule sees the status.
	facts *ruleFacts
}

// matchHead decides what status, header and request decide alone, whatever the
// body says. A status that no rule sees costs one look-up.
func (rs *ruleSet) matchHead(req *Request, resp *Response) ruleMatch {
	if !rs.mayMatch(resp.Status) {
		return ruleMatch{}
	}
	var m ruleMatch
	for _, i := range rs.plans[resp.Status].all {
		r := &rs.rules[i]
		if r.lines.Header != nil && !r.lines.Header(resp.Header) || !req.holds(rs, r) {
			continue
		}
		if m.needsBody = r.needsBody(); !m.needsBody {
			m.rule = r
		}
		break
	}
	return m
}

// mayMatch reports whether any rule sees a status.
func (rs *ruleSet) mayMatch(status int) bool {
	return rs != nil && uint(status) < uint(len(rs.plans)) && rs.plans[status] != nil
}

// match finds the first rule whose lines all hold.
func (rs *ruleSet) match(req *Request, resp *Response, ev *recognize.Evidence, text *Text) ruleMatch {
	if !rs.mayMatch(resp.Status) {
		return ruleMatch{}
	}
	f := &ruleFacts{rules: rs, req: req, resp: resp, ev: ev, text: text}
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
			break
		}
	}
	return ruleMatch{rule: f.rule, facts: f}
}
