package httpapi_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
	"testing"
)

// journal is a log that tests read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// line is an entry of the log; lines fails on anything that is none.
type line map[string]any

func (j *journal) lines(t *testing.T) []line {
	t.Helper()
	var all []line
	for text := range strings.Lines(j.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("the log has a line that is none of its own: %q", text)
		}
		all = append(all, l)
	}
	return all
}

// only returns the one entry with msg.
func (j *journal) only(t *testing.T, msg string) line {
	t.Helper()
	var found []line
	for _, l := range j.lines(t) {
		if l["msg"] == msg {
			found = append(found, l)
		}
	}
	if len(found) != 1 {
		t.Fatalf("got %d entries %q, want 1:\n%s", len(found), msg, j)
	}
	return found[0]
}
