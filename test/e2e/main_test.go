// Package e2e drives the binaries as they ship: it starts them, talks HTTP to
// them, sends them signals, reads what they print and what they leave on disk.
// Nothing of theirs runs in here, but for a WeChat to talk to.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"wxlogin/test/testkit"
)

// binaries is the directory of what is tested.
var binaries string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if binaries, err = os.MkdirTemp("", "wxlogin-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(binaries) }()
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	testkit.StopMongoDB()
	testkit.StopMariaDB()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "goroutines are left:", err)
		return 1
	}
	return code
}

// build makes both binaries as "task build" does. The sources are looked at
// here, because the test cache sees neither what the compiler reads nor package
// main.
func build() error {
	mains, err := filepath.Glob("../../cmd/*/*.go")
	if err != nil {
		return err
	}
	for _, source := range mains {
		if _, err := os.ReadFile(source); err != nil {
			return err
		}
	}
	cmd := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", binaries+string(filepath.Separator),
		"wxlogin/cmd/wxlogin", "wxlogin/cmd/wxsim")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the binaries: %w\n%s", err, out)
	}
	return nil
}
