package caddymodule

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/dustin/go-humanize"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

// parser reads one directive into h. It remembers which token wrote what, so
// that the checks of the finished configuration, which speak of JSON paths, can
// be reported with a file and a line.
type parser struct {
	h        *Handler
	option   caddyfile.Token            // the name of the option at hand
	wrote    map[string]caddyfile.Token // JSON path to the name of the option that wrote it
	matchers []*namedMatcher            // in the order of their definition
	uses     []string                   // the name of each rule's matcher, or empty
}

// option is how one option of a block is read.
type option struct {
	// usage is what a right line reads after the option's name.
	usage string
	// min and max are how many arguments the line may have.
	min, max int
	// repeats says that the option may be given more than once.
	repeats bool
	// parse takes the arguments of an option without a block.
	parse func(args []string) error
	// parseSegment, if set, reads the line and its block instead. The cursor is
	// at the option's name.
	parseSegment func(d *caddyfile.Dispenser) error
}

// options are the options of a block by name; "@" stands for all names that
// begin with it.
type options map[string]option

const unlimited = math.MaxInt

// block reads the block that opens at the end of d's line, and reports whether
// there was one with something in it.
func (p *parser) block(d *caddyfile.Dispenser, opts options) (opened bool, err error) {
	seen := make(map[string]caddyfile.Token)
	for d.NextBlock(0) {
		opened = true
		if err := p.next(d.NewFromNextSegment(), opts, seen); err != nil {
			return true, err
		}
	}
	return opened, nil
}

// next reads one option, of which d holds all tokens. seen are the options of
// the block so far.
func (p *parser) next(d *caddyfile.Dispenser, opts options, seen map[string]caddyfile.Token) error {
	d.Next()
	p.option = d.Token()
	name := p.option.Text
	if strings.HasPrefix(name, "@") {
		name = "@"
	}
	opt, ok := opts[name]
	if !ok {
		names := slices.Sorted(maps.Keys(opts))
		if names[0] == "@" {
			names[0] = "@name"
		}
		return d.Errf("unknown option %s%s", p.option.Text, suggestion(p.option.Text, names))
	}
	if first, twice := seen[name]; twice && !opt.repeats {
		return p.errorf("given twice, first at %s:%d; keep one of them", first.File, first.Line)
	}
	seen[name] = p.option

	if opt.parseSegment != nil {
		if err := opt.parseSegment(d); err != nil {
			return err
		}
	} else {
		args := d.RemainingArgs()
		if len(args) < opt.min || len(args) > opt.max {
			return p.usageError(opt.usage)
		}
		if err := opt.parse(args); err != nil {
			return err
		}
	}
	if d.Next() {
		return p.errorf("unexpected %q at the end of the line", d.Val())
	}
	return nil
}

// record notes that the option at hand wrote the member at the JSON path.
func (p *parser) record(format string, args ...any) {
	p.wrote[fmt.Sprintf(format, args...)] = p.option
}

// errorf returns an error about the option at hand.
func (p *parser) errorf(format string, args ...any) error {
	return errorAt(p.option, fmt.Errorf(format, args...))
}

// usageError says what the line at hand should read.
func (p *parser) usageError(usage string) error {
	return p.errorf("it should read: %s", strings.TrimSpace(p.option.Text+" "+usage))
}

// locate turns an error with a JSON path into one with a file and a line.
func (p *parser) locate(err error) error {
	var config *normalize.ConfigError
	if !errors.As(err, &config) {
		return err
	}
	path := config.Path
	for {
		if token, ok := p.wrote[path]; ok {
			return errorAt(token, config.Err)
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
}

// errorAt returns err with the text, file and line of token.
func errorAt(token caddyfile.Token, err error) error {
	d := caddyfile.NewDispenser([]caddyfile.Token{token})
	d.Next()
	return d.WrapErr(fmt.Errorf("%s: %w", token.Text, err))
}

// suggestion says which of names was probably meant, or lists them.
func suggestion(name string, names []string) string {
	for _, candidate := range names {
		if editDistance(name, candidate) <= 1+len(candidate)/5 {
			return fmt.Sprintf(" (did you mean %s?)", candidate)
		}
	}
	return "; there are " + strings.Join(names, ", ")
}

// editDistance counts the insertions, deletions and replacements of bytes that
// turn a into b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// The functions below return options with one kind of value each, for the
// member at the JSON path.

func (p *parser) flag(value *bool) option {
	return option{parse: func([]string) error {
		*value = true
		return nil
	}}
}

func (p *parser) onOff(value **bool) option {
	return option{usage: "on|off", min: 1, max: 1, parse: func(args []string) error {
		on := args[0] == "on"
		if !on && args[0] != "off" {
			return p.errorf("%q is neither on nor off", args[0])
		}
		*value = &on
		return nil
	}}
}

func (p *parser) word(path, usage string, value *string) option {
	return option{usage: usage, min: 1, max: 1, parse: func(args []string) error {
		p.record("%s", path)
		if args[0] == "" {
			// JSON leaves an empty member out, which then means the default.
			return p.errorf("the value is empty; leave the line out for the default")
		}
		*value = args[0]
		return nil
	}}
}

func (p *parser) words(path, usage string, values *[]string) option {
	return option{usage: usage, min: 1, max: unlimited, repeats: true, parse: func(args []string) error {
		for _, arg := range args {
			p.record("%s[%d]", path, len(*values))
			*values = append(*values, arg)
		}
		return nil
	}}
}

func (p *parser) size(path string, value *int64) option {
	return option{usage: "<size>, such as 64KiB", min: 1, max: 1, parse: func(args []string) error {
		p.record("%s", path)
		size, err := humanize.ParseBytes(args[0])
		if err != nil {
			return p.errorf("%q is not a size, such as 64KiB", args[0])
		}
		if size == 0 {
			return p.errorf("the size is 0; leave the line out for the default")
		}
		*value = int64(min(size, math.MaxInt64))
		return nil
	}}
}

// statuses takes what Caddy's response matchers take: 404, 4xx, 4.
func (p *parser) statuses(path string, values *[]int) option {
	return option{usage: "<code|class...>, such as 404 5xx", min: 1, max: unlimited, repeats: true, parse: func(args []string) error {
		for _, arg := range args {
			p.record("%s[%d]", path, len(*values))
			digits := arg
			if len(arg) == 3 {
				digits = strings.TrimSuffix(arg, "xx")
			}
			status, err := strconv.Atoi(digits)
			if err != nil {
				return p.errorf("%q is neither a status, such as 404, nor a class, such as 4xx", arg)
			}
			*values = append(*values, status)
		}
		return nil
	}}
}
