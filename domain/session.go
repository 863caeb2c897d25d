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

// SealedKey is a session_key, encrypted for storage. Only the key ring that
// sealed it opens it, and only for the identity it was sealed for.
type SealedKey string

// LoginKey names one try to log in: a hash over its app, its code and the
// Idempotency-Key that came with it. Whoever can name it made that try.
type LoginKey string

// LoginRetry lets a client that lost the answer to its login ask again. It is
// empty where the client sent no Idempotency-Key, and from the first refresh on.
type LoginRetry struct {
	Key     LoginKey
	Refresh SealedToken // the first refresh token, for whoever has code and key
}

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
	ExpiresAt  time.Time     // the end, unless it is used before
	AbsoluteAt time.Time     // the end, however much it is used
	Family     RefreshFamily // what its refresh tokens have in common; empty: it cannot be renewed
	Refresh    RefreshHash   // of the one refresh token that is not spent
	RotatedAt  time.Time     // when Refresh replaced its parent; zero: it is the first
	Retry      LoginRetry
	Key        SealedKey // the session_key of this login; empty: it came without a code
}

// StartSession opens the session of a login at now. Its lifetime is that of l,
// cut short where the client named no device: nothing could ever replace it.
func StartSession(id SessionID, user WeChatUser, device Device, l Lifetimes, now time.Time) Session {
	idle, absolute := l.of(device)
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

// of returns the lifetimes of a session on device.
func (l Lifetimes) of(device Device) (idle, absolute time.Duration) {
	if device.ID == "" {
		return min(l.Idle, l.Deviceless), min(l.Absolute, l.Deviceless)
	}
	return l.Idle, l.Absolute
}

// Renewed is the session after its refresh token was exchanged for child at now:
// it lives on for the idle time of l, and never beyond AbsoluteAt.
func (s Session) Renewed(child RefreshHash, l Lifetimes, now time.Time) Session {
	idle, _ := l.of(s.Device)
	s.Refresh, s.RotatedAt, s.Retry = child, now, LoginRetry{}
	if s.ExpiresAt = now.Add(idle); s.ExpiresAt.After(s.AbsoluteAt) {
		s.ExpiresAt = s.AbsoluteAt
	}
	return s
}

// Revocation is what ends the access tokens of s at now, of which none lives
// longer than life: until the last of them has ended by itself, by clocks that
// differ by as much as skew.
func (s Session) Revocation(now time.Time, life, skew time.Duration) Revocation {
	until := now.Add(life)
	if until.After(s.AbsoluteAt) {
		until = s.AbsoluteAt
	}
	return Revocation{SessionID: s.ID, At: now, Until: until.Add(skew)}
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
