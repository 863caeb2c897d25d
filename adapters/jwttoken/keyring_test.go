package jwttoken_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/config"
	"wxlogin/domain"
)

var day = time.Date(2026, 11, 22, 8, 15, 0, 0, time.UTC)

func put(t *testing.T, dir, name string, text []byte, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatalf("WriteFile: got %v, want no error", err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask
		t.Fatalf("Chmod: got %v, want no error", err)
	}
	return path
}

func block(kind string, raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw})
}

func pkcs8(t *testing.T, private any, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatalf("GenerateKey: got %v, want no error", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatalf("MarshalPKCS8PrivateKey: got %v, want no error", err)
	}
	return block("PRIVATE KEY", der)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("ReadFile: got %v, want no error", err)
	}
	return text
}

func dirOf(t *testing.T, text []byte) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "a.pem", text, 0o600)
	return dir
}

func TestFileThatOthersCanWriteIsRefused(t *testing.T) {
	skipWithoutModes(t)
	for _, mode := range []os.FileMode{0o620, 0o602, 0o666, 0o777} {
		dir := t.TempDir()
		path, _ := generate(t, dir, "ES256", day)
		if err := os.Chmod(path, mode); err != nil {
			t.Fatalf("Chmod: got %v, want no error", err)
		}
		_, err := jwttoken.LoadKeys(settings(dir, "ES256"))
		if err == nil || !strings.Contains(err.Error(), path+": can be written") {
			t.Errorf("mode %o: got %v, want a refusal of %s", mode, err, path)
		}
	}
}

func TestFileThatOthersCanReadIsWarnedOf(t *testing.T) {
	skipWithoutModes(t)
	for mode, warned := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o440: false, 0o640: false, 0o644: true, 0o604: true} {
		dir := t.TempDir()
		path, _ := generate(t, dir, "ES256", day)
		if err := os.Chmod(path, mode); err != nil {
			t.Fatalf("Chmod: got %v, want no error", err)
		}
		warnings := load(t, settings(dir, "ES256")).Warnings
		if got := len(warnings) == 1 && strings.Contains(warnings[0], path); got != warned || len(warnings) > 1 {
			t.Errorf("mode %o: got the warnings %q, want one of %s: %t", mode, warnings, path, warned)
		}
	}
}

func skipWithoutModes(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("file modes say nothing here")
	}
}

func TestSameKeyInTwoFilesIsRefused(t *testing.T) {
	dir := t.TempDir()
	path, _ := generate(t, dir, "ES256", day)
	put(t, dir, "copy.pem", read(t, path), 0o600)
	_, err := jwttoken.LoadKeys(settings(dir, "ES256"))
	if err == nil || !strings.Contains(err.Error(), "copy.pem: is the key of "+path) {
		t.Errorf("got %v, want both files named", err)
	}
}

func TestNoKeyForTheAlgorithmIsRefused(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	for _, alg := range []string{"EdDSA", "RS256", "HS256", "es256", "none", ""} {
		_, err := jwttoken.LoadKeys(settings(dir, alg))
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("no key for %q", alg)) {
			t.Errorf("%s: got %v, want that there is no key for it", alg, err)
		}
	}
	if _, err := jwttoken.LoadKeys(settings(filepath.Join(dir, "none"), "ES256")); err == nil {
		t.Error("got no error for a directory that is not there")
	}
}

func TestOtherFilesAreNotRead(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	put(t, dir, "README.md", []byte("keys"), 0o666)
	put(t, dir, ".new-key-123", []byte("half a ke"), 0o600)
	load(t, settings(dir, "ES256"))
}

func TestMountedSecretIsReadThroughItsLink(t *testing.T) {
	hidden, dir := t.TempDir(), t.TempDir()
	path, _ := generate(t, hidden, "ES256", day)
	if err := os.Symlink(path, filepath.Join(dir, "key.pem")); err != nil {
		t.Fatalf("Symlink: got %v, want no error", err)
	}
	load(t, settings(dir, "ES256"))
}

func TestLastKeyOfTheAlgorithmSignsAndAllVerify(t *testing.T) {
	dir := t.TempDir()
	var tokens []domain.Secret
	var kids []string
	for i, alg := range []string{"ES256", "EdDSA", "HS256", "ES256", "ES256"} {
		_, kid := generate(t, dir, alg, day.Add(time.Duration(i-9)*time.Second))
		kids = append(kids, kid)
		tokens = append(tokens, issue(t, settings(dir, alg)))
	}
	put(t, dir, "zz.pem", read(t, func() string { path, _ := generate(t, t.TempDir(), "EdDSA", day); return path }()), 0o600)
	tokens = append(tokens, issue(t, settings(dir, "ES256")))
	if header, _, _ := strings.Cut(tokens[5].Reveal(), "."); !strings.Contains(unbase64(t, header), kids[4]) {
		t.Errorf("got a token with the header %s, want the kid %s", unbase64(t, header), kids[4])
	}
	verifier := jwttoken.NewAccessTokenVerifier(load(t, settings(dir, "ES256")), settings(dir, "ES256"))
	for i, token := range tokens {
		if _, err := verifier.VerifyAccessToken(t.Context(), token, day); err != nil {
			t.Errorf("token %d: got %v, want no error", i, err)
		}
	}
}

func TestRemovedKeyEndsItsTokens(t *testing.T) {
	dir := t.TempDir()
	path, _ := generate(t, dir, "ES256", day)
	token := issue(t, settings(dir, "ES256"))
	generate(t, dir, "ES256", day.Add(time.Second))
	if err := os.Remove(path); err != nil {
		t.Fatalf("Remove: got %v, want no error", err)
	}
	verifier := jwttoken.NewAccessTokenVerifier(load(t, settings(dir, "ES256")), settings(dir, "ES256"))
	if _, err := verifier.VerifyAccessToken(t.Context(), token, day); err == nil {
		t.Error("got no error, want the token of a removed key refused")
	}
}

func issue(t *testing.T, cfg config.Tokens) domain.Secret {
	t.Helper()
	token, err := jwttoken.NewAccessTokenIssuer(load(t, cfg), cfg, &counting{}).
		IssueAccessToken(t.Context(), domain.Caller{UserID: "u", SessionID: "s", AppID: "wx"}, day, day.Add(time.Minute))
	if err != nil {
		t.Fatalf("IssueAccessToken: got %v, want no error", err)
	}
	return token
}

func unbase64(t testing.TB, text string) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatalf("got %v, want base64url", err)
	}
	return string(raw)
}
