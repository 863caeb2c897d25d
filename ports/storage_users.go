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
	// RecordLogin stores visitor if nobody has its identity, its FirstLoginAt being its
	// CreatedAt, and else notes the visit on the user who has: LastLoginAt becomes
	// visitor's, never earlier than it was; FirstLoginAt becomes visitor's LastLoginAt
	// where it is zero and no ban is stored with the identity, also for a login that a
	// fault of the store ends later, and never changes after; a UnionID or profile field
	// that visitor has replaces the stored one, with the time that it was learned; one
	// that it lacks, and all else, stays. A call that fails may have noted all of a visit
	// but FirstLoginAt, which the next one does. It returns what is stored with the
	// identity, which is not all of the user where its Link says Several, and whether
	// visitor made it. Of any number of parallel calls for one identity exactly one
	// creates, and all return the same ID and the same FirstLoginAt.
	RecordLogin(ctx context.Context, visitor domain.WeChatUser) (user domain.WeChatUser, created bool, err error)

	// Find returns the user, united of all identities that have the ID, or
	// domain.ErrNotFound.
	Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error)

	// FindByIdentity returns what is stored with the identity, as RecordLogin does,
	// or domain.ErrNotFound.
	FindByIdentity(ctx context.Context, key domain.IdentityKey) (domain.WeChatUser, error)

	// SetBan bans the user, with every identity, from at on, or lifts the ban where
	// at is zero, and returns the user as it is then. A user banned already keeps the
	// earlier time. It returns domain.ErrNotFound where there is none.
	SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error)

	// Assign makes the identity, and all that is stored with it, the user id's, by
	// link, which replaces the one before in the same write. It returns
	// domain.ErrNotFound, and changes nothing, unless the identity is there and was
	// the user was's.
	Assign(ctx context.Context, key domain.IdentityKey, was, id domain.UserID, link domain.Link) error
}

// ProfileRepository changes what is known of users. It works on the identities
// of UserRepository, and what is said there of errors and durability holds here
// too.
type ProfileRepository interface {
	// ChangeProfile stores with the identity what change has, each with its time, and
	// returns the avatar that it replaced, if it did: of changes that follow one
	// another, each returns the one before. It returns domain.ErrNotFound where there
	// is no such identity.
	ChangeProfile(ctx context.Context, key domain.IdentityKey, change domain.ProfileChange) (replaced domain.AvatarName, err error)

	// ClearProfile removes from what is stored with the identity those of the
	// attributes that were learned at or before upTo, or at a time that nobody knows
	// any more; a zero upTo is the end of time. It is no error where there is nothing
	// to remove, nor where there is no such identity.
	ClearProfile(ctx context.Context, key domain.IdentityKey, what domain.Attributes, upTo time.Time) error

	// FindByPhone returns the users of whom an identity has a phone number that one
	// of these stands for, united, at most 20, the oldest first. None is no error.
	FindByPhone(ctx context.Context, indexes ...domain.PhoneIndex) ([]domain.WeChatUser, error)
}

// DeletionRepository lets users leave. It works on the identities of
// UserRepository, and what is said there of errors and durability holds here too.
type DeletionRepository interface {
	// ScheduleDeletion marks the user, with every identity, to be erased at at, or
	// takes the mark away where at is zero. A user that is marked keeps the earlier
	// time. It returns domain.ErrNotFound where there is none.
	ScheduleDeletion(ctx context.Context, id domain.UserID, at time.Time) error

	// FindDue returns users of whom an identity is marked for now or earlier, at most
	// limit, those of the earliest marks.
	FindDue(ctx context.Context, now time.Time, limit int) ([]domain.UserID, error)

	// Erase removes for good what is stored with those of the user's identities that
	// are marked for now or earlier. It is no error where there is none.
	Erase(ctx context.Context, id domain.UserID, now time.Time) error
}

// UnionRepository keeps whose a UnionID is, one claim for each.
//
// What is said of errors and durability at UserRepository holds here too.
type UnionRepository interface {
	// ClaimUnion stores claim, unless there is one on its Union, and returns the one
	// that is there then. Of any number of parallel calls for one UnionID, all return
	// the same.
	ClaimUnion(ctx context.Context, claim domain.UnionClaim) (domain.UnionClaim, error)

	// ReplaceUnion stores next in place of standing, a claim on the same UnionID, and
	// reports whether standing was there.
	ReplaceUnion(ctx context.Context, standing, next domain.UnionClaim) (bool, error)

	// ReleaseUnions removes all claims of the user. None is no error.
	ReleaseUnions(ctx context.Context, id domain.UserID) error
}
