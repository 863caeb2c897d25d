package jwttoken_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
)

func TestGeneratedKeyIsThereForItsOwnerAlone(t *testing.T) {
	skipWithoutModes(t)
	dir := filepath.Join(t.TempDir(), "deep", "keys")
	for _, alg := range algorithms {
		path, _ := generate(t, dir, alg, day)
		info, err := os.Stat(path)
		if err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: got mode %v (%v), want 0600", alg, info.Mode(), err)
		}
		load(t, settings(dir, alg))
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("got a directory of mode %v (%v), want 0700", info.Mode(), err)
	}
}

func TestGeneratedNamesTellTimeAlgorithmAndKeyAndSort(t *testing.T) {
	dir := t.TempDir()
	east := time.FixedZone("UTC+8", 8*60*60)
	var names []string
	for i, alg := range []string{"RS256", "HS256", "EdDSA", "ES256"} {
		path, kid := generate(t, dir, alg, day.In(east).Add(time.Duration(i)*time.Hour))
		names = append(names, filepath.Base(path))
		want := regexp.MustCompile(`^20261122T\d{2}1500Z-` + alg + "-" + regexp.QuoteMeta(kid[:8]) + `\.pem$`)
		if !want.MatchString(names[i]) {
			t.Errorf("got the name %s, want one like %v", names[i], want)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("got %q, want names in the order of their times", names)
	}
}

func TestGenerateLeavesNothingElseBehind(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		generate(t, dir, "EdDSA", day) // in one second: three keys
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("got %v (%v), want three files", entries, err)
	}
}

func TestGenerateRefusesWhatItCannotMake(t *testing.T) {
	dir := t.TempDir()
	for _, alg := range []string{"", "none", "ES384", "es256"} {
		if path, kid, err := jwttoken.GenerateKey(dir, alg, day); err == nil || path+kid != "" {
			t.Errorf("%s: got %s and %v, want an error alone", alg, path, err)
		}
	}
	file := put(t, dir, "file", nil, 0o600)
	if _, _, err := jwttoken.GenerateKey(file, "ES256", day); err == nil {
		t.Error("got no error for a directory that is a file")
	}
}
