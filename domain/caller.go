package domain

import "time"

// Caller is the user and session that an access token speaks for. It exists only
// where a token was verified.
type Caller struct {
	UserID    UserID
	SessionID SessionID
	AppID     AppID
}

// AccessToken is what a verified access token says.
type AccessToken struct {
	Caller

	ID        string // unique to the token, its "jti"
	IssuedAt  time.Time
	ExpiresAt time.Time
}
