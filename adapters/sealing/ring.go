package sealing

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"wxlogin/config"
	"wxlogin/domain"
)

const (
	version  = "v1"
	keyBytes = 32
)

var (
	errDamaged  = errors.New("sealing: open: damaged, or sealed for another owner")
	idPattern   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,16}$`)
	ciphertexts = base64.RawURLEncoding.Strict()
)

// ring is a ring of keys. The first seals, all open.
type ring struct {
	order []string // the ids
	keys  map[string]sealingKey
}

// sealingKey is a key as what can be done with it. Both are functions, because fmt
// prints whatever else a struct holds, and a cipher holds its key.
type sealingKey struct {
	aead  func() cipher.AEAD
	index func(text string) []byte
}

// newRing takes cfg's keys. It reports every one that is not fit, by its place and
// id, never by its value.
func newRing(cfg config.Sealing) (ring, error) {
	if len(cfg.Keys) == 0 {
		return ring{}, errors.New("sealing: no keys")
	}
	r := ring{keys: make(map[string]sealingKey, len(cfg.Keys))}
	var faults []error
	for i, k := range cfg.Keys {
		key, err := parse(k)
		if _, taken := r.keys[k.ID]; err == nil && taken {
			err = errors.New("the id is another key's")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("sealing: key %d: %w", i+1, err))
			continue
		}
		r.keys[k.ID] = key
		r.order = append(r.order, k.ID)
	}
	return r, errors.Join(faults...)
}

func parse(k config.SealingKey) (sealingKey, error) {
	if !idPattern.MatchString(k.ID) {
		return sealingKey{}, errors.New("the id is not 1 to 16 of A-Z a-z 0-9 - _")
	}
	raw, err := base64.StdEncoding.DecodeString(k.Key.Reveal())
	if err != nil {
		return sealingKey{}, fmt.Errorf("%s is not base64", k.ID)
	}
	if len(raw) != keyBytes {
		return sealingKey{}, fmt.Errorf("%s has %d bytes, not %d", k.ID, len(raw), keyBytes)
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return sealingKey{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealingKey{}, err
	}
	// What compares numbers is no use for opening them, nor the reverse.
	indexing, err := hkdf.Key(sha256.New, raw, nil, "wxlogin phone index", sha256.Size)
	if err != nil {
		return sealingKey{}, err
	}
	return sealingKey{
		aead: func() cipher.AEAD { return aead },
		index: func(text string) []byte {
			mac := hmac.New(sha256.New, indexing)
			_, _ = mac.Write([]byte(text)) // never fails
			return mac.Sum(nil)
		},
	}, nil
}

// seal encrypts text, which is field's, for owner.
func (r ring) seal(field, text string, owner domain.IdentityKey) string {
	id := r.order[0]
	sealed := r.keys[id].aead().Seal(nil, nil, []byte(text), binding(id, field, owner)) //nolint:gosec // the cipher makes the nonce
	return version + "." + id + "." + ciphertexts.EncodeToString(sealed)
}

// open returns what seal was given.
func (r ring) open(field, sealed string, owner domain.IdentityKey) (domain.Secret, error) {
	format, rest, _ := strings.Cut(sealed, ".")
	id, text, ok := strings.Cut(rest, ".")
	if !ok || format != version || !idPattern.MatchString(id) {
		return domain.Secret{}, errDamaged
	}
	key, known := r.keys[id]
	if !known {
		return domain.Secret{}, fmt.Errorf("sealing: open: no key with the id %s is configured", id)
	}
	raw, err := ciphertexts.DecodeString(text)
	if err != nil || ciphertexts.EncodedLen(len(raw)) != len(text) { // line breaks are passed over
		return domain.Secret{}, errDamaged
	}
	plain, err := key.aead().Open(nil, nil, raw, binding(id, field, owner))
	if err != nil {
		return domain.Secret{}, errDamaged
	}
	return domain.NewSecret(string(plain)), nil
}

// binding is the associated data: what a ciphertext is good for. Owner comes
// last, so that no two are spelled alike.
func binding(id, field string, owner domain.IdentityKey) []byte {
	return []byte(strings.Join([]string{version, id, field, string(owner)}, "\x00"))
}
