package normalize

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAnEnvelopeIsTwoStringMembersWhateverTheText(t *testing.T) {
	for _, text := range []string{
		"", "plain", `quote " backslash \ slash /`, "<b>&amp;</b>", "tab\tline\nreturn\r", "\x00\x1f\x7f\u0080\u009f", "\u2028\u2029",
		"日本語 한국어 ü 🎉", "bad \xff\xc3 utf-8", strings.Repeat("x", 10_000),
	} {
		body := AppendEnvelope(nil, "NOT_FOUND", text)
		if !utf8.Valid(body) {
			t.Errorf("%q: not UTF-8: %q", text, body)
		}
		var members map[string]string
		if err := json.Unmarshal(body, &members); err != nil {
			t.Fatalf("%q: %v: %s", text, err, body)
		}
		if len(members) != 2 || members["code"] != "NOT_FOUND" || members["description"] != strings.ToValidUTF8(text, "\uFFFD") &&
			members["description"] != strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\uFFFD", "\uFFFD\uFFFD") {
			t.Errorf("%q became %q", text, members)
		}
		for _, b := range body {
			if b < 0x20 || b == 0x7f {
				t.Errorf("%q: a control character is not escaped: %q", text, body)
			}
		}
	}
	if got, want := string(AppendEnvelope(nil, "A", "<&>\u2028\u0085")), `{"code":"A","description":"<&>\u2028\u0085"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAnEnvelopeIsReadOnlyIfItIsExactlyOne(t *testing.T) {
	for body, ok := range map[string]bool{
		`{"code":"NOT_FOUND","description":"x"}`:                            true,
		` { "description" : "x" , "code" : "NOT_FOUND" } ` + "\n":           true,
		`{"code":"NOT_FOUND","description":"x","status":404}`:               false,
		`{"code":"NOT_FOUND"}`:                                              false,
		`{"code":404,"description":"x"}`:                                    false,
		`{"code":"A","code":"B","description":"x"}`:                         false,
		`{"code":"NOT_FOUND","description":null}`:                           false,
		`{"code":"NOT_FOUND","description":{"code":"A","description":"x"}}`: false,
		`{"code":"NOT_FOUND","description":"x"} trailing`:                   false,
		`{"code":"NOT_FOUND","description":"x"}{}`:                          false,
		`{"code":"NOT_FOUND","description":"x"`:                             false,
		`[{"code":"NOT_FOUND","description":"x"}]`:                          false,
	} {
		if _, _, got := parseEnvelope(body); got != ok {
			t.Errorf("%s: read %v, want %v", body, got, ok)
		}
	}
}
