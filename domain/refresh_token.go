package domain

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// A refresh token is this prefix, for secret scanners, and 256 bits in unpadded
// base64url. Its first 96 bits are those of the session's first token: they say
// whose a spent token was without a record of every one. The other 160 are new in
// each.
const (
	refreshPrefix = "wxr_"
	refreshFamily = len(refreshPrefix) + 16 // characters, the prefix included
	refreshLength = len(refreshPrefix) + 43

	base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

// RefreshHash is the SHA-256 of a refresh token, in unpadded base64url. The
// token itself is never stored.
type RefreshHash string

// RefreshFamily is the SHA-256 of what all refresh tokens of one session have in
// common, in unpadded base64url. Only who held one of them can name it.
type RefreshFamily string

// SealedToken is a refresh token, encrypted for whoever holds another secret,
// which is not stored.
type SealedToken string

// RefreshToken is what renews a session, once.
type RefreshToken struct{ text Secret }

// NewRefreshToken makes the first token of a session from 256 random bits, as 43
// characters of unpadded base64url.
func NewRefreshToken(random Secret) RefreshToken {
	return RefreshToken{NewSecret(refreshPrefix + random.Reveal())}
}

// ParseRefreshToken reports whether text has the form of a refresh token.
func ParseRefreshToken(text Secret) (token RefreshToken, ok bool) {
	s := text.Reveal()
	if len(s) != refreshLength || !strings.HasPrefix(s, refreshPrefix) || strings.Trim(s, base64Alphabet) != "" {
		return RefreshToken{}, false
	}
	return RefreshToken{text}, true
}

// Child makes the token that replaces t, from 256 random bits as those of
// NewRefreshToken.
func (t RefreshToken) Child(random Secret) RefreshToken {
	own := refreshFamily - len(refreshPrefix)
	return RefreshToken{NewSecret(t.text.Reveal()[:refreshFamily] + random.Reveal()[own:])}
}

// Secret returns the token for whom it belongs to.
func (t RefreshToken) Secret() Secret { return t.text }

// Hash returns what is stored of the token. A fast hash is right for so many
// random bits.
func (t RefreshToken) Hash() RefreshHash { return RefreshHash(digest(t.text.Reveal())) }

// Family returns what is stored of all tokens of the session.
func (t RefreshToken) Family() RefreshFamily {
	return RefreshFamily(digest(t.text.Reveal()[:refreshFamily]))
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
