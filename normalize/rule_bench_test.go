package normalize

import (
	"fmt"
	"testing"
	"time"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

// manyRules are n rules with distinct codes, messages and members, a tenth of
// them without a status.
func manyRules(n int) []Rule {
	rules := make([]Rule, n)
	for i := range rules {
		m := new(Match)
		switch i % 6 {
		case 0:
			m.Code = []string{fmt.Sprintf("LEGACY_%04d", i)}
		case 1:
			m.Code = []string{fmt.Sprintf("*Error%04dException", i)}
		case 2:
			m.Message = []string{fmt.Sprintf("The account %04d is locked", i)}
		case 3:
			m.Message = []string{fmt.Sprintf("*account %04d is*", i)}
		case 4:
			m.Fields = []FieldMatch{{Path: "error.code", Values: []string{fmt.Sprintf("E-%04d", i)}}}
		case 5:
			m.Fields = []FieldMatch{{Path: fmt.Sprintf("error.detail_%04d", i)}}
		}
		if i%10 != 7 {
			m.Status = []int{400, 404, 409}
		}
		rules[i] = Rule{Pass: true, Match: m}
	}
	return rules
}

// unmatched is a response that resembles what manyRules look for.
func unmatched() (*Response, *recognize.Evidence, *Text) {
	const body = `{"timestamp":"2024-05-01T10:00:00.000+00:00","status":404,"error":{"code":"E-XXXX","message":"The account 99999 is not open","detail":{"id":12,"ref":"a-b-c"}},"path":"/v1/accounts/99999"}`
	return &Response{Status: 404}, &recognize.Evidence{
		Format: "json", Code: "com.acme.AccountError99999Exception", Message: "The account 99999 is not open",
	}, asText(body)
}

// benchmarkMatch measures rules on a response that none matches.
func benchmarkMatch(b *testing.B, rules []Rule) {
	rs := compile(b, rules...)
	resp, ev, text := unmatched()
	req := new(Request)
	b.ReportAllocs()
	for b.Loop() {
		if rs.match(req, resp, ev, text).rule != nil {
			b.Fatal("a rule matched")
		}
	}
}

func BenchmarkRules(b *testing.B) {
	for _, n := range [...]int{1, 10, 100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("unmatched/%d", n), func(b *testing.B) { benchmarkMatch(b, manyRules(n)) })
	}
	for _, n := range [...]int{10, 1_000} { // linear, as documented
		rules := make([]Rule, n)
		for i := range rules {
			rules[i] = Rule{Match: &Match{Status: []int{404}, BodyRegexp: fmt.Sprintf(`"code":"LEGACY_%04d"`, i)}}
		}
		b.Run(fmt.Sprintf("body_regexp/%d", n), func(b *testing.B) { benchmarkMatch(b, rules) })
	}
	b.Run("success", func(b *testing.B) {
		rs := compile(b, manyRules(1_000)...)
		req, resp := new(Request), &Response{Status: 200}
		b.ReportAllocs()
		for b.Loop() {
			if m := rs.matchHead(req, resp); m.rule != nil || m.needsBody {
				b.Fatal("a rule sees a 200")
			}
		}
	})
}

// TestThousandRulesCostAtMostTwiceTen measures both in turn and takes the least
// of several runs, so that another process's load does not count.
func TestThousandRulesCostAtMostTwiceTen(t *testing.T) {
	resp, ev, text := unmatched()
	req := new(Request)
	few, many := compile(t, manyRules(10)...), compile(t, manyRules(1_000)...)
	cost := func(rs *ruleSet) time.Duration {
		start := time.Now()
		for range 500 {
			if rs.match(req, resp, ev, text).rule != nil {
				t.Fatal("a rule matched")
			}
		}
		return time.Since(start)
	}
	least := [2]time.Duration{time.Hour, time.Hour}
	for range 40 {
		least[0] = min(least[0], cost(few))
		least[1] = min(least[1], cost(many))
	}
	ratio := float64(least[1]) / float64(least[0])
	t.Logf("10 rules %v, 1000 rules %v a response: × %.2f", least[0]/500, least[1]/500, ratio)
	if ratio > 2 {
		t.Errorf("a thousand rules cost %.2f times what ten cost", ratio)
	}
}
