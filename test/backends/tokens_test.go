package backends

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// claims are those of a token.
type claims map[string]any

// with returns c, changed; a nil takes a claim away.
func (c claims) with(name string, value any) claims {
	changed := maps.Clone(c)
	if changed[name] = value; value == nil {
		delete(changed, name)
	}
	return changed
}

// part decodes a token's header (0) or claims (1).
func part(t testing.TB, token string, i int) claims {
	t.Helper()
	var c claims
	parts := strings.Split(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(parts[min(i, len(parts)-1)])
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		t.Fatalf("%s is no token: %v", token, err)
	}
	return c
}

func header(t testing.TB, token string) claims { return part(t, token, 0) }

// given is a token that is shown to a backend.
type given struct {
	name, token string
	good        bool
}

// tokens are good ones and bad ones, each bad one for one reason. The first is
// wxlogin's; the others are made of it, most with the service's own key.
func (w *world) tokens(t testing.TB) []given {
	t.Helper()
	ours := w.login(t).AccessToken
	kid, c, key, now := header(t, ours)["kid"].(string), part(t, ours, 1), w.signingKey(t), time.Now().Unix()
	alg := jose.SignatureAlgorithm(w.cfg.Tokens.Alg)
	another := otherKey(t, alg)
	sign := func(c claims) string { return signed(t, alg, key, kid, "at+jwt", c) }
	parts := strings.Split(ours, ".")
	return []given{
		{"wxlogin's own", ours, true},
		{"made here as wxlogin makes them", sign(c), true},
		{"expired", sign(c.with("exp", now-3600).with("iat", now-7200)), false},
		{"without an end", sign(c.with("exp", nil)), false},
		{"without a user", sign(c.with("sub", nil)), false},
		{"for another audience", sign(c.with("aud", "another")), false},
		{"without an audience", sign(c.with("aud", nil)), false},
		{"of another issuer", sign(c.with("iss", "https://evil.example")), false},
		{"of another type", signed(t, alg, key, kid, "JWT", c), false},
		{"of another key", signed(t, alg, another, kid, "at+jwt", c), false},
		{"of a key that nobody knows", signed(t, alg, another, "unknown", "at+jwt", c), false},
		{"with its own key in it", withOwnKey(t, alg, another, c), false},
		{"of alg none", encode(t, claims{"alg": "none", "typ": "at+jwt", "kid": kid}) + "." + encode(t, c) + ".", false},
		{"HS256 with the public key", signed(t, jose.HS256, publicPEM(t, key), kid, "at+jwt", c), false},
		{"with another user in it", parts[0] + "." + encode(t, c.with("sub", "somebody")) + "." + parts[2], false},
		{"with another signature", parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])), false},
		{"without a signature", parts[0] + "." + parts[1] + ".", false},
		{"a refresh token", w.login(t).RefreshToken, false},
		{"garbage", "garbage", false},
		{"nothing", "", false},
	}
}

// signingKey is the private key that the service signs with.
func (w *world) signingKey(t testing.TB) crypto.Signer {
	t.Helper()
	text, err := os.ReadFile(w.key)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(crypto.Signer)
}

func otherKey(t testing.TB, alg jose.SignatureAlgorithm) (key crypto.Signer) {
	t.Helper()
	var err error
	switch alg {
	case jose.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.EdDSA:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func publicPEM(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// signed is a token with these claims.
func signed(t testing.TB, alg jose.SignatureAlgorithm, key any, kid, typ string, c claims) string {
	t.Helper()
	options := new(jose.SignerOptions).WithType(jose.ContentType(typ)).WithHeader("kid", kid)
	return signedWith(t, jose.SigningKey{Algorithm: alg, Key: key}, options, c)
}

// withOwnKey is a token that brings the key along to check it with.
func withOwnKey(t testing.TB, alg jose.SignatureAlgorithm, key crypto.Signer, c claims) string {
	t.Helper()
	options := &jose.SignerOptions{EmbedJWK: true}
	return signedWith(t, jose.SigningKey{Algorithm: alg, Key: key}, options.WithType("at+jwt"), c)
}

func signedWith(t testing.TB, key jose.SigningKey, options *jose.SignerOptions, c claims) string {
	t.Helper()
	signer, err := jose.NewSigner(key, options)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := signer.Sign(text)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signature.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func encode(t testing.TB, c claims) string {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// withKeyID is token with another kid in its header.
func withKeyID(t testing.TB, token, kid string) string {
	t.Helper()
	_, rest, _ := strings.Cut(token, ".")
	return encode(t, header(t, token).with("kid", kid)) + "." + rest
}
