package jwttoken_test

import (
	"slices"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
)

func TestKeyIsPublishedThenSignsThenRetires(t *testing.T) { // R-TOK, T-31: publish, wait, sign, retire
	const wait, keep = 10 * time.Minute, 25 * time.Hour
	dir := t.TempDir()
	first, firstKid := generate(t, dir, "ES256", day.Add(-time.Hour))
	touch(t, first, day.Add(-time.Hour))
	replicas := []*replica{newReplica(t, settings(dir, "ES256")), newReplica(t, settings(dir, "ES256")), newReplica(t, settings(dir, "ES256"))}
	old := replicas[0].issue(t, day)

	if made, removed := rotate(t, dir, "ES256", day, wait, keep); !made || removed != nil {
		t.Fatalf("got made %t and removed %q, want the next key and nothing gone", made, removed)
	}
	next := readDirectory(t, dir, day).Keys[1].ID
	for i, r := range replicas {
		r.looks()
		if got := r.published(t); !slices.Contains(got, next) || !slices.Contains(got, firstKid) {
			t.Errorf("replica %d publishes %q, want both keys at once", i, got)
		}
		for at, want := range map[time.Time]string{
			day: firstKid, day.Add(wait - time.Nanosecond): firstKid, day.Add(wait): next, day.Add(time.Hour): next,
			day.Add(-24 * time.Hour): firstKid, // before all: the earliest
		} {
			if got := r.signs(t, at); got != want {
				t.Errorf("replica %d at %v: %s signs, want %s", i, at, got, want)
			}
		}
	}
	fresh := replicas[0].issue(t, day.Add(wait))
	for i, r := range replicas {
		if err := r.verify(t, old, day); err != nil {
			t.Errorf("replica %d, old token: got %v, want no error", i, err)
		}
		if err := r.verify(t, fresh, day.Add(wait)); err != nil {
			t.Errorf("replica %d, new token: got %v, want no error", i, err)
		}
	}

	if _, removed := rotate(t, dir, "ES256", day.Add(wait+keep-time.Second), wait, keep); removed != nil {
		t.Errorf("a second before its time: removed %q, want nothing", removed)
	}
	if _, removed := rotate(t, dir, "ES256", day.Add(wait+keep), wait, keep); !slices.Equal(removed, []string{firstKid}) {
		t.Errorf("got %q removed, want %s", removed, firstKid)
	}
	for i, r := range replicas {
		r.looks()
		if err := r.verify(t, old, day); err == nil {
			t.Errorf("replica %d: got no error, want the token of a retired key refused", i)
		}
		if got := r.published(t); slices.Contains(got, firstKid) {
			t.Errorf("replica %d publishes %q, want %s gone", i, got, firstKid)
		}
	}
}

func TestRotatingTwiceMakesOneKey(t *testing.T) {
	dir := t.TempDir()
	rotations := []struct {
		after time.Duration
		made  bool
		keys  int
	}{{0, true, 1}, {time.Second, true, 2}, {time.Minute, false, 2}, {10 * time.Minute, false, 2}, {11 * time.Minute, true, 3}}
	for _, tt := range rotations {
		made, removed := rotate(t, dir, "EdDSA", day.Add(tt.after), 10*time.Minute, time.Hour)
		if n := len(files(t, dir)); made != tt.made || removed != nil || n != tt.keys {
			t.Errorf("after %v: got made %t, removed %q and %d keys, want %t, nothing and %d", tt.after, made, removed, n, tt.made, tt.keys)
		}
	}
}

func TestFirstKeyOfARotationSignsAtOnce(t *testing.T) {
	dir := t.TempDir()
	rotate(t, dir, "RS256", day, time.Hour, time.Hour)
	keys := readDirectory(t, dir, day).Keys
	if len(keys) != 1 || !keys[0].Signs || !keys[0].From.Equal(day) {
		t.Errorf("got %+v, want one key that signs from %v", keys, day)
	}
}

func TestNextKeySignsNoEarlierThanPromised(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	now := day.Add(time.Hour + 300*time.Millisecond)
	rotate(t, dir, "ES256", now, 10*time.Minute, time.Hour)
	if from := readDirectory(t, dir, now).Keys[1].From; from.Before(now.Add(10*time.Minute)) || from.After(now.Add(10*time.Minute+time.Second)) {
		t.Errorf("got a key that signs from %v, want the second after %v", from, now.Add(10*time.Minute))
	}
}

// A key's successor may come with an old time, made on another machine: until it
// came, the key signed.
func TestKeyIsKeptFromWhenItsSuccessorCame(t *testing.T) {
	dir := t.TempDir()
	old, oldKid := generate(t, dir, "ES256", day.Add(-48*time.Hour))
	touch(t, old, day.Add(-48*time.Hour))
	late, _ := generate(t, dir, "ES256", day.Add(-47*time.Hour))
	touch(t, late, day)
	if _, removed := rotate(t, dir, "ES256", day.Add(24*time.Hour), time.Hour, 25*time.Hour); removed != nil {
		t.Errorf("got %q removed, want nothing within 25 h", removed)
	}
	if _, removed := rotate(t, dir, "ES256", day.Add(25*time.Hour), time.Hour, 25*time.Hour); !slices.Equal(removed, []string{oldKid}) {
		t.Errorf("got %q removed, want %s", removed, oldKid)
	}
}

// A file whose name tells no time was always there, and is retired by what has one.
func TestKeyOfNoTimeSignsUntilAnotherHas(t *testing.T) {
	dir := t.TempDir()
	path, kid := generate(t, t.TempDir(), "ES256", day)
	touch(t, put(t, dir, "zzz.pem", read(t, path), 0o600), day.Add(-time.Hour))
	if _, _, err := jwttoken.EnsureKey(dir, "EdDSA"); err != nil {
		t.Fatal(err)
	}
	r := newReplica(t, settings(dir, "ES256"))
	if got := r.signs(t, day); got != kid {
		t.Errorf("got %s, want the only key %s", got, kid)
	}
	rotate(t, dir, "ES256", day, time.Minute, time.Hour)
	r.looks()
	if before, after := r.signs(t, day.Add(59*time.Second)), r.signs(t, day.Add(time.Minute)); before != kid || after == kid {
		t.Errorf("got %s and then %s, want %s and then another", before, after, kid)
	}
	if _, removed := rotate(t, dir, "ES256", day.Add(time.Hour+time.Minute), time.Minute, time.Hour); !slices.Equal(removed, []string{kid}) {
		t.Errorf("got %q removed, want %s and no key of another algorithm", removed, kid)
	}
}

func TestRotatingRefusesWhatItCannotDo(t *testing.T) {
	if _, err := jwttoken.ReadKeyDirectory(t.TempDir()+"/none", day); err == nil {
		t.Error("got no error for a directory that is not there")
	}
	if made, _, err := readDirectory(t, t.TempDir(), day).Rotate("none", 0, 0); err == nil || made {
		t.Errorf("got %t and %v, want an error for no algorithm", made, err)
	}
}
