package domain

import "time"

// SessionID is the public name of a session, the "sid" of its tokens: a UUIDv7,
// new at every login, never taken from a client.
type SessionID string

// Device is what a client says of the phone it runs on. It is unverified text.
type Device struct {
	ID       string // 8 to 64 of A-Z a-z 0-9 - _ . ; empty: the client named none
	Name     string
	Platform string
}

// RefreshHash is the SHA-256 of a refresh token, in unpadded base64url. The
// token itself is never stored.
type RefreshHash string

// SealedKey is a session_key, encrypted for storage. Only the key ring that
// sealed it opens it, and only for the identity it was sealed for.
type SealedKey string

// Lifetimes says how long a session lives. All are positive.
type Lifetimes struct {
	Idle       time.Duration // since its last use
	Absolute   time.Duration // since the login, whatever its use
	Deviceless time.Duration // both of these, where the client named no device
}

// Session is one login of one user on one device.
type Session struct {
	ID         SessionID
	UserID     UserID
	Identity   IdentityKey
	AppID      AppID
	Device     Device
	CreatedAt  time.Time
	ExpiresAt  time.Time   // the end, unless it is used before
	AbsoluteAt time.Time   // the end, however much it is used
	Refresh    RefreshHash // of its first refresh token; empty: it cannot be renewed
	Key        SealedKey   // the session_key of this login
}

// StartSession opens the session of a login at now. Its lifetime is that of l,
// cut short where the client named no device: nothing could ever replace it.
func StartSession(id SessionID, user WeChatUser, device Device, l Lifetimes, now time.Time) Session {
	idle, absolute := l.Idle, l.Absolute
	if device.ID == "" {
		idle, absolute = min(idle, l.Deviceless), min(absolute, l.Deviceless)
	}
	return Session{
		ID:         id,
		UserID:     user.ID,
		Identity:   user.Identity.Key(),
		AppID:      user.Identity.AppID,
		Device:     device,
		CreatedAt:  now,
		ExpiresAt:  now.Add(min(idle, absolute)),
		AbsoluteAt: now.Add(absolute),
	}
}

// Live reports whether the session has not ended at now.
func (s Session) Live(now time.Time) bool {
	return now.Before(s.ExpiresAt) && now.Before(s.AbsoluteAt)
}

// Slot is where the session is stored: one place per identity and device, so
// that a device's new login replaces its old session in the same write. A
// session without a device has a place of its own.
func (s Session) Slot() string {
	if s.Device.ID == "" {
		return string(s.Identity) + "#" + string(s.ID)
	}
	return string(s.Identity) + "@" + s.Device.ID
}
