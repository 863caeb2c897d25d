package domain

import "time"

// Revocation says that a session ended before its access tokens did. It is by
// session, and every login is a new one, so that nothing hangs on whose clock is
// right.
type Revocation struct {
	SessionID SessionID
	At        time.Time // when it was made
	Until     time.Time // when no token of the session is left that it could stop
}
