package ports

import (
	"context"
	"time"

	"wxlogin/domain"
)

// Account is a user with what only the user and who serves them may see.
type Account struct {
	User  domain.WeChatUser
	Phone domain.PhoneNumber // empty: none is bound, or it was sealed under a key that is gone
}

// The use cases of this file are a user's own. Each returns ErrUserBanned,
// ErrTokenInvalid where the user is gone, or ErrStoreUnavailable besides what its
// comment names.

// AccountUseCase is a user's view of their own account.
type AccountUseCase interface {
	// Me returns the caller's account.
	Me(ctx context.Context, caller domain.Caller) (Account, error)
}

// ExportUseCase hands users what is stored of them.
type ExportUseCase interface {
	// Export returns all that is stored of the caller's user but secrets: the account
	// with every identity, the picture, the live sessions, the audit entries.
	Export(ctx context.Context, caller domain.Caller) (Export, error)
}

// Export is everything that is stored of a user. Times are as they are stored.
type Export struct {
	Account
	Identities []Account // what is stored with each identity of the user
	Avatar     []byte    // JPEG; empty: none was uploaded
	Sessions   []domain.Session
	Audit      []domain.AuditEntry // the newest 1000, newest first
	At         time.Time
}

// ProfileUseCase lets users say who they are.
type ProfileUseCase interface {
	// SetNickname stores a nickname, as domain.ParseNickname returns it.
	SetNickname(ctx context.Context, caller domain.Caller, nickname string) (Account, error)

	// SetProfile stores what is known in open data: placeholders and empty values
	// change nothing. It tries the session's own session_key, then those of the
	// user's other sessions in the app, newest first. It fails with
	// ErrOpenDataInvalid where no key could open the data, and with ErrOpenDataStale
	// where none of these does.
	SetProfile(ctx context.Context, caller domain.Caller, data domain.OpenData) (Account, error)
}

// AvatarUseCase lets users show a picture.
type AvatarUseCase interface {
	// SetAvatar makes a picture of upload, an image file, and stores it in place of
	// the one before. It fails with ErrAvatarInvalid or ErrOverloaded.
	SetAvatar(ctx context.Context, caller domain.Caller, upload []byte) (Account, error)

	// Avatar returns a picture, a JPEG of AvatarSide pixels a side, for anybody who
	// knows its name, or ErrNotFound. It knows no caller.
	Avatar(ctx context.Context, name domain.AvatarName) ([]byte, error)
}

// PhoneUseCase lets users give their phone number.
type PhoneUseCase interface {
	// BindPhone stores the number that a code of the phone button stands for, in
	// place of the one before. It fails as PhoneCodeExchanger does.
	BindPhone(ctx context.Context, caller domain.Caller, code domain.Secret) (Account, error)

	// BindPhoneByData is BindPhone for the older way. It fails with
	// ErrOpenDataInvalid and ErrOpenDataStale as SetProfile does, and with
	// ErrPhoneCodeRequired where another number is bound, or where clients hold the
	// keys that the data is sealed with.
	BindPhoneByData(ctx context.Context, caller domain.Caller, data domain.OpenData) (Account, error)

	// RemovePhone removes the number from all that is stored of the user. There may
	// be none.
	RemovePhone(ctx context.Context, caller domain.Caller) error
}

// WeChatSessionUseCase tells clients whether what they have of WeChat is of use.
type WeChatSessionUseCase interface {
	// CheckWeChatSession reports whether the session_key that is stored with the
	// caller's session is the present one. It fails as SessionKeyChecker does.
	CheckWeChatSession(ctx context.Context, caller domain.Caller) (bool, error)
}

// LeaveUseCase lets users delete their account.
type LeaveUseCase interface {
	// Leave ends all sessions of the caller's user and marks the user to be erased
	// when the cooling-off period is over, at once where there is none. It returns
	// when that will be. Until then a login takes it back. It may be repeated.
	Leave(ctx context.Context, caller domain.Caller) (time.Time, error)
}
