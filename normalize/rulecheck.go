package normalize

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// compileRules checks rules and makes them ready to be asked. A code that the
// catalogue lacks needs a description, and is refused if the catalogue is
// closed. Errors are *[ConfigError] with the JSON path of the offending value.
func compileRules(rules []Rule, known *catalog) (*ruleSet, error) {
	if len(rules) == 0 {
		return nil, nil
	}
	c := ruleCompiler{catalog: known, regexps: map[string]*bodyRegexp{}, paths: map[string]*memberPath{}}
	rs := &ruleSet{rules: make([]compiledRule, len(rules))}
	for i := range rules {
		c.path = fmt.Sprintf("rules[%d]", i)
		if err := c.compile(&rules[i], &rs.rules[i]); err != nil {
			return nil, err
		}
		rs.rules[i].place = i
	}
	index, kinds := newRuleIndex(rs.rules, c.paths)
	rs.index = index
	rs.plan(kinds)
	return rs, nil
}

// plan says by status which rules may hold; statuses that no rule names share
// the plan of their class.
func (rs *ruleSet) plan(kinds []keyKind) {
	named := make(map[int]bool)
	for i := range rs.rules {
		for _, status := range rs.rules[i].lines.Status {
			named[status] = true
		}
	}
	classes := make(map[int]*rulePlan)
	for status := 200; status <= maxStatus; status++ {
		if plan, ok := classes[status/100]; ok && !named[status] {
			rs.plans[status] = plan
			continue
		}
		var plan *rulePlan
		for i := range rs.rules {
			if !rs.rules[i].sees(status) {
				continue
			}
			if plan == nil {
				plan = new(rulePlan)
			}
			plan.all = append(plan.all, int32(i))
			if kinds[i] == keyKinds {
				plan.always = append(plan.always, int32(i))
			} else {
				plan.kinds[kinds[i]] = true
			}
		}
		rs.plans[status] = plan
		if !named[status] {
			classes[status/100] = plan
		}
	}
}

// ruleCompiler compiles rules one after the other.
type ruleCompiler struct {
	catalog *catalog
	regexps map[string]*bodyRegexp
	paths   map[string]*memberPath
	path    string // of the rule at hand
}

// errorf returns a ConfigError at a member of the rule at hand.
func (c *ruleCompiler) errorf(member, format string, args ...any) error {
	return configErrorf(c.path+"."+member, format, args...)
}

// compile checks one rule.
func (c *ruleCompiler) compile(from *Rule, to *compiledRule) error {
	to.Rule = *from
	to.Code = strings.ReplaceAll(from.Code, "{resource}", resourceMark)
	if to.Code == "auto" {
		to.Code = ""
	}
	if err := c.compileMatch(from.Match, to); err != nil {
		return err
	}
	if from.Pass {
		if from.Status != 0 || from.Code != "" || from.Description != "" || from.Resource != "" || from.Error != "" || from.Scope != "" {
			return c.errorf("pass", "a response that passes leaves as it is: drop status, code, description, resource and challenge, or drop pass")
		}
		return nil
	}
	if err := c.checkStatus(to); err != nil {
		return err
	}
	if err := c.checkCode(to); err != nil {
		return err
	}
	if from.Description != "" {
		t, err := newTemplate(from.Description, to.body)
		if err != nil {
			return c.errorf("description", "%w", err)
		}
		to.text = t
	}
	return c.checkAnswer(to)
}

// checkStatus checks the status of the answer.
func (c *ruleCompiler) checkStatus(r *compiledRule) error {
	if r.Status != 0 && (r.Status < 400 || r.Status > 599) {
		return c.errorf("status", "%d is not in 400–599: the answer is a failure", r.Status)
	}
	for _, s := range r.lines.Status {
		if r.Status == 0 && (s < 4 || s >= 200 && s < 400) {
			return c.errorf("status", "the rule matches responses with status %s, which are no failures by themselves: give it the status of the answer, such as 502", statusText(s))
		}
	}
	return nil
}

// statusText spells a status or class as the Caddyfile does.
func statusText(status int) string {
	if status < 10 {
		return strconv.Itoa(status) + "xx"
	}
	return strconv.Itoa(status)
}

// checkCode checks the code's grammar, and that somebody words it.
func (c *ruleCompiler) checkCode(r *compiledRule) error {
	if r.Code == "" {
		return nil
	}
	if err := checkCode(r.Code); err != nil {
		return c.errorf("code", "%w", err)
	}
	if checkCode(withoutResource(r.Code)) != nil {
		return c.errorf("code", "%s leaves no code when no resource is known: add a word, such as {resource}_NOT_EXIST", r.Code)
	}
	// A code must be known for every status that the rule may answer with;
	// where that is a class, for any status.
	statuses := []int{r.Status}
	if r.Status == 0 {
		statuses = append(statuses, r.lines.Status...)
		statuses = statuses[min(1, len(r.lines.Status)):]
	}
	for _, status := range statuses {
		if status < 10 {
			status = 0
		}
		if c.knows(status, r.Code) {
			continue
		}
		what := r.Code
		if status != 0 {
			what += " for " + strconv.Itoa(status)
		}
		switch {
		case c.catalog.fold != nil:
			return c.errorf("code", "the documented codes, a closed list, have no %s: take one of them, or drop `codes documented`", what)
		case r.Description == "":
			return c.errorf("code", "the catalogue has no %s: give the rule a description", what)
		}
	}
	return nil
}

// knows reports whether the catalogue words a code for a status; for any status
// if that is 0.
func (c *ruleCompiler) knows(status int, code string) bool {
	if status != 0 {
		if _, ok := c.catalog.row(status, code); ok {
			return true
		}
		_, _, ok := c.catalog.parse(status, code)
		return ok
	}
	for status := range c.catalog.rows {
		if c.knows(status, code) {
			return true
		}
	}
	return false
}

// checkAnswer checks what the rule says beside status, code and description.
func (c *ruleCompiler) checkAnswer(r *compiledRule) error {
	if r.Resource != "" && (checkResource(r.Resource) != nil) {
		return c.errorf("resource", "parsing resource %q: a resource is upper-case letters, digits and underscores and begins with a letter, such as CALENDAR_EVENT", r.Resource)
	}
	if r.Error != "" && !slices.Contains(challengeErrors, r.Error) {
		return c.errorf("challenge.error", "%q is no error of a challenge: there are %s", r.Error, strings.Join(challengeErrors, ", "))
	}
	if r.Error != "" && r.Status != 0 && !challenges(r.Status) {
		return c.errorf("challenge.error", "an answer of %d has no challenge: there is one on 400, 401 and 403", r.Status)
	}
	if r.Scope == "" {
		return nil
	}
	if r.Error == "" {
		return c.errorf("challenge.scope", "a scope needs an error, such as insufficient_scope")
	}
	if err := checkScope(r.Scope); err != nil {
		return c.errorf("challenge.scope", "%w", err)
	}
	return nil
}

// challengeErrors are the errors of token challenges: RFC 6750 section 3.1, RFC
// 9470 section 3, RFC 9449 sections 7.1 and 9.
var challengeErrors = []string{
	"invalid_request", "invalid_token", "insufficient_scope",
	"insufficient_user_authentication",
	"invalid_dpop_proof", "use_dpop_nonce",
}

// checkScope checks the grammar of a scope (RFC 6749 section 3.3):
//
//	scope       = scope-token *( SP scope-token )
//	scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
func checkScope(scope string) error {
	for token := range strings.SplitSeq(scope, " ") {
		if token == "" {
			return fmt.Errorf("parsing scope %q: its tokens are separated by single spaces", scope)
		}
		for i := 0; i < len(token); i++ {
			if c := token[i]; c <= ' ' || c == '"' || c == '\\' || c > '~' {
				return fmt.Errorf("parsing scope %q: %q may not be in it; a scope is printable ASCII without quotes and backslashes", scope, rune(c))
			}
		}
	}
	return nil
}

// compileMatch checks the lines of a matcher.
func (c *ruleCompiler) compileMatch(m *Match, r *compiledRule) error {
	if m == nil {
		return nil
	}
	for i, s := range m.Status {
		if (s < 2 || s > 5) && (s < 200 || s > maxStatus) {
			return c.errorf(fmt.Sprintf("match.status_code[%d]", i), "%d is no final status: write a code, such as 404, or a class, such as 4xx", s)
		}
	}
	r.lines = *m
	if err := c.checkLine("format", m.Format); err != nil {
		return err
	}
	for i, format := range m.Format {
		if names := formatNames(); !slices.Contains(names, format) {
			return c.errorf(fmt.Sprintf("match.format[%d]", i), "no format is called %q: there are %s", format, strings.Join(names, ", "))
		}
	}
	var err error
	if r.codes, err = c.patterns("upstream_code", m.Code); err != nil {
		return err
	}
	if r.messages, err = c.patterns("message", m.Message); err != nil {
		return err
	}
	for i, field := range m.Fields {
		if err := checkFieldPath(field.Path); err != nil {
			return c.errorf(fmt.Sprintf("match.field[%d].path", i), "%w", err)
		}
		if c.paths[field.Path] == nil {
			c.paths[field.Path] = &memberPath{field.Path}
		}
		line := fieldLine{member: c.paths[field.Path]}
		for _, value := range field.Values {
			line.values = append(line.values, newPattern(value))
		}
		r.fields = append(r.fields, line)
	}
	if m.BodyRegexp == "" {
		return nil
	}
	if body := c.regexps[m.BodyRegexp]; body != nil {
		body.shared = true
		r.body = body
		return nil
	}
	re, err := regexp.Compile(m.BodyRegexp)
	if err != nil {
		return c.errorf("match.body_regexp", "%w (the syntax is RE2's: no look-around, no back-references)", err)
	}
	r.body = &bodyRegexp{Regexp: re}
	c.regexps[m.BodyRegexp] = r.body
	return nil
}

// formatNames lists the formats that can be recognised, in alphabetical order.
func formatNames() []string {
	var names []string
	for _, f := range recognize.Families() {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkLine checks that a line that is there has values, none of them blank.
func (c *ruleCompiler) checkLine(member string, values []string) error {
	if values != nil && len(values) == 0 {
		return c.errorf("match."+member, "it lists nothing, so it never holds: give it a value, or leave it out")
	}
	for i, v := range values {
		if strings.TrimSpace(v) == "" {
			return c.errorf(fmt.Sprintf("match.%s[%d]", member, i), "the value is empty: write *, which holds if there is any, or leave it out")
		}
	}
	return nil
}

// patterns compiles a line of patterns in which case does not count.
func (c *ruleCompiler) patterns(member string, values []string) ([]pattern, error) {
	if err := c.checkLine(member, values); err != nil {
		return nil, err
	}
	var patterns []pattern
	for _, v := range values {
		patterns = append(patterns, newFoldedPattern(v))
	}
	return patterns, nil
}

// checkFieldPath checks the path of a member.
func checkFieldPath(path string) error {
	switch {
	case path == "":
		return errors.New("the path is empty: name a member, such as error.code")
	case strings.HasPrefix(path, "$.") || strings.HasPrefix(path, "/") || strings.Contains(path, "["):
		return fmt.Errorf("parsing path %q: a path is dotted and begins with the member's name, such as errors.0.code", path)
	case strings.HasPrefix(path, ".") || strings.HasSuffix(path, ".") || strings.Contains(path, ".."):
		return fmt.Errorf("parsing path %q: there is an empty name between its dots", path)
	}
	return nil
}
