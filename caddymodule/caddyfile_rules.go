package caddymodule

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

// namedMatcher is a response matcher with its name in the Caddyfile.
type namedMatcher struct {
	Match
	name  caddyfile.Token
	wrote map[string]caddyfile.Token // as of parser, relative to the matcher
	used  bool
}

// matcher reads a named response matcher: a block, or one line of it after the
// name.
func (p *parser) matcher(d *caddyfile.Dispenser) error {
	if p.option.Text == "@" {
		return p.errorf("a matcher needs a name, such as @gone")
	}
	m := &namedMatcher{name: p.option, wrote: make(map[string]caddyfile.Token)}
	if first := p.named(m.name.Text); first != nil {
		return p.errorf("defined twice, first at %s:%d; keep one of them", first.name.File, first.name.Line)
	}
	p.matchers = append(p.matchers, m)

	lines := options{
		"status":        p.statuses("status_code", &m.StatusCode),
		"header":        {repeats: true, parseSegment: func(d *caddyfile.Dispenser) error { return p.header(d, &m.Match) }},
		"format":        p.list("format", "<format...>", &m.Format),
		"upstream_code": p.list("upstream_code", "<pattern...>", &m.UpstreamCode),
		"message":       p.list("message", "<pattern...>, each in quotes if it has spaces", &m.Message),
		"field": {usage: "<path> [<value...>]", min: 1, max: unlimited, repeats: true, parse: func(args []string) error {
			p.record("field[%d]", len(m.Field))
			m.Field = append(m.Field, FieldMatch{Path: args[0], Values: args[1:]})
			return nil
		}},
		"body_regexp": p.word("body_regexp", "<pattern>, in quotes if it has spaces", &m.BodyRegexp),
		"request":     {parseSegment: func(d *caddyfile.Dispenser) error { return p.request(d, &m.Match) }},
	}

	// What is recorded from here on is relative to the matcher; see useMatchers.
	outer := p.wrote
	p.wrote = m.wrote
	defer func() { p.wrote = outer }()
	if d.NextArg() {
		return p.next(d.NewFromNextSegment(), lines, make(map[string]caddyfile.Token))
	}
	opened, err := p.block(d, lines)
	if err == nil && !opened {
		err = p.usageError("status 404, or another line of a matcher, or a block of them")
	}
	return err
}

// list is like words, but given once: all lines of a matcher must hold, while
// the values on a line are alternatives.
func (p *parser) list(path, usage string, values *[]string) option {
	opt := p.words(path, usage, values)
	opt.repeats = false
	return opt
}

// header reads a line as Caddy's own response matchers do.
func (p *parser) header(d *caddyfile.Dispenser, m *Match) error {
	p.record("headers")
	args := d.RemainingArgs()
	switch {
	case len(args) == 1 && !strings.HasPrefix(args[0], "!"):
		return p.errorf("a value is missing; * stands for any, and !%s for no such field", args[0])
	case len(args) != 1 && len(args) != 2:
		return p.usageError("<field> <value>, or !<field>; a value with spaces in quotes")
	}
	if m.Headers == nil {
		m.Headers = make(http.Header)
	}
	d.Reset()
	headers := caddyhttp.MatchHeader(m.Headers)
	return headers.UnmarshalCaddyfile(d)
}

// request reads any of Caddy's request matchers.
func (p *parser) request(d *caddyfile.Dispenser, m *Match) error {
	p.record("request")
	set, err := caddyhttp.ParseCaddyfileNestedMatcherSet(d)
	if err != nil {
		return err
	}
	if len(set) == 0 {
		return p.usageError("<matcher>, such as path /v1/*, or a block of matchers")
	}
	m.RequestRaw = caddyhttp.RawMatcherSets{set}
	return nil
}

// rule reads a rule in any of its forms.
func (p *parser) rule(d *caddyfile.Dispenser) error {
	i := len(p.h.Rules)
	p.record("rules[%d]", i)
	args := d.RemainingArgs()
	var r Rule
	var matcher string
	if len(args) > 0 && strings.HasPrefix(args[0], "@") {
		matcher, args = args[0], args[1:]
		r.Name = matcher[1:]
	}
	p.uses = append(p.uses, matcher)

	var err error
	if len(args) > 0 || matcher == "" {
		err = p.ruleLine(&r, args, matcher != "")
	} else {
		err = p.ruleBlock(d, &r, fmt.Sprintf("rules[%d].", i))
	}
	p.h.Rules = append(p.h.Rules, r)
	return err
}

const ruleUsage = "<CODE> [<description>], or @name [<status>] <CODE>|auto [<description>], or @name pass, or @name and a block; a description in quotes"

// ruleLine reads what follows the matcher on a rule's line.
func (p *parser) ruleLine(r *Rule, args []string, matched bool) error {
	if len(args) > 0 && startsWithDigit(args[0]) { // so it cannot be a code
		if !matched {
			return p.errorf("to match a status, write `@x` with `status %s`, then `rule @x`", args[0])
		}
		status, err := strconv.Atoi(args[0])
		if err != nil {
			return p.errorf("%q is not a status, such as 404", args[0])
		}
		r.Status, args = status, args[1:]
		if len(args) == 0 {
			return p.errorf("a code is missing after the status %d; auto is what is decided without the rule", status)
		}
	}
	switch {
	case len(args) == 0 || len(args) > 2:
		return p.usageError(ruleUsage)
	case !matched && (args[0] == "pass" || args[0] == "auto"):
		return p.errorf("%s needs a matcher: rule @name %s", args[0], args[0])
	case args[0] == "pass":
		r.Pass = true
		if len(args) == 2 || r.Status != 0 {
			return p.errorf("a response that passes keeps its status and its body; it should read: rule @name pass")
		}
	default:
		r.Code = args[0]
		if len(args) == 2 {
			r.Description = args[1]
		}
	}
	return nil
}

func startsWithDigit(s string) bool { return s != "" && '0' <= s[0] && s[0] <= '9' }

// ruleBlock reads the lines of a rule, which is the one at path.
func (p *parser) ruleBlock(d *caddyfile.Dispenser, r *Rule, path string) error {
	opened, err := p.block(d, options{
		"status": {usage: "<status>", min: 1, max: 1, parse: func(args []string) (err error) {
			p.record("%sstatus", path)
			if r.Status, err = strconv.Atoi(args[0]); err != nil {
				return p.errorf("%q is not a status, such as 404", args[0])
			}
			return nil
		}},
		"code":        p.word(path+"code", "<CODE>|auto", &r.Code),
		"description": p.word(path+"description", "<text>, in quotes", &r.Description),
		"resource":    p.word(path+"resource", "<RESOURCE>", &r.Resource),
		"challenge": {usage: "<error> [<scope...>]", min: 1, max: unlimited, parse: func(args []string) error {
			p.record("%schallenge", path)
			r.Challenge = &RuleChallenge{Error: args[0], Scope: strings.Join(args[1:], " ")}
			return nil
		}},
	})
	if err == nil && !opened {
		err = p.usageError(ruleUsage)
	}
	return err
}

// useMatchers gives the rules their matchers, wherever in the block these are
// defined.
func (p *parser) useMatchers() error {
	for i, name := range p.uses {
		if name == "" {
			continue
		}
		m := p.named(name)
		if m == nil {
			return errorAt(p.wrote[fmt.Sprintf("rules[%d]", i)], p.undefined(name))
		}
		m.used = true
		p.h.Rules[i].Match = &m.Match
		path := fmt.Sprintf("rules[%d].match", i)
		p.wrote[path] = m.name
		for line, token := range m.wrote {
			p.wrote[path+"."+line] = token
		}
	}
	for _, m := range p.matchers {
		if !m.used {
			return errorAt(m.name, fmt.Errorf("no rule uses this matcher; write one such as: rule %s pass", m.name.Text))
		}
	}
	return nil
}

// undefined says that no matcher has the name.
func (p *parser) undefined(name string) error {
	if len(p.matchers) == 0 {
		return fmt.Errorf("no matcher %s is defined in this block; write one such as %s status 404", name, name)
	}
	var names []string
	for _, m := range p.matchers {
		names = append(names, m.name.Text)
	}
	return fmt.Errorf("no matcher %s is defined in this block%s", name, suggestion(name, names))
}

// named returns the matcher with the name, or nil.
func (p *parser) named(name string) *namedMatcher {
	i := slices.IndexFunc(p.matchers, func(m *namedMatcher) bool { return m.name.Text == name })
	if i < 0 {
		return nil
	}
	return p.matchers[i]
}
