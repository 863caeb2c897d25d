package domain

import "slices"

// Kind groups the failures that callers are promised by how they are to react.
type Kind int

// The kinds of promised failures. There is none for "internal": an error that is
// no *Error means that already.
const (
	KindInvalid         Kind = iota + 1 // the request itself is wrong
	KindUnauthenticated                 // what was presented proves nothing (any more)
	KindForbidden                       // known, and refused
	KindNotFound                        // there is no such thing
	KindRateLimited                     // too often; later is fine
	KindUnprocessable                   // well-formed, and useless
	KindConflict                        // it does not go with what is stored
	KindUnavailable                     // not the caller's fault; worth a retry
)

// Error is a promised failure: part of the contract, safe to show, matched with
// errors.Is. Anything else that goes wrong is nobody's business but the log's.
type Error struct {
	Kind Kind
	Code string // stable, snake_case; what clients switch on
}

// Error returns the code.
func (e *Error) Error() string { return e.Code }

var promised []*Error

func promise(kind Kind, code string) *Error {
	e := &Error{Kind: kind, Code: code}
	promised = append(promised, e)
	return e
}

// Promised returns every promised failure, in the order of declaration, so that
// tests can hold the edges to all of them.
func Promised() []*Error { return slices.Clone(promised) }

// The promised failures.
var (
	// ErrUnknownApp: the app that the client names is not configured here.
	ErrUnknownApp = promise(KindInvalid, "unknown_app")
	// ErrCodeInvalid: WeChat does not know the login code: wrong, expired after
	// five minutes, or another app's.
	ErrCodeInvalid = promise(KindUnauthenticated, "code_invalid")
	// ErrCodeUsed: the login code was exchanged before.
	ErrCodeUsed = promise(KindUnauthenticated, "code_used")
	// ErrLoginBlocked: WeChat itself refuses the user (40226).
	ErrLoginBlocked = promise(KindForbidden, "login_blocked")
	// ErrUserBanned: an operator banned the user.
	ErrUserBanned = promise(KindForbidden, "user_banned")
	// ErrOpenDataInvalid: encryptedData cannot be opened or is not ours. One
	// error for every cause, so that nobody learns which.
	ErrOpenDataInvalid = promise(KindUnprocessable, "open_data_invalid")
	// ErrOpenDataStale: no session_key of the user's opens the data: the client
	// logs in again, and has the user tap again.
	ErrOpenDataStale = promise(KindConflict, "open_data_stale")
	// ErrPhoneCodeInvalid: WeChat does not know the code of the phone button: wrong,
	// used, expired after five minutes, or another person's.
	ErrPhoneCodeInvalid = promise(KindUnauthenticated, "phone_code_invalid")
	// ErrPhoneCodeRequired: another number is bound already, or clients hold the keys
	// of open data, and only a fresh code of the phone button tells whose a number is.
	ErrPhoneCodeRequired = promise(KindConflict, "phone_code_required")
	// ErrAvatarInvalid: what was uploaded is no picture that is taken. One error for
	// every cause.
	ErrAvatarInvalid = promise(KindUnprocessable, "avatar_invalid")
	// ErrRateLimited: too many calls, ours or WeChat's limit (45011, 45009).
	ErrRateLimited = promise(KindRateLimited, "rate_limited")
	// ErrPlatformUnavailable: WeChat did not answer in time, or not sensibly.
	ErrPlatformUnavailable = promise(KindUnavailable, "platform_unavailable")
	// ErrAppMisconfigured: WeChat refuses our AppID, AppSecret or address; only
	// the operator can mend it.
	ErrAppMisconfigured = promise(KindUnavailable, "app_misconfigured")
	// ErrOverloaded: so much is under way that this would have to wait too long.
	ErrOverloaded = promise(KindUnavailable, "overloaded")
	// ErrTokenMissing: the request carries no access token.
	ErrTokenMissing = promise(KindUnauthenticated, "token_missing")
	// ErrTokenInvalid: the access token is not one of ours, for whatever reason.
	ErrTokenInvalid = promise(KindUnauthenticated, "token_invalid")
	// ErrTokenExpired: the access token was ours and has ended.
	ErrTokenExpired = promise(KindUnauthenticated, "token_expired")
	// ErrSessionRevoked: the access token was ours, and its session has ended
	// before it: by logging out, by an operator, or because a refresh token of it
	// was used twice.
	ErrSessionRevoked = promise(KindUnauthenticated, "session_revoked")
	// ErrRefreshInvalid: the refresh token renews nothing: unknown, expired,
	// revoked or used before. One error for every cause, so that probing teaches
	// nothing.
	ErrRefreshInvalid = promise(KindUnauthenticated, "refresh_invalid")
	// ErrClientInvalid: no configured service client has this id and this secret.
	// The code is the one of RFC 6749 section 5.2.
	ErrClientInvalid = promise(KindUnauthenticated, "invalid_client")
	// ErrAccessDenied: the service client may not have what it asks for.
	ErrAccessDenied = promise(KindForbidden, "access_denied")
	// ErrNotFound: there is no such user, session or picture (any more).
	ErrNotFound = promise(KindNotFound, "not_found")
	// ErrStoreUnavailable: the database did not answer in time. What was asked
	// may or may not have been done.
	ErrStoreUnavailable = promise(KindUnavailable, "store_unavailable")
)
