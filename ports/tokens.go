package ports

import (
	"context"
	"time"

	"wxlogin/domain"
)

// AccessTokenIssuer signs access tokens.
type AccessTokenIssuer interface {
	// IssueAccessToken returns a token that says: this caller, from issuedAt until
	// expiresAt. Times are kept to the second. Two tokens are never equal. The
	// token holds nothing about the person but the ids in caller, and is shorter
	// than 600 bytes, save that RSA signatures are long. It does no I/O.
	IssueAccessToken(ctx context.Context, caller domain.Caller, issuedAt, expiresAt time.Time) (domain.Secret, error)
}

// AccessTokenVerifier checks access tokens.
type AccessTokenVerifier interface {
	// VerifyAccessToken returns what a token of ours, live at now, says; domain.ErrTokenExpired where only its time is over; and else
	// domain.ErrTokenInvalid, the same for every cause. Clocks may differ by 30 s.
	// No token makes it do I/O or panic.
	VerifyAccessToken(ctx context.Context, token domain.Secret, now time.Time) (domain.AccessToken, error)
}

// VerificationKeys shows others how to check our tokens.
type VerificationKeys interface {
	// JWKS returns the RFC 7517 document, as JSON, of every public key whose
	// tokens are accepted now or will be soon. Keys that are shared secrets are not in it.
	JWKS() []byte
}

// SessionKeySealer keeps session_keys unreadable at rest.
type SessionKeySealer interface {
	// Seal encrypts key for owner. Sealing twice gives two different texts.
	Seal(key domain.Secret, owner domain.IdentityKey) (domain.SealedKey, error)

	// Open returns the key that was sealed for owner. It fails with an error that
	// names no secret where sealed is damaged, was sealed for another owner, or
	// under a key that is not configured (any more): treat it as absent.
	Open(sealed domain.SealedKey, owner domain.IdentityKey) (domain.Secret, error)
}

// PhoneSealer keeps phone numbers unreadable at rest, and comparable.
type PhoneSealer interface {
	// SealPhone encrypts number for owner, and gives it an index. Sealing twice gives
	// two different texts and one index.
	SealPhone(number domain.PhoneNumber, owner domain.IdentityKey, at time.Time) (domain.SealedPhone, error)

	// OpenPhone returns the number that was sealed, and fails as
	// SessionKeySealer.Open does.
	OpenPhone(sealed domain.SealedPhone) (domain.PhoneNumber, error)

	// PhoneIndexes returns every index that number may have: one for each key that
	// opens, first that of the key that seals. No two numbers have one in common.
	PhoneIndexes(number domain.PhoneNumber) []domain.PhoneIndex
}

// ServiceClientDirectory knows the backends that may ask about tokens.
type ServiceClientDirectory interface {
	// Identify returns the client that has this id and this secret, and else
	// domain.ErrClientInvalid, after as long whether or not the id is known.
	Identify(id string, secret domain.Secret) (domain.ServiceClient, error)
}
