package contract

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

// AvatarStore holds a store to ports.AvatarStore. It calls fresh once for each
// case, and expects an empty store.
func AvatarStore(t *testing.T, fresh func(*testing.T) ports.AvatarStore) {
	cases := []struct {
		claim string
		check func(*testing.T, ports.AvatarStore)
	}{
		{"what is put is got, byte for byte", putIsGot},
		{"a large picture survives, byte for byte", largeIsGot},
		{"a put that is repeated, its answer lost, changes nothing", repeatedPut},
		{"a picture that nobody put is not found", unknownPicture},
		{"names that differ in case or in the end are of different pictures", similarNames},
		{"what has no name of an avatar is not found", oddNames},
		{"a caller may do what it likes with what it gave and got", copies},
		{"a picture that is deleted is gone, and no other", deleteIsOfOne},
		{"deleting all removes all of the owner's pictures", deleteAll},
		{"deleting all keeps what others have", deleteAllOfOthers},
		{"deleting where there is nothing is no error, nor is deleting twice", deleteNothing},
		{"what was deleted may be put again", putAfterDelete},
		{"of parallel puts none is lost", parallelPuts},
		{"of parallel puts of one picture all store it", parallelPutsOfOne},
		{"puts and deletions at once harm no other picture", parallelDeletes},
		{"a get while there are deletions returns a whole picture or none", parallelGets},
		{"a put whose context is over is refused or done", putIsRefusedOrDone},
		{"a deletion whose context is over is refused or done", deleteIsRefusedOrDone},
		{"a get whose context is over is refused or right", getIsRight},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) { tt.check(t, fresh(t)) })
	}
}

// avatar names the nth picture of a user.
func avatar(user domain.UserID, n int) domain.AvatarName {
	return domain.NewAvatarName(user, domain.NewSecret(fmt.Sprintf("%s%040d", "-_a", n)))
}

// picture is some n bytes, of every value.
func picture(n int, seed byte) []byte {
	all := make([]byte, n)
	for i := range all {
		all[i] = byte(i) ^ byte(i>>8) ^ byte(i>>16) ^ seed
	}
	return all
}

func put(t *testing.T, store ports.AvatarStore, name domain.AvatarName, file []byte) {
	t.Helper()
	if err := store.Put(t.Context(), name, file); err != nil {
		t.Fatalf("Put: got %v, want no error", err)
	}
}

func discard(t *testing.T, store ports.AvatarStore, name domain.AvatarName) {
	t.Helper()
	if err := store.Delete(t.Context(), name); err != nil {
		t.Fatalf("Delete: got %v, want no error", err)
	}
}

func discardAll(t *testing.T, store ports.AvatarStore, user domain.UserID) {
	t.Helper()
	if err := store.DeleteAll(t.Context(), domain.OwnerOfAvatars(user)); err != nil {
		t.Fatalf("DeleteAll: got %v, want no error", err)
	}
}

func wantPicture(t *testing.T, store ports.AvatarStore, name domain.AvatarName, want []byte) {
	t.Helper()
	got, err := store.Get(t.Context(), name)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("Get: got %d bytes and error %v, want the %d that were put", len(got), err, len(want))
	}
}

func wantNoPicture(t *testing.T, store ports.AvatarStore, name domain.AvatarName) {
	t.Helper()
	got, err := store.Get(t.Context(), name)
	wantNotFound(t, fmt.Sprintf("Get, with %d bytes", len(got)), err)
}

func putIsGot(t *testing.T, store ports.AvatarStore) {
	for n, size := range []int{1, 100, 20_000} {
		put(t, store, avatar("u1", n), picture(size, byte(n)))
	}
	for n, size := range []int{1, 100, 20_000} {
		wantPicture(t, store, avatar("u1", n), picture(size, byte(n)))
	}
}

func largeIsGot(t *testing.T, store ports.AvatarStore) {
	for n, size := range []int{255 << 10, 255<<10 + 1, 256 << 10, 600_000} {
		put(t, store, avatar("u1", n), picture(size, byte(n)))
		wantPicture(t, store, avatar("u1", n), picture(size, byte(n)))
	}
}

func repeatedPut(t *testing.T, store ports.AvatarStore) {
	for range 3 {
		put(t, store, avatar("u1", 1), picture(300_000, 1))
		wantPicture(t, store, avatar("u1", 1), picture(300_000, 1))
	}
	discardAll(t, store, "u1")
	wantNoPicture(t, store, avatar("u1", 1))
}

func unknownPicture(t *testing.T, store ports.AvatarStore) {
	wantNoPicture(t, store, avatar("u1", 1))
	put(t, store, avatar("u1", 1), picture(10, 1))
	wantNoPicture(t, store, avatar("u1", 2))
	wantNoPicture(t, store, avatar("u2", 1))
}

func similarNames(t *testing.T, store ports.AvatarStore) {
	first, second := avatar("u1", 1), avatar("u1", 2)
	put(t, store, first, picture(10, 1))
	put(t, store, second, picture(20, 2))
	wantPicture(t, store, first, picture(10, 1))
	wantPicture(t, store, second, picture(20, 2))
	wantNoPicture(t, store, domain.AvatarName(strings.Replace(string(first), "-_a", "-_b", 1)))
}

func oddNames(t *testing.T, store ports.AvatarStore) {
	name := avatar("u1", 1)
	put(t, store, name, picture(10, 1))
	odd := []string{
		"", ".", "..", "/", "a", string(name) + "0", string(name[1:]), string(name) + "/0", string(name) + "\x00", "/" + string(name),
		"../" + string(name[3:]), string(name[:60]) + "/..", string(name[:62]) + ".", string(name[:62]) + "\x00", string(name[:61]) + "é",
		strings.Repeat("../", 21), strings.Repeat(".", 63), strings.Repeat("/", 63), strings.Repeat("*", 63), "$set", string(name.Owner()),
	}
	for _, text := range odd {
		wantNoPicture(t, store, domain.AvatarName(text))
		if err := store.Put(t.Context(), domain.AvatarName(text), picture(10, 2)); err == nil {
			t.Errorf("Put of %q: got no error, want one", text)
		}
		if err := store.Delete(t.Context(), domain.AvatarName(text)); err != nil {
			t.Errorf("Delete of %q: got %v, want no error", text, err)
		}
		if err := store.DeleteAll(t.Context(), domain.AvatarOwner(text[:min(len(text), 19)])); err != nil {
			t.Errorf("DeleteAll of what is no owner: got %v, want no error", err)
		}
	}
	wantPicture(t, store, name, picture(10, 1))
}

func copies(t *testing.T, store ports.AvatarStore) {
	file := picture(100, 1)
	put(t, store, avatar("u1", 1), file)
	clear(file)
	got, err := store.Get(t.Context(), avatar("u1", 1))
	if err != nil {
		t.Fatalf("Get: got %v, want no error", err)
	}
	clear(got)
	wantPicture(t, store, avatar("u1", 1), picture(100, 1))
}
