package normalize

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCredentialsAreTakenOutOfText(t *testing.T) {
	r := NewRedactor([]string{"Customer-Id"}, []*regexp.Regexp{regexp.MustCompile(`INC\d{6}`)})
	for in, want := range map[string]string{
		// JSON members
		`{"user":"app","password":"hunter2","x":1}`: `{"user":"app","password":"REDACTED","x":1}`,
		`{"password" : "a\"b", "x":"y"}`:            `{"password" : "REDACTED", "x":"y"}`,
		`{"access_token":"abc","expires":3600}`:     `{"access_token":"REDACTED","expires":3600}`,
		`{"accessToken":12345,"a":1}`:               `{"accessToken":REDACTED,"a":1}`,
		`{"password":null}`:                         `{"password":null}`,
		`{"spring.datasource.password":"x"}`:        `{"spring.datasource.password":"REDACTED"}`,
		`{"customer_id":"42"}`:                      `{"customer_id":"REDACTED"}`,
		`{"credentials":{"user":"u","secret":"s"}}`: `{"credentials":{"user":"u","secret":"REDACTED"}}`,
		`"{\"password\":\"hunter2\",\"a\":1}"`:      `"{\"password\":\"REDACTED\",\"a\":1}"`,
		// Form fields, properties, environments
		`user=a&password=hunter2&next=/x`:        `user=a&password=REDACTED&next=/x`,
		`DB_PASSWORD = 'hunter2'`:                `DB_PASSWORD = 'REDACTED'`,
		`'AWS_SECRET_ACCESS_KEY' => 'abc/def'`:   `'AWS_SECRET_ACCESS_KEY' => 'REDACTED'`,
		`db password=hunter2 at 10.0.0.5`:        `db password=REDACTED at 10.0.0.5`,
		"X-Api-Key: k-123\nHost: x":              "X-Api-Key: REDACTED\nHost: x",
		"Authorization: Bearer abc.def\nHost: x": "Authorization: REDACTED\nHost: x",
		// XML
		`<user><password>hunter2</password></user>`:     `<user><password>REDACTED</password></user>`,
		`<s:Password Type="#Text">hunter2</s:Password>`: `<s:Password Type="#Text">REDACTED</s:Password>`,
		`<add name="x" password="hunter2"/>`:            `<add name="x" password="REDACTED"/>`,
		`<password/><a>text</a>`:                        `<password/><a>text</a>`,
		// Tokens, keys, numbers, URLs
		`sent Bearer dG9rZW4tdmFsdWU9 to it`:                                         `sent Bearer REDACTED to it`,
		`jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln was bad`:                      `jwt REDACTED was bad`,
		`key AKIAIOSFODNN7EXAMPLE was bad`:                                           `key REDACTED was bad`,
		`card 4111 1111 1111 1111 declined`:                                          `card REDACTED declined`,
		`card 4111111111111111, order 4111111111111112`:                              `card REDACTED, order 4111111111111112`,
		`postgres://app:s3cret@db:5432/x`:                                            `postgres://app:REDACTED@db:5432/x`,
		"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest": "-----BEGIN RSA PRIVATE KEY-----REDACTED-----END RSA PRIVATE KEY-----\nrest",
		`see INC123456`: `see REDACTED`,
		// Nothing to take out
		`{"message":"The password is too short"}`: `{"message":"The password is too short"}`,
		`Basic authentication is required`:        `Basic authentication is required`,
		`WWW-Authenticate: Basic realm="Legacy"`:  `WWW-Authenticate: Basic realm="Legacy"`,
		`http://example.com:8080/x@y`:             `http://example.com:8080/x@y`,
		``:                                        ``,
	} {
		got, redacted := r.Redact(in)
		if got != want {
			t.Errorf("%q became\n%q, want\n%q", in, got, want)
		}
		if redacted != (in != want) {
			t.Errorf("%q: redacted is %v", in, redacted)
		}
	}
}

func FuzzRedact(f *testing.F) {
	for _, c := range loadCases(f) {
		f.Add(string(c.Body))
	}
	f.Add(`{"password":"a\`)
	f.Add(`-----BEGIN PRIVATE KEY-----`)
	r := NewRedactor(nil, nil)
	f.Fuzz(func(t *testing.T, text string) {
		got, redacted := r.Redact(text)
		if !redacted && got != text {
			t.Errorf("%q changed unmarked to %q", text, got)
		}
		if utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q is no UTF-8 any more: %q", text, got)
		}
		if len(got) > len(text)+len(Redacted)*(1+strings.Count(got, Redacted)) {
			t.Errorf("%d bytes grew to %d", len(text), len(got))
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	r := NewRedactor(nil, nil)
	for name, text := range map[string]string{
		"4KiB trace":      strings.Repeat("\tat com.example.orders.OrderService.load(OrderService.java:42)\n", 64),
		"64KiB of digits": strings.Repeat("1 ", 32<<10), "64KiB of names": strings.Repeat("password ", 7<<10), "64KiB of quotes": strings.Repeat(`password="`, 6<<10),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r.Redact(text)
			}
		})
	}
}

func TestTextWithoutCredentialsIsNotCopied(t *testing.T) {
	r := NewRedactor(nil, nil)
	for name, text := range map[string]string{"JSON": string(json500), "HTML": string(html2k), "SOAP": string(soap1k)} {
		if clean, changed := r.Redact(text); changed || clean != text {
			t.Errorf("%s: redacted to %s", name, clean)
		}
		if n := testing.AllocsPerRun(100, func() { r.Redact(text) }); n > 0 {
			t.Errorf("%s: redacting allocates %v times", name, n)
		}
	}
}
