package ports

import (
	"context"
	"time"

	"wxlogin/domain"
)

// SessionRepository keeps sessions, one in each slot.
//
// What is said of errors and durability at UserRepository holds here too.
type SessionRepository interface {
	// Save stores s in its slot. What was there before is gone in the same write, but
	// for the Key of a session that was live at the CreatedAt of s: an s without a Key
	// takes it over. Of parallel saves none without a Key costs the slot one.
	Save(ctx context.Context, s domain.Session) error

	// FindLive returns the identity's sessions that are live at now and hold a
	// session_key, newest first, at most 20. None is no error. What has expired is
	// never returned, removed already or not.
	FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error)

	// FindLiveOf returns the user's sessions that are live at now, with a key or
	// without, newest first, at most 200; where ids are named, those of them alone.
	FindLiveOf(ctx context.Context, user domain.UserID, now time.Time, ids ...domain.SessionID) ([]domain.Session, error)

	// Delete removes those of the user's sessions that have these ids. Sessions
	// that are not there, and those of others, are passed over.
	Delete(ctx context.Context, user domain.UserID, ids ...domain.SessionID) error

	// SetKey replaces the sealed session_key of s, if the session is still there.
	SetKey(ctx context.Context, s domain.Session, key domain.SealedKey) error
}

// RefreshRepository keeps what renews sessions. It works on the sessions of
// SessionRepository, and what is said there of errors and durability holds here
// too.
type RefreshRepository interface {
	// FindByFamily returns the session that is live at now and whose refresh tokens
	// are of this family, or domain.ErrNotFound.
	FindByFamily(ctx context.Context, family domain.RefreshFamily, now time.Time) (domain.Session, error)

	// FindByLogin returns the session that is live at now and that the login of
	// this key made, unless it was renewed since, or domain.ErrNotFound.
	FindByLogin(ctx context.Context, key domain.LoginKey, now time.Time) (domain.Session, error)

	// Claim stores claim, unless there is one on its Parent, and returns the one
	// that is there then. Of any number of parallel calls for one parent, all
	// return the same.
	Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error)

	// FindClaim returns the claim on parent, or domain.ErrNotFound. After its EndsAt
	// it may be gone.
	FindClaim(ctx context.Context, parent domain.RefreshHash) (domain.RefreshClaim, error)

	// Renew stores what is new in s, a session renewed, if the session is still
	// there and its Refresh is spent, and reports whether it was. Of parallel calls
	// to one child, which are all that a claim allows, at least one reports true.
	Renew(ctx context.Context, s domain.Session, spent domain.RefreshHash) (bool, error)
}

// RevocationLog keeps revocations, for every replica to read.
//
// What is said of errors and durability at UserRepository holds here too.
type RevocationLog interface {
	// Record stores the revocations. One of what was revoked already is no
	// error; the later At and the later Until stay.
	Record(ctx context.Context, revocations ...domain.Revocation) error

	// FindSince returns the revocations that were made at or after since and whose
	// Until is after now, in no order.
	FindSince(ctx context.Context, since, now time.Time) ([]domain.Revocation, error)
}

// Revocations is what this process knows of sessions that ended before their
// access tokens.
type Revocations interface {
	// Revoke stores the revocations durably. They are known here when it returns,
	// and to every other replica within two seconds. It fails with
	// domain.ErrStoreUnavailable and is safe to repeat.
	Revoke(ctx context.Context, revocations ...domain.Revocation) error

	// Revoked reports whether the session was revoked by its own id, as far as is
	// known here. It reads no database.
	Revoked(id domain.SessionID) bool

	// RevokedBefore returns the time before which all sessions of the user were
	// revoked, or zero, as Revoked does.
	RevokedBefore(user domain.UserID) time.Time
}

// RevocationProbe tells whether revocations of other replicas still arrive.
type RevocationProbe interface {
	// RevocationState asks no one.
	RevocationState() RevocationState
}

// RevocationState is how much this process knows of what was revoked elsewhere.
type RevocationState struct {
	Current bool      // all that was revoked more than three seconds ago is known here
	Known   int       // revocations that are remembered
	ReadAt  time.Time // when they were read last, successfully
}

// Probe tells whether something the service depends on is within reach.
type Probe interface {
	// Check returns nil if it is. It takes at most two seconds, changes nothing,
	// and is cheap enough for a call a second.
	Check(ctx context.Context) error
}

// AuditLog keeps what was done, for good: there is no way to change or remove it.
//
// What is said of errors and durability at UserRepository holds here too.
type AuditLog interface {
	// Append stores the entry. One of the same ID that is there is no error, and
	// stays.
	Append(ctx context.Context, entry domain.AuditEntry) error

	// FindEntries returns the newest entries that concern the user, as UserID or as
	// OtherID, or all users' where id is empty, at most limit, newest first.
	FindEntries(ctx context.Context, id domain.UserID, limit int) ([]domain.AuditEntry, error)
}

// AvatarStore keeps the pictures that users uploaded.
//
// What is said of errors and durability at UserRepository holds here too.
type AvatarStore interface {
	// Put stores a picture under name, which nothing is stored under yet, or what is
	// stored there is this picture.
	Put(ctx context.Context, name domain.AvatarName, picture []byte) error

	// Get returns the whole picture, or domain.ErrNotFound. It returns no part of one
	// whose Put is under way or was broken off.
	Get(ctx context.Context, name domain.AvatarName) ([]byte, error)

	// Delete removes the picture. None is no error.
	Delete(ctx context.Context, name domain.AvatarName) error

	// DeleteAll removes all pictures of owner, and what is left of Puts that were
	// broken off. None is no error.
	DeleteAll(ctx context.Context, owner domain.AvatarOwner) error
}
