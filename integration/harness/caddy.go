// Package harness starts the built binary, the servers behind it and the client
// in front of it, each for one test and on free loopback ports, and reads back
// what the client got and what the log says.
package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Main runs the tests of a package, and removes the binary that they built:
//
//	func TestMain(m *testing.M) { harness.Main(m) }
func Main(m *testing.M) {
	code := m.Run()
	os.RemoveAll(filepath.Dir(built.path))
	os.Exit(code)
}

var built struct {
	once sync.Once
	path string
	err  error
}

// Binary returns the Caddy under test. It is built by xcaddy.sh, once; the
// environment variable CADDY_BINARY names one that is built already.
func Binary(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("CADDY_BINARY"); path != "" {
		return path
	}
	built.once.Do(func() {
		folder, err := os.MkdirTemp("", "normalize-errors-")
		if err != nil {
			built.err = err
			return
		}
		built.path = filepath.Join(folder, "caddy")
		out, err := exec.Command(filepath.Join(Root(t), "xcaddy.sh"), "build", built.path).CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("building Caddy: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

// Root returns the repository's folder.
func Root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; folder != "/"; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "xcaddy.sh")); err == nil {
			return folder
		}
	}
	t.Fatal("xcaddy.sh is in no folder above")
	return ""
}

// Caddy is a running Caddy.
type Caddy struct {
	*Process
	storage string
}

// globalOptions keep a test's Caddy to itself: certificates from a CA of its
// own, nothing outside its folder, no ports but the sites'.
const globalOptions = `{
	admin off
	persist_config off
	local_certs
	skip_install_trust
	auto_https disable_redirects
	http_port %d
	https_port %d
	storage file_system %q
	grace_period 100ms
	servers {
		protocols h1 h2 h2c
	}
}
`

// StartCaddy runs Caddy with these sites until the test ends.
func StartCaddy(t testing.TB, sites string) *Caddy {
	t.Helper()
	storage := t.TempDir()
	config := fmt.Sprintf(globalOptions, FreePort(t), FreePort(t), storage) + sites
	path := filepath.Join(Folder(t, map[string]string{"Caddyfile": config}), "Caddyfile")
	return RunCaddy(t, path, storage)
}

// RunCaddy runs Caddy with the Caddyfile at path until the test ends; storage
// is the folder where it keeps what it keeps.
func RunCaddy(t testing.TB, path, storage string, env ...string) *Caddy {
	t.Helper()
	cmd := exec.Command(Binary(t), "run", "--config", path)
	cmd.Env = append(os.Environ(), "HOME="+storage, "XDG_DATA_HOME="+storage, "XDG_CONFIG_HOME="+storage)
	cmd.Env = append(cmd.Env, env...)
	process := Start(t, cmd, func(p *Process) bool {
		return strings.Contains(p.Output(), `"serving initial configuration"`)
	})
	t.Cleanup(func() {
		process.stop()
		for line := range strings.Lines(process.Output()) {
			if !strings.HasPrefix(line, "{") { // a panic, or a report of the race detector
				t.Errorf("Caddy said what is no log entry:\n%s", process.Output())
				return
			}
		}
	})
	return &Caddy{Process: process, storage: storage}
}

// CA is the certificate of the authority that signs the sites' certificates.
func (c *Caddy) CA() string {
	return filepath.Join(c.storage, "pki", "authorities", "local", "root.crt")
}
