package normalize

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// textLists returns the lines of the files in testdata/dir, without comments.
func textLists(t testing.TB, dir string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no lists in testdata/%s: %v", dir, err)
	}
	lines := map[string][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if line != "" && !strings.HasPrefix(line, "# ") {
				lines[name] = append(lines[name], line)
			}
		}
	}
	return lines
}

func TestNoLeakingTextPasses(t *testing.T) {
	n := 0
	for name, lines := range textLists(t, "leaks") {
		for _, line := range lines {
			n++
			if Leak(line) == "" {
				t.Errorf("%s passes: %s", name, line)
			}
			if description, _ := phrase(line, "", nil); description != "" {
				t.Errorf("%s becomes a description: %s", name, line)
			}
		}
	}
	if n < 170 {
		t.Errorf("only %d leaking texts", n)
	}
}

func TestBenignTextIsKept(t *testing.T) {
	n, lost := 0, 0
	for name, lines := range textLists(t, "benign") {
		for _, line := range lines {
			n++
			description, why := phrase(line, "", nil)
			if description == "" {
				lost++
				t.Logf("%s lost (%s): %s", name, why, line)
			}
		}
	}
	if n < 170 {
		t.Errorf("only %d benign texts", n)
	}
	if lost*100 > 3*n {
		t.Errorf("%d of %d benign texts are lost, more than 3%%", lost, n)
	}
}

func BenchmarkLeak(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"60 characters", "Customer 42 does not exist, check the number and try again."},
		{"200 characters", "The order cannot be cancelled in state SHIPPED: ask the carrier to return it, or open a claim at https://www.example.com/help/claims within 14 days of 2024-01-15; the amount of 1,299.00 EUR is refunded then."},
		{"60 characters of Japanese", "指定された顧客は存在しません。番号をご確認のうえ、もう一度お試しください。項目「数量」は１以上です。"},
		{"4 KiB of words", strings.Repeat("select a plan from ", 215)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if kind := Leak(c.text); kind != "" {
					b.Fatal(kind)
				}
			}
		})
	}
}

func BenchmarkPhrase(b *testing.B) {
	request := &Request{Path: "/v1/orders/42", RawQuery: "expand=lines&page=2", Header: map[string][]string{"User-Agent": {"curl/8.5.0"}}}
	for _, c := range []struct{ name, message, field string }{
		{"message", "Customer 42 does not exist, check the number and try again.", ""},
		{"message and field", "must be greater than or equal to 0", "lines[2].quantity"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if text, why := phrase(c.message, c.field, request); text == "" {
					b.Fatal(why)
				}
			}
		})
	}
}
