package jwttoken

import (
	"crypto/sha256"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	// maxKnown bounds the tokens that are remembered; the one longest unasked is
	// forgotten first. That many of our tokens take 20 MiB, 620 bytes each, as
	// measured with an AppID and UUIDs for all ids; few tokens take little.
	maxKnown = 32_768

	// maxKnownBytes is longer than any token of ours, those signed with the longest
	// RSA keys included. Nothing longer is remembered, whoever signed it.
	maxKnownBytes = 2 << 10
)

// memory holds what tokens say whose signature was found right: that costs ten to
// a hundred times what the rest of the checks do, and whoever guards a backend
// asks about the same token again and again. It holds no token and no part of a
// signature: a token's name in it is its SHA-256. It is safe for concurrent use.
type memory struct {
	tokens *lru.Cache[[sha256.Size]byte, known]
}

// known is what a token says, and the key that signed it.
type known struct {
	claims *claims
	signer *key
}

func newMemory() *memory {
	tokens, err := lru.New[[sha256.Size]byte, known](maxKnown)
	if err != nil {
		return &memory{} // cannot happen: the size is positive
	}
	return &memory{tokens}
}

// recall returns the claims of token; nil if it is not known, or the key that
// signed it is not among keys (any more).
func (m *memory) recall(token string, keys *keySet) *claims {
	if len(token) > maxKnownBytes {
		return nil
	}
	k, ok := m.tokens.Get(sha256.Sum256([]byte(token)))
	if !ok || keys.byID[k.signer.id] != k.signer {
		return nil
	}
	return k.claims
}

// keep remembers a token whose signature is signer's, as was checked.
func (m *memory) keep(token string, c *claims, signer *key) {
	if len(token) <= maxKnownBytes {
		m.tokens.Add(sha256.Sum256([]byte(token)), known{c, signer})
	}
}
