package ports

import (
	"context"
	"time"

	"wxlogin/domain"
)

// UserRepository keeps users, one for each WeChat identity.
//
// Every method may fail with domain.ErrStoreUnavailable, after which a write may
// or may not have been done; each is safe to repeat. A write that returned nil is
// durable: it survives the death of this process and, on MongoDB, the loss of
// the primary.
type UserRepository interface {
	// RecordLogin stores visitor if nobody has its identity, and else notes the
	// visit on the user who has: LastLoginAt becomes visitor's, never earlier than
	// it was; a UnionID or profile field that visitor has replaces the stored one;
	// one that it lacks, and all else, stays. It returns the user as stored and
	// whether visitor made it. Of any number of parallel calls for one identity
	// exactly one creates, and all return the same ID.
	RecordLogin(ctx context.Context, visitor domain.WeChatUser) (user domain.WeChatUser, created bool, err error)

	// Find returns the user, or domain.ErrNotFound.
	Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error)

	// SetBan bans the user from at on, or lifts the ban where at is zero, and
	// returns the user as it is then. A user banned already keeps the earlier
	// time. It returns domain.ErrNotFound where there is none.
	SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error)
}

// SessionRepository keeps sessions, one in each slot.
//
// What is said of errors and durability at UserRepository holds here too.
type SessionRepository interface {
	// Save stores s in its slot. What was there before is gone in the same write.
	Save(ctx context.Context, s domain.Session) error

	// FindLive returns the identity's sessions that are live at now, newest first,
	// at most 20. None is no error. What has expired is never returned, removed
	// already or not.
	FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error)
}

// Probe tells whether something the service depends on is within reach.
type Probe interface {
	// Check returns nil if it is. It takes at most two seconds, changes nothing,
	// and is cheap enough for a call a second.
	Check(ctx context.Context) error
}
