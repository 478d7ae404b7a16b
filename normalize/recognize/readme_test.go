package recognize_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/normalize/recognize"
)

var update = flag.Bool("update", false, "write the table of formats into the README")

// TestTheREADMEListsWhatIsRecognised keeps the table of the README as the code
// has it; -update writes it.
func TestTheREADMEListsWhatIsRecognised(t *testing.T) {
	const readme = "../../README.md"
	content, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(content), "-update` -->\n")
	_, after, found := strings.Cut(rest, "<!-- /formats -->")
	if !ok || !found {
		t.Fatal("the README has no place for the table of formats")
	}
	want := before + "-update` -->\n" + formats() + "<!-- /formats -->" + after
	if want == string(content) {
		return
	}
	if !*update {
		t.Fatal("the README's table of formats is not what the code has; run this test with -update")
	}
	if err := os.WriteFile(readme, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func formats() string {
	var b strings.Builder
	b.WriteString("| format | kind | told by | code | message |\n|---|---|---|---|---|\n")
	cell := strings.NewReplacer("|", `\|`, "\n", " ")
	for _, f := range recognize.Families() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", f.Name, f.Kind, cell.Replace(f.Signature), orNone(cell.Replace(f.Code)), orNone(cell.Replace(f.Message)))
	}
	return b.String()
}

func orNone(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
