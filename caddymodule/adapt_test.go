package caddymodule

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"

	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode/gzip"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode/zstd"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/requestbody"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"
)

var update = flag.Bool("update", false, "rewrite what the .caddyfiletest files expect; review the difference")

// TestAdapt adapts every Caddyfile of testdata. Below the dashes is the JSON
// that comes of a good one, or the error of a bad one. $DIR stands for the
// folder of the Caddyfile.
func TestAdapt(t *testing.T) {
	t.Setenv("NORMALIZE_ERRORS_TEST_REALM", "from the environment")
	for _, file := range caddyfileTests(t) {
		t.Run(file.name, func(t *testing.T) {
			got, err := file.adapt()
			if bad := strings.HasPrefix(file.name, "bad_"); bad != (err != nil) {
				t.Fatalf("adapting yields the error %v", err)
			}
			if err != nil {
				got = err.Error()
			}
			got = strings.ReplaceAll(got, file.dir, "$DIR")
			if *update {
				file.rewrite(t, got)
				return
			}
			if got != file.want {
				t.Errorf("adapting yields\n%s\nwant\n%s", got, file.want)
			}
		})
	}
}

// TestAdaptedConfigurationLoads is `caddy adapt | caddy validate`: the JSON that
// comes of a Caddyfile provisions, and nothing of it is lost when it is read and
// written again.
func TestAdaptedConfigurationLoads(t *testing.T) {
	t.Setenv("NORMALIZE_ERRORS_TEST_REALM", "from the environment")
	for _, file := range caddyfileTests(t) {
		adapted, err := file.adapt()
		if err != nil {
			continue // TestAdapt has seen it
		}
		t.Run(file.name, func(t *testing.T) {
			var config caddy.Config
			if err := caddy.StrictUnmarshalJSON([]byte(adapted), &config); err != nil {
				t.Fatal(err)
			}
			config.Admin = &caddy.AdminConfig{Disabled: true}
			config.Logging = &caddy.Logging{Logs: map[string]*caddy.CustomLog{"default": {
				BaseLog: caddy.BaseLog{WriterRaw: json.RawMessage(`{"output": "discard"}`)},
			}}}
			if err := caddy.Validate(&config); err != nil {
				t.Errorf("validating: %v", err)
			}
			handlers := handlersIn(t, []byte(adapted))
			if len(handlers) == 0 {
				t.Fatal("the configuration has no normalize_errors")
			}
			for _, raw := range handlers {
				provisionJSON(t, raw)
				var h Handler
				if err := caddy.StrictUnmarshalJSON(raw, &h); err != nil {
					t.Fatal(err)
				}
				again, err := json.Marshal(&h)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := canonical(t, again), canonical(t, raw); got != want {
					t.Errorf("written again, the handler is\n%s\nwant\n%s", got, want)
				}
			}
		})
	}
}

// FuzzDirective: whatever stands in a directive, it is read or refused with a
// file and a line.
func FuzzDirective(f *testing.F) {
	for _, file := range caddyfileTests(f) {
		if _, directive, ok := strings.Cut(file.caddyfile, "normalize_errors"); ok {
			f.Add("normalize_errors" + directive)
		}
	}
	f.Fuzz(func(t *testing.T, directive string) {
		tokens, err := caddyfile.Tokenize([]byte(directive), "Caddyfile")
		if err != nil || len(tokens) == 0 {
			t.Skip("no tokens")
		}
		err = new(Handler).UnmarshalCaddyfile(caddyfile.NewDispenser(tokens))
		if err != nil && !strings.Contains(err.Error(), ", at Caddyfile:") {
			t.Errorf("the error names no line: %v", err)
		}
	})
}

// canonical spells JSON with its members sorted.
func canonical(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatal(err)
	}
	sorted, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(sorted)
}

// caddyfileTest is a file of testdata.
type caddyfileTest struct {
	name, dir       string
	caddyfile, want string
}

func caddyfileTests(t testing.TB) []caddyfileTest {
	t.Helper()
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.caddyfiletest"))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatal("testdata has no .caddyfiletest")
	}
	var files []caddyfileTest
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		config, want, ok := strings.Cut(string(data), "----------\n")
		if !ok {
			t.Fatalf("%s has no line of dashes", name)
		}
		files = append(files, caddyfileTest{
			name:      strings.TrimSuffix(filepath.Base(name), ".caddyfiletest"),
			dir:       dir,
			caddyfile: config,
			want:      strings.TrimSpace(want),
		})
	}
	return files
}

// adapt returns the indented JSON of the Caddyfile.
func (f *caddyfileTest) adapt() (string, error) {
	result, _, err := caddyconfig.GetAdapter("caddyfile").Adapt([]byte(f.caddyfile), map[string]any{
		"filename": filepath.Join(f.dir, "Caddyfile"),
	})
	if err != nil {
		return "", err
	}
	var indented bytes.Buffer
	err = json.Indent(&indented, result, "", "\t")
	return indented.String(), err
}

func (f *caddyfileTest) rewrite(t *testing.T, want string) {
	t.Helper()
	data := f.caddyfile + "----------\n" + want + "\n"
	if err := os.WriteFile(filepath.Join(f.dir, f.name+".caddyfiletest"), []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// handlersIn returns the normalize_errors handlers of a configuration, in order,
// without the member that names the handler.
func handlersIn(t *testing.T, config []byte) []json.RawMessage {
	t.Helper()
	var list []json.RawMessage
	if json.Unmarshal(config, &list) == nil {
		var handlers []json.RawMessage
		for _, element := range list {
			handlers = append(handlers, handlersIn(t, element)...)
		}
		return handlers
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(config, &object) != nil {
		return nil
	}
	if string(object["handler"]) == `"normalize_errors"` {
		delete(object, "handler")
		raw, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		return []json.RawMessage{raw}
	}
	var handlers []json.RawMessage
	for _, member := range object {
		handlers = append(handlers, handlersIn(t, member)...)
	}
	return handlers
}

// provisionJSON loads a handler from its JSON as Caddy does.
func provisionJSON(t *testing.T, raw json.RawMessage) *Handler {
	t.Helper()
	h, err := loadJSON(t, raw)
	if err != nil {
		t.Fatalf("provisioning: %v", err)
	}
	return h
}

func loadJSON(t *testing.T, raw json.RawMessage) (*Handler, error) {
	t.Helper()
	ctx, cancel := caddy.NewContext(caddy.Context{Context: t.Context()})
	t.Cleanup(cancel)
	module, err := ctx.LoadModuleByID("http.handlers.normalize_errors", raw)
	if err != nil {
		return nil, err
	}
	return module.(*Handler), nil
}
