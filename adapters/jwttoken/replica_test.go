package jwttoken_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/config"
	"wxlogin/domain"
)

// journal is what a log was told.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) log() *slog.Logger { return slog.New(slog.NewTextHandler(j, nil)) }

// lines returns what was told at level since it was asked last.
func (j *journal) lines(level slog.Level) (lines []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for line := range strings.Lines(j.text.String()) {
		if strings.Contains(line, " level="+level.String()+" ") {
			lines = append(lines, line)
		}
	}
	j.text.Reset()
	return lines
}

// replica is one service on a directory that others use too.
type replica struct {
	ring     *jwttoken.Keyring
	issuer   *jwttoken.AccessTokenIssuer
	verifier *jwttoken.AccessTokenVerifier
	keys     *jwttoken.VerificationKeys
	journal  *journal
}

func newReplica(t testing.TB, cfg config.Tokens) *replica {
	t.Helper()
	ring := load(t, cfg)
	return &replica{ring, jwttoken.NewAccessTokenIssuer(ring, cfg, &counting{}), jwttoken.NewAccessTokenVerifier(ring, cfg),
		jwttoken.NewVerificationKeys(ring), &journal{}}
}

// looks makes the replica look at its directory now.
func (r *replica) looks() { r.ring.Reload(r.journal.log()) }

var somebody = domain.Caller{UserID: "u", SessionID: "s", AppID: "wx"}

func (r *replica) issue(t testing.TB, at time.Time) domain.Secret {
	t.Helper()
	token, err := r.issuer.IssueAccessToken(t.Context(), somebody, at, at.Add(time.Hour))
	if err != nil {
		t.Fatalf("IssueAccessToken: got %v, want no error", err)
	}
	return token
}

// signs returns the kid of the key that signs at a time.
func (r *replica) signs(t testing.TB, at time.Time) string {
	t.Helper()
	return kidOf(t, r.issue(t, at))
}

func kidOf(t testing.TB, token domain.Secret) string {
	t.Helper()
	var header struct{ Kid string }
	first, _, _ := strings.Cut(token.Reveal(), ".")
	if err := json.Unmarshal([]byte(unbase64(t, first)), &header); err != nil {
		t.Fatalf("got %v, want JSON", err)
	}
	return header.Kid
}

func (r *replica) verify(t testing.TB, token domain.Secret, at time.Time) error {
	t.Helper()
	_, err := r.verifier.VerifyAccessToken(t.Context(), token, at)
	return err
}

// published returns the kids of the key set.
func (r *replica) published(t testing.TB) (kids []string) {
	t.Helper()
	var set struct{ Keys []struct{ Kid string } }
	if err := json.Unmarshal(r.keys.JWKS(), &set); err != nil {
		t.Fatalf("got %v, want a key set", err)
	}
	for _, k := range set.Keys {
		kids = append(kids, k.Kid)
	}
	return kids
}

func readDirectory(t testing.TB, dir string, now time.Time) *jwttoken.KeyDirectory {
	t.Helper()
	keys, err := jwttoken.ReadKeyDirectory(dir, now)
	if err != nil {
		t.Fatalf("ReadKeyDirectory: got %v, want no error", err)
	}
	return keys
}

// rotate does what "wxlogin keys rotate" does, and gives new files a time of now.
func rotate(t testing.TB, dir, alg string, now time.Time, wait, keep time.Duration) (made bool, removed []string) {
	t.Helper()
	before := files(t, dir)
	made, gone, err := readDirectory(t, dir, now).Rotate(alg, wait, keep)
	if err != nil {
		t.Fatalf("Rotate: got %v, want no error", err)
	}
	for name := range files(t, dir) {
		if !before[name] {
			touch(t, filepath.Join(dir, name), now)
		}
	}
	for _, k := range gone {
		removed = append(removed, k.ID)
	}
	return made, removed
}

func touch(t testing.TB, path string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatalf("Chtimes: got %v, want no error", err)
	}
}

func files(t testing.TB, dir string) map[string]bool {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatalf("ReadDir: got %v, want no error", err)
	}
	names := map[string]bool{}
	for _, e := range entries {
		names[e.Name()] = true
	}
	return names
}

func remove(t testing.TB, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatalf("Remove: got %v, want no error", err)
	}
}
