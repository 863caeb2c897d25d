package jwttoken_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/jwttoken"
)

func TestDirectoryTellsWhatEachKeyIsFor(t *testing.T) {
	dir := t.TempDir()
	var want []jwttoken.KeyFile
	add := func(alg string, from time.Time, signs bool, retired time.Time) {
		path, kid := generate(t, dir, alg, from)
		touch(t, path, from.Add(-time.Hour))
		want = append(want, jwttoken.KeyFile{Path: path, ID: kid, Alg: alg, Signs: signs, From: from, Retired: retired})
	}
	add("ES256", day.Add(-2*time.Hour), false, day.Add(-time.Hour))
	add("ES256", day.Add(-time.Hour), false, day)
	add("ES256", day, true, time.Time{})
	add("ES256", day.Add(time.Second), false, time.Time{})
	add("EdDSA", day.Add(time.Hour), true, time.Time{}) // the earliest, where no time has come
	add("EdDSA", day.Add(2*time.Hour), false, time.Time{})
	add("HS256", day.Add(-1000*time.Hour), true, time.Time{})
	if diff := cmp.Diff(want, readDirectory(t, dir, day.Add(time.Second/2)).Keys); diff != "" {
		t.Errorf("the keys differ (-want +got):\n%s", diff)
	}
}

func TestDirectoryNamesFilesThatItDoesNotTouch(t *testing.T) {
	dir := t.TempDir()
	path, kid := generate(t, dir, "ES256", day.Add(-time.Hour))
	put(t, dir, "20260101T000000Z-ES256-broken.pem", []byte("not a key"), 0o600)
	put(t, dir, "zz-copy.pem", read(t, path), 0o600)
	put(t, dir, "notes.txt", []byte("mine"), 0o600)
	keys := readDirectory(t, dir, day)
	faults := make([]string, 0, len(keys.Faults))
	for _, fault := range keys.Faults {
		faults = append(faults, fault.Error())
	}
	if text := strings.Join(faults, "\n"); len(faults) != 2 || !strings.Contains(text, "broken.pem: holds no PEM block") || !strings.Contains(text, "zz-copy.pem: is the key of "+path) {
		t.Errorf("got %q, want both files named", faults)
	}
	rotate(t, dir, "ES256", day, 0, 0)
	rotate(t, dir, "ES256", day.Add(time.Hour), 0, 0)
	rotate(t, dir, "ES256", day.Add(2*time.Hour), 0, 0)
	got := files(t, dir)
	for _, name := range []string{"20260101T000000Z-ES256-broken.pem", "notes.txt"} {
		if !got[name] {
			t.Errorf("got %v, want %s left alone", got, name)
		}
	}
	if got[filepath.Base(path)] {
		t.Errorf("got %v, want the key %s retired", got, kid)
	}
}

// Files that somebody may not read are no reason to sign with a key that nobody
// knows.
func TestFirstKeyBesideUnreadableOnesWaitsItsTurn(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "20260101T000000Z-ES256-broken.pem", []byte("not a key"), 0o600)
	rotate(t, dir, "ES256", day, time.Hour, time.Hour)
	if keys := readDirectory(t, dir, day).Keys; len(keys) != 1 || !keys[0].From.Equal(day.Add(time.Hour)) {
		t.Errorf("got %+v, want one that begins in an hour", keys)
	}
}

func TestRemovingTheSigningKeyPutsAnotherInItsPlaceFirst(t *testing.T) {
	dir := t.TempDir()
	retired, _ := generate(t, dir, "ES256", day.Add(-time.Hour))
	path, kid := generate(t, dir, "ES256", day.Add(-time.Minute))
	keys := readDirectory(t, dir, day)
	removed, err := keys.Remove(kid)
	if err != nil || !slices.Equal(removed, []string{path}) {
		t.Fatalf("got %q and %v, want %s removed", removed, err, path)
	}
	left := keys.Of("ES256")
	if len(left) != 2 || left[0].Path != retired || left[0].Signs || !left[1].Signs || !left[1].From.Equal(day) {
		t.Errorf("got %+v, want the retired key and a new one that signs", left)
	}
	if diff := cmp.Diff(readDirectory(t, dir, day).Keys, keys.Keys); diff != "" {
		t.Errorf("what is told differs from what is there (-there +told):\n%s", diff)
	}
}

// The next key is known to backends already, as a new one would not be.
func TestRemovingTheSigningKeyPutsTheNextInItsPlace(t *testing.T) {
	dir := t.TempDir()
	_, kid := generate(t, dir, "EdDSA", day.Add(-time.Hour))
	_, next := generate(t, dir, "EdDSA", day.Add(time.Minute))
	_, later := generate(t, dir, "EdDSA", day.Add(time.Hour))
	r := newReplica(t, settings(dir, "EdDSA"))
	if _, err := readDirectory(t, dir, day).Remove(kid); err != nil {
		t.Fatalf("Remove: got %v, want no error", err)
	}
	r.looks()
	if got := r.published(t); !slices.Equal(got, []string{next, later}) || r.signs(t, day) != next {
		t.Errorf("got %q published and %s signing, want %s to sign", got, r.signs(t, day), next)
	}
}

func TestRemovingAnotherKeyRemovesThatAlone(t *testing.T) {
	dir := t.TempDir()
	path, retired := generate(t, dir, "ES256", day.Add(-time.Hour))
	put(t, dir, "copy.pem", read(t, path), 0o600)
	_, signs := generate(t, dir, "ES256", day.Add(-time.Minute))
	_, next := generate(t, dir, "ES256", day.Add(time.Minute))
	keys := readDirectory(t, dir, day)
	for _, kid := range []string{retired, next} {
		if _, err := keys.Remove(kid); err != nil {
			t.Fatalf("Remove: got %v, want no error", err)
		}
	}
	if left := keys.Keys; len(files(t, dir)) != 1 || len(left) != 1 || left[0].ID != signs || !left[0].Signs {
		t.Errorf("got %+v in %v, want the key that signs alone", left, files(t, dir))
	}
	for _, kid := range []string{retired, "", signs[:8]} {
		if removed, err := keys.Remove(kid); err == nil || removed != nil {
			t.Errorf("%q: got %q and %v, want an error alone", kid, removed, err)
		}
	}
}
