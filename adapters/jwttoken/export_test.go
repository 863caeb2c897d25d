package jwttoken

import (
	"context"
	"log/slog"
	"sync/atomic"

	"github.com/golang-jwt/jwt/v5"
)

// MaxKnown is how many tokens a verifier remembers.
const MaxKnown = maxKnown

// Reload is what Follow does each second.
func (r *Keyring) Reload(log *slog.Logger) { r.reload(context.Background(), log) }

// Known returns how many tokens v remembers.
func Known(v *AccessTokenVerifier) int { return v.known.tokens.Len() }

// counted counts the signatures that are checked.
type counted struct {
	jwt.SigningMethod
	n *atomic.Int64
}

func (c counted) Verify(text string, signature []byte, key any) error {
	c.n.Add(1)
	return c.SigningMethod.Verify(text, signature, key)
}

// CountVerifications counts the signatures that are checked with the keys that
// are in r by now.
func CountVerifications(r *Keyring) *atomic.Int64 {
	var n atomic.Int64
	for _, k := range r.keys.Load().byID {
		k.method = counted{k.method, &n}
	}
	return &n
}
