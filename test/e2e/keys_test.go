package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// keysCommand runs "wxlogin keys" on dir, which must succeed.
func keysCommand(t testing.TB, dir string, args ...string) (out, err string) {
	t.Helper()
	code, out, err := command(t, nil, append(append([]string{"keys"}, args...), "--dir", dir)...)
	if code != 0 {
		t.Fatalf("keys %v: got exit code %d and %s%s, want 0", args, code, out, err)
	}
	return out, err
}

// newKey makes a key in dir and returns its kid.
func newKey(t testing.TB, dir string) string {
	t.Helper()
	out, _ := keysCommand(t, dir, "generate")
	_, kid, _ := strings.Cut(strings.TrimSpace(out), "\nkid ")
	return kid
}

// knows reports whether the service publishes the key.
func (s service) knows(kid string) bool {
	return strings.Contains(string(s.Get("/.well-known/jwks.json", "").Body), `"`+kid+`"`)
}

func TestKeysRotateWithoutARestart(t *testing.T) { // F-27, T-31
	keys := t.TempDir()
	first := newKey(t, keys)
	w := inWorld(t, settings{"TOKEN_KEYS_DIR": keys})
	replicas := []service{w.service, w.again(t, nil).service}
	tokens := []string{w.login(t, "alice").AccessToken}

	out, warned := keysCommand(t, keys, "rotate", "--wait", "4s")
	turns := regexp.MustCompile(`^signs now ` + first + ` \S+\nsigns from (\S+) (\S+) \S+\n$`).FindStringSubmatch(out)
	if turns == nil || !strings.Contains(warned, "--wait of 4s is shorter than the 5m1s") {
		t.Fatalf("got %s%s, want whose turn it is and a warning", out, warned)
	}
	begins, err := time.Parse(time.RFC3339, turns[1])
	next := turns[2]
	if in := time.Until(begins); err != nil || in > 6*time.Second {
		t.Errorf("got %v (%v) until the next key signs, want about 4 s", in, err)
	}
	if again, _ := keysCommand(t, keys, "rotate", "--wait", "10m"); again != "the next key is there already: none was made\n"+out {
		t.Errorf("rotated twice: got %s, want %s and that none was made", again, out)
	}
	for _, r := range replicas {
		r.eventually(t, "the next key in the key set", func() bool { return r.knows(next) })
	}
	w.eventually(t, "the next key's turn", func() bool {
		token := w.login(t, "alice").AccessToken
		tokens = append(tokens, token)
		for _, r := range replicas {
			for _, token := range tokens[max(0, len(tokens)-2):] {
				wantStatus(t, "me", r.Get("/v1/me", token), 200, "")
			}
		}
		signs := header(t, token)["kid"]
		if early := time.Now().Before(begins); early && signs != first {
			t.Errorf("%s signs at %v, want %s until %v", signs, time.Now(), first, begins)
		}
		return signs == next
	})
	for _, r := range replicas {
		wantStatus(t, "the first key's token", r.Get("/v1/me", tokens[0]), 200, "")
		r.stops(t)
	}
}

func TestRemovedKeyIsRefusedEverywhereAndClientsGoOn(t *testing.T) { // T-31: emergency
	keys := t.TempDir()
	bad := newKey(t, keys)
	w := inWorld(t, settings{"TOKEN_KEYS_DIR": keys})
	replicas := []service{w.service, w.again(t, nil).service}
	login := w.login(t, "alice")
	for _, r := range replicas {
		wantStatus(t, "me before", r.Get("/v1/me", login.AccessToken), 200, "")
	}
	out, _ := keysCommand(t, keys, "remove", "--kid", bad)
	removed := time.Now()
	turns := regexp.MustCompile(`^removed ` + bad + ` \S+\nsigns now (\S+) \S+\n$`).FindStringSubmatch(out)
	if turns == nil || turns[1] == bad {
		t.Fatalf("got %s, want another key to sign", out)
	}
	for _, r := range replicas {
		r.eventually(t, "the key's tokens refused", func() bool { return r.Get("/v1/me", login.AccessToken).Code() == "token_invalid" })
	}
	t.Logf("refused on both %v after the removal", time.Since(removed).Round(time.Millisecond))
	again := w.Post("/v1/token/refresh", map[string]any{"refreshToken": login.RefreshToken}).Login(t)
	if kid := header(t, again.AccessToken)["kid"]; kid != turns[1] {
		t.Errorf("refreshed with the key %s, want %s", kid, turns[1])
	}
	for _, r := range replicas {
		wantStatus(t, "me after a refresh", r.Get("/v1/me", again.AccessToken), 200, "")
		r.stops(t)
	}
}

func TestRetiredKeysAreRemovedAndNamed(t *testing.T) {
	keys := t.TempDir()
	old := newKey(t, keys)
	first := onlyFile(t, keys)
	rename(t, first, filepath.Join(keys, "20200101T000000Z-ES256-old.pem"))
	current := newKey(t, keys)
	if out, _ := keysCommand(t, keys, "list"); !regexp.MustCompile(`^` + old + ` ES256 \S+-old.pem retired, removable from \S+\n` +
		current + ` ES256 \S+ signing\n$`).MatchString(out) {
		t.Errorf("list: got %s, want one retired and one that signs", out)
	}
	out, _ := keysCommand(t, keys, "rotate")
	if strings.Contains(out, "removed") {
		t.Errorf("got %s, want nothing removed within 25 h", out)
	}
	if out, _ := keysCommand(t, keys, "list"); !regexp.MustCompile(`\n` + current + ` ES256 \S+ signing\n\S+ ES256 \S+ next from \S+Z\n$`).MatchString(out) {
		t.Errorf("list: got %s, want the next key last", out)
	}
	out, _ = keysCommand(t, keys, "rotate", "--keep", "0s")
	if !regexp.MustCompile(`^removed ` + old + ` \S+-old.pem, retired since \S+Z\nthe next key is there already: none was made\nsigns now ` + current).MatchString(out) {
		t.Errorf("got %s, want the retired key removed", out)
	}
}

func TestFilesThatAreNoKeysAreLeftAlone(t *testing.T) {
	keys := t.TempDir()
	bad := newKey(t, keys)
	broken := filepath.Join(keys, "20200101T000000Z-ES256-broken.pem")
	if err := os.WriteFile(broken, []byte("hush-hush"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"list"}, {"rotate", "--keep", "0s"}, {"remove", "--kid", bad}} {
		if _, warned := keysCommand(t, keys, args...); !strings.Contains(warned, broken+": holds no PEM block: it is left alone") || strings.Contains(warned, "hush") {
			t.Errorf("%v: got %s, want a warning of %s", args, warned, broken)
		}
	}
	if text, err := os.ReadFile(broken); err != nil || string(text) != "hush-hush" {
		t.Errorf("got %q and %v, want the file as it was", text, err)
	}
}

func TestKeysCommandsRefuseWhatTheyCannotDo(t *testing.T) {
	keys := t.TempDir()
	newKey(t, keys)
	for _, args := range [][]string{
		{"list"}, {"list", "--dir", keys, "more"}, {"list", "--dir", keys, "--kid", "x"}, {"rotate", "--dir", keys, "--wait", "-1s"},
		{"rotate", "--dir", keys, "--keep", "-1h"}, {"rotate", "--dir", keys, "--wait", "soon"}, {"remove", "--dir", keys},
	} {
		if code, out, err := command(t, nil, append([]string{"keys"}, args...)...); code != 2 || out != "" || !strings.Contains(err, "usage: wxlogin keys") {
			t.Errorf("%v: got exit code %d and %s%s, want 2 and the usage", args, code, out, err)
		}
	}
	for want, args := range map[string][]string{
		"no such file": {"rotate", "--dir", filepath.Join(keys, "none")}, "no key with the kid x": {"remove", "--dir", keys, "--kid", "x"},
		"none of ES256": {"rotate", "--dir", keys, "--alg", "none"}, "no such file or": {"list", "--dir", filepath.Join(keys, "none")},
	} {
		if code, out, err := command(t, nil, append([]string{"keys"}, args...)...); code != 1 || out != "" || !strings.Contains(err, want) {
			t.Errorf("%v: got exit code %d and %s%s, want 1 and %q", args, code, out, err, want)
		}
	}
	onlyFile(t, keys)
}

// onlyFile is the one file in dir.
func onlyFile(t testing.TB, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("got %v (%v), want one file", entries, err)
	}
	return filepath.Join(dir, entries[0].Name())
}

func rename(t testing.TB, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}
