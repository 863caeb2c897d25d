package ports

import (
	"context"
	"time"

	"wxlogin/domain"
)

// EraseUseCase erases users whose time has come.
type EraseUseCase interface {
	// EraseDue erases them: sessions, pictures, what is known of them, identities. A
	// line in the audit log stays. It returns how many there were. One that cannot be
	// erased keeps none of the others from it, and is tried again by the next call.
	// Any number of replicas may call it at a time.
	EraseDue(ctx context.Context) (erased int, err error)
}

// PlatformEventUseCase does what WeChat asks for.
type PlatformEventUseCase interface {
	// HandleEvent removes what the user withdrew, as far as it was learned before the
	// event, or erases a user who closed the WeChat account and came before the
	// event. An event that comes again, or concerns nobody, changes nothing. It fails
	// with ErrStoreUnavailable, after which it should come again.
	HandleEvent(ctx context.Context, event domain.PlatformEvent) error
}

// PlatformTokenUseCase hands WeChat's access_token to backends.
type PlatformTokenUseCase interface {
	// PlatformToken returns the app's token; one that the client says WeChat refused
	// is replaced as PlatformTokens has it. It fails with ErrAccessDenied unless the
	// client may have tokens and the app is one of its own, and as PlatformTokens
	// does.
	PlatformToken(ctx context.Context, client domain.ServiceClient, app domain.AppID, refused domain.Secret) (PlatformGrant, error)
}

// PlatformGrant is a token, as of a time.
type PlatformGrant struct {
	domain.PlatformToken
	At time.Time
}

// LinkUseCase lets an operator say who is one person.
type LinkUseCase interface {
	// Link makes all identities of one user another's. What they knew stays with
	// them, the sessions of the one end, and a ban of either is everyone's. It fails
	// with ErrNotFound, or ErrStoreUnavailable, after which it may be done in part and
	// should be repeated.
	Link(ctx context.Context, one, into domain.UserID) (domain.WeChatUser, error)

	// Unlink gives the identities back to the user that their first logins made,
	// with what they knew, and no login links them again. The sessions of the user
	// that they leave end. It fails as Link does.
	Unlink(ctx context.Context, from, original domain.UserID) (domain.WeChatUser, error)
}

// InspectUsersUseCase shows operators what they decide on.
type InspectUsersUseCase interface {
	// User returns the user, or ErrNotFound.
	User(ctx context.Context, id domain.UserID) (domain.WeChatUser, error)
	// Audit returns the newest entries that concern the user, or everyone where id is
	// empty, at most limit.
	Audit(ctx context.Context, id domain.UserID, limit int) ([]domain.AuditEntry, error)
}

// FindByPhoneUseCase tells operators whose number it is.
type FindByPhoneUseCase interface {
	// FindByPhone returns the users who gave the number, at most 20.
	FindByPhone(ctx context.Context, number domain.PhoneNumber) ([]domain.WeChatUser, error)
}

// ResetSessionKeyUseCase makes a session_key that got out worthless.
type ResetSessionKeyUseCase interface {
	// ResetSessionKeys has WeChat replace the present session_key of each of the
	// user's identities, as far as it is stored with a live session, and stores the
	// new ones in its place. It returns how many were replaced, and fails as
	// SessionKeyChecker does, or with ErrNotFound or ErrStoreUnavailable.
	ResetSessionKeys(ctx context.Context, id domain.UserID) (int, error)
}
