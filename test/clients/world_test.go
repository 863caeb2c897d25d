package clients

import (
	"maps"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

// patience is how long anything may take on a machine that is busy.
const patience = 60 * time.Second

// world is a running "wxlogin dev": the service, SQLite and the simulator, on free
// ports. It ends with the test.
type world struct {
	service, simulator, data string

	out, err testkit.Buffer
	cmd      *exec.Cmd
	done     chan struct{}
}

// inWorld starts it with settings.
func inWorld(t testing.TB, settings map[string]string) *world {
	t.Helper()
	w := &world{data: t.TempDir(), cmd: exec.Command(binary, "dev"), done: make(chan struct{})}
	all := map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": os.Getenv("HOME"), "DATA_DIR": w.data, "RATE_LIMITS": "off",
		"LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "127.0.0.1:0", "SIM_LISTEN": "127.0.0.1:0",
	}
	maps.Copy(all, settings)
	for name, value := range all {
		w.cmd.Env = append(w.cmd.Env, name+"="+value)
	}
	w.cmd.Dir = t.TempDir()
	w.cmd.Stdout, w.cmd.Stderr = &w.out, &w.err
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = w.cmd.Wait() // the log says it
		close(w.done)
	}()
	t.Cleanup(func() { w.stop(t) })
	w.service = w.says(t, `service +(http://\S+)`)
	w.simulator = w.says(t, `simulator +(http://[^/\s]+)`)
	return w
}

func (w *world) stop(t testing.TB) {
	_ = w.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-w.done:
	case <-time.After(patience):
		_ = w.cmd.Process.Kill()
		<-w.done
		t.Errorf("wxlogin did not stop within %v", patience)
	}
	if text := w.err.String(); t.Failed() {
		t.Logf("wxlogin printed at last:\n%s", text[max(0, len(text)-2000):])
	}
}

// says waits until the service has printed what pattern matches, and returns the
// pattern's group.
func (w *world) says(t testing.TB, pattern string) string {
	t.Helper()
	wanted, limit := regexp.MustCompile(pattern), time.After(patience)
	for {
		if found := wanted.FindStringSubmatch(w.out.String()); found != nil {
			return found[1]
		}
		select {
		case <-w.done:
			t.Fatalf("it ended without %s: %s%s", pattern, w.out.String(), w.err.String())
		case <-limit:
			t.Fatalf("no %s within %v: %s%s", pattern, patience, w.out.String(), w.err.String())
		case <-time.After(3 * time.Millisecond):
		}
	}
}

// run runs a file of Node's tests in this world, and fails with what they print.
func (w *world) run(t testing.TB, file string, more ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), node(t), "--test", "--test-reporter=tap", file)
	cmd.Env = append(append(os.Environ(), more...), "SERVICE="+w.service, "SIMULATOR="+w.simulator, "WXLOGIN="+binary, "DATA_DIR="+w.data)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", file, err, out)
	}
	if !regexp.MustCompile(`(?m)^# pass [1-9]`).Match(out) {
		t.Errorf("%s ran no test:\n%s", file, out)
	}
}
