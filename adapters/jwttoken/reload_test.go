package jwttoken_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNothingIsReadAgainThatDidNotChange(t *testing.T) {
	dir := t.TempDir()
	path, _ := generate(t, dir, "ES256", day)
	r := newReplica(t, settings(dir, "ES256"))
	r.looks()
	touch(t, path, day)
	put(t, dir, "README.md", []byte("keys"), 0o600)
	r.looks()
	if lines := r.journal.lines(slog.LevelInfo); lines != nil {
		t.Errorf("got %q, want silence", lines)
	}
	generate(t, dir, "EdDSA", day)
	r.looks()
	r.looks()
	if lines := r.journal.lines(slog.LevelInfo); len(lines) != 1 || !strings.Contains(lines[0], "keys were read again") {
		t.Errorf("got %q, want one line", lines)
	}
}

func TestKeyReplacedInItsFileIsSeenWhateverItsSizeAndTime(t *testing.T) {
	dir := t.TempDir()
	path, old := generate(t, dir, "EdDSA", day)
	touch(t, path, day)
	r := newReplica(t, settings(dir, "EdDSA"))
	other, kid := generate(t, t.TempDir(), "EdDSA", day)
	put(t, dir, filepath.Base(path), read(t, other), 0o600)
	touch(t, path, day)
	r.looks()
	if got := r.published(t); !slices.Equal(got, []string{kid}) {
		t.Errorf("got %q published, want %s instead of %s", got, kid, old)
	}
}

func TestBrokenFileLeavesTheOthersAlone(t *testing.T) {
	dir := t.TempDir()
	_, kid := generate(t, dir, "ES256", day.Add(-time.Hour))
	gone, _ := generate(t, dir, "ES256", day.Add(-2*time.Hour))
	r := newReplica(t, settings(dir, "ES256"))
	token := r.issue(t, day)
	var contents string
	for why, text := range unfit(t) {
		put(t, dir, "20270101T000000Z-"+strings.Fields(why)[0]+".pem", text, 0o600)
		contents += string(text) + " "
	}
	remove(t, gone)
	_, fresh := generate(t, dir, "ES256", day)
	r.looks()
	r.looks()
	if got := r.published(t); !slices.Equal(got, []string{kid, fresh}) {
		t.Errorf("got %q published, want %s and %s", got, kid, fresh)
	}
	if err := r.verify(t, token, day); err != nil || r.signs(t, day) != fresh {
		t.Errorf("got %v and %s, want the good keys at work", err, r.signs(t, day))
	}
	lines := r.journal.lines(slog.LevelError)
	if broken := len(files(t, dir)) - 2; len(lines) != broken {
		t.Errorf("got %d lines, want one for each of %d files: %q", len(lines), broken, lines)
	}
	for _, line := range lines {
		if !strings.Contains(line, dir+string(filepath.Separator)+"20270101T000000Z-") {
			t.Errorf("got %q, want the file named", line)
		}
		for word := range strings.FieldsSeq(contents) {
			if len(word) > 8 && strings.Contains(line, word) {
				t.Errorf("got %q, which holds what is in a file", line)
			}
		}
	}
}

// Writing into a key's file, or a wrong chmod, is no way to end a key: that logs
// everybody out by accident. Removing the file is.
func TestKeyOfAFileThatBecameUnfitStaysUntilTheFileIsGone(t *testing.T) {
	skipWithoutModes(t)
	for what, spoil := range map[string]func(path string) error{
		"half written":      func(path string) error { return os.WriteFile(path, []byte("-----BEGIN PRIV"), 0o600) },
		"emptied":           func(path string) error { return os.Truncate(path, 0) },
		"writable by group": func(path string) error { return os.Chmod(path, 0o660) },
	} {
		dir := t.TempDir()
		path, kid := generate(t, dir, "ES256", day.Add(-time.Minute))
		r := newReplica(t, settings(dir, "ES256"))
		token := r.issue(t, day)
		generate(t, dir, "ES256", day)
		if err := spoil(path); err != nil {
			t.Fatal(err)
		}
		r.looks()
		if err := r.verify(t, token, day); err != nil || !slices.Contains(r.published(t), kid) {
			t.Errorf("%s: got %v and %q published, want the key still in use", what, err, r.published(t))
		}
		if lines := r.journal.lines(slog.LevelError); len(lines) != 1 || !strings.Contains(lines[0], path) || !strings.Contains(lines[0], "stays in use") {
			t.Errorf("%s: got %q, want one line that names %s", what, lines, path)
		}
		remove(t, path)
		r.looks()
		if err := r.verify(t, token, day); err == nil || slices.Contains(r.published(t), kid) {
			t.Errorf("%s: got %v and %q published, want the key gone with its file", what, err, r.published(t))
		}
	}
}

func TestModesAreCheckedAgain(t *testing.T) {
	skipWithoutModes(t)
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	r := newReplica(t, settings(dir, "ES256"))
	path, kid := generate(t, dir, "ES256", day)
	for _, tt := range []struct {
		mode      os.FileMode
		published bool
		level     slog.Level
	}{{0o620, false, slog.LevelError}, {0o644, true, slog.LevelWarn}, {0o600, true, slog.LevelInfo}} {
		if err := os.Chmod(path, tt.mode); err != nil {
			t.Fatal(err)
		}
		r.looks()
		if got := slices.Contains(r.published(t), kid); got != tt.published {
			t.Errorf("mode %o: got it published %t, want %t", tt.mode, got, tt.published)
		}
		if lines := r.journal.lines(tt.level); len(lines) != 1 {
			t.Errorf("mode %o: got %q, want one line at level %v", tt.mode, lines, tt.level)
		}
		generate(t, dir, "EdDSA", day)
		r.looks()
		if lines := r.journal.lines(slog.LevelWarn); lines != nil {
			t.Errorf("mode %o: got %q, want no warning twice", tt.mode, lines)
		}
	}
}
