package jwttoken

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/golang-jwt/jwt/v5"

	"wxlogin/ports"
)

// numbers is what makes up a public key. In this order, which is the names'
// own, its JSON is what RFC 7638 takes the thumbprint of.
type numbers struct {
	Curve    string `json:"crv,omitempty"`
	Exponent string `json:"e,omitempty"`
	Type     string `json:"kty"`
	Modulus  string `json:"n,omitempty"`
	X        string `json:"x,omitempty"`
	Y        string `json:"y,omitempty"`
}

// key names the key by its thumbprint.
func (n *numbers) key(method jwt.SigningMethod, private, public any) (*key, error) {
	text, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("thumbprint: %w", err)
	}
	digest := sha256.Sum256(text)
	return makeKey(encode(digest[:]), method, private, public, n), nil
}

// document is the RFC 7517 key set of the public keys among those of files.
func document(files []keyFile) ([]byte, error) {
	type entry struct {
		*numbers
		Use string `json:"use"`
		Alg string `json:"alg"`
		ID  string `json:"kid"`
	}
	set := struct {
		Keys []entry `json:"keys"`
	}{Keys: []entry{}}
	for _, f := range files {
		if k := f.key; k.numbers != nil {
			set.Keys = append(set.Keys, entry{k.numbers, "sig", k.method.Alg(), k.id})
		}
	}
	return json.Marshal(set)
}

// VerificationKeys implements ports.VerificationKeys.
type VerificationKeys struct{ ring *Keyring }

var _ ports.VerificationKeys = (*VerificationKeys)(nil)

// NewVerificationKeys shows the public keys of ring as they are when it is asked,
// in the order of their files: also those that do not sign yet, for others to
// know them when they do.
func NewVerificationKeys(ring *Keyring) *VerificationKeys { return &VerificationKeys{ring} }

// JWKS implements ports.VerificationKeys. The caller may change what it gets.
func (v *VerificationKeys) JWKS() []byte { return bytes.Clone(v.ring.keys.Load().jwks) }
