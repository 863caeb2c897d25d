package jwttoken_test

import (
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/domain"
)

func BenchmarkIssueAccessToken(b *testing.B) {
	for _, alg := range algorithms {
		b.Run(alg, func(b *testing.B) {
			w := newWorld(b, alg)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := w.Issuer.IssueAccessToken(b.Context(), w.Forger.Caller, w.Forger.Now, w.Forger.Now.Add(time.Minute)); err != nil {
					b.Fatalf("got %v, want no error", err)
				}
			}
		})
	}
}

// What a token costs at first, with a verifier that has not seen it.
func BenchmarkVerifyAccessTokenFirst(b *testing.B) {
	for _, alg := range algorithms {
		b.Run(alg, func(b *testing.B) {
			cfg := settings(b.TempDir(), alg)
			generate(b, cfg.KeysDir, alg, day)
			r := newReplica(b, cfg)
			token := r.issue(b, day)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := jwttoken.NewAccessTokenVerifier(r.ring, cfg).VerifyAccessToken(b.Context(), token, day); err != nil {
					b.Fatalf("got %v, want no error", err)
				}
			}
		})
	}
}

// What it costs from then on.
func BenchmarkVerifyAccessToken(b *testing.B) {
	for _, alg := range algorithms {
		b.Run(alg, func(b *testing.B) {
			w := newWorld(b, alg)
			token, err := w.Issuer.IssueAccessToken(b.Context(), w.Forger.Caller, w.Forger.Now, w.Forger.Now.Add(time.Minute))
			if err != nil {
				b.Fatalf("got %v, want no error", err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := w.Verifier.VerifyAccessToken(b.Context(), token, w.Forger.Now); err != nil {
					b.Fatalf("got %v, want no error", err)
				}
			}
		})
	}
}

// What an attacker can send costs less than what a client sends.
func BenchmarkRefuseUnknownKid(b *testing.B) {
	w, other := newWorld(b, "ES256"), newWorld(b, "ES256")
	token, err := other.Issuer.IssueAccessToken(b.Context(), w.Forger.Caller, w.Forger.Now, w.Forger.Now.Add(time.Minute))
	if err != nil {
		b.Fatalf("got %v, want no error", err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Verifier.VerifyAccessToken(b.Context(), token, w.Forger.Now); err == nil {
			b.Fatal("got no error, want a refusal")
		}
	}
}

func BenchmarkRefuse8KiB(b *testing.B) {
	w := newWorld(b, "ES256")
	long := domain.NewSecret(string(make([]byte, 8<<10)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Verifier.VerifyAccessToken(b.Context(), long, w.Forger.Now); err == nil {
			b.Fatal("got no error, want a refusal")
		}
	}
}
