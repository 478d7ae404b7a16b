package harness

import (
	"os"
	"os/exec"
	"testing"
)

// Need returns the path of the first of programs that is installed. Where none
// is, the test is skipped and says what to install; under CI (the environment
// variable CI is set) it fails, so that a skip never reads as a pass.
func Need(t testing.TB, install string, programs ...string) string {
	t.Helper()
	for _, program := range programs {
		if path, err := exec.LookPath(program); err == nil {
			return path
		}
	}
	Missing(t, programs[0], install)
	return ""
}

// NeedFile is like Need for a file or folder at path.
func NeedFile(t testing.TB, install, path string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		Missing(t, path, install)
	}
}

// Missing skips the test, or fails it under CI, because what is not there.
func Missing(t testing.TB, what, install string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: %s", what, install)
	}
	t.Skipf("%s is missing: %s", what, install)
}
