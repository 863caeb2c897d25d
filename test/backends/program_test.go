package backends

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

// freeAddress is a port of the loopback that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// write puts a file into dir.
func write(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read returns a file, by its path from the top of the project.
func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// start runs cmd until the test ends, and shows what it printed where the test
// fails.
func start(t testing.TB, cmd *exec.Cmd) (ended <-chan struct{}) {
	t.Helper()
	var printed testkit.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &printed
	}
	cmd.Stderr = &printed
	cmd.WaitDelay = patience
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it is ended by a signal
		close(done)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		<-done
		late.Stop()
		if text := printed.String(); t.Failed() {
			t.Logf("%s printed at last:\n%s", strings.Join(cmd.Args, " "), text[max(0, len(text)-3000):])
		}
	})
	return done
}

// listens starts cmd and returns when it takes connections at address.
func listens(t testing.TB, cmd *exec.Cmd, address string) {
	t.Helper()
	ended := start(t, cmd)
	eventually(t, cmd.Args[0]+" listens at "+address, func() bool {
		select {
		case <-ended:
			t.Fatalf("%v ended at once", cmd.Args)
		default:
		}
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			return false
		}
		return c.Close() == nil
	})
}
