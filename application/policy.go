// Package application holds the use cases, one a file. A use case decides what
// happens next and in which order; what is true is the domain's business, and
// how it is done a port's. It logs nothing, reads no clock but the port, and
// knows neither HTTP nor a database.
package application

import (
	"time"

	"wxlogin/domain"
)

// Policy holds the lifetimes and limits that an operator may choose. Durations are
// positive, unless they say otherwise.
type Policy struct {
	AccessToken time.Duration    // life of an access token
	Sessions    domain.Lifetimes // life of a session
	// RefreshGrace is how long a spent refresh token still gives its child. It may
	// be zero.
	RefreshGrace time.Duration
	OpenDataAge  time.Duration // oldest open data that is believed
	// CompatToken is the life of a compatibility protocol's session and of its
	// one token, which cannot be renewed.
	CompatToken time.Duration
	// CoolingOff is how long a user who leaves may come back. It may be zero.
	CoolingOff time.Duration
	// LinkUnionIDs says that a person who comes through several mini programs with
	// one UnionID is one user.
	LinkUnionIDs bool
	// ClientsHoldKeys says that session_keys are handed to clients: what was sealed
	// with one is as likely theirs as WeChat's.
	ClientsHoldKeys bool
}

// clockSkew is by how much the clocks of those who check tokens may differ, and
// some more.
const clockSkew = time.Minute

// longestAccess is the longest life that an access token may be given. What is
// revoked counts for so long, whatever the life is now: tokens from before a
// change of it are about yet.
const longestAccess = time.Hour

// tokenLife is the longest life of an access token of s. A session that cannot be
// renewed has one token, as long as itself.
func (p Policy) tokenLife(s domain.Session) time.Duration {
	if s.Family == "" {
		return p.anyTokenLife()
	}
	return longestAccess
}

func (p Policy) anyTokenLife() time.Duration { return max(longestAccess, p.CompatToken) }

// revocation is what ends the access tokens of s.
func (p Policy) revocation(s domain.Session, now time.Time) domain.Revocation {
	return s.Revocation(now, p.tokenLife(s), clockSkew)
}

// revocationOf is what ends the access tokens of all sessions that user began
// before at, those included that nobody can list any more: a device's new login
// replaced them, or they are being stored.
func (p Policy) revocationOf(user domain.UserID, at time.Time) domain.Revocation {
	return domain.Revocation{UserID: user, At: at, Until: at.Add(p.anyTokenLife() + clockSkew)}
}
