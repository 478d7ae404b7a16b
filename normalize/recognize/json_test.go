package recognize_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/internal/fixture"
	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

func TestTolerance(t *testing.T) {
	tests := []struct{ name, text, code, message string }{
		{"a trailing comma", `{"code":"A_B","message":"no such page",}`, "A_B", "no such page"},
		{"single quotes", `{'code':'A_B','message':'no such page'}`, "A_B", "no such page"},
		{"bare names", `{code:"A_B",message:"no such page"}`, "A_B", "no such page"},
		{"Python's literals", `{'code':'A_B','data':None,'ok':False,'message':'no such page'}`, "A_B", "no such page"},
		{"numbers that are none", `{"n":NaN,"m":Infinity,"o":undefined,"message":"no such page"}`, "", "no such page"},
		{"a bare line break in a string", "{\"message\":\"no such\npage\"}", "", "no such page"},
		{"escapes", `{"message":"\u00e9t\u00E9 \ud83d\ude00 \"x\" a\/b"}`, "", `été 😀 "x" a/b`},
		{"half a surrogate pair", `{"message":"a \ud83d b"}`, "", "a \ufffd b"},
		{"an escape that is none", `{"message":"a \q \u12 b"}`, "", "a \\q \ufffd12 b"},
		{"white space before and within", " \r\n\t{ \"message\" :\t\"no such page\" }", "", "no such page"},
		{"something after the end", `{"message":"no such page"} trailing`, "", "no such page"},
		{"a member that is no JSON comes after", `{"message":"no such page","x":oops}`, "", "no such page"},
		{"the text ends within a string", `{"code":"A_B","message":"no such page","trace":"at `, "A_B", "no such page"},
		{"the text ends within the message", `{"code":"A_B","message":"no such pa`, "A_B", ""},
		{"the text ends within a number", `{"message":"no such page","code":12`, "", "no such page"},
		{"the text ends within a nested object", `{"error":{"code":"A_B","message":"no such page","x":{"y":[1,`, "A_B", "no such page"},
		{"a name twice: the first counts", `{"message":"no such page","message":"other"}`, "", "no such page"},
		{"a long stack trace before the message", `{"status":404,"trace":"` + strings.Repeat(`\tat a.b.C(C.java:1)\n`, 3000) + `","message":"no such page"}`, "", "no such page"},
		{"a long list before the message", `{"items":[` + strings.Repeat(`{"a":1,"b":[1,2]},`, 3000) + `{}],"message":"no such page"}`, "", "no such page"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ev := recognize.Recognize(recognize.Input{Status: 404, MediaType: "application/json", Text: test.text})
			if ev.Code != test.code || fold(ev.Message) != test.message {
				t.Errorf("code %q, message %q; want %q, %q", ev.Code, ev.Message, test.code, test.message)
			}
		})
	}
}

func TestNoJSON(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":               "",
		"a bracket":             "[",
		"a log line":            "[2024-05-02 08:15:30] ERROR no such page",
		"a template":            "{error}",
		"an unfinished name":    `{"mess`,
		"a member that is none": `{"message"}`,
	} {
		t.Run(name, func(t *testing.T) {
			ev := recognize.Recognize(recognize.Input{Status: 404, Text: text})
			if ev.Format == "json" {
				t.Errorf("read as JSON: %+v", ev)
			}
		})
	}
}

func TestKindOf(t *testing.T) {
	tests := []struct {
		code, message string
		want          recognize.ViolationKind
	}{
		{"NotBlank", "", recognize.Missing},
		{"NotNull", "darf nicht null sein", recognize.Missing},
		{"required", "", recognize.Missing},
		{"value_error.missing", "", recognize.Missing},
		{"any.required", "", recognize.Missing},
		{"string.empty", "", recognize.Missing},
		{"isNotEmpty", "", recognize.Missing},
		{"missing_field", "", recognize.Missing},
		{"NotEmptyValidator", "", recognize.Missing},
		{"", "This field is required.", recognize.Missing},
		{"", "must not be null", recognize.Missing},
		{"", "can't be blank", recognize.Missing},
		{"", "may not be empty", recognize.Missing},
		{"", "Field required", recognize.Missing},
		{"", "email is missing", recognize.Missing},
		{"", "name must be provided", recognize.Missing},
		{"", "no name was specified", recognize.Invalid},
		{"", "name was not specified", recognize.Missing},
		{"", "Missing data for required field.", recognize.Missing},
		{"", "メールアドレスは必須です。", recognize.Missing},
		{"", "이름은 필수 항목입니다.", recognize.Missing},

		{"Size", "", recognize.Range},
		{"too_short", "", recognize.Range},
		{"string_too_long", "", recognize.Range},
		{"TooLong", "", recognize.Range},
		{"string.min", "", recognize.Range},
		{"maxLength", "", recognize.Range},
		{"greater_than_equal", "", recognize.Range},
		{"value_error.number.not_le", "", recognize.Range},
		{"DecimalMax", "", recognize.Range},
		{"OUT_OF_RANGE", "", recognize.Range},
		{"", "size must be between 4 and 8", recognize.Range},
		{"", "must be at least 18", recognize.Range},
		{"", "is too long (maximum is 255 characters)", recognize.Range},
		{"", "must be greater than or equal to 0", recognize.Range},
		{"", "must be <= 100", recognize.Range},
		{"", "Ensure this field has no more than 10 characters.", recognize.Range},
		{"", "パスワードは8文字以上で入力してください。", recognize.Missing},
		{"", "20자 이하로 해 주세요", recognize.Range},

		{"", "must be a well-formed email address", recognize.Invalid},
		{"", "The value provided is no date.", recognize.Invalid},
		{"", "has already been taken", recognize.Invalid},
		{"type_error.integer", "value is not a valid integer", recognize.Invalid},
		{"Email", "not an address", recognize.Invalid},
		{"", "", recognize.Invalid},
	}
	for _, test := range tests {
		if got := recognize.KindOf(test.code, test.message); got != test.want {
			t.Errorf("KindOf(%q, %q) is %d, want %d", test.code, test.message, got, test.want)
		}
	}
}

func TestFields(t *testing.T) {
	tests := []struct{ name, complaint, want string }{
		{"a name", `{"field":"email","message":"x y"}`, "email"},
		{"a dotted path", `{"field":"address.zip","message":"x y"}`, "address.zip"},
		{"a path in brackets", `{"field":"items[0].qty","message":"x y"}`, "items.0.qty"},
		{"a JSON path", `{"field":"$.items[0].qty","message":"x y"}`, "items.0.qty"},
		{"a location before it", `{"field":"body.email","message":"x y"}`, "email"},
		{"a JSON pointer", `{"pointer":"/items/0/qty","message":"x y"}`, "items.0.qty"},
		{"a pointer as a fragment", `{"pointer":"#/age","message":"x y"}`, "age"},
		{"a pointer into JSON:API", `{"source":{"pointer":"/data/attributes/title"},"detail":"x y"}`, "title"},
		{"a pointer with escapes", `{"pointer":"/a~1b/c~0d","message":"x y"}`, "a/b.c~d"},
		{"a list of parts", `{"loc":["body","items",0,"qty"],"msg":"x y"}`, "items.0.qty"},
		{"a list of fields", `{"fields":["a","b"],"message":"x y"}`, "a"},
		{"a parameter", `{"source":{"parameter":"sort"},"detail":"x y"}`, "sort"},
		{"a location beside it", `{"location":"body","param":"email","msg":"x y"}`, "email"},
		{"a sentence is no field", `{"field":"The e-mail address","code":"A","message":"x y"}`, ""},
		{"nor is an address", `{"target":"https://example.com/x","field":"a","message":"x y"}`, "a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ev := recognize.Recognize(recognize.Input{Status: 422, Text: `{"violations":[` + test.complaint + `,{"field":"last","message":"x"}]}`})
			if len(ev.Violations) != 2 || ev.Violations[0].Field != test.want {
				t.Errorf("got %+v, want the field %q", ev.Violations, test.want)
			}
		})
	}
}

func TestHeaderCode(t *testing.T) {
	tests := []struct {
		field, value, want string
	}{
		{"X-Amzn-ErrorType", "ThrottlingException:http://internal.example.com/", "ThrottlingException"},
		{"X-Ms-Error-Code", "BlobNotFound", "BlobNotFound"},
	}
	for _, test := range tests {
		h := http.Header{}
		h.Set(test.field, test.value)
		if ev := recognize.Recognize(recognize.Input{Status: 404, Header: h}); ev.Code != test.want {
			t.Errorf("%s: %s is read as %q, want %q", test.field, test.value, ev.Code, test.want)
		}
	}
}

// TestCut cuts every recorded JSON body everywhere: whatever is still read is
// something that the whole body says.
func TestCut(t *testing.T) {
	cases, err := fixture.Load("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		in := input(c)
		if !strings.HasPrefix(in.Text, "{") && !strings.HasPrefix(in.Text, "[") {
			continue
		}
		in.Truncated = true
		whole := in.Text
		said := strings.Join(strings.Fields(unescaped(whole)), " ")
		for n := range whole {
			in.Text = whole[:n]
			ev := recognize.Recognize(in)
			if ev.Format == "text" || ev.Format == "" || ev.Format == "magento" {
				continue // nothing was complete, or the message is put together
			}
			if !strings.Contains(said, fold(ev.Message)) && !strings.Contains(whole, "&quot;") {
				t.Fatalf("%s cut at %d: the message is %q", c.Name, n, ev.Message)
			}
		}
	}
}

// unescaped undoes the escapes that the recorded bodies use.
func unescaped(s string) string {
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\/`, `/`, `\n`, "\n", `\r`, "\r", `\t`, "\t").Replace(s)
}

func TestReadersAreStateless(t *testing.T) {
	first := recognize.Recognize(recognize.Input{Status: 400, Text: jsonErrors[1].text})
	recognize.Recognize(recognize.Input{Status: 404, Text: `{"errors":[{"field":"other","message":"other"}]}`})
	if again := recognize.Recognize(recognize.Input{Status: 400, Text: jsonErrors[1].text}); !reflect.DeepEqual(first, again) {
		t.Errorf("first %+v, then %+v", first, again)
	}
}

func FuzzJSON(f *testing.F) {
	cases, err := fixture.Load("../testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		if in := input(c); len(in.Text) < 4<<10 {
			f.Add(in.Text, in.MediaType, in.Status)
		}
	}
	f.Fuzz(func(t *testing.T, text, mediaType string, status int) {
		ev := recognize.Recognize(recognize.Input{Status: status, MediaType: mediaType, Text: text})
		strs := []string{ev.Format, ev.Code, ev.Message, ev.Title, ev.Scope}
		for _, v := range ev.Violations {
			strs = append(strs, v.Field, v.Code, v.Message)
		}
		for _, s := range strs {
			if len(s) > recognize.MaxMessage {
				t.Fatalf("%d bytes of %.40q", len(s), s)
			}
			if utf8.ValidString(text) && !utf8.ValidString(s) {
				t.Fatalf("%q is not UTF-8", s)
			}
		}
		if len(ev.Violations) > recognize.MaxViolations {
			t.Fatalf("%d violations", len(ev.Violations))
		}
	})
}
