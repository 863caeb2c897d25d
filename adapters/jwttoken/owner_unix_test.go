//go:build unix

package jwttoken_test

import (
	"os"
	"syscall"
	"testing"
)

func TestKeyThatRootMakesIsTheDirectoryOwners(t *testing.T) {
	want := os.Geteuid()
	dir := t.TempDir()
	if want == 0 {
		want = 12_345
		if err := os.Chown(dir, want, want); err != nil {
			t.Fatal(err)
		}
	}
	path, _ := generate(t, dir, "ES256", day)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok || int(owner.Uid) != want || info.Mode().Perm() != 0o600 {
		t.Errorf("got %+v of mode %v, want the owner %d alone to read it", owner, info.Mode(), want)
	}
}
