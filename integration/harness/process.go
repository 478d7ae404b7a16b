package harness

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// startTimeout bounds how long a server may take to come up.
const startTimeout = 60 * time.Second

// Process is a server that a test started. It is killed, with everything it
// started itself, when the test ends.
type Process struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{}
	once sync.Once
}

// Start runs cmd with its output in a file and waits until ready reports true.
func Start(t testing.TB, cmd *exec.Cmd, ready func(p *Process) bool) *Process {
	t.Helper()
	p := &Process{cmd: cmd, log: filepath.Join(t.TempDir(), "output"), done: make(chan struct{})}
	out, err := os.Create(p.log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	// Its own group, so that what it starts ends with it; and should the test be
	// killed, so is the server (Linux only, as are the servers' packages).
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting %s: %v", cmd.Path, err)
	}
	go func() {
		_ = cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(p.stop)
	if err := Eventually(startTimeout, func() bool { return p.exited() || ready(p) }); err != nil || p.exited() {
		t.Fatalf("%s did not come up:\n%s", cmd.Path, p.Output())
	}
	return p
}

// Listening returns a condition for Start: something accepts connections at addr.
func Listening(addr string) func(*Process) bool {
	return func(*Process) bool {
		conn, err := net.DialTimeout("tcp", addr, time.Second)
		if err != nil {
			return false
		}
		conn.Close()
		return true
	}
}

// Output is what the process has written so far.
func (p *Process) Output() string {
	out, _ := os.ReadFile(p.log)
	return string(out)
}

// PID is the process's id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

func (p *Process) exited() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// stop asks the whole process group to end, and after two seconds ends it.
func (p *Process) stop() {
	p.once.Do(func() {
		_ = syscall.Kill(-p.PID(), syscall.SIGTERM)
		select {
		case <-p.done:
		case <-time.After(2 * time.Second):
		}
		_ = syscall.Kill(-p.PID(), syscall.SIGKILL)
		<-p.done
	})
}

// Eventually waits until condition holds, at most for limit.
func Eventually(limit time.Duration, condition func() bool) error {
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if condition() {
			return nil
		}
	}
	return errors.New("waited " + limit.String() + " in vain")
}

// FreePort returns a loopback TCP port where nobody listens. It lies below the
// range from which the system draws the ports of outgoing connections.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 12000 + rand.IntN(18000)
		listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
		if err == nil {
			listener.Close()
			return port
		}
	}
	t.Fatal("no free port found")
	return 0
}

// FreeAddr is a [FreePort] as an address.
func FreeAddr(t testing.TB) string { return "127.0.0.1:" + strconv.Itoa(FreePort(t)) }

// Folder returns a temporary folder that holds files (path to content), and
// that servers running as another user can read.
func Folder(t testing.TB, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o644)
		if strings.HasPrefix(content, "#!") {
			mode = 0o755
		}
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
