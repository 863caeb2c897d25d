package contract

import (
	"strings"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

// SealerWorld is a sealer, and another that has none of its keys.
type SealerWorld struct {
	Sealer   ports.SessionKeySealer
	Stranger ports.SessionKeySealer
}

const (
	canary  = "canary+session/key+24==="
	ownerA  = domain.IdentityKey("wx0123456789abcdef:openid-a")
	ownerB  = domain.IdentityKey("wx0123456789abcdef:openid-b")
	sameIn2 = domain.IdentityKey("wxfedcba9876543210:openid-a")
)

// SessionKeySealer holds a sealer to ports.SessionKeySealer. It calls fresh once
// for each case.
func SessionKeySealer(t *testing.T, fresh func(*testing.T) SealerWorld) {
	cases := []struct {
		claim string
		check func(*testing.T, SealerWorld)
	}{
		{"what is sealed for an owner opens for that owner", sealedOpens},
		{"any text survives", sealedTextsSurvive},
		{"sealing twice gives two different texts, and both open", sealsDiffer},
		{"a sealed text shows neither the key nor the owner", sealedShowsNothing},
		{"what is moved to another owner's row does not open", swappedRowsStayShut},
		{"what is sealed under a key that is not configured does not open", strangersStayOut},
		{"a text with any one byte changed does not open", everyByteCounts},
		{"a text cut short, grown or made up does not open", damagedStaysShut},
		{"parallel use is safe", sealInParallel},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) { tt.check(t, fresh(t)) })
	}
}

func seal(t *testing.T, sealer ports.SessionKeySealer, key string, owner domain.IdentityKey) domain.SealedKey {
	t.Helper()
	sealed, err := sealer.Seal(domain.NewSecret(key), owner)
	if err != nil {
		t.Fatalf("Seal: got %v, want no error", err)
	}
	return sealed
}

func wantOpens(t *testing.T, sealer ports.SessionKeySealer, sealed domain.SealedKey, owner domain.IdentityKey, want string) {
	t.Helper()
	got, err := sealer.Open(sealed, owner)
	if err != nil {
		t.Fatalf("Open: got %v, want no error", err)
	}
	if got.Reveal() != want {
		t.Errorf("Open: got %q, want %q", got.Reveal(), want)
	}
}

// wantShut wants an error that names nothing of the key or of what is sealed.
func wantShut(t *testing.T, what string, sealer ports.SessionKeySealer, sealed domain.SealedKey, owner domain.IdentityKey) {
	t.Helper()
	got, err := sealer.Open(sealed, owner)
	if err == nil || !got.Empty() {
		t.Errorf("%s: got %d bytes and %v, want an error alone", what, len(got.Reveal()), err)
		return
	}
	ciphertext := sealed[strings.LastIndex(string(sealed), ".")+1:]
	for _, secret := range []string{canary, string(ciphertext), string(owner)} {
		if len(secret) > 8 && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: got an error that names %q: %v", what, secret, err)
		}
	}
}

func sealedOpens(t *testing.T, w SealerWorld) {
	wantOpens(t, w.Sealer, seal(t, w.Sealer, canary, ownerA), ownerA, canary)
}

func sealedTextsSurvive(t *testing.T, w SealerWorld) {
	for name, text := range texts {
		owner := domain.IdentityKey("wx:" + text)
		t.Run(name, func(t *testing.T) { wantOpens(t, w.Sealer, seal(t, w.Sealer, text, owner), owner, text) })
	}
	wantOpens(t, w.Sealer, seal(t, w.Sealer, "\x00\xff\x80", ownerA), ownerA, "\x00\xff\x80")
	wantOpens(t, w.Sealer, seal(t, w.Sealer, "", ownerA), ownerA, "")
}

func sealsDiffer(t *testing.T, w SealerWorld) {
	seen := map[domain.SealedKey]bool{}
	for range 100 {
		sealed := seal(t, w.Sealer, canary, ownerA)
		seen[sealed] = true
		wantOpens(t, w.Sealer, sealed, ownerA, canary)
	}
	if len(seen) != 100 {
		t.Errorf("got %d different texts of 100 seals, want 100", len(seen))
	}
}

func sealedShowsNothing(t *testing.T, w SealerWorld) {
	sealed := string(seal(t, w.Sealer, canary, ownerA))
	for _, part := range []string{canary, segment(canary), string(ownerA), segment(string(ownerA)), "openid-a"} {
		if strings.Contains(sealed, part) {
			t.Errorf("got %s, want %q not in it", sealed, part)
		}
	}
}

func swappedRowsStayShut(t *testing.T, w SealerWorld) {
	a, b := seal(t, w.Sealer, canary, ownerA), seal(t, w.Sealer, "another key of 16 bytes=", ownerB)
	wantShut(t, "A's key for B", w.Sealer, a, ownerB)
	wantShut(t, "B's key for A", w.Sealer, b, ownerA)
	wantShut(t, "A's key for the same OpenID in another app", w.Sealer, a, sameIn2)
	wantShut(t, "A's key for nobody", w.Sealer, a, "")
	wantShut(t, "A's key for a longer owner", w.Sealer, a, ownerA+"\x00")
}

func strangersStayOut(t *testing.T, w SealerWorld) {
	wantShut(t, "ours with a stranger's keys", w.Stranger, seal(t, w.Sealer, canary, ownerA), ownerA)
	wantShut(t, "a stranger's with our keys", w.Sealer, seal(t, w.Stranger, canary, ownerA), ownerA)
}

func everyByteCounts(t *testing.T, w SealerWorld) {
	sealed := []byte(seal(t, w.Sealer, canary, ownerA))
	for i := range sealed {
		for bit := range 8 {
			changed := []byte(string(sealed))
			changed[i] ^= 1 << bit
			wantShut(t, "a flipped bit", w.Sealer, domain.SealedKey(changed), ownerA)
		}
	}
}

func damagedStaysShut(t *testing.T, w SealerWorld) {
	sealed := seal(t, w.Sealer, canary, ownerA)
	for n := range sealed {
		wantShut(t, "a beginning", w.Sealer, sealed[:n], ownerA)
		wantShut(t, "an end", w.Sealer, sealed[n+1:], ownerA)
		wantShut(t, "a line break within", w.Sealer, sealed[:n]+"\n"+sealed[n:], ownerA)
	}
	for _, more := range []domain.SealedKey{"A", "=", "\n", ".", "\x00", sealed} {
		wantShut(t, "more behind", w.Sealer, sealed+more, ownerA)
	}
	for _, made := range []domain.SealedKey{".", "..", "...", "v1..", "v2.k1.AAAA", canary, "\xff"} {
		wantShut(t, "a text made up", w.Sealer, made, ownerA)
	}
}

func sealInParallel(t *testing.T, w SealerWorld) {
	atOnce(32, func(int) {
		sealed, err := w.Sealer.Seal(domain.NewSecret(canary), ownerA)
		if got, opened := w.Sealer.Open(sealed, ownerA); err != nil || opened != nil || got.Reveal() != canary {
			t.Errorf("got %v and %v, want what was sealed", err, opened)
		}
	})
}
