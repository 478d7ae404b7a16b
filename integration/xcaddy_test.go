package integration

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/normalize-errors/caddy-normalize-errors/integration/harness"
)

func TestMain(m *testing.M) { harness.Main(m) }

// clone copies what git knows of the repository, as it is now, into a folder
// whose name has a space.
func clone(t *testing.T) string {
	t.Helper()
	root, folder := harness.Root(t), filepath.Join(t.TempDir(), "a clone")
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		t.Fatalf("listing the repository's files: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		from, to := filepath.Join(root, name), filepath.Join(folder, name)
		content, err := os.ReadFile(from)
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		} else if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, content, info.Mode()); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// script runs xcaddy.sh of a clone from a folder elsewhere. The folder bin comes
// first on its PATH, and an xcaddy that is really installed is not there.
func script(t *testing.T, clone, cwd, bin string, env []string, args ...string) (string, error) {
	t.Helper()
	path := slices.DeleteFunc(filepath.SplitList(os.Getenv("PATH")), func(folder string) bool {
		_, err := os.Stat(filepath.Join(folder, "xcaddy"))
		return err == nil
	})
	cmd := exec.Command(filepath.Join(clone, "xcaddy.sh"), args...)
	cmd.Dir = cwd
	cmd.Env = append(os.Environ(), "PATH="+strings.Join(append([]string{bin}, path...), ":"), "BIN="+bin)
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// wantModule checks that the binary at path has the handler, and Caddy's own.
func wantModule(t *testing.T, path string) {
	t.Helper()
	out, err := exec.Command(path, "list-modules").CombinedOutput()
	if err != nil {
		t.Fatalf("listing the modules of %s: %v\n%s", path, err, out)
	}
	for _, module := range []string{"http.handlers.normalize_errors", "http.handlers.reverse_proxy"} {
		if !strings.Contains("\n"+string(out), "\n"+module+"\n") {
			t.Errorf("%s lacks the module %s", path, module)
		}
	}
}

func TestTheScriptBuildsWithGoAlone(t *testing.T) {
	clone, cwd := clone(t), t.TempDir()
	if out, err := script(t, clone, cwd, t.TempDir(), nil, "build"); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	wantModule(t, filepath.Join(cwd, "caddy"))

	out, err := exec.Command(filepath.Join(cwd, "caddy"), "build-info").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, setting := range []string{"-trimpath=true", "CGO_ENABLED=0", "-tags=nobadger,nomysql,nopgx"} {
		if !strings.Contains(string(out), setting) {
			t.Errorf("the binary was not built with %s:\n%s", setting, out)
		}
	}
}

// recorder is an xcaddy that notes its arguments and builds with go.
const recorder = `#!/bin/sh
printf '%s\n' "$PWD" "$@" >"$BIN/arguments"
rm "$BIN/xcaddy"
[ "$3 $4" = "--with github.com/normalize-errors/caddy-normalize-errors=." ] || exit 9
CADDY_VERSION=$2 ./xcaddy.sh build "$6"
`

func TestTheScriptBuildsWithXcaddyWhereItIsInstalled(t *testing.T) {
	clone, cwd := clone(t), t.TempDir()
	bin := harness.Folder(t, map[string]string{"xcaddy": recorder})
	out, err := script(t, clone, cwd, bin, nil, "out put")
	if err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	wantModule(t, filepath.Join(cwd, "out put"))

	arguments, err := os.ReadFile(filepath.Join(bin, "arguments"))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSpace(string(arguments)), "\n")
	want := []string{clone, "build", "v2.11.9", "--with", "github.com/normalize-errors/caddy-normalize-errors=.", "--output"}
	if len(got) != 7 || strings.Join(got[:6], "\n") != strings.Join(want, "\n") {
		t.Errorf("xcaddy was run in and with\n%q\nwant\n%q and the output", got, want)
	}
}

func TestTheScriptSaysInOneLineWhatIsWrong(t *testing.T) {
	// These stand in for xcaddy and hand over the wrong thing.
	const elsewhere = "#!/bin/sh\ncp \"$PREBUILT\" \"$6\"\n"
	const bare = "#!/bin/sh\nprintf '#!/bin/sh\\necho http.handlers.headers\\n' >\"$6\"\nchmod +x \"$6\"\n"
	noGo := t.TempDir()
	for _, program := range []string{"sh", "dirname", "mktemp", "rm", "sed"} {
		if err := os.Symlink(harness.Need(t, "install a shell", program), filepath.Join(noGo, program)); err != nil {
			t.Fatal(err)
		}
	}
	clone := clone(t)
	for _, test := range []struct {
		name     string
		programs map[string]string
		env      []string
		args     []string
		want     string
	}{
		{
			name: "no Go", env: []string{"PATH=" + noGo},
			want: "Go is not installed; get Go 1.26.0 or newer from https://go.dev/dl/",
		},
		{
			name:     "an old Go",
			programs: map[string]string{"go": "#!/bin/sh\n[ \"$1\" = env ] && echo go1.22.1 && exit\necho 'go: go.mod requires go >= 1.26.0 (running go 1.22.1; GOTOOLCHAIN=local)' >&2\nexit 1\n"},
			want:     "Go 1.26.0 or newer is needed, this is go1.22.1: go: go.mod requires go >= 1.26.0 (running go 1.22.1; GOTOOLCHAIN=local)",
		},
		{
			name: "no network", env: []string{"GOPROXY=http://127.0.0.1:9", "GOFLAGS=-modcacherw", "GOMODCACHE=" + t.TempDir()},
			want: "no way to the Go module proxy (http://127.0.0.1:9): connect, or set GOPROXY to one within reach",
		},
		{
			name: "a version that is none", env: []string{"CADDY_VERSION=latest"},
			want: `CADDY_VERSION is "latest": write a version like v2.11.9`,
		},
		{
			name: "another Caddy than asked for", programs: map[string]string{"xcaddy": elsewhere},
			env:  []string{"CADDY_VERSION=v2.10.0", "PREBUILT=" + harness.Binary(t)},
			want: "built with Caddy v2.11.9, not v2.10.0: this module needs Caddy v2.11.9 or newer",
		},
		{
			name: "the handler left out", programs: map[string]string{"xcaddy": bare},
			want: "the binary built lacks the module http.handlers.normalize_errors",
		},
		{
			name: "a folder for a file", args: []string{"build", "/"},
			want: "/ is a folder: name the file to build",
		},
		{
			name: "two outputs", args: []string{"build", "a", "b"},
			want: "one OUTPUT at most; see " + clone + "/xcaddy.sh --help",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			cwd := t.TempDir()
			out, err := script(t, clone, cwd, harness.Folder(t, test.programs), test.env, test.args...)
			if err == nil {
				t.Error("the script succeeded")
			}
			lines := strings.Split(strings.TrimSpace(out), "\n")
			if got := lines[len(lines)-1]; got != "xcaddy.sh: "+test.want {
				t.Errorf("it said\n%s\nwant as the last line\nxcaddy.sh: %s", out, test.want)
			}
			if strings.HasPrefix(lines[0], "xcaddy.sh: building") {
				lines = lines[1:]
			}
			if len(lines) > 1 {
				t.Errorf("it said more than one line:\n%s", out)
			}
			if left, _ := os.ReadDir(cwd); len(left) > 0 {
				t.Errorf("it left %s", left[0].Name())
			}
		})
	}
}
