package jwttoken_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestDirectoryWithoutAKeyToSignWithChangesNothing(t *testing.T) {
	for what, empty := range map[string]func(t *testing.T, dir string){
		"emptied": func(t *testing.T, dir string) {
			for name := range files(t, dir) {
				remove(t, filepath.Join(dir, name))
			}
		},
		"removed":             func(t *testing.T, dir string) { moveAway(t, dir) },
		"of other algorithms": func(t *testing.T, dir string) { moveAway(t, dir); generate(t, dir, "EdDSA", day) },
		"of broken keys":      func(t *testing.T, dir string) { moveAway(t, dir); put(t, mkdir(t, dir), "a.pem", []byte("x"), 0o600) },
	} {
		dir := filepath.Join(t.TempDir(), "keys")
		_, first := generate(t, dir, "ES256", day.Add(-time.Hour))
		_, second := generate(t, dir, "ES256", day)
		r := newReplica(t, settings(dir, "ES256"))
		old := r.issue(t, day.Add(-time.Hour))
		empty(t, dir)
		r.looks()
		r.looks()
		if lines := strings.Join(r.journal.lines(slog.LevelError), ""); strings.Count(lines, "add the new key before you remove the old one") != 1 || !strings.Contains(lines, dir) {
			t.Errorf("%s: got %q, want it said once what to do", what, lines)
		}
		if got := r.published(t); !slices.Equal(got, []string{first, second}) || r.signs(t, day) != second || r.verify(t, old, day.Add(-time.Hour)) != nil {
			t.Errorf("%s: got %q published and %s signing, want all as it was", what, got, r.signs(t, day))
		}
		_, third := generate(t, dir, "ES256", day)
		r.looks()
		if got := r.published(t); !slices.Contains(got, third) || slices.Contains(got, first) || r.verify(t, old, day.Add(-time.Hour)) == nil {
			t.Errorf("%s: got %q published, want what is there again", what, got)
		}
	}
}

func moveAway(t *testing.T, dir string) {
	t.Helper()
	if err := os.Rename(dir, dir+"-away"); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, dir string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFileThatGoesWhileTheDirectoryIsReadIsNoFault(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "EdDSA", day)
	r := newReplica(t, settings(dir, "EdDSA"))
	outside, _ := generate(t, t.TempDir(), "EdDSA", day)
	inside := filepath.Join(dir, "coming-and-going.pem")
	stop := make(chan struct{})
	var flicker sync.WaitGroup
	flicker.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if err := errors.Join(os.Rename(outside, inside), os.Rename(inside, outside)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 1000 {
		r.looks()
	}
	close(stop)
	flicker.Wait()
	if lines := r.journal.lines(slog.LevelError); lines != nil {
		t.Errorf("got %d lines like %q, want silence", len(lines), lines[0])
	}
}

// Kubernetes mounts a secret as links into ..data, itself a link that is swapped.
func TestSwappedSecretVolumeIsFollowed(t *testing.T) {
	dir, made := t.TempDir(), t.TempDir()
	oldPath, oldKid := generate(t, made, "EdDSA", day.Add(-time.Hour))
	newPath, newKid := generate(t, made, "EdDSA", day)
	mount := func(version string, paths ...string) {
		mkdir(t, filepath.Join(dir, version))
		for _, path := range paths {
			touch(t, put(t, filepath.Join(dir, version), filepath.Base(path), read(t, path), 0o400), day)
		}
		link(t, version, filepath.Join(dir, "..data_tmp"))
		if err := os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")); err != nil {
			t.Fatal(err)
		}
	}
	mount("..1", oldPath)
	link(t, filepath.Join("..data", filepath.Base(oldPath)), filepath.Join(dir, filepath.Base(oldPath)))
	r := newReplica(t, settings(dir, "EdDSA"))
	token := r.issue(t, day)

	mount("..2", oldPath, newPath)
	link(t, filepath.Join("..data", filepath.Base(newPath)), filepath.Join(dir, filepath.Base(newPath)))
	r.looks()
	if got := r.published(t); !slices.Equal(got, []string{oldKid, newKid}) {
		t.Errorf("got %q published, want both keys", got)
	}
	mount("..3", newPath)
	r.looks() // the old name is a link to nothing, for a moment
	if got := r.published(t); !slices.Equal(got, []string{newKid}) || r.verify(t, token, day) == nil {
		t.Errorf("got %q published, want the removed key gone", got)
	}
	remove(t, filepath.Join(dir, filepath.Base(oldPath)))
	r.journal.lines(slog.LevelError)
	r.looks()
	if lines := r.journal.lines(slog.LevelError); lines != nil {
		t.Errorf("got %q, want silence", lines)
	}
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}
