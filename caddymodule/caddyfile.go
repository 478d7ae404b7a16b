package caddymodule

import (
	"path/filepath"
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

func init() {
	httpcaddyfile.RegisterHandlerDirective("normalize_errors", parseCaddyfile)
	httpcaddyfile.RegisterDirectiveOrder("normalize_errors", httpcaddyfile.After, "header")
}

func parseCaddyfile(helper httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	h := new(Handler)
	return h, h.UnmarshalCaddyfile(helper.Dispenser)
}

// UnmarshalCaddyfile sets up the handler from Caddyfile tokens. Syntax:
//
//	normalize_errors [<matcher>] {
//	    observe
//	    codes all|documented
//	    code <status> <CODE> [<description>]
//	    catalog <file>
//	    resource <path pattern> <RESOURCE>
//	    infer_resource on|off
//	    description upstream|catalog
//	    handler_errors on|off
//	    pass <content-type pattern...>
//	    no_transform override|respect
//
//	    challenge relay
//	    challenge {
//	        realm <realm>
//	        resource_metadata <url>
//	        scope <path pattern> <scope...>
//	        error auto|always|never
//	        legacy auto|replace|keep
//	        relay
//	    }
//
//	    # a response matcher: all lines must hold, the values on a line are
//	    # alternatives; one line alone may follow the name
//	    @name {
//	        status <code|class...>
//	        header <field> [<value>]
//	        format <format...>
//	        upstream_code <pattern...>
//	        message <pattern...>
//	        field <path> [<value...>]
//	        body_regexp <pattern>
//	        request {
//	            <request matcher...>
//	        }
//	    }
//
//	    # tried in order, before every built-in decision
//	    rule @name [<status>] <CODE>|auto [<description>]
//	    rule @name pass
//	    rule @name {
//	        status <status>
//	        code <CODE>|auto
//	        description <text>
//	        resource <RESOURCE>
//	        challenge <error> [<scope...>]
//	    }
//	    rule <CODE> [<description>]
//
//	    capture <size>
//	    body_timeout <duration>|off
//	    error_id <header>|off
//	    payload off
//	    payload {
//	        max_size <size>
//	        statuses <code|class...>
//	        redact <regexp...>
//	        redact_field <name...>
//	    }
//	}
//
// The defaults are those of the members of [Handler].
func (h *Handler) UnmarshalCaddyfile(d *caddyfile.Dispenser) error {
	d.Next() // consume the directive name
	p := &parser{h: h, option: d.Token(), wrote: make(map[string]caddyfile.Token)}
	p.record("")
	if d.NextArg() {
		return d.Errf("unexpected argument %q: options go into a block, each on a line of its own", d.Val())
	}
	_, err := p.block(d, options{
		"observe":        p.flag(&h.Observe),
		"codes":          p.word("codes", "all|documented", &h.Codes),
		"code":           {usage: "<status> <CODE> [<description>], the description in quotes", min: 2, max: 3, repeats: true, parse: p.code},
		"catalog":        {usage: "<file>", min: 1, max: 1, parse: p.catalog},
		"resource":       {usage: "<path pattern> <RESOURCE>, such as /events* CALENDAR_EVENT", min: 2, max: 2, repeats: true, parse: p.resource},
		"infer_resource": p.onOff(&h.InferResource),
		"description":    p.word("description", "upstream|catalog", &h.Description),
		"handler_errors": p.onOff(&h.HandlerErrors),
		"pass":           p.words("pass", "<content-type pattern...>", &h.Pass),
		"no_transform":   p.word("no_transform", "override|respect", &h.NoTransform),
		"challenge":      {parseSegment: p.challenge},
		"@":              {parseSegment: p.matcher, repeats: true},
		"rule":           {parseSegment: p.rule, repeats: true},
		"capture":        p.size("capture", &h.Capture),
		"body_timeout":   {usage: "<duration>|off", min: 1, max: 1, parse: p.bodyTimeout},
		"error_id":       p.errorID(),
		"payload":        {parseSegment: p.payload},
	})
	if err != nil {
		return err
	}
	if err := p.useMatchers(); err != nil {
		return err
	}
	return p.locate(h.check())
}

func (p *parser) code(args []string) error {
	p.record("catalog[%d]", len(p.h.Catalog))
	status, err := strconv.Atoi(args[0])
	if err != nil {
		return p.errorf("%q is not a status, such as 404", args[0])
	}
	entry := CatalogEntry{Status: status, Code: args[1]}
	if len(args) == 3 {
		entry.Description = args[2]
	}
	p.h.Catalog = append(p.h.Catalog, entry)
	return nil
}

// catalog makes the file's path absolute, since the configuration may be loaded
// by a server that runs in another folder.
func (p *parser) catalog(args []string) error {
	p.record("catalog_file")
	file := args[0]
	if !filepath.IsAbs(file) {
		file = filepath.Join(filepath.Dir(p.option.File), file)
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return p.errorf("finding %s: %w", args[0], err)
	}
	p.h.CatalogFile = file
	return nil
}

func (p *parser) resource(args []string) error {
	p.record("resources[%d]", len(p.h.Resources))
	p.h.Resources = append(p.h.Resources, PathResource{Pattern: args[0], Resource: args[1]})
	return nil
}

func (p *parser) bodyTimeout(args []string) error {
	p.record("body_timeout")
	var timeout caddy.Duration
	if args[0] != "off" {
		parsed, err := caddy.ParseDuration(args[0])
		if err != nil {
			return p.errorf("%q is neither a duration, such as 5s, nor off", args[0])
		}
		if parsed == 0 {
			return p.errorf("to wait as long as the upstream takes, write off")
		}
		timeout = caddy.Duration(parsed)
	}
	p.h.BodyTimeout = &timeout
	return nil
}

func (p *parser) errorID() option {
	var id string
	opt := p.word("error_id", "<header>|off", &id)
	set := opt.parse
	opt.parse = func(args []string) error {
		p.h.ErrorID = &id
		return set(args)
	}
	return opt
}

func (p *parser) challenge(d *caddyfile.Dispenser) error {
	p.record("challenge")
	c := new(Challenge)
	p.h.Challenge = c
	if args := d.RemainingArgs(); len(args) > 0 {
		if c.Relay = len(args) == 1 && args[0] == "relay"; !c.Relay {
			return p.usageError("relay, or a block")
		}
		return nil
	}
	opened, err := p.block(d, options{
		"realm":             p.word("challenge.realm", "<realm>, in quotes if it has spaces", &c.Realm),
		"resource_metadata": p.word("challenge.resource_metadata", "<url>", &c.ResourceMetadata),
		"scope": {usage: "<path pattern> <scope...>", min: 2, max: unlimited, repeats: true, parse: func(args []string) error {
			p.record("challenge.scopes[%d]", len(c.Scopes))
			c.Scopes = append(c.Scopes, PathScope{Pattern: args[0], Scope: strings.Join(args[1:], " ")})
			return nil
		}},
		"error":  p.word("challenge.error", "auto|always|never", &c.Error),
		"legacy": p.word("challenge.legacy", "auto|replace|keep", &c.Legacy),
		"relay":  p.flag(&c.Relay),
	})
	if err == nil && !opened {
		err = p.usageError("relay, or a block")
	}
	return err
}

func (p *parser) payload(d *caddyfile.Dispenser) error {
	p.record("payload")
	payload := new(Payload)
	p.h.Payload = payload
	if args := d.RemainingArgs(); len(args) > 0 {
		if payload.Off = len(args) == 1 && args[0] == "off"; !payload.Off {
			return p.usageError("off, or a block")
		}
		return nil
	}
	opened, err := p.block(d, options{
		"max_size":     p.size("payload.max_size", &payload.MaxSize),
		"statuses":     p.statuses("payload.status_code", &payload.StatusCode),
		"redact":       p.words("payload.redact", "<regexp...>", &payload.Redact),
		"redact_field": p.words("payload.redact_fields", "<name...>", &payload.RedactFields),
	})
	if err == nil && !opened {
		err = p.usageError("off, or a block")
	}
	return err
}

// Interface guard
var _ caddyfile.Unmarshaler = (*Handler)(nil)
