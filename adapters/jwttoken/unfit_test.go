package jwttoken_test

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wxlogin/adapters/jwttoken"
)

// unfit are the contents of files that are no key to trust, and a word of what
// is said of each.
func unfit(t *testing.T) map[string][]byte {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	other := pkcs8(t, p384, err)
	t.Setenv("GODEBUG", "rsa1024min=0")
	rsa1024, err := rsa.GenerateKey(rand.Reader, 1024)
	weak := pkcs8(t, rsa1024, err)
	x25519, err := ecdh.X25519().GenerateKey(rand.Reader)
	agreement := pkcs8(t, x25519, err)
	good := read(t, func() string { path, _ := generate(t, t.TempDir(), "ES256", day); return path }())
	return map[string][]byte{
		"no PEM block":              []byte("correct horse battery staple"),
		"more than one":             append(good, good...),
		"another curve":             other,
		"less than 2048 bits":       weak,
		"signs no tokens":           agreement,
		"no readable PKCS#8":        block("PRIVATE KEY", []byte("hush-hush")),
		"neither a PKCS#8":          block("EC PRIVATE KEY", []byte("hush-hush")),
		"less than 32 bytes":        block("HMAC SECRET", []byte("0123456789abcdefghijklmnopqrstu")),
		"repeats itself":            block("HMAC SECRET", bytes.Repeat([]byte{7}, 64)),
		"repeats itself ":           block("HMAC SECRET", []byte("your-256-bit-secretyour-256-bit-secret")),
		"repeats itself  ":          block("HMAC SECRET", []byte("secretsecretsecretsecretsecretse")),
		"not made at random":        block("HMAC SECRET", []byte("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")),
		"too large":                 append(good, bytes.Repeat([]byte("\n"), 70_000)...),
		"less than 32 bytes, empty": block("HMAC SECRET", nil),
	}
}

func TestEverythingWrongIsReportedAtOnceByFileAndNotByContent(t *testing.T) {
	dir := t.TempDir()
	var want []string
	var contents []byte
	for why, text := range unfit(t) {
		name := fmt.Sprintf("%02d.pem", len(want))
		put(t, dir, name, text, 0o600)
		want = append(want, filepath.Join(dir, name)+": ")
		contents = append(contents, text...)
		if _, err := jwttoken.LoadKeys(settings(dirOf(t, text), "ES256")); err == nil || !strings.Contains(err.Error(), strings.Split(strings.TrimSpace(why), ",")[0]) {
			t.Errorf("got %v, want it to say %q", err, why)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.pem"), 0o700); err != nil {
		t.Fatalf("Mkdir: got %v, want no error", err)
	}
	if err := os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "link.pem")); err != nil {
		t.Fatalf("Symlink: got %v, want no error", err)
	}
	keys, err := jwttoken.LoadKeys(settings(dir, "ES256"))
	if err == nil || keys != nil {
		t.Fatalf("LoadKeys: got %v and %v, want an error alone", keys, err)
	}
	for _, part := range append(want, "folder.pem: is no regular file", "link.pem", `no key for "ES256"`) {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("got %v, want %q in it", err, part)
		}
	}
	for word := range strings.FieldsSeq(string(contents)) {
		if len(word) > 8 && strings.Contains(err.Error(), word) {
			t.Errorf("got an error with %q, which is of a file", word)
		}
	}
}
