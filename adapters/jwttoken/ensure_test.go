package jwttoken_test

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/config"
)

func TestParallelFirstStartsMakeOneKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d[1]", "keys")
	var mu sync.Mutex
	paths, made := map[string]bool{}, 0
	var starts sync.WaitGroup
	for range 20 {
		starts.Go(func() {
			path, fresh, err := jwttoken.EnsureKey(dir, "ES256")
			if err != nil {
				t.Errorf("got %v, want no error", err)
			}
			mu.Lock()
			defer mu.Unlock()
			paths[path] = true
			if fresh {
				made++
			}
		})
	}
	starts.Wait()
	if len(paths) != 1 || made != 1 {
		t.Errorf("got %d paths, made by %d; want one by one", len(paths), made)
	}
}

func TestGeneratedKeyTakesOverFromTheFirst(t *testing.T) {
	dir := t.TempDir()
	first, _, err := jwttoken.EnsureKey(dir, "EdDSA")
	if err != nil {
		t.Fatal(err)
	}
	next, _, err := jwttoken.GenerateKey(dir, "EdDSA", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if next <= first {
		t.Errorf("%s does not sort after %s", next, first)
	}
	if again, made, err := jwttoken.EnsureKey(dir, "EdDSA"); err != nil || made || again != first {
		t.Errorf("got %s %v %v, want the first key left alone", again, made, err)
	}
	if _, err := jwttoken.LoadKeys(config.Tokens{KeysDir: dir, Alg: "EdDSA"}); err != nil {
		t.Error(err)
	}
}
