// Package e2e drives the binaries as they ship: it starts them, talks HTTP to
// them, sends them signals, reads what they print and what they leave on disk.
// Nothing of theirs runs in here, but for a WeChat to talk to.
package e2e

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"wxlogin/test/testkit"
)

// binaries is the directory of what is tested.
var binaries string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	var err error
	if binaries, err = testkit.Build("wxlogin", "wxsim"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(binaries) }()
	code := m.Run()
	testkit.StopMongoDB()
	testkit.StopMariaDB()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, "goroutines are left:", err)
		return 1
	}
	return code
}
