// Package ports holds the service's two faces. This file is what it offers: one
// interface per use case. The others are what it needs from the world, small and
// named by role. A port's comment is its specification, and the suites in
// test/contract hold every adapter to it, sentence by sentence.
//
// Common to all: methods are safe for concurrent use, honour ctx, and return
// errors that wrap a promised domain.Error where the comment names one. An error
// that wraps none is an internal fault. No error text holds a secret.
package ports

import (
	"context"
	"time"

	"wxlogin/domain"
)

// LoginUseCase logs the user of a mini program in.
type LoginUseCase interface {
	// Login exchanges cmd.Code with WeChat, records the user and opens a session.
	// When it returns, both are stored durably. The code alone is enough: open
	// data that cannot be used is a warning in the result, never an error.
	//
	// It fails with ErrUnknownApp, ErrCodeInvalid, ErrCodeUsed, ErrLoginBlocked,
	// ErrUserBanned, ErrRateLimited, ErrPlatformUnavailable, ErrAppMisconfigured,
	// ErrOverloaded or ErrStoreUnavailable.
	Login(ctx context.Context, cmd LoginCommand) (Login, error)
}

// LoginCommand is a wish to log in.
type LoginCommand struct {
	AppID    domain.AppID // may be empty where one app is configured
	Code     domain.Secret
	OpenData domain.OpenData
	Device   domain.Device
	// Compat asks for what the protocols of older clients need: one access token
	// for the whole session and no refresh token, the session_key in the result,
	// and word of whether the user had a live session before (one read more).
	Compat bool
}

// Login is a successful login.
type Login struct {
	User     domain.WeChatUser
	NewUser  bool
	Session  domain.Session
	Tokens   Tokens
	Warnings []error // each wraps a promised domain.Error
	Compat   *CompatLogin
}

// CompatLogin is what only a command with Compat gets.
type CompatLogin struct {
	HadSession bool // a session of this user was live just before
	SessionKey domain.Secret
}

// Tokens are what a client holds of its session.
type Tokens struct {
	Access           domain.Secret
	AccessExpiresAt  time.Time
	Refresh          domain.Secret // empty: the session cannot be renewed
	RefreshExpiresAt time.Time
}

// AuthenticateUseCase tells whose an access token is.
type AuthenticateUseCase interface {
	// Authenticate returns the caller, or ErrTokenMissing for an empty token,
	// ErrTokenExpired for one of ours that has ended, ErrTokenInvalid for all
	// else. It reads no database.
	Authenticate(ctx context.Context, token domain.Secret) (domain.Caller, error)
}

// AccountUseCase is a user's view of their own account.
type AccountUseCase interface {
	// Me returns the caller's user, ErrUserBanned, ErrTokenInvalid where the user
	// is gone, or ErrStoreUnavailable.
	Me(ctx context.Context, caller domain.Caller) (domain.WeChatUser, error)
}

// BanUseCase lets an operator keep a user out.
type BanUseCase interface {
	// Ban keeps the user from logging in from now on. Banning twice keeps the
	// first time. It fails with ErrNotFound or ErrStoreUnavailable.
	Ban(ctx context.Context, id domain.UserID) (domain.WeChatUser, error)
	// Unban lets the user in again, and is no error for one who is not banned.
	Unban(ctx context.Context, id domain.UserID) (domain.WeChatUser, error)
}
