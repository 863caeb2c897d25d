package e2e

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

// patience is how long anything may take on a machine that is busy. What has a
// deadline of its own is held to that.
const patience = 30 * time.Second

// settings are the environment of a process, PATH and HOME aside.
type settings map[string]string

// with returns s, changed.
func (s settings) with(more settings) settings {
	all := maps.Clone(s)
	maps.Copy(all, more)
	return all
}

func (s settings) environ() []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
	for name, value := range s {
		env = append(env, name+"="+value)
	}
	return env
}

// process is one run of a binary.
type process struct {
	cmd      *exec.Cmd
	out, err testkit.Buffer
	done     chan struct{} // closed when it has ended
}

// start runs a binary in dir. What is still running when the test ends is
// killed.
func start(t testing.TB, dir string, env settings, binary string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(filepath.Join(binaries, binary), args...), done: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = dir, env.environ()
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.err
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // the exit code says it
		close(p.done)
	}()
	t.Cleanup(func() {
		p.kill()
		if text := p.err.String(); t.Failed() {
			t.Logf("%s %v printed at last:\n%s", binary, args, text[max(0, len(text)-2000):])
		}
	})
	return p
}

// kill ends the process as a loss of power would, and waits for its end.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.done
}

// exits waits for the end and returns the exit code.
func (p *process) exits(t testing.TB, within time.Duration) int {
	t.Helper()
	select {
	case <-p.done:
	case <-time.After(within):
		t.Fatalf("%v still runs after %v", p.cmd.Args[1:], within)
	}
	return p.cmd.ProcessState.ExitCode()
}

// terminate tells the process to stop.
func (p *process) terminate(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// stops tells the process to stop, which it must do in good order.
func (p *process) stops(t testing.TB) {
	t.Helper()
	p.terminate(t)
	if code := p.exits(t, patience); code != 0 {
		t.Errorf("%v exited with %d, want 0", p.cmd.Args[1:], code)
	}
}

// says waits until the process has printed what pattern matches, and returns the
// pattern's groups.
func (p *process) says(t testing.TB, into *testkit.Buffer, pattern string) []string {
	t.Helper()
	wanted := regexp.MustCompile(pattern)
	var found []string
	p.eventually(t, "the line "+pattern, func() bool {
		found = wanted.FindStringSubmatch(into.String())
		return found != nil
	})
	return found
}

// eventually waits for what must come about while the process runs.
func (p *process) eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(3 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-p.done:
			if !holds() {
				t.Fatalf("%s: not before %v ended: %s%s", what, p.cmd.Args[1:], p.out.String(), p.err.String())
			}
			return
		case <-ctx.Done():
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// command runs a binary that ends by itself, and returns its exit code and what
// it printed.
func command(t testing.TB, env settings, args ...string) (code int, out, err string) {
	t.Helper()
	p := start(t, t.TempDir(), env, "wxlogin", args...)
	code = p.exits(t, patience)
	return code, p.out.String(), p.err.String()
}
