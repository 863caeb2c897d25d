package domain

// Caller is the user and session that an access token speaks for. It exists only
// where a token was verified.
type Caller struct {
	UserID    UserID
	SessionID SessionID
	AppID     AppID
}
