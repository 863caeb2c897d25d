package application

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"wxlogin/domain"
)

// errSealed says nothing of what it could not open.
var errSealed = errors.New("a sealed token cannot be opened")

// sealToken encrypts token for whoever holds the secret under, which nobody
// stores: what is sealed is of no use to who reads the database.
func sealToken(token, under domain.Secret) (domain.SealedToken, error) {
	aead, err := tokenCipher(under)
	if err != nil {
		return "", err
	}
	text := []byte(token.Reveal())
	// Of the tokens that are sealed under one secret, no two have the same nonce
	// unless they are the same.
	digest := sha256.Sum256(text)
	nonce := digest[:aead.NonceSize()]
	return domain.SealedToken(base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, text, nil))), nil
}

// openToken returns what was sealed under the same secret.
func openToken(sealed domain.SealedToken, under domain.Secret) (domain.Secret, error) {
	aead, err := tokenCipher(under)
	if err != nil {
		return domain.Secret{}, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(string(sealed))
	if err != nil || len(raw) < aead.NonceSize() {
		return domain.Secret{}, errSealed
	}
	text, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], nil)
	if err != nil {
		return domain.Secret{}, errSealed
	}
	return domain.NewSecret(string(text)), nil
}

func tokenCipher(under domain.Secret) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(under.Reveal()), nil, "wxlogin sealed token", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
