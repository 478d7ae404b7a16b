package integration

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

// example returns Caddyfile.example, on free ports, and the port of its gateway.
func example(t *testing.T) (path string, port int) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(harness.Root(t), "Caddyfile.example"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	port = harness.FreePort(t)
	for _, p := range []struct{ old, new int }{{8080, port}, {8081, harness.FreePort(t)}, {8082, harness.FreePort(t)}} {
		text = strings.ReplaceAll(text, fmt.Sprintf(":%d", p.old), fmt.Sprintf(":%d", p.new))
	}
	return filepath.Join(harness.Folder(t, map[string]string{"Caddyfile.example": text}), "Caddyfile.example"), port
}

// TestTheExampleDoesWhatItSays asks what the comments of Caddyfile.example ask.
func TestTheExampleDoesWhatItSays(t *testing.T) {
	path, port := example(t)
	caddy := harness.RunCaddy(t, path, t.TempDir())
	get := func(path string, args ...string) *harness.Response {
		return harness.Curl(t, fmt.Sprintf("http://localhost:%d%s", port, path), args...)
	}
	for _, test := range []struct {
		path   string
		args   []string
		want   string
		record map[string]any
		inBody string // of the original
	}{
		{
			path: "/orders/7", want: canned(404, "ORDER_NOT_EXIST", viaCaddy),
			inBody: "The requested resource [/orders/7] is not available",
		},
		{
			path: "/report", want: canned(500, "INTERNAL_SERVER_ERROR", noStore, viaCaddy),
			inBody: "com.example.legacy.ReportServlet.doGet(ReportServlet.java:42)",
		},
		{
			path: "/admin", want: canned(401, "UNAUTHORIZED", noStore, viaCaddy, `Www-Authenticate: Bearer realm="legacy"`),
			record: map[string]any{"upstream.headers.Www-Authenticate.0": `Basic realm="Legacy administration"`},
			inBody: "401 Unauthorized",
		},
		{
			path: "/users", args: []string{"-d", "email=x"},
			want:   answer(400, "INVALID_PARAMETER", "email: must be a well-formed email address", viaCaddy),
			inBody: "must be a well-formed email address",
		},
		{
			path: "/soap", want: canned(500, "INTERNAL_SERVER_ERROR", noStore, viaCaddy),
			inBody: "Connection to 10.0.3.7:1521 refused",
		},
		{
			path: "/dead", want: answer(502, "BAD_GATEWAY", "The server received an invalid response from an upstream server.", noStore),
			record: map[string]any{"cause.status": 502},
		},
	} {
		t.Run(test.path, func(t *testing.T) {
			r := get(test.path, test.args...)
			harness.WantResponse(t, r, test.want)
			record := caddy.Record(t, r)
			wantRecord(t, record, test.record)
			if body := record.Text("upstream.body"); !strings.Contains(body, test.inBody) {
				t.Errorf("the record's body is %q, want one that contains %q", body, test.inBody)
			}
		})
	}
	t.Run("/", func(t *testing.T) {
		if r := get("/"); r.Status != 200 || string(r.Body) != `{"status":"up"}` {
			t.Errorf("got\n%s\nwant the demo's own answer", r)
		}
	})
}

// TestTheExampleFrontsAServiceOfYourOwn shows what LEGACY_UPSTREAM is for.
func TestTheExampleFrontsAServiceOfYourOwn(t *testing.T) {
	path, port := example(t)
	harness.RunCaddy(t, path, t.TempDir(), "LEGACY_UPSTREAM="+harness.Nginx(t))
	harness.WantResponse(t, harness.Curl(t, fmt.Sprintf("http://localhost:%d/orders/7", port)), canned(404, "ORDER_NOT_EXIST", viaCaddy))
}

// TestTheExampleIsInOrder holds it to Caddy's own checks, and its comments to
// what the test above asks.
func TestTheExampleIsInOrder(t *testing.T) {
	path := filepath.Join(harness.Root(t), "Caddyfile.example")
	for _, args := range [][]string{{"validate", "--config", path}, {"fmt", "--diff", path}} {
		if out, err := exec.Command(harness.Binary(t), args...).CombinedOutput(); err != nil {
			t.Errorf("caddy %s: %v\n%s", args[0], err, out)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, match := range regexp.MustCompile(`curl -i .*localhost:8080(\S+)`).FindAllStringSubmatch(string(content), -1) {
		asked = append(asked, match[1])
	}
	if got, want := strings.Join(asked, " "), "/orders/7 /report /admin /users /soap /dead /"; got != want {
		t.Errorf("the comments ask for %s, the test for %s", got, want)
	}
}

// TestTheScriptRunsTheExample shows that `./xcaddy.sh run` leads to the first
// envelope, from any folder, and passes its flags on.
func TestTheScriptRunsTheExample(t *testing.T) {
	clone, storage := clone(t), t.TempDir()
	path, port := example(t)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(clone, "Caddyfile.example"), content, 0o644); err != nil {
		t.Fatal(err)
	}
	other, otherPort := example(t)
	for _, run := range []struct {
		name string
		args []string
		port int
	}{
		{"run", []string{"run"}, port},
		{"run --config, beside the folder", []string{"run", "--config", filepath.Base(other)}, otherPort},
	} {
		t.Run(run.name, func(t *testing.T) {
			cmd := exec.Command(filepath.Join(clone, "xcaddy.sh"), run.args...)
			cmd.Dir = filepath.Dir(other)
			cmd.Env = append(os.Environ(), "XDG_DATA_HOME="+storage)
			harness.Start(t, cmd, harness.Listening(fmt.Sprintf("127.0.0.1:%d", run.port)))
			harness.WantResponse(t, harness.Curl(t, fmt.Sprintf("http://localhost:%d/orders/7", run.port)),
				canned(404, "ORDER_NOT_EXIST", viaCaddy))
		})
	}
}
