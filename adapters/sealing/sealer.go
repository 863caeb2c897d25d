// Package sealing keeps session_keys unreadable at rest: AES-256-GCM under a
// ring of keys, of which the first seals and all open. It stores nothing.
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
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	version  = "v1"
	field    = "session_key"
	keyBytes = 32
)

var (
	errDamaged  = errors.New("sealing: open: damaged, or sealed for another owner")
	idPattern   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,16}$`)
	ciphertexts = base64.RawURLEncoding.Strict()
)

// SessionKeySealer implements ports.SessionKeySealer. It is safe for concurrent
// use.
type SessionKeySealer struct {
	first string
	ring  map[string]hidden
}

// hidden is a cipher behind a function, because fmt prints whatever else a
// struct holds, and a cipher holds its key.
type hidden func() cipher.AEAD

var _ ports.SessionKeySealer = (*SessionKeySealer)(nil)

// NewSessionKeySealer takes cfg's keys. It reports every one that is not fit, by
// its place and id, never by its value.
func NewSessionKeySealer(cfg config.Sealing) (*SessionKeySealer, error) {
	if len(cfg.Keys) == 0 {
		return nil, errors.New("sealing: no keys")
	}
	s := &SessionKeySealer{cfg.Keys[0].ID, make(map[string]hidden, len(cfg.Keys))}
	var faults []error
	for i, k := range cfg.Keys {
		aead, err := parse(k)
		if err == nil && s.ring[k.ID] != nil {
			err = errors.New("the id is another key's")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("sealing: key %d: %w", i+1, err))
			continue
		}
		s.ring[k.ID] = func() cipher.AEAD { return aead }
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return s, nil
}

func parse(k config.SealingKey) (cipher.AEAD, error) {
	if !idPattern.MatchString(k.ID) {
		return nil, errors.New("the id is not 1 to 16 of A-Z a-z 0-9 - _")
	}
	raw, err := base64.StdEncoding.DecodeString(k.Key.Reveal())
	if err != nil {
		return nil, fmt.Errorf("%s is not base64", k.ID)
	}
	if len(raw) != keyBytes {
		return nil, fmt.Errorf("%s has %d bytes, not %d", k.ID, len(raw), keyBytes)
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Seal implements ports.SessionKeySealer.
func (s *SessionKeySealer) Seal(key domain.Secret, owner domain.IdentityKey) (domain.SealedKey, error) {
	sealed := s.ring[s.first]().Seal(nil, nil, []byte(key.Reveal()), binding(s.first, owner)) //nolint:gosec // the cipher makes the nonce
	return domain.SealedKey(version + "." + s.first + "." + ciphertexts.EncodeToString(sealed)), nil
}

// Open implements ports.SessionKeySealer.
func (s *SessionKeySealer) Open(sealed domain.SealedKey, owner domain.IdentityKey) (domain.Secret, error) {
	format, rest, _ := strings.Cut(string(sealed), ".")
	id, text, ok := strings.Cut(rest, ".")
	if !ok || format != version || !idPattern.MatchString(id) {
		return domain.Secret{}, errDamaged
	}
	aead := s.ring[id]
	if aead == nil {
		return domain.Secret{}, fmt.Errorf("sealing: open: no key with the id %s is configured", id)
	}
	raw, err := ciphertexts.DecodeString(text)
	if err != nil || ciphertexts.EncodedLen(len(raw)) != len(text) { // line breaks are passed over
		return domain.Secret{}, errDamaged
	}
	key, err := aead().Open(nil, nil, raw, binding(id, owner))
	if err != nil {
		return domain.Secret{}, errDamaged
	}
	return domain.NewSecret(string(key)), nil
}

// binding is the associated data: what a ciphertext is good for. Owner comes
// last, so that no two are spelled alike.
func binding(id string, owner domain.IdentityKey) []byte {
	return []byte(strings.Join([]string{version, id, field, string(owner)}, "\x00"))
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
