package bench

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"os"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"wxlogin/adapters/jwttoken"
	"wxlogin/adapters/system"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// algorithms are those that tokens can be signed with, each with what takes the
// verification key out of a key file's block.
var algorithms = []struct {
	name   string
	public func(testing.TB, *pem.Block) any
}{{"ES256", publicKey}, {"EdDSA", publicKey}, {"RS256", publicKey}, {"HS256", sharedSecret}}

func publicKey(tb testing.TB, block *pem.Block) any {
	tb.Helper()
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		tb.Fatal(err)
	}
	key, ok := private.(crypto.Signer)
	if !ok {
		tb.Fatalf("%T has no public key", private)
	}
	return key.Public()
}

func sharedSecret(_ testing.TB, block *pem.Block) any { return block.Bytes }

// issued are tokens with what checks them: verifiers of ours, which have seen no
// token yet, and the bare parser.
type issued struct {
	tokens      []domain.Secret
	newVerifier func() ports.AccessTokenVerifier
	public      any
}

// tokens is how many are made, so that a new verifier is seldom needed.
const tokens = 256

func issue(tb testing.TB, alg string, public func(testing.TB, *pem.Block) any) issued {
	tb.Helper()
	cfg := testkit.Config(tb).Tokens
	cfg.KeysDir, cfg.Alg = tb.TempDir(), alg
	path, _, err := jwttoken.GenerateKey(cfg.KeysDir, alg, time.Now())
	if err != nil {
		tb.Fatal(err)
	}
	keys, err := jwttoken.LoadKeys(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	ids, now := system.NewEntropy(), time.Now()
	caller := domain.Caller{UserID: domain.UserID(ids.NewID()), SessionID: domain.SessionID(ids.NewID()), AppID: "wx0123456789abcdef"}
	issuer := jwttoken.NewAccessTokenIssuer(keys, cfg, ids)
	made := make([]domain.Secret, tokens)
	for i := range made {
		if made[i], err = issuer.IssueAccessToken(tb.Context(), caller, now, now.Add(time.Hour)); err != nil {
			tb.Fatal(err)
		}
	}
	block, _ := pem.Decode(text)
	return issued{made, func() ports.AccessTokenVerifier { return jwttoken.NewAccessTokenVerifier(keys, cfg) }, public(tb, block)}
}

// verifiers are what is compared: all that wxlogin checks, of tokens that it has
// never seen and of those that it knows, and golang-jwt, which looks at the
// signature and the end of the token's time. Each returns the n-th check; what it
// runs by aside is not measured.
var verifiers = []struct {
	name    string
	prepare func(ctx context.Context, i issued, aside func(func())) func(n int) error
}{
	{"wxlogin-unseen", func(ctx context.Context, i issued, aside func(func())) func(int) error {
		var verifier ports.AccessTokenVerifier
		return func(n int) error {
			if n%tokens == 0 {
				aside(func() { verifier = i.newVerifier() })
			}
			_, err := verifier.VerifyAccessToken(ctx, i.tokens[n%tokens], time.Now())
			return err
		}
	}},
	{"wxlogin-known", func(ctx context.Context, i issued, _ func(func())) func(int) error {
		verifier := i.newVerifier()
		return func(n int) error {
			_, err := verifier.VerifyAccessToken(ctx, i.tokens[n%tokens], time.Now())
			return err
		}
	}},
	{"bare", func(_ context.Context, i issued, _ func(func())) func(int) error {
		return func(n int) error {
			var claims jwt.RegisteredClaims
			_, err := jwt.ParseWithClaims(i.tokens[n%tokens].Reveal(), &claims, func(*jwt.Token) (any, error) { return i.public, nil })
			return err
		}
	}},
}

// BenchmarkVerify checks access tokens.
func BenchmarkVerify(b *testing.B) {
	for _, alg := range algorithms {
		for _, v := range verifiers {
			b.Run(alg.name+"/"+v.name, func(b *testing.B) {
				check := v.prepare(b.Context(), issue(b, alg.name, alg.public), func(f func()) {
					b.StopTimer()
					f()
					b.StartTimer()
				})
				b.ReportAllocs()
				for n := 0; b.Loop(); n++ {
					if err := check(n); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func TestEveryVerifierAcceptsTheToken(t *testing.T) {
	for _, alg := range algorithms {
		i := issue(t, alg.name, alg.public)
		for _, v := range verifiers {
			check := v.prepare(t.Context(), i, func(f func()) { f() })
			for n := range tokens + 1 {
				if err := check(n); err != nil {
					t.Errorf("%s %s: %v", alg.name, v.name, err)
				}
			}
		}
	}
}
