package caddymodule

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/normalize-errors/caddy-normalize-errors/normalize"
)

func TestProvisioningRefusesMistakesWithTheirJSONPath(t *testing.T) {
	for name, test := range map[string]struct{ config, want string }{
		"a catalogue of codes that is none":    {`{"codes": "closed"}`, `codes: "closed" is neither all nor documented`},
		"a description by nobody":              {`{"description": "mine"}`, `description: "mine" is neither upstream nor catalog`},
		"an unknown meaning of no-transform":   {`{"no_transform": "ignore"}`, `no_transform: "ignore" is neither override nor respect`},
		"a capture below 1 KiB":                {`{"capture": 1023}`, `capture: 1023 B is out of bounds: it must be 1 KiB to 16 MiB`},
		"a capture beyond 16 MiB":              {`{"capture": 16777217}`, `capture: 16777217 B is out of bounds: it must be 1 KiB to 16 MiB`},
		"a negative capture":                   {`{"capture": -1}`, `capture: -1 B is out of bounds: it must be 1 KiB to 16 MiB`},
		"a negative body timeout":              {`{"body_timeout": "-1s"}`, `body_timeout: -1s is out of bounds: it must be more than 0s and at most 5m, or off`},
		"a body timeout beyond 5m":             {`{"body_timeout": "301s"}`, `body_timeout: 5m1s is out of bounds: it must be more than 0s and at most 5m, or off`},
		"an error id in no field":              {`{"error_id": "X Error"}`, `error_id: "X Error" is not the name of a header field, such as X-Error-Id`},
		"an error id in a field of the answer": {`{"error_id": "content-type"}`, `error_id: the header field content-type has a meaning of its own; take another, such as X-Error-Id`},
		"more recorded than captured":          {`{"capture": 2048, "payload": {"max_size": 2049}}`, `payload.max_size: 2049 B is out of bounds: it must be at least 1 byte and at most what is captured, 2 KiB`},
		"a negative size of records":           {`{"payload": {"max_size": -1}}`, `payload.max_size: -1 B is out of bounds: it must be at least 1 byte and at most what is captured, 64 KiB`},
		"a recorded status that is none":       {`{"payload": {"status_code": [4, 99]}}`, `payload.status_code[1]: 99 is neither a status, 100 to 599, nor the digit of a class, 1 to 5`},
		"a redaction that is no regexp":        {`{"payload": {"redact": ["a", "b("]}}`, "payload.redact[1]: error parsing regexp: missing closing ): `b(`"},
		"a redacted member without a name":     {`{"payload": {"redact_fields": ["pin", ""]}}`, `payload.redact_fields[1]: a name is missing`},
		"a code without a description":         {`{"catalog": [{"status": 404, "code": "NO_SUCH_BADGE"}]}`, `catalog[0]: adding code NO_SUCH_BADGE: the catalogue has no such code for 404, so it needs a description`},
		"a resource in lower case":             {`{"resources": [{"pattern": "/*", "resource": "event"}]}`, `resources[0].resource: parsing resource "event": a resource is upper-case words joined by underscores, such as EVENT`},
		"an empty media type":                  {`{"pass": ["a/b", ""]}`, `pass[1]: parsing media type pattern: it is empty; write one such as application/vnd.example+json`},
		"a realm with a quote":                 {`{"challenge": {"realm": "a\"b"}}`, `challenge.realm: parsing realm "a\"b"`},
		"a scope with a quote":                 {`{"challenge": {"scopes": [{"pattern": "/*", "scope": "a\"b"}]}}`, `challenge.scopes[0].scope: parsing scope`},
		"an error that is none of ours":        {`{"challenge": {"error": "sometimes"}}`, `challenge.error: "sometimes" is not known`},
		"a regexp that is none":                {`{"rules": [{}, {}, {}, {"match": {"body_regexp": "("}}]}`, `rules[3].match.body_regexp: error parsing regexp`},
		"a matched status that is none":        {`{"rules": [{"match": {"status_code": [404, 7]}}]}`, `rules[0].match.status_code[1]: 7 is no final status`},
		"a member path in another grammar":     {`{"rules": [{"match": {"field": [{"path": "a"}, {"path": "$.b"}]}}]}`, `rules[0].match.field[1].path: parsing path "$.b"`},
		"a blank pattern":                      {`{"rules": [{"match": {"upstream_code": [""]}}]}`, `rules[0].match.upstream_code[0]: the value is empty`},
		"a rule's status out of range":         {`{"rules": [{"status": 200, "code": "NOT_FOUND"}]}`, `rules[0].status: 200 is not in 400–599`},
		"a rule's code without a row":          {`{"rules": [{"code": "NO_SUCH_BADGE"}]}`, `rules[0].code: the catalogue has no NO_SUCH_BADGE`},
		"a rule's code beside the closed list": {
			`{"codes": "documented", "rules": [{"code": "NO_SUCH_BADGE", "description": "x"}]}`,
			`rules[0].code: the documented codes, a closed list, have no NO_SUCH_BADGE`,
		},
		"a rule that passes and answers":           {`{"rules": [{"pass": true, "code": "NOT_FOUND"}]}`, `rules[0].pass: a response that passes leaves as it is`},
		"a rule's resource in lower case":          {`{"rules": [{"resource": "event"}]}`, `rules[0].resource: parsing resource "event"`},
		"a rule's challenge with an unknown error": {`{"rules": [{"challenge": {"error": "no_token"}}]}`, `rules[0].challenge.error: "no_token" is no error of a challenge`},
		"a rule's challenge with a bad scope":      {`{"rules": [{"challenge": {"error": "insufficient_scope", "scope": "a  b"}}]}`, `rules[0].challenge.scope: parsing scope "a  b"`},
		"a request matcher that does not compile": {
			`{"rules": [{}, {"match": {"request": [{"expression": "1 +"}]}}]}`,
			`rules[1].match.request: loading request matchers`,
		},
		"a request matcher that asks for what there is not": {
			`{"rules": [{"match": {"request": [{"expression": "{upstream.body} != \"\""}]}}]}`,
			`rules[0].match.request: {upstream.body} is unknown here; there are {upstream.code}, .message, .status, .format and .field.<path>`,
		},
		"a member that does not exist": {`{"captur": 1024}`, `unknown field "captur"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadJSON(t, json.RawMessage(test.config))
			if err == nil {
				t.Fatal("provisioning succeeds")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("provisioning fails with\n%v\nwhich does not contain\n%s", err, test.want)
			}
		})
	}
}

func TestTheZeroConfigurationHasTheDocumentedDefaults(t *testing.T) {
	h := provisionJSON(t, json.RawMessage(`{}`))
	if h.capture != 64<<10 || h.bodyTimeout != 5*time.Second || h.errorIDHeader != "X-Error-Id" || !h.handlerErrors {
		t.Errorf("capture %d, body timeout %s, error id %q, handler errors %t", h.capture, h.bodyTimeout, h.errorIDHeader, h.handlerErrors)
	}
	p := &h.payload
	if !p.enabled || p.maxSize != 64<<10 {
		t.Errorf("payload %t, %d bytes", p.enabled, p.maxSize)
	}
	if got, _ := p.redactor.Redact("password=hunter2 PIN: 1 aa"); got != "password=REDACTED PIN: REDACTED aa" {
		t.Errorf("redacted to %q", got)
	}
	for _, status := range []int{200, 302, 404, 499, 500, 599} {
		if !p.statuses.has(status) {
			t.Errorf("the body of a %d is not recorded", status)
		}
	}
	if h.normalizer == nil || h.logger == nil {
		t.Error("there is no normalizer, or no logger")
	}
}

func TestSettingsAreResolved(t *testing.T) {
	h := provisionJSON(t, json.RawMessage(`{
		"capture": 2048,
		"body_timeout": 0,
		"error_id": "x-correlation-id",
		"handler_errors": false,
		"payload": {"max_size": 1024, "status_code": [5, 404], "redact": ["z+"], "redact_fields": ["shoe_number"]}
	}`))
	if h.capture != 2048 || h.bodyTimeout != 0 || h.errorIDHeader != "X-Correlation-Id" || h.handlerErrors {
		t.Errorf("capture %d, body timeout %s, error id %q, handler errors %t", h.capture, h.bodyTimeout, h.errorIDHeader, h.handlerErrors)
	}
	p := &h.payload
	if got, _ := p.redactor.Redact("Shoe-Number: 9 zz"); got != "Shoe-Number: REDACTED REDACTED" || p.maxSize != 1024 {
		t.Errorf("payload of %d bytes, redacted to %q", p.maxSize, got)
	}
	for status, recorded := range map[int]bool{404: true, 500: true, 599: true, 400: false, 405: false, 200: false, 600: false, -1: false} {
		if p.statuses.has(status) != recorded {
			t.Errorf("the body of a %d is recorded: %t", status, !recorded)
		}
	}
	for _, off := range []string{`""`, `"off"`} {
		if h := provisionJSON(t, json.RawMessage(`{"error_id": `+off+`}`)); h.errorIDHeader != "" {
			t.Errorf("error id %s is in %q", off, h.errorIDHeader)
		}
	}
	if h := provisionJSON(t, json.RawMessage(`{"payload": {"off": true}}`)); h.payload.enabled {
		t.Error("payload off records")
	}
}

func TestRulesReachPackageNormalize(t *testing.T) {
	h := provisionJSON(t, json.RawMessage(`{"rules": [{
		"name": "all",
		"match": {
			"status_code": [404, 5], "headers": {"X-Legacy": ["a*"], "X-Gone": null},
			"request": [{"path": ["/v1/*"], "expression": "{http.request.method} == \"PUT\""}, {"host": ["other"]}]
		},
		"status": 403, "code": "{RESOURCE}_LOCKED", "description": "The {RESOURCE} is locked.",
		"resource": "USER", "challenge": {"error": "invalid_token", "scope": "a b"}
	}, {"code": "auto"}]}`))
	cfg, err := h.resolve()
	if err != nil {
		t.Fatal(err)
	}
	rule := cfg.Rules[0]
	if rule.Name != "all" || rule.Code != "{resource}_LOCKED" || rule.Description != "The {resource} is locked." ||
		rule.Status != 403 || rule.Resource != "USER" || rule.Error != "invalid_token" || rule.Scope != "a b" {
		t.Errorf("the rule is %+v", rule)
	}
	if second := cfg.Rules[1]; second.Name != "rules[1]" || second.Code != "" || second.Match != nil {
		t.Errorf("the second rule is %+v", second)
	}

	for name, test := range map[string]struct {
		header http.Header
		want   bool
	}{
		"a value that a pattern takes":         {http.Header{"X-Legacy": {"b", "abc"}}, true},
		"a value that none takes":              {http.Header{"X-Legacy": {"b"}}, false},
		"no value":                             {http.Header{}, false},
		"a field that must not be there":       {http.Header{"X-Legacy": {"abc"}, "X-Gone": {"1"}}, false},
		"a value of another case, as in Caddy": {http.Header{"X-Legacy": {"ABC"}}, false},
	} {
		if got := rule.Match.Header(test.header); got != test.want {
			t.Errorf("the header with %s matches: %t", name, got)
		}
	}
	for name, test := range map[string]struct {
		method, target string
		want           bool
	}{
		"all matchers of a set":       {"PUT", "http://example.com/v1/users", true},
		"one matcher of a set":        {"GET", "http://example.com/v1/users", false},
		"the other set":               {"GET", "http://other/", true},
		"what is none of either sets": {"GET", "http://example.com/", false},
	} {
		got, err := rule.Match.Request(requestFor(test.method, test.target))
		if err != nil || got != test.want {
			t.Errorf("a request with %s matches: %t, %v", name, got, err)
		}
	}
}

// requestFor returns a request as Caddy's server hands it to handlers.
func requestFor(method, target string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	return caddyhttp.PrepareRequest(r, caddy.NewReplacer(), httptest.NewRecorder(), new(caddyhttp.Server))
}

func TestRequestMatchersMayAskForWhatTheUpstreamSaid(t *testing.T) {
	h := provisionJSON(t, json.RawMessage(`{"rules": [{"name": "asks", "match": {"request": [
		{"expression": "{upstream.status} == 404 && {upstream.code}.startsWith('E_') && {upstream.field.user.id} == '7' && {upstream.field.none} == ''"}
	]}, "code": "CUSTOM", "description": "By expression."}]}`))
	for name, test := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"all of it":        {404, `{"code": "E_1", "message": "No.", "user": {"id": 7}}`, "asks"},
		"another status":   {410, `{"code": "E_1", "message": "No.", "user": {"id": 7}}`, ""},
		"another code":     {404, `{"code": "F_1", "message": "No.", "user": {"id": 7}}`, ""},
		"another member":   {404, `{"code": "E_1", "message": "No.", "user": {"id": 8}}`, ""},
		"nothing readable": {404, ``, ""},
	} {
		r := requestFor("GET", "http://example.com/")
		req := normalize.NewRequest(r)
		resp := &normalize.Response{Status: test.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(test.body)}
		if h.normalizer.Screen(&req, resp) != normalize.NeedBody {
			t.Errorf("%s: decided without the body", name)
		}
		if got := h.normalizer.Decide(&req, resp); got.Rule != test.want || got.Fault != "" {
			t.Errorf("%s: the rule %q decided, with the fault %q", name, got.Rule, got.Fault)
		}
		repl := r.Context().Value(caddy.ReplacerCtxKey).(*caddy.Replacer)
		if value, ok := repl.Get("upstream.code"); ok {
			t.Errorf("%s: {upstream.code} stays, as %q", name, value)
		}
	}
}

func TestCatalogueFiles(t *testing.T) {
	for name, test := range map[string]struct {
		file, inline, want string // want is the error after the file's name
	}{
		"rows of one line": {file: `[{"status": 404, "code": "A", "description": "a"}, {"status": 404, "code": "B", "description": "b"}]`},
		"no row":           {file: `[]`},
		"a byte order mark": {
			file: "\ufeff" + `[{"status": 404, "code": "A", "description": "a"}]`,
		},
		"a row that the configuration words itself": {
			file:   `[{"status": 404, "code": "{resource}_LOST", "description": "file"}]`,
			inline: `{"status": 404, "code": "{RESOURCE}_LOST", "description": "inline"}`,
		},
		"no array": {
			file: "\n" + `{"status": 404}`,
			want: `:2: a catalogue is a JSON array of rows: json: cannot unmarshal object into Go value of type []json.RawMessage`,
		},
		"an array that does not end": {
			file: "[\n" + `{"status": 404, "code": "A", "description": "a"},` + "\n",
			want: `:3: a catalogue is a JSON array of rows: unexpected end of JSON input`,
		},
		"a comma too many": {
			file: "[\n" + `{"status": 404, "code": "A", "description": "a"},` + "\n]",
			want: `:3: a catalogue is a JSON array of rows: invalid character ']' looking for beginning of value`,
		},
		"an unknown member": {
			file: "[\n" + `{"status": 404, "code": "A", "description": "a"},` + "\n\n" + `{"status": 404, "code": "B", "text": "b"}]`,
			want: `:4: a row has the members status (a number), code and description: json: unknown field "text"`,
		},
		"a status in quotes": {
			file: "[\n" + `{"status": "404", "code": "A", "description": "a"}]`,
			want: `:2: a row has the members status (a number), code and description: json: cannot unmarshal string`,
		},
		"a status that is no failure": {
			file: "[\n" + `{"status": 200, "code": "A", "description": "a"}]`,
			want: `:2: A: adding code A: status 200 is not in 400–599`,
		},
		"a code outside the grammar, behind one of the configuration's own": {
			file:   "[\n" + `{"status": 404, "code": "A", "description": "a"},` + "\n" + `{"status": 404, "code": "b", "description": "b"}]`,
			inline: `{"status": 404, "code": "A", "description": "inline"}`,
			want:   `:3: b: parsing code "b"`,
		},
		"a code without a description": {
			file: `[{"status": 404, "code": "A"}]`,
			want: `:1: A: adding code A: the catalogue has no such code for 404, so it needs a description`,
		},
		"more than 1 MiB": {
			file: "[" + strings.Repeat(" ", 1<<20) + "]",
			want: ` is larger than 1 MiB`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "codes.json")
			if err := os.WriteFile(file, []byte(test.file), 0o600); err != nil {
				t.Fatal(err)
			}
			config, err := json.Marshal(map[string]any{"catalog_file": file, "catalog": json.RawMessage("[" + test.inline + "]")})
			if err != nil {
				t.Fatal(err)
			}
			_, err = loadJSON(t, config)
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), file+test.want)):
				t.Errorf("provisioning fails with\n%v\nwhich does not contain\n%s", err, file+test.want)
			}
		})
	}
	t.Run("no file", func(t *testing.T) {
		_, err := loadJSON(t, json.RawMessage(`{"catalog_file": "testdata/none.json"}`))
		if err == nil || !strings.Contains(err.Error(), "catalog_file: opening catalogue: open testdata/none.json: ") {
			t.Error(err)
		}
	})
}

// FuzzCatalogueFile: whatever a file holds, every row read has a line of the file.
func FuzzCatalogueFile(f *testing.F) {
	f.Add([]byte(`[{"status": 404, "code": "A", "description": "a"}]`))
	f.Add([]byte("\ufeff[\n{},\n\n{}\n]"))
	f.Add([]byte(`[null, [], "{}"]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := parseCatalogFile("codes.json", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "codes.json:") {
				t.Errorf("the error names no file: %v", err)
			}
			return
		}
		last := 1
		for i, line := range file.lines {
			if line < last || line > 1+strings.Count(string(data), "\n") {
				t.Errorf("row %d is on line %d, after line %d", i, line, last)
			}
			last = line
		}
	})
}

func TestErrorRoutesAreWarnedOfOnce(t *testing.T) {
	withErrors := &caddyhttp.Server{Errors: &caddyhttp.HTTPErrorConfig{Routes: make(caddyhttp.RouteList, 1)}}
	for name, test := range map[string]struct {
		config string
		server *caddyhttp.Server
		err    error // whose error route the handler is in
		want   int
	}{
		"error routes":                     {config: `{}`, server: withErrors, want: 1},
		"error routes that get the errors": {config: `{"handler_errors": false}`, server: withErrors},
		"in an error route":                {config: `{}`, server: withErrors, err: errors.New("dialling")},
		"no error routes":                  {config: `{}`, server: new(caddyhttp.Server)},
		"no server":                        {config: `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			h := provisionJSON(t, json.RawMessage(test.config))
			core, logs := observer.New(zapcore.WarnLevel)
			h.logger = zap.New(core)
			r := httptest.NewRequest("GET", "/", nil)
			if test.server != nil {
				r = caddyhttp.PrepareRequest(r, caddy.NewReplacer(), httptest.NewRecorder(), test.server)
			}
			if test.err != nil {
				r = r.WithContext(context.WithValue(r.Context(), caddyhttp.ErrorCtxKey, test.err))
			}
			h.warnErrorRoutes(r)
			h.warnErrorRoutes(r)
			if logs.Len() != test.want {
				t.Errorf("%d warnings, want %d: %v", logs.Len(), test.want, logs.All())
			}
		})
	}
}
