package bench

import (
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

// issued is a token with what checks it: our verifier, and the bare parser.
type issued struct {
	token    domain.Secret
	verifier ports.AccessTokenVerifier
	public   any
}

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
	token, err := jwttoken.NewAccessTokenIssuer(keys, cfg, ids).IssueAccessToken(tb.Context(), caller, now, now.Add(time.Hour))
	if err != nil {
		tb.Fatal(err)
	}
	block, _ := pem.Decode(text)
	return issued{token, jwttoken.NewAccessTokenVerifier(keys, cfg), public(tb, block)}
}

// verifiers are what is compared: all that wxlogin checks, and golang-jwt, which
// looks at the signature and the end of the token's time.
var verifiers = []struct {
	name   string
	verify func(testing.TB, issued) error
}{
	{"wxlogin", func(tb testing.TB, i issued) error {
		_, err := i.verifier.VerifyAccessToken(tb.Context(), i.token, time.Now())
		return err
	}},
	{"bare", func(_ testing.TB, i issued) error {
		var claims jwt.RegisteredClaims
		_, err := jwt.ParseWithClaims(i.token.Reveal(), &claims, func(*jwt.Token) (any, error) { return i.public, nil })
		return err
	}},
}

// BenchmarkVerify checks one access token again and again.
func BenchmarkVerify(b *testing.B) {
	for _, alg := range algorithms {
		for _, v := range verifiers {
			b.Run(alg.name+"/"+v.name, func(b *testing.B) {
				token := issue(b, alg.name, alg.public)
				b.ReportAllocs()
				for b.Loop() {
					if err := v.verify(b, token); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func TestEveryVerifierAcceptsTheToken(t *testing.T) {
	for _, alg := range algorithms {
		for _, v := range verifiers {
			if err := v.verify(t, issue(t, alg.name, alg.public)); err != nil {
				t.Errorf("%s %s: %v", alg.name, v.name, err)
			}
		}
	}
}
