package avatars_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"wxlogin/adapters/avatars"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

func TestAvatarStore(t *testing.T) {
	contract.AvatarStore(t, func(t *testing.T) ports.AvatarStore { return opened(t, t.TempDir()) })
}

func opened(t *testing.T, dir string) *avatars.AvatarStore {
	t.Helper()
	store := avatars.NewAvatarStore(config.Avatars{Dir: dir})
	if err := store.Open(t.Context()); err != nil {
		t.Fatalf("Open: got %v, want no error", err)
	}
	t.Cleanup(func() {
		if err := store.Close(context.Background()); err != nil {
			t.Errorf("Close: got %v, want no error", err)
		}
	})
	return store
}

// name is an avatar's.
func name(user domain.UserID, last string) domain.AvatarName {
	return domain.NewAvatarName(user, domain.NewSecret(strings.Repeat("0", 43-len(last))+last))
}

// files are those in dir, by path, with their modes; directories end in a slash.
func files(t *testing.T, dir string) map[string]fs.FileMode {
	t.Helper()
	found := map[string]fs.FileMode{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if rel, _ := filepath.Rel(dir, path); entry.IsDir() {
			found[filepath.ToSlash(rel)+"/"] = info.Mode().Perm()
		} else {
			found[filepath.ToSlash(rel)] = info.Mode().Perm()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestPicturesAreTheOwnersAloneAndThereInWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "avatars")
	store, first := opened(t, dir), name("u1", "a")
	if err := store.Put(t.Context(), first, []byte("picture")); err != nil {
		t.Fatalf("Put: got %v, want no error", err)
	}
	shard := string(first[:2])
	want := map[string]fs.FileMode{"./": 0o700, shard + "/": 0o700, shard + "/" + string(first): 0o600}
	got := files(t, dir)
	for path, mode := range want {
		if got[path] != mode && runtime.GOOS != "windows" {
			t.Errorf("%s: got %o, want %o", path, got[path], mode)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v, want nothing but %v", got, want)
	}
}

func TestWhatIsLeftOfBrokenPutsIsNotSeenAndGoesWithItsOwner(t *testing.T) {
	dir := t.TempDir()
	store, mine, other := opened(t, dir), name("u1", "a"), name("u2", "a")
	leftOf := func(n domain.AvatarName) string { // as long as a name
		return string(n.Owner()) + ".new-" + strings.Repeat("0", 43-len(".new-"))
	}
	for _, n := range []domain.AvatarName{mine, other} {
		if err := store.Put(t.Context(), n, []byte("picture")); err != nil {
			t.Fatalf("Put: got %v, want no error", err)
		}
		if err := os.WriteFile(filepath.Join(dir, string(n[:2]), leftOf(n)), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := store.Get(t.Context(), domain.AvatarName(leftOf(n)))
		wantCode(t, err, domain.ErrNotFound)
	}
	if err := store.DeleteAll(t.Context(), mine.Owner()); err != nil {
		t.Fatalf("DeleteAll: got %v, want no error", err)
	}
	got := files(t, dir)
	for file, want := range map[string]bool{string(mine): false, leftOf(mine): false, string(other): true, leftOf(other): true} {
		if _, there := got[file[:2]+"/"+file]; there != want {
			t.Errorf("%s: got it there %t, want %t", file, there, want)
		}
	}
}

func TestSeveralProcessesShareADirectory(t *testing.T) {
	dir := t.TempDir()
	one, two, kept := opened(t, dir), opened(t, dir), name("u1", "kept")
	if err := one.Put(t.Context(), kept, []byte("picture")); err != nil {
		t.Fatalf("Put: got %v, want no error", err)
	}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if i%2 == 0 {
				if err := two.Delete(t.Context(), name("u1", "other")); err != nil {
					t.Errorf("Delete: got %v, want no error", err)
				}
			} else if err := one.Put(t.Context(), kept, []byte("picture")); err != nil && !errors.Is(err, domain.ErrStoreUnavailable) {
				t.Errorf("Put: got %v, want no error or %v", err, domain.ErrStoreUnavailable)
			}
			if got, err := two.Get(t.Context(), kept); err != nil || string(got) != "picture" {
				t.Errorf("Get: got %q and error %v, want the picture", got, err)
			}
		})
	}
	all.Wait()
}

func TestNothingOutsideOfTheDirectoryIsReached(t *testing.T) {
	parent, mine := t.TempDir(), name("u1", "a")
	dir, outside := filepath.Join(parent, "avatars"), filepath.Join(parent, "outside")
	store := opened(t, dir)
	for _, path := range []string{outside, filepath.Join(outside, string(mine.Owner()))} {
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, string(mine[:2]))); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if err := os.WriteFile(filepath.Join(outside, string(mine)), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Get(t.Context(), mine)
	wantCode(t, err, domain.ErrStoreUnavailable)
	wantCode(t, store.Put(t.Context(), mine, nil), domain.ErrStoreUnavailable)
	wantCode(t, store.DeleteAll(t.Context(), mine.Owner()), domain.ErrStoreUnavailable)
	if got, err := os.ReadFile(filepath.Join(outside, string(mine))); err != nil || string(got) != "secret" {
		t.Errorf("got %q and error %v, want the file untouched", got, err)
	}
}

func TestFaultsOfTheDiskAreOutagesAndNameNoPicture(t *testing.T) {
	dir, mine := t.TempDir(), name("u1", "a")
	store := opened(t, dir)
	if err := os.WriteFile(filepath.Join(dir, string(mine[:2])), nil, 0o600); err != nil { // where a directory should be
		t.Fatal(err)
	}
	closed, never := opened(t, t.TempDir()), avatars.NewAvatarStore(config.Avatars{Dir: t.TempDir()})
	if err := errors.Join(closed.Close(t.Context()), never.Close(t.Context())); err != nil {
		t.Errorf("Close: got %v, want no error", err)
	}
	for what, broken := range map[string]*avatars.AvatarStore{"no directory": store, "closed": closed, "never opened": never} {
		_, getErr := broken.Get(t.Context(), mine)
		for _, err := range []error{getErr, broken.Put(t.Context(), mine, nil), broken.Delete(t.Context(), mine), broken.DeleteAll(t.Context(), mine.Owner())} {
			wantCode(t, err, domain.ErrStoreUnavailable)
			if text := err.Error(); strings.Contains(text, string(mine)) || !strings.HasPrefix(text, "avatars: ") {
				t.Errorf("%s: got %q, want the package and no name", what, text)
			}
		}
	}
	if err := avatars.NewAvatarStore(config.Avatars{Dir: filepath.Join(dir, string(mine[:2]))}).Open(t.Context()); err == nil {
		t.Error("Open of a file: got no error, want one")
	}
}
