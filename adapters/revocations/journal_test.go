package revocations_test

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// journal is a log that can be counted.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (j *journal) lines() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Split(strings.TrimSuffix(j.text.String(), "\n"), "\n")
}

// wantLines checks that the log holds exactly so many lines with this text.
func (w world) wantLines(t *testing.T, text string, want int) {
	t.Helper()
	got := 0
	for _, line := range w.log.lines() {
		if strings.Contains(line, text) {
			got++
		}
	}
	if got != want {
		t.Errorf("got %d lines with %q, want %d:\n%s", got, text, want, strings.Join(w.log.lines(), "\n"))
	}
}
