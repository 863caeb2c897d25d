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
	// data or a phone code that cannot be used is a warning in the result, never an
	// error.
	//
	// A user who asked for deletion has the account back by this, until it is
	// erased, unless cmd is Silent: then that user is ErrNotFound, and goes on
	// leaving. A person whose UnionID another user has becomes one with that user,
	// where that is switched on; the older user's ID stays.
	//
	// A command with an IdempotencyKey may be repeated, here or on any replica,
	// for five minutes: the same code with the same key gets tokens of the session
	// that it made, until that was refreshed. A code that is used with another key,
	// or without, is ErrCodeUsed. A login that is not repeated pays neither a read
	// nor a write for this.
	//
	// It fails with ErrUnknownApp, ErrCodeInvalid, ErrCodeUsed, ErrLoginBlocked,
	// ErrUserBanned, ErrRateLimited, ErrPlatformUnavailable, ErrAppMisconfigured,
	// ErrOverloaded or ErrStoreUnavailable, and a Silent command with ErrNotFound.
	Login(ctx context.Context, cmd LoginCommand) (Login, error)
}

// VouchedLoginUseCase logs in whom WeChat vouches for by itself, without a code: on
// its own network it says with each request whose that is.
type VouchedLoginUseCase interface {
	// LoginVouched does for cmd.Identity what Login does for the person of a code,
	// and the user is the same. cmd comes from somebody who passes on what WeChat
	// says: nothing here can tell. The session has no session_key, so that it opens no
	// open data, but for that of the device's session which it replaces. A login that is
	// repeated is another one.
	//
	// It fails with ErrUnknownApp, also of an identity that is not WellFormed, with
	// ErrUserBanned or ErrStoreUnavailable.
	LoginVouched(ctx context.Context, cmd VouchedLoginCommand) (Login, error)
}

// VouchedLoginCommand is the wish of a person whom WeChat names to log in.
type VouchedLoginCommand struct {
	Identity  domain.WeChatIdentity
	PhoneCode domain.Secret // as LoginCommand's
	Device    domain.Device
}

// LoginCommand is a wish to log in.
type LoginCommand struct {
	AppID    domain.AppID // may be empty where one app is configured
	Code     domain.Secret
	OpenData domain.OpenData
	// PhoneCode is from the phone button, and not the login's code; empty: none.
	PhoneCode domain.Secret
	Device    domain.Device
	// IdempotencyKey is a random value that the client made before its first try
	// and sends with each; empty: it will not try again.
	IdempotencyKey domain.Secret
	// Silent says that the client logs in by itself, unasked: who is leaving is not
	// brought back by that, but refused, though it counts as a visit.
	Silent bool
	// Compat asks for what the protocols of older clients need: one access token
	// for the whole session and no refresh token, the session_key in the result,
	// and word of whether the user had a live session before (one read more).
	Compat bool
}

// Login is a successful login.
type Login struct {
	Account
	NewUser  bool
	Restored bool // the user had asked for deletion, and has the account back
	Session  domain.Session
	Tokens   Tokens
	At       time.Time // when: of a repeated login, not the first time
	Warnings []error   // each wraps a promised domain.Error
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
	// ErrTokenExpired for one of ours that has ended, ErrSessionRevoked where its
	// session was ended before it, ErrTokenInvalid for all else. It reads no
	// database.
	Authenticate(ctx context.Context, token domain.Secret) (domain.Caller, error)
}

// RefreshUseCase renews sessions.
type RefreshUseCase interface {
	// Refresh exchanges the refresh token for a new one and an access token, and
	// lets the session live on for its idle time. The token is spent by that.
	// Spent again within the grace period, while its child is not, it gives the
	// same child; in any other case its session is ended, for two have it. When it
	// returns, what it returns is stored durably.
	//
	// It fails with ErrRefreshInvalid for every token that renews nothing, with
	// ErrUserBanned, or with ErrStoreUnavailable, after which the same token may be
	// tried again.
	Refresh(ctx context.Context, token domain.Secret) (Refreshed, error)
}

// Refreshed is a session renewed.
type Refreshed struct {
	Session domain.Session
	Tokens  Tokens
	At      time.Time // when
}

// ListSessionsUseCase shows users where they are logged in.
type ListSessionsUseCase interface {
	// ListSessions returns the caller's user's live sessions, newest first, at
	// most 200, or ErrStoreUnavailable.
	ListSessions(ctx context.Context, caller domain.Caller) ([]domain.Session, error)
}

// LogoutUseCase ends sessions for their user. What it ends cannot be refreshed
// from the moment it returns, and its access tokens are refused here at once and
// by every replica within two seconds. Each method may be repeated, and fails
// with ErrStoreUnavailable.
type LogoutUseCase interface {
	// Logout ends the caller's session.
	Logout(ctx context.Context, caller domain.Caller) error
	// LogoutAll ends every session that the caller's user has now.
	LogoutAll(ctx context.Context, caller domain.Caller) error
	// EndSession ends one of the user's sessions, or returns ErrNotFound where
	// the user has no live session of that name.
	EndSession(ctx context.Context, caller domain.Caller, id domain.SessionID) error
}

// IntrospectUseCase tells backends what a token is worth (RFC 7662).
type IntrospectUseCase interface {
	// Introspect returns what an access token says, and whether it is good: one of
	// ours, live, of a session that has not ended, and of an app of client's. It
	// says nothing of one that is not. It reads no database.
	Introspect(ctx context.Context, client domain.ServiceClient, token domain.Secret) (what domain.AccessToken, active bool)
}

// RevokeTokenUseCase lets backends end sessions (RFC 7009).
type RevokeTokenUseCase interface {
	// RevokeToken ends the session that an access or refresh token belongs to, if
	// its app is one of client's. Any other token is no error: it is worth nothing
	// already. It fails with ErrStoreUnavailable, after which the token must be
	// taken for good.
	RevokeToken(ctx context.Context, client domain.ServiceClient, token domain.Secret) error
}

// BanUseCase lets an operator keep a user out.
type BanUseCase interface {
	// Ban keeps the user from logging in and from refreshing from now on; access
	// tokens are refused as after LogoutUseCase. Banning twice keeps the first
	// time. It fails with ErrNotFound or ErrStoreUnavailable, after which it may be
	// done in part and should be repeated.
	Ban(ctx context.Context, id domain.UserID) (domain.WeChatUser, error)
	// Unban lets the user log in again, and is no error for one who is not banned.
	// Sessions from before the ban stay ended.
	Unban(ctx context.Context, id domain.UserID) (domain.WeChatUser, error)
}
