package normalize

import (
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

func TestRuleMatchesFields(t *testing.T) {
	const json = `{"success":false,"code":"E1","n":1.50,"none":null,"empty":"","list":[],"object":{},"hollow":{"a":null},
		"error":{"message":"Boom","details":[{"id":7},{"id":8}]},"a.b":"dotted"}`
	const xml = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
		<faultcode>s:Server</faultcode><detail code="12"/></s:Fault></s:Body></s:Envelope>`
	one := func(path string, values ...string) []FieldMatch { return []FieldMatch{{Path: path, Values: values}} }
	tests := []struct {
		when   string
		body   string
		fields []FieldMatch
		want   bool
	}{
		{"a member is there", json, one("code"), true},
		{"a member is not there", json, one("Code"), false},
		{"a value", json, one("code", "E1"), true},
		{"a value in another case", json, one("code", "e1"), false},
		{"one of the values", json, one("code", "E2", "E*"), true},
		{"a truth value", json, one("success", "false"), true},
		{"a number as written", json, one("n", "1.50"), true},
		{"a number spelled otherwise", json, one("n", "1.5"), false},
		{"an empty text is there", json, one("empty"), true},
		{"an empty text by value", json, one("empty", ""), true},
		{"a null is not there", json, one("none"), false},
		{"a null by value", json, one("none", "null"), true},
		{"any value is a scalar", json, one("error", "*"), false},
		{"an empty list is not there", json, one("list"), false},
		{"an empty object is not there", json, one("object"), false},
		{"an object of nulls is not there", json, one("hollow"), false},
		{"an object is there", json, one("error"), true},
		{"a list is there", json, one("error.details"), true},
		{"an element is there", json, one("error.details.1"), true},
		{"an element is not there", json, one("error.details.2"), false},
		{"a member of an element", json, one("error.details.1.id", "8"), true},
		{"a name with a dot", json, one("a.b", "dotted"), true},
		{"two members", json, append(one("code", "E1"), one("error.message", "*oo*")...), true},
		{"two members, one of them otherwise", json, append(one("code", "E1"), one("error.message", "oo")...), false},
		{"an element of XML is there", xml, one("Envelope.Body.Fault"), true},
		{"the text of an element", xml, one("Envelope.Body.Fault.faultcode", "*:Server"), true},
		{"an attribute", xml, one("Envelope.Body.Fault.detail.@code", "12"), true},
		{"an element by its prefix", xml, one("s:Envelope"), false},
		{"no members in a text", "plain words", one("plain"), false},
	}
	for _, test := range tests {
		t.Run(test.when, func(t *testing.T) {
			rs := compile(t, Rule{Match: &Match{Fields: test.fields}, Pass: true})
			got := rs.match(new(Request), &Response{Status: 500}, new(recognize.Evidence), asText(test.body))
			if (got.rule != nil) != test.want {
				t.Errorf("the rule holds: %v", got.rule != nil)
			}
		})
	}
}

func TestRuleTextOfFields(t *testing.T) {
	tests := []struct {
		when, text, body string
		want             string
		ok               bool
	}{
		{"a member of the body", "See {upstream.field.error.ref}.", `{"error":{"ref":"R-7"}}`, "See R-7.", true},
		{"a member that is no scalar", "See {upstream.field.error}.", `{"error":{"ref":"R-7"}}`, "See .", false},
		{"a member that is not there", "See {upstream.field.ref}.", `{}`, "See .", false},
		{"a member that is null", "See {upstream.field.ref}.", `{"ref":null}`, "See .", false},
		{"an element", "See {upstream.field.e.@id}.", `<e id="7"/>`, "See 7.", true},
		{"a placeholder in a member is text", "{upstream.field.a}", `{"a":"{env.SECRET}"}`, "{env.SECRET}", true},
	}
	for _, test := range tests {
		got, ok := expandText(t, test.text, "", new(Request), new(recognize.Evidence), test.body)
		if got != test.want || ok != test.ok {
			t.Errorf("%s: got %q, %v; want %q, %v", test.when, got, ok, test.want, test.ok)
		}
	}
}
