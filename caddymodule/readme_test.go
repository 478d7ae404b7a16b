package caddymodule

import (
	"os"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	_ "github.com/caddyserver/caddy/v2/modules/logging" // for the README's log files
)

// TestTheREADMEsCaddyfilesAdapt takes every Caddyfile of the README as an
// operator would: a directive alone goes into a site.
func TestTheREADMEsCaddyfilesAdapt(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(readme), "```caddyfile\n")[1:]
	if len(blocks) < 5 {
		t.Fatalf("found %d blocks only", len(blocks))
	}
	for _, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		if strings.HasPrefix(block, "normalize_errors") {
			block = "localhost {\n" + block + "}\n"
		}
		_, warnings, err := caddyfile.Adapter{ServerType: httpcaddyfile.ServerType{}}.Adapt([]byte(block), nil)
		if err != nil {
			t.Errorf("%v:\n%s", err, block)
		}
		for _, warning := range warnings {
			if !strings.Contains(warning.Message, "not formatted") {
				t.Errorf("%s:\n%s", warning.Message, block)
			}
		}
	}
}

// The recipes of the README are those whose behaviour is tested.
func TestTheREADMEsRecipesAreTheTestedOnes(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"testdata/softerrors.Caddyfile", "../integration/challenge/testdata/disguise.Caddyfile"} {
		recipe, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(readme), strings.TrimSpace(string(recipe))) {
			t.Errorf("the README does not have %s as it is", name)
		}
	}
}
