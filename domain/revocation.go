package domain

import "time"

// Revocation says that sessions ended before their access tokens did: one session,
// or all that a user began before. Every login is a new session, so that for one
// session nothing hangs on whose clock is right.
type Revocation struct {
	SessionID SessionID // empty: all of UserID's
	UserID    UserID    // empty: only SessionID
	At        time.Time // when it was made, and before when a user's sessions began
	Until     time.Time // when no token is left that it could stop
}

// Key names what is revoked. Ids are unique, a user's among those of sessions too.
func (r Revocation) Key() string { return string(r.SessionID) + string(r.UserID) }
