// Package backends holds what other people's programs do with wxlogin's tokens:
// nginx in front of a backend, libraries that are not ours, and the snippets of
// the README, as the reader sees them. Each runs for real against the whole
// service.
package backends

import (
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			_, _ = os.Stderr.WriteString("goroutines are left: " + err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}

// tool finds a program by its name, or by one of the paths where it may be else.
func tool(t testing.TB, name string, paths ...string) string {
	t.Helper()
	for _, candidate := range append([]string{name}, paths...) {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	missing(t, name)
	return ""
}

// missing skips a test that needs what is not there, and fails it in CI.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("needs %s: .ci/tools installs what Debian has", what)
}
