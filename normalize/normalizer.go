package normalize

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// Normalizer decides what becomes of failures. It is immutable and safe for
// concurrent use.
type Normalizer struct {
	cfg        Config
	catalog    *catalog
	rules      *ruleSet
	pass       []pattern // folded media types
	challenger *challenger
	maxText    int
}

// defaultMaxText bounds decoded text where the configuration does not, in bytes.
const defaultMaxText = 64 << 10

// New returns a Normalizer for cfg, or a [*ConfigError] that says where cfg is
// wrong and what would be right.
func New(cfg Config) (*Normalizer, error) {
	n := &Normalizer{cfg: cfg, maxText: cfg.MaxText}
	if n.maxText <= 0 {
		n.maxText = defaultMaxText
	}
	var err error
	if n.catalog, err = newCatalog(&cfg); err != nil {
		return nil, err
	}
	for i, r := range cfg.Resources {
		if err := validatePattern(r.Pattern); err != nil {
			return nil, &ConfigError{Path: fmt.Sprintf("resources[%d].pattern", i), Err: err}
		}
		if err := checkResource(r.Resource); err != nil {
			return nil, &ConfigError{Path: fmt.Sprintf("resources[%d].resource", i), Err: err}
		}
	}
	for i, p := range cfg.Pass {
		if p == "" {
			return nil, configErrorf(fmt.Sprintf("pass[%d]", i), "parsing media type pattern: it is empty; write one such as application/vnd.example+json")
		}
		n.pass = append(n.pass, newFoldedPattern(p))
	}
	if n.challenger, err = newChallenger(&cfg.Challenge); err != nil {
		return nil, err
	}
	if n.rules, err = compileRules(cfg.Rules, n.catalog); err != nil {
		return nil, err
	}
	return n, nil
}

// checkResource checks the grammar of a configured resource name.
func checkResource(name string) error {
	if err := checkCode(name); err != nil || strings.Contains(name, resourceMark) {
		return fmt.Errorf("parsing resource %q: a resource is upper-case words joined by underscores, such as %s", name, suggestResource(name))
	}
	return nil
}

func suggestResource(name string) string {
	if s := suggestCode(name); s != "NOT_FOUND" {
		return s
	}
	return "CALENDAR_EVENT"
}

// MayClaim reports whether a response with this status can be anything but
// passed: every 4xx and 5xx, and what a rule names. It is a single look-up, for
// the path of successes.
func (n *Normalizer) MayClaim(status int) bool {
	return status >= 400 || n.rules.mayMatch(status)
}

// Screening is what is known of a response before its body.
type Screening uint8

const (
	// PassHead says that the response leaves as it is, whatever its body.
	PassHead Screening = iota
	// NeedBody says that the response is to be captured, then decided.
	NeedBody
)

// Screen decides as much as status, header and request tell. The response's
// body is not looked at. Should a rule's matcher panic, a failure is held, for
// Decide to answer, and anything else passes.
func (n *Normalizer) Screen(req *Request, resp *Response) (s Screening) {
	defer func() {
		if recover() != nil && resp.Status >= 400 {
			s = NeedBody
		}
	}()
	head := n.rules.matchHead(req, resp)
	switch {
	case head.rule != nil && head.rule.Pass:
		return PassHead
	case head.rule != nil:
		return NeedBody
	case head.needsBody && (resp.Status >= 400 || holdable(req, resp)):
		return NeedBody
	case resp.Status < 400 || n.untouched(req, resp) != "":
		return PassHead
	}
	return NeedBody
}

// holdable reports whether a response below 400 may be held back: not one
// without a body to read, a part of one, or one that never ends.
func holdable(req *Request, resp *Response) bool {
	return req.Method != http.MethodHead && resp.Status != http.StatusPartialContent &&
		mediaType(resp.Header.Get("Content-Type")) != "text/event-stream"
}

// Decide says what becomes of a response: it is read, and the first rule that
// matches or else the built-in decision chooses status, code, description and
// challenge. Whatever the body holds, the verdict is whole: should reading it
// panic, it is the status's own row.
func (n *Normalizer) Decide(req *Request, resp *Response) (v Verdict) {
	defer func() {
		if fault := recover(); fault != nil {
			v = n.fallback(req, resp, fault)
		}
	}()
	v.Text = Decode(resp.Body, resp.Header, n.maxText, resp.Truncated)
	n.read(req, resp, &v)
	return v
}

// read fills in the verdict on a response whose text is decoded.
func (n *Normalizer) read(req *Request, resp *Response, v *Verdict) {
	v.Evidence = recognize.Recognize(recognize.Input{
		Status:       resp.Status,
		MediaType:    mediaType(resp.Header.Get("Content-Type")),
		Header:       resp.Header,
		ReasonPhrase: resp.ReasonPhrase,
		Text:         v.Text.Text,
		Truncated:    v.Text.Truncated,
	})
	match := n.rules.match(req, resp, &v.Evidence, &v.Text)
	if err := req.fault(); err != nil {
		v.Fault = err.Error()
	}
	if match.rule != nil {
		n.byRule(req, resp, v, match)
		return
	}
	if resp.Status < 400 {
		v.Pass, v.Why = true, "pass: no rule"
		return
	}
	if why := n.untouched(req, resp); why != "" {
		v.Pass, v.Why = true, "pass: "+why
		return
	}
	if why := untouchedBody(req, v); why != "" {
		v.Pass, v.Why = true, "pass: "+why
		return
	}
	v.Status = resp.Status
	if !n.byEnvelope(req, v) {
		n.byEvidence(req, resp, v)
	}
	v.Challenges, v.Dropped = n.challenger.challenge(req, resp, v, complaint{})
}

// byEnvelope keeps what an upstream says that already speaks the envelope.
func (n *Normalizer) byEnvelope(req *Request, v *Verdict) bool {
	if v.Evidence.Format != "envelope" {
		return false
	}
	code, description, ok := parseEnvelope(v.Text.Text)
	if !ok {
		return false
	}
	row, resource, ok := n.catalog.parse(v.Status, code)
	if !ok || Leak(code) != "" {
		return false
	}
	v.Evidence.Code, v.Evidence.Message = code, description
	c := choice{row: row, resource: resource, why: "envelope"}
	n.choose(v, c)
	if v.Code == code && v.Description != description && v.Status < 500 && !n.cfg.CatalogDescriptions {
		if text, _ := phrase(description, "", req); text != "" {
			v.Description = text
		}
	}
	return true
}

// byEvidence is the built-in decision.
func (n *Normalizer) byEvidence(req *Request, resp *Response, v *Verdict) {
	n.choose(v, n.decideCode(req, v.Status, &v.Evidence))
	if text := n.describe(req, resp, v); text != "" {
		v.Description = text
	}
}

// choose fills the verdict with a row of the catalogue.
func (n *Normalizer) choose(v *Verdict, c choice) {
	row, code, description := n.catalog.fill(n.catalog.documented(c.row), c.resource)
	v.Row, v.Code, v.Description, v.Why = row.Code, code, description, c.why
	if row.Code != code {
		v.Resource = c.resource
	}
}

// describe returns the upstream's message as a description, or nothing if the
// catalogue words the answer: always on a 5xx, and wherever the message is
// doubtful.
func (n *Normalizer) describe(req *Request, resp *Response, v *Verdict) string {
	ev := &v.Evidence
	if v.Status >= 500 || n.cfg.CatalogDescriptions || resp.Own || ev.Leaky {
		return ""
	}
	if len(ev.Violations) > 0 {
		first := ev.Violations[0]
		if text, _ := phrase(first.Message, first.Field, req); text != "" {
			return text
		}
	}
	text, _ := phrase(ev.Message, "", req)
	return text
}

// byRule does as a rule says, and as the built-in decision does where it says nothing.
func (n *Normalizer) byRule(req *Request, resp *Response, v *Verdict, m ruleMatch) {
	rule := m.rule
	v.Rule = rule.Name
	if rule.Pass {
		v.Pass, v.Why = true, "rule: "+rule.Name
		return
	}
	v.Status = resp.Status
	if rule.Status != 0 {
		v.Status = rule.Status
	}
	v.Why = "rule: " + rule.Name
	if rule.Code == "" {
		n.byEvidence(req, resp, v)
		v.Why = "rule: " + rule.Name + ", " + v.Why
	}
	resource := rule.Resource
	if resource == "" {
		resource = n.resourceOf(req.Path)
	}
	if resource == "" {
		resource = v.Resource
	}
	if rule.Code != "" {
		n.choose(v, n.choiceOf(req, v, rule, resource))
		if text := n.describe(req, resp, v); text != "" {
			v.Description = text
		}
	}
	if rule.text != nil {
		if text, ok := rule.text.expand(m, resource); ok {
			v.Description = text
		}
	}
	if v.Description == "" { // the rule's own code, whose text cannot be shown
		v.Description = n.catalog.own(v.Status).Description
	}
	v.Challenges, v.Dropped = n.challenger.challenge(req, resp, v, complaint{code: rule.Error, scope: rule.Scope})
}

// choiceOf is the row that a rule's code names: the catalogue's, or one of the
// rule's own, which the rule describes. With no resource known, {RESOURCE} falls
// away.
func (n *Normalizer) choiceOf(req *Request, v *Verdict, rule *compiledRule, resource string) choice {
	c := choice{resource: resource, why: v.Why}
	code := rule.Code
	if strings.Contains(code, resourceMark) {
		if c.resource == "" {
			c.resource = n.decideCode(req, v.Status, &v.Evidence).resource
		}
		if c.resource == "" {
			code = withoutResource(code)
		}
	}
	if row, ok := n.catalog.row(v.Status, code); ok {
		c.row = row
	} else if row, word, ok := n.catalog.parse(v.Status, code); ok {
		c.row, c.resource = row, word
	} else {
		c.row = Entry{Status: v.Status, Code: code}
	}
	return c
}

// fallback is the verdict where reading a response failed: what its status says.
func (n *Normalizer) fallback(req *Request, resp *Response, fault any) Verdict {
	v := Verdict{Status: resp.Status, Fault: fmt.Sprint(fault)}
	if resp.Status < 400 {
		v.Pass, v.Why = true, "pass: fault"
		return v
	}
	n.choose(&v, choice{row: n.catalog.own(resp.Status), why: "fault"})
	if resp.Status == http.StatusUnauthorized {
		v.Challenges = []string{`Bearer realm="api"`}
	}
	return v
}
