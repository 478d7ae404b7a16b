package normalize

import (
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestPhrase(t *testing.T) {
	request := &Request{
		Method:        http.MethodGet,
		Path:          "/shop/orders/näh",
		RawQuery:      "q=blue+shoes&n=7&token=abc%20def&x=%E3%81%82%E3%81%84%E3%81%86",
		Authorization: []string{"Bearer topsecretvalue"},
		Header:        http.Header{"Referer": {"https://shop.example/cart"}, "Cookie": {"a=1; basket=basket-12345"}},
	}
	for _, c := range []struct {
		name, message, field, want, why string
	}{
		{"a message is kept", "The plan is full.", "", "The plan is full.", ""},
		{"white space becomes single spaces", "  The plan\r\n\tis\u00a0 full. \n", "", "The plan is full.", ""},
		{"marks of encoding go", "\ufeffThe plan is full.", "", "The plan is full.", ""},
		{"a field is put before", "must be positive", "items[0].price", "items[0].price: must be positive", ""},
		{"not if the message begins with it", "Price must be positive", "price", "Price must be positive", ""},
		{"not if it begins with it in quotes", `"price" must be positive`, "price", `"price" must be positive`, ""},
		{"but if it begins with a longer word", "priceless", "price", "price: priceless", ""},
		{"a field that is no name is left out", "must be positive", "a b<c>", "must be positive", ""},
		{"a field that leaks is left out", "must be positive", "java.lang.String", "must be positive", ""},
		{"a long field is left out", "must be positive", strings.Repeat("a", 65), "must be positive", ""},
		{"a word is enough after a field", "Invalid", "price", "price: Invalid", ""},
		{"a secret after its field leaks", "hunter2", "password", "", "leak: secret"},
		{"a complaint about a password does not", "required", "password", "password: required", ""},

		{"nothing is no message", " \n\t", "", "", "no message"},
		{"200 characters fit", strings.Repeat("ä ", 99) + "äb", "", strings.Repeat("ä ", 99) + "äb", ""},
		{"201 do not", strings.Repeat("ä ", 100) + "b", "", "", "too long"},
		{"control characters do not pass", "a\x00b is wrong", "", "", "unprintable"},
		{"nor characters that turn the text around", "a \u202e b", "", "", "unprintable"},
		{"nor what was not decoded", "caf\xe9 is closed", "", "", "unprintable"},
		{"nor what was decoded wrongly", "caf\uFFFD is closed", "", "", "unprintable"},
		{"joiners stay", "کتاب\u200cها پیدا نشد", "", "کتاب\u200cها پیدا نشد", ""},

		{"the status phrase says nothing", "Not Found", "", "", "status phrase"},
		{"in any case and with its number", "HTTP/1.1 404 not found!", "", "", "status phrase"},
		{"with its number in parentheses", "Bad Request (400)", "", "", "status phrase"},
		{"as a constant", "METHOD_NOT_ALLOWED", "", "", "status phrase"},
		{"as a class", "NotFound", "", "", "status phrase"},
		{"nor does that of another status", "Internal Server Error", "", "", "status phrase"},
		{"nor a usual phrase for it", "The requested resource could not be found.", "", "", "status phrase"},
		{"nor one in Japanese", "ページが見つかりません。", "", "", "status phrase"},
		{"nor one in Korean", "잘못된 요청입니다.", "", "", "status phrase"},
		{"nor one in German", "Nicht gefunden", "", "", "status phrase"},
		{"nor punctuation", "...!", "", "", "boilerplate"},
		{"nor null", "null", "", "", "boilerplate"},
		{"but what was not found says something", "User not found", "", "User not found", ""},
		{"and so does why", "Authentication credentials were not provided.", "", "Authentication credentials were not provided.", ""},
		{"and permission", "You do not have permission to perform this action.", "", "You do not have permission to perform this action.", ""},
		{"and which method", `Method "DELETE" not allowed.`, "", `Method "DELETE" not allowed.`, ""},

		{"Express's router is chatter", "Cannot GET /x", "", "", "boilerplate"},
		{"Rails's", `No route matches [GET] "/x"`, "", "", "boilerplate"},
		{"Tomcat's", "The requested resource [/x] is not available", "", "", "boilerplate"},
		{"Werkzeug's", "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.", "", "", "boilerplate"},
		{"Spring's", "No message available", "", "", "status phrase"},
		{"ASP.NET's", "No HTTP resource was found that matches the request URI 'x'.", "", "", "boilerplate"},
		{"Fastify's", "Route GET:/x not found", "", "", "boilerplate"},
		{"Kong's", "no Route matched with those values", "", "", "boilerplate"},
		{"Apache's", "Your browser sent a request that this server could not understand.", "", "", "boilerplate"},

		{"the path is an echo", "Nothing at /shop/orders/näh", "", "", "echo"},
		{"without its slash as well", "No file shop/orders/näh.", "", "", "echo"},
		{"and percent-encoded", "Nothing at /shop/orders/n%C3%A4h", "", "", "echo"},
		{"a longer path is not", "Use /shop/orders/nähen", "", "Use /shop/orders/nähen", ""},
		{"a value of the query is an echo", "No results for Blue Shoes", "", "", "echo"},
		{"a raw value as well", "No results for blue+shoes", "", "", "echo"},
		{"in any script", "「あいう」はありません", "", "", "echo"},
		{"escaped as well", `No results for \u0062lue shoes`, "", "", "echo"},
		{"a short value is not", "7 is too much", "", "7 is too much", ""},
		{"credentials are an echo", "Unknown user topsecretvalue", "", "", "echo"},
		{"the referrer", "Do not come from https://shop.example/cart", "", "", "echo"},
		{"a cookie", "basket-12345 is gone", "", "", "echo"},

		{"markup does not pass", "<b>bold</b> is wrong", "", "", "leak: markup"},
		{"nor SQL", "near SELECT * FROM users", "", "", "leak: sql"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, why := phrase(c.message, c.field, request)
			if got != c.want || why != c.why {
				t.Errorf("phrase(%q, %q) = %q, %q; want %q, %q", c.message, c.field, got, why, c.want, c.why)
			}
		})
	}
}

func TestLeakOfLongText(t *testing.T) {
	if kind := Leak(strings.Repeat("word ", 1000)); kind != "length" {
		t.Errorf("a text of 5,000 characters is %q", kind)
	}
	if kind := Leak("%" + strings.Repeat("25", 8) + "2Fetc"); kind != "escapes" {
		t.Errorf("a text of nine layers is %q", kind)
	}
}

// Whatever the upstream says, a description is short, printable, on one line
// and gives nothing away.
func FuzzGuard(f *testing.F) {
	for _, dir := range []string{"leaks", "benign"} {
		for _, lines := range textLists(f, dir) {
			for i, line := range lines {
				if i%8 == 0 {
					f.Add(line, "items[0].price", "/shop/orders", "q=blue+shoes")
				}
			}
		}
	}
	f.Add("No results for blue shoes", "q", "/", "q=blue%20shoes&x")
	f.Fuzz(func(t *testing.T, message, field, path, query string) {
		request := &Request{Path: path, RawQuery: query, Header: http.Header{"Cookie": {query}, "Referer": {path}}}
		description, why := phrase(message, field, request)
		if (description == "") == (why == "") {
			t.Fatalf("description %q, why %q", description, why)
		}
		if n := utf8.RuneCountInString(description); n > maxDescription+len(": ")+maxField || !utf8.ValidString(description) {
			t.Fatalf("%d characters: %q", n, description)
		}
		for _, r := range description {
			if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
				t.Fatalf("%U in %q", r, description)
			}
		}
		if kind := Leak(description); kind != "" {
			t.Fatalf("%q leaks: %s", description, kind)
		}
	})
}
