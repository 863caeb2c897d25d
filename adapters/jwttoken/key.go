package jwttoken

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"

	"github.com/golang-jwt/jwt/v5"
)

const (
	pkcs8Block = "PRIVATE KEY"
	hmacBlock  = "HMAC SECRET"

	minRSABits     = 2048
	minSecretBytes = 32
)

// key is a signing key and the one algorithm that it is for. Keys are behind
// functions, because fmt prints whatever else a struct holds.
type key struct {
	id      string
	method  jwt.SigningMethod
	header  string     // of every token that it signs, encoded, with its dot
	private func() any // what method signs with
	public  func() any // what method verifies with
	numbers *numbers   // nil: a shared secret, which nobody else may see
}

func makeKey(id string, method jwt.SigningMethod, private, public any, numbers *numbers) *key {
	// Neither name holds what JSON escapes.
	header := `{"alg":"` + method.Alg() + `","kid":"` + id + `","typ":"at+jwt"}`
	return &key{id, method, encode([]byte(header)) + ".", hidden(private), hidden(public), numbers}
}

func hidden(k any) func() any { return func() any { return k } }

// newPrivate makes a private key for each algorithm.
var newPrivate = map[string]func() (any, error){
	"ES256": func() (any, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) },
	"EdDSA": func() (any, error) { _, private, err := ed25519.GenerateKey(rand.Reader); return private, err },
	"RS256": func() (any, error) { return rsa.GenerateKey(rand.Reader, minRSABits) },
	"HS256": func() (any, error) {
		secret := make([]byte, minSecretBytes)
		_, err := rand.Read(secret)
		return secret, err
	},
}

// parseKey reads the only PEM block of text. Its errors quote nothing of it.
func parseKey(text []byte) (*key, error) {
	block, rest := pem.Decode(text)
	switch {
	case block == nil:
		return nil, errors.New("holds no PEM block")
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, errors.New("holds more than one PEM block")
	case block.Type == hmacBlock:
		return newKey(block.Bytes)
	case block.Type != pkcs8Block:
		return nil, errors.New(`is neither a PKCS#8 "PRIVATE KEY" nor an "HMAC SECRET" (openssl pkcs8 -topk8 -nocrypt converts)`)
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("holds no readable PKCS#8 key")
	}
	return newKey(private)
}

// newKey finds the algorithm of a private key, and refuses weak ones.
func newKey(private any) (*key, error) {
	switch k := private.(type) {
	case *ecdsa.PrivateKey:
		point, err := k.PublicKey.Bytes() // 4, x, y
		if err != nil || k.Curve != elliptic.P256() {
			return nil, errors.New("is an EC key of another curve than P-256")
		}
		n := &numbers{Curve: "P-256", Type: "EC", X: encode(point[1:33]), Y: encode(point[33:])}
		return n.key(jwt.SigningMethodES256, k, &k.PublicKey)
	case ed25519.PrivateKey:
		public, _ := k.Public().(ed25519.PublicKey)
		n := &numbers{Curve: "Ed25519", Type: "OKP", X: encode(public)}
		return n.key(jwt.SigningMethodEdDSA, k, public)
	case *rsa.PrivateKey:
		if k.N.BitLen() < minRSABits {
			return nil, errors.New("is an RSA key of less than 2048 bits")
		}
		n := &numbers{Exponent: encode(big.NewInt(int64(k.E)).Bytes()), Type: "RSA", Modulus: encode(k.N.Bytes())}
		return n.key(jwt.SigningMethodRS256, k, &k.PublicKey)
	case []byte:
		return newSharedKey(k)
	}
	return nil, errors.New("is a key of a kind that signs no tokens")
}

func newSharedKey(secret []byte) (*key, error) {
	if len(secret) < minSecretBytes {
		return nil, errors.New("is an HMAC secret of less than 32 bytes")
	}
	if guessable(secret) {
		return nil, errors.New("is an HMAC secret that repeats itself: it was not made at random")
	}
	// Half a digest: enough to tell keys apart, no use for finding the secret.
	digest := sha256.Sum256(append([]byte("wxlogin kid\x00"), secret...))
	return makeKey(encode(digest[:16]), jwt.SigningMethodHS256, secret, secret, nil), nil
}

// guessable reports whether secret is a shorter text written several times, or
// of fewer different bytes than chance would give in a lifetime.
func guessable(secret []byte) bool {
	for period := 1; period <= len(secret)/2; period++ {
		if bytes.Equal(secret[period:], secret[:len(secret)-period]) {
			return true
		}
	}
	different := map[byte]bool{}
	for _, b := range secret {
		different[b] = true
	}
	return len(different) < 8
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }
