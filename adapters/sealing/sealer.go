// Package sealing keeps session_keys and phone numbers unreadable at rest:
// AES-256-GCM under a ring of keys, of which the first seals and all open. It stores nothing.
//
// A sealed text is
//
//	v1.<key id>.<base64url of nonce, ciphertext and tag>
//
// and opens only for the owner that it was sealed for, so that texts cannot be
// moved between rows. Nonces are random: take a new key into use before one has
// sealed 2^32 times.
package sealing

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// fieldSessionKey is what a session_key is sealed as.
const fieldSessionKey = "session_key"

// SessionKeySealer implements ports.SessionKeySealer. It is safe for concurrent
// use.
type SessionKeySealer struct{ ring ring }

var _ ports.SessionKeySealer = (*SessionKeySealer)(nil)

// NewSessionKeySealer takes cfg's keys. It reports every one that is not fit, by
// its place and id, never by its value.
func NewSessionKeySealer(cfg config.Sealing) (*SessionKeySealer, error) {
	ring, err := newRing(cfg)
	if err != nil {
		return nil, err
	}
	return &SessionKeySealer{ring}, nil
}

// Seal implements ports.SessionKeySealer.
func (s *SessionKeySealer) Seal(key domain.Secret, owner domain.IdentityKey) (domain.SealedKey, error) {
	return domain.SealedKey(s.ring.seal(fieldSessionKey, key.Reveal(), owner)), nil
}

// Open implements ports.SessionKeySealer.
func (s *SessionKeySealer) Open(sealed domain.SealedKey, owner domain.IdentityKey) (domain.Secret, error) {
	return s.ring.open(fieldSessionKey, string(sealed), owner)
}

// GenerateKey makes a key in the form that SEALING_KEYS takes, id:base64.
func GenerateKey(id string) (domain.Secret, error) {
	if !idPattern.MatchString(id) {
		return domain.Secret{}, fmt.Errorf("sealing: generate key: the id %q is not 1 to 16 of A-Z a-z 0-9 - _", id)
	}
	raw := make([]byte, keyBytes)
	_, _ = rand.Read(raw) // never fails
	return domain.NewSecret(id + ":" + base64.StdEncoding.EncodeToString(raw)), nil
}
