package normalize

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// documentedRows reads the rows of the public contract: status, code and
// description stand without a separator; a line that begins with no status
// belongs to the row above.
func documentedRows(t *testing.T) []Entry {
	t.Helper()
	contract, err := os.ReadFile("testdata/error-codes.txt")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`^([45]\d\d)((?:[A-Z_]|\{RESOURCE\})+)([A-Z][a-z]* .*)$`)
	_, table, _ := strings.Cut(string(contract), "HTTP status codeCodeDescription\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var rows []Entry
	for line := range strings.SplitSeq(table, "\n") {
		if m := row.FindStringSubmatch(line); m != nil {
			status, _ := strconv.Atoi(m[1])
			// A description's first letter is a capital, like the code's last.
			rows = append(rows, Entry{status, m[2], m[3]})
		} else {
			rows[len(rows)-1].Description += " " + line
		}
	}
	return rows
}

func TestTheCatalogueIsTheContractWordForWord(t *testing.T) {
	rows := documentedRows(t)
	if len(rows) != 19 {
		t.Fatalf("the contract has %d rows", len(rows))
	}
	if !slices.Equal(rows, builtin[:]) {
		for i := range rows {
			if rows[i] != builtin[i] {
				t.Errorf("row %d is\n%+v, want\n%+v", i, builtin[i], rows[i])
			}
		}
	}
}

func newTestNormalizer(t testing.TB, cfg Config) *Normalizer {
	t.Helper()
	n, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryRegisteredStatusHasARowNamedAfterItsPhrase(t *testing.T) {
	n := newTestNormalizer(t, Config{})
	for status := 400; status < 600; status++ {
		phrase := http.StatusText(status)
		own := n.catalog.own(status)
		want := upperSnake(strings.ReplaceAll(phrase, "-", " "))
		switch status {
		case 410:
			want = "DELETED"
		case 413:
			want = "CONTENT_TOO_LARGE"
		case 414:
			want = "URI_TOO_LONG"
		case 416:
			want = "RANGE_NOT_SATISFIABLE"
		case 418:
			want = "BAD_REQUEST" // registered as unused
		case 422:
			want = "INVALID_PARAMETER"
		}
		if phrase == "" {
			want = map[bool]string{true: "BAD_REQUEST", false: "INTERNAL_SERVER_ERROR"}[status < 500]
		}
		if own.Code != want {
			t.Errorf("%d is %s, want %s", status, own.Code, want)
		}
		if own.Description == "" {
			t.Errorf("%d has no description", status)
		}
	}
}

func TestDocumentedCodesAreAClosedList(t *testing.T) {
	listed := map[string]bool{}
	for _, e := range documentedRows(t) {
		listed[e.Code] = true
	}
	n := newTestNormalizer(t, Config{Documented: true})
	for status := 400; status < 600; status++ {
		if row := n.catalog.documented(n.catalog.own(status)); !listed[row.Code] {
			t.Errorf("%d folds onto %s", status, row.Code)
		}
	}
	for status, want := range map[int]string{
		402: "ACCESS_DENIED", 405: "BAD_REQUEST", 413: "LIMIT_EXCEEDED", 429: "LIMIT_EXCEEDED", 422: "INVALID_PARAMETER",
		416: "OUT_OF_RANGE", 423: "CONFLICT", 501: "INTERNAL_SERVER_ERROR", 502: "SERVICE_UNAVAILABLE", 504: "SERVICE_UNAVAILABLE",
	} {
		if got := n.catalog.documented(n.catalog.own(status)).Code; got != want {
			t.Errorf("%d folds onto %s, want %s", status, got, want)
		}
	}
}

func TestARowOfTheOperatorsIsAddedOrReworded(t *testing.T) {
	for _, c := range []struct {
		name  string
		cfg   Config
		fails string
	}{
		{"reworded", Config{Catalog: []Entry{{404, "NOT_FOUND", "Nope."}}}, ""},
		{"added", Config{Catalog: []Entry{{404, "USER_GONE", "The user is gone."}}}, ""},
		{"added to an unregistered status", Config{Catalog: []Entry{{499, "CLIENT_LEFT", "The client left."}}}, ""},
		{"without a description", Config{Catalog: []Entry{{404, "USER_GONE", ""}}}, "catalog[0]: adding code USER_GONE: the catalogue has no such code for 404, so it needs a description"},
		{"in the documented list", Config{Documented: true, Catalog: []Entry{{404, "USER_GONE", "x"}}}, "closed list"},
		{"lower case", Config{Catalog: []Entry{{404, "userGone", "x"}}}, "such as USER_GONE"},
		{"success", Config{Catalog: []Entry{{200, "FINE", "x"}}}, "status 200 is not in 400–599"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := New(c.cfg)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Errorf("error is %v, want %q", err, c.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := c.cfg.Catalog[0]
			if row, ok := n.catalog.row(want.Status, want.Code); !ok || row != want {
				t.Errorf("row is %+v", row)
			}
		})
	}
}

func TestTheFirstCodeOfAnUnregisteredStatusIsItsOwn(t *testing.T) {
	n := newTestNormalizer(t, Config{Catalog: []Entry{{418, "TEAPOT", "I'm a teapot."}, {404, "USER_GONE", "The user is gone."}}})
	for status, want := range map[int]string{418: "TEAPOT", 404: "NOT_FOUND", 419: "BAD_REQUEST"} {
		if got := n.catalog.own(status).Code; got != want {
			t.Errorf("%d is %s, want %s", status, got, want)
		}
	}
	if _, ok := n.catalog.row(418, "MISSING_PARAMETER"); !ok {
		t.Error("418 has lost the codes of 400")
	}
}

func TestWordsAreRespelledInUpperSnake(t *testing.T) {
	for in, want := range map[string]string{
		"NoSuchBucket": "NO_SUCH_BUCKET", "no-such-bucket": "NO_SUCH_BUCKET", "no.such bucket": "NO_SUCH_BUCKET", "HTTPError": "HTTP_ERROR",
		"missing_parameter": "MISSING_PARAMETER", "MissingParameter": "MISSING_PARAMETER", "E42Foo": "E42_FOO", "": "", "--": "", "ümlaut": "MLAUT", "a--b__c": "A_B_C",
	} {
		if got := upperSnake(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
