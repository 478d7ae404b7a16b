package recognize_test

import (
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

func TestLookup(t *testing.T) {
	const soap = `<?xml version="1.0" encoding="ISO-8859-1"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode>
<faultstring xml:lang="en">No such &lt;order&gt;</faultstring></s:Fault></s:Body></s:Envelope>`
	const list = `<Errors count="2"><Error><Code>A</Code></Error><Error><Code>B</Code></Error><Empty/></Errors>`
	tests := []struct {
		name, text, path, value string
		ok                      bool
	}{
		{"a member at the root", `{"code":"A"}`, "code", "A", true},
		{"a nested member", `{"error":{"code":"A"}}`, "error.code", "A", true},
		{"an element of an array", `{"errors":[{"code":"A"},{"code":"B"}]}`, "errors.1.code", "B", true},
		{"an array at the root", `[{"code":"A"}]`, "0.code", "A", true},
		{"a number as written", `{"n":1.50e3}`, "n", "1.50e3", true},
		{"a boolean", `{"ok":false}`, "ok", "false", true},
		{"null", `{"data":null}`, "data", "null", true},
		{"an escaped string", `{"m":"a\u00e9\n\"b\" \ud83d\ude00"}`, "m", "aé\n\"b\" 😀", true},
		{"an escaped name", `{"caf\u00e9":"A"}`, "café", "A", true},
		{"a name with a dot", `{"odata.error":{"code":"A"}}`, "odata.error.code", "A", true},
		{"a name with a dot beside its beginning", `{"odata":{"x":1},"odata.error":{"code":"A"}}`, "odata.error.code", "A", true},
		{"an object has no value", `{"error":{"code":"A"}}`, "error", "", true},
		{"case counts", `{"Code":"A"}`, "code", "", false},
		{"nothing there", `{"code":"A"}`, "code.x", "", false},
		{"the complete part of a cut text", `{"code":"A","message":"no such th`, "code", "A", true},
		{"the cut part of a cut text", `{"code":"A","message":"no such th`, "message", "", false},
		{"JSON behind PHP's noise", "<br />\n<b>Warning</b>: x in <b>/a.php</b> on line <b>3</b><br />\n{\"code\":\"A\"}", "code", "A", true},
		{"an element", soap, "Envelope.Body.Fault.faultcode", "s:Client", true},
		{"entities are undone", soap, "Envelope.Body.Fault.faultstring", "No such <order>", true},
		{"an attribute", soap, "Envelope.Body.Fault.faultstring.@lang", "en", true},
		{"a namespace declaration is none", soap, "Envelope.@s", "", false},
		{"the first of several", list, "Errors.Error.Code", "A", true},
		{"the first by number", list, "Errors.Error.0.Code", "A", true},
		{"the second", list, "Errors.Error.1.Code", "B", true},
		{"an empty element", list, "Errors.Empty", "", true},
		{"an element with children has no value", list, "Errors.Error", "", true},
		{"HTML has no members", `<html><head><title>x</title></head></html>`, "html.head.title", "", false},
		{"text has no members", `code: A`, "code", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			value, ok := recognize.Parse(recognize.Input{Text: test.text}).Lookup(test.path)
			if value != test.value || ok != test.ok {
				t.Errorf("Lookup(%q) is %q, %v; want %q, %v", test.path, value, ok, test.value, test.ok)
			}
		})
	}
}

func TestWalk(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"every scalar once, in order", `{"a":1,"b":{"c":["x",{"d":null}]},"e":{}}`, "a=1 b.c.0=x b.c.1.d=null"},
		{"names that are empty or hold dots", `{"":{"a":1},"b":{"":2},"c.d":{"e":3}}`, ".a=1 b.=2 c.d.e=3"},
		{"elements and attributes", `<r a="1"><x>2</x><x>3</x><y><z/></y></r>`, "r.@a=1 r.x=2 r.x.1=3 r.y.z="},
		{"nothing in text", `plain`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			doc := recognize.Parse(recognize.Input{Text: test.text})
			doc.Walk(func(path, value string) bool {
				got = append(got, path+"="+value)
				if v, ok := doc.Lookup(path); !ok || v != value {
					t.Errorf("Lookup(%q) is %q, %v; Walk said %q", path, v, ok, value)
				}
				return true
			})
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("got %q, want %q", s, test.want)
			}
		})
	}
}

func TestWalkIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"many members":  `{` + strings.Repeat(`"k":{"v":[1,2,3]},`, 5000) + `"z":1}`,
		"a long array":  `[` + strings.Repeat(`1,`, 50000) + `1]`,
		"deep nesting":  strings.Repeat(`[`, 50000),
		"deep elements": strings.Repeat(`<a b="1">`, 20000),
		"many elements": `<r>` + strings.Repeat(`<a b="1">x</a>`, 20000) + `</r>`,
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			recognize.Parse(recognize.Input{Text: text}).Walk(func(path, _ string) bool {
				n++
				if d := strings.Count(path, "."); d > 2*recognize.MaxDepth {
					t.Errorf("%q is too deep", path)
				}
				return true
			})
			if n > recognize.MaxMembers {
				t.Errorf("visited %d members", n)
			}
		})
	}
	n := 0
	recognize.Parse(recognize.Input{Text: `{"a":1,"b":2}`}).Walk(func(string, string) bool { n++; return false })
	if n != 1 {
		t.Errorf("visited %d members after being told to stop", n)
	}
}

func FuzzDocument(f *testing.F) {
	for _, seed := range []string{
		`{"errors":[{"code":"A","detail":"b\u00e9"}],"x.y":{"z":1}}`, `[{"a":[[1]]}]`, `{'a':'b',}`, `{"a":"\ud83d`,
		`<a b="c"><d>e</d><d>&amp;</d></a>`, `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>`,
	} {
		f.Add(seed, "a.0.b")
	}
	f.Fuzz(func(t *testing.T, text, path string) {
		doc := recognize.Parse(recognize.Input{Text: text})
		doc.Lookup(path)
		n := 0
		doc.Walk(func(path, value string) bool {
			if n++; n > recognize.MaxMembers {
				t.Fatal("too many members")
			}
			if _, ok := doc.Lookup(path); !ok {
				t.Fatalf("Walk visits %q, which Lookup does not find", path)
			}
			return true
		})
	})
}
