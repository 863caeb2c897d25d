package e2e

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// memory returns a process's resident set in MiB.
func (p *process) memory(t *testing.T) float64 {
	t.Helper()
	return p.status(t, "VmRSS")
}

// status returns what the system says of a process's memory, in MiB.
func (p *process) status(t *testing.T, field string) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Skip("this system does not tell a process's memory:", err)
	}
	_, rest, _ := strings.Cut(string(status), field+":")
	size, _, _ := strings.Cut(strings.TrimSpace(rest), " kB")
	kib, err := strconv.Atoi(size)
	if err != nil {
		t.Fatalf("%s is %q: %v", field, size, err)
	}
	return float64(kib) / 1024
}

func TestServiceAtRestIsSmall(t *testing.T) { // I-05
	w := inWorld(t, nil)
	fresh := w.memory(t)
	c := gather(t, w, 16)
	w.eventually(t, "2000 logins", func() bool { return c.size() >= 2000 })
	close(c.halt)
	c.workers.Wait()
	busy := w.memory(t)
	w.HTTP.CloseIdleConnections()
	time.Sleep(2 * time.Second) // the runtime gives memory back in its own time
	rest := w.memory(t)
	t.Logf("VmRSS: %.1f MiB at the start, %.1f after %d logins, %.1f two seconds later", fresh, busy, c.size(), rest)
	if rest > 100 {
		t.Errorf("got %.1f MiB at rest, want less than 100", rest)
	}
	w.stops(t)
}
