package prose

import (
	"strings"
	"testing"
)

// A wording that has no word, or a listed word that is cut in two, would never
// be found.
func TestTablesCanMatch(t *testing.T) {
	tables := map[string]string{"boilerplate": chatterPhrases}
	for _, table := range leakPhrases {
		tables[table.kind] = table.phrases
	}
	for kind, table := range tables {
		for line := range tableLines(table) {
			p := parseWording(kind, line)
			if len(p.elems) == 0 || p.anchorWord() == "" {
				t.Errorf("%s: %q has no word", kind, line)
				continue
			}
			for field := range strings.FieldsSeq(line) {
				if field != "*" && !strings.ContainsFunc(field, func(r rune) bool { return r >= 0x80 || isAlnum(byte(r)) || r == '#' }) {
					t.Errorf("%s: %q: %q is no word; write it at the end of the word before", kind, line, field)
				}
			}
			if len(p.anchorWord()) > maxLower {
				t.Errorf("%s: %q is too long to be looked up", kind, p.anchorWord())
			}
			text := example(p)
			s := cutText(text, nil, nil)
			found := false
			for i := range s.words {
				found = found || p.matches(&s, i)
			}
			if !found {
				t.Errorf("%s: %q does not match %q", kind, line, text)
			}
		}
	}
	for w := range triggers.byWord {
		if s := cutText(w, nil, nil); len(s.words) != 1 || s.word(0) != w {
			t.Errorf("%q is not one word", w)
		}
	}
}

// example returns a text that p is to match.
func example(p *wording) string {
	var b strings.Builder
	for _, e := range p.elems {
		b.WriteString(" " + e.prev)
		switch {
		case e.gap:
			b.WriteString("some words")
		case e.number:
			b.WriteString("42")
		default:
			b.WriteString(e.word)
		}
		if e.next != 0 {
			b.WriteByte(e.next)
		}
	}
	return b.String()
}

func TestUnfoldUndoesOneLayer(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain text stays", "The plan is full.", "The plan is full."},
		{"JSON escapes", `\/etc\u002f\"x\"`, `/etc/"x"`},
		{"a surrogate pair", `\ud83d\ude00`, "😀"},
		{"half a pair is replaced", `\ud83d`, "\uFFFD"},
		{"an escape that is none stays", `^\d+$ \u12`, `^\d+$ \u12`},
		{"percent-encoding", "%2Fetc%E3%81%82", "/etcあ"},
		{"a percent sign stays", "50% of 100%", "50% of 100%"},
		{"entities", "&lt;b&gt; &#64; &#x2f;", "<b> @ /"},
		{"one layer only", "%252F &amp;lt;", "%2F &lt;"},
		{"full-width forms", "ＡＢ１２：／", "AB12:/"},
		{"invisible characters", "pass\u200bword\u00ad\ufeff", "password"},
		{"digits of other scripts", "١٢٣ ०१२", "123 012"},
		{"ideographic full stops", "10。0。0。1", "10.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Unfold(c.text); got != c.want {
				t.Errorf("Unfold(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestPrivateHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"example.com": false, "api.example.co.jp:443": false, "8.8.8.8": false, "[2001:4860:4860::8888]:443": false, "xn--r8jz45g.jp": false,
		"localhost": true, "db": true, "db01.internal": true, "x.svc.cluster.local.": true, "printer.home.arpa": true, "API.CORP": true,
		"10.1.2.3": true, "10.1.2.3:80": true, "172.16.0.1": true, "172.32.0.1": false, "192.168.1.1": true, "100.64.0.1": true, "100.128.0.1": false,
		"127.0.0.1": true, "169.254.169.254": true, "0.0.0.0": true, "[::1]": true, "::1": true, "fe80::1": true, "fd00::1": true, "::ffff:10.0.0.1": true,
		"2130706433": true, "127.1": true, "１２７.0.0.1": true, "mydb.abc.eu-west-1.rds.amazonaws.com": true, "s3.amazonaws.com": false, "": true,
	} {
		if got := PrivateHost(host); got != want {
			t.Errorf("PrivateHost(%q) = %v", host, got)
		}
	}
}

func TestLuhn(t *testing.T) {
	digits := func(s string) []byte {
		d := []byte(s)
		for i := range d {
			d[i] -= '0'
		}
		return d
	}
	for number, want := range map[string]bool{"4111111111111111": true, "4111111111111112": false, "79927398713": true, "0": true} {
		if luhn(digits(number)) != want {
			t.Errorf("luhn(%s) = %v", number, !want)
		}
	}
}

func TestJudgingAMessageAllocatesNothing(t *testing.T) {
	for _, text := range []string{
		"The calendar event has no end, and its recurrence needs one.",
		"size must be between 3 and 12",
		"Call 555-0123 between 9:00 and 17:30 for the user-facing terms of order A-17.",
	} {
		if empty, leak := Judge(text, 0, false); empty != "" || leak != "" {
			t.Errorf("%q: %q, %q", text, empty, leak)
		}
		if n := testing.AllocsPerRun(100, func() { Judge(text, 0, false) }); n > 0 {
			t.Errorf("judging %q allocates %v times", text, n)
		}
	}
}
