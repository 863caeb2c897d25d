package jwttoken_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

var algorithms = []string{"ES256", "EdDSA", "RS256", "HS256"}

// counting makes IDs as long as a UUID.
type counting struct{ n atomic.Int64 }

var _ ports.Entropy = (*counting)(nil)

func (c *counting) NewID() string { return fmt.Sprintf("01890a5d-ac96-774b-bcce-%012d", c.n.Add(1)) }

func (c *counting) NewToken() domain.Secret { return domain.NewSecret(c.NewID()) }

func settings(dir, alg string) config.Tokens {
	return config.Tokens{KeysDir: dir, Issuer: "https://login.example.com", Audience: "wxlogin", Alg: alg}
}

func generate(t testing.TB, dir, alg string, now time.Time) (path, kid string) {
	t.Helper()
	path, kid, err := jwttoken.GenerateKey(dir, alg, now)
	if err != nil {
		t.Fatalf("GenerateKey(%s): got %v, want no error", alg, err)
	}
	return path, kid
}

func load(t testing.TB, cfg config.Tokens) *jwttoken.Keyring {
	t.Helper()
	keys, err := jwttoken.LoadKeys(cfg)
	if err != nil {
		t.Fatalf("LoadKeys: got %v, want no error", err)
	}
	return keys
}

// newWorld is a service with one key for alg.
func newWorld(t testing.TB, alg string) contract.TokenWorld {
	t.Helper()
	now := time.Now().UTC()
	cfg := settings(t.TempDir(), alg)
	path, kid := generate(t, cfg.KeysDir, alg, now)
	keys := load(t, cfg)
	return contract.TokenWorld{
		Issuer:   jwttoken.NewAccessTokenIssuer(keys, cfg, &counting{}),
		Verifier: jwttoken.NewAccessTokenVerifier(keys, cfg),
		Keys:     jwttoken.NewVerificationKeys(keys),
		Forger:   contract.NewForger(t, path, kid, cfg, now),
	}
}

func TestAccessTokens(t *testing.T) {
	for _, alg := range algorithms {
		t.Run(alg, func(t *testing.T) {
			contract.AccessTokens(t, func(t *testing.T) contract.TokenWorld { return newWorld(t, alg) })
		})
	}
}
