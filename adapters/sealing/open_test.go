package sealing_test

import (
	"testing"

	"wxlogin/domain"
)

// Nothing but what was sealed opens, and nothing makes Open panic.
func FuzzOpen(f *testing.F) {
	sealer := newSealer(f, key(f, "k1"), key(f, "k2"))
	sealed := seal(f, sealer, "0123456789abcdef")
	f.Add(string(sealed), string(owner))
	f.Add(string(sealed), "wx:another")
	f.Add(string(sealed[:20]), string(owner))
	f.Add("v1.k2."+string(sealed[6:]), string(owner))
	f.Add("v1.k1.", "")
	f.Add("v1.k3.AAAA", "")
	f.Fuzz(func(t *testing.T, text, who string) {
		got, err := sealer.Open(domain.SealedKey(text), domain.IdentityKey(who))
		if genuine := text == string(sealed) && who == string(owner); (err == nil) != genuine {
			t.Errorf("Open(%q, %q): got %q and %v, want it opened: %t", text, who, got.Reveal(), err, genuine)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	sealer := newSealer(b, key(b, "k1"))
	b.ReportAllocs()
	for b.Loop() {
		seal(b, sealer, "0123456789abcdef01234567")
	}
}

func BenchmarkOpen(b *testing.B) {
	sealer := newSealer(b, key(b, "k1"))
	sealed := seal(b, sealer, "0123456789abcdef01234567")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sealer.Open(sealed, owner); err != nil {
			b.Fatalf("got %v, want no error", err)
		}
	}
}
