package ports

import (
	"context"
	"time"

	"wxlogin/domain"
)

// CodeExchanger turns a login code into what WeChat knows of the person.
type CodeExchanger interface {
	// ExchangeCode asks WeChat (code2Session). app is one of the configured apps;
	// of any other it knows nothing and returns ErrUnknownApp before any call.
	//
	// A code works once. Of parallel calls with one code of one app, one reaches
	// WeChat; if that one succeeds, each other gets ErrCodeUsed, else they share
	// its error. A call ends at the adapter's deadline even if ctx has none, and
	// is not tried again once it may have reached WeChat, save once where WeChat
	// says that it is busy (-1).
	//
	// It fails with ErrUnknownApp, ErrCodeInvalid, ErrCodeUsed, ErrLoginBlocked,
	// ErrRateLimited, ErrPlatformUnavailable, ErrAppMisconfigured, or ErrOverloaded
	// where it did not get to ask, so that the code is as good as before. A success
	// has an OpenID and a SessionKey, never an empty one.
	ExchangeCode(ctx context.Context, app domain.AppID, code domain.Secret) (CodeExchange, error)
}

// CodeExchange is WeChat's answer to a login code.
type CodeExchange struct {
	Identity   domain.WeChatIdentity
	SessionKey domain.Secret // base64 text of 16 bytes, as WeChat sent it
}

// OpenDataReader opens what a client got from WeChat about its user.
type OpenDataReader interface {
	// ReadOpenData decrypts data with key, and returns the profile in it if all
	// holds: it was made for identity's app and, where it names a person, for
	// identity's OpenID; it is from [now-maxAge, now+1min]; and where data has a
	// signature, that is right. Everything else is ErrOpenDataInvalid, the same
	// for every cause. It does no I/O, and no input makes it panic.
	ReadOpenData(data domain.OpenData, key domain.Secret, identity domain.WeChatIdentity, window OpenDataWindow) (domain.Profile, error)

	// ReadPhone is ReadOpenData for what the phone button gave before it gave codes.
	// Only the key tells whose number it is.
	ReadPhone(data domain.OpenData, key domain.Secret, app domain.AppID, window OpenDataWindow) (domain.PhoneNumber, error)
}

// PhoneCodeExchanger turns a code of the phone button into a number.
type PhoneCodeExchanger interface {
	// ExchangePhoneCode asks WeChat (getuserphonenumber), and has it check that the
	// code is the person's. A code works once. A call ends at the adapter's deadline
	// even if ctx has none.
	//
	// It fails with ErrUnknownApp, ErrPhoneCodeInvalid, ErrRateLimited,
	// ErrPlatformUnavailable, ErrAppMisconfigured or ErrOverloaded. A number that is
	// none, or whose watermark is another app's, is ErrPlatformUnavailable.
	ExchangePhoneCode(ctx context.Context, identity domain.WeChatIdentity, code domain.Secret) (domain.PhoneNumber, error)
}

// PlatformTokens holds WeChat's access_token of each app.
//
// Its methods fail with ErrUnknownApp, ErrRateLimited, ErrPlatformUnavailable,
// ErrAppMisconfigured or ErrOverloaded.
type PlatformTokens interface {
	// PlatformToken returns a token that is good until five minutes before its end.
	// It is kept in memory. Of parallel calls for one app that need a new one, one
	// asks WeChat (stable_token in normal mode, which gives every replica the same),
	// and all get its answer.
	PlatformToken(ctx context.Context, app domain.AppID) (domain.PlatformToken, error)

	// ReplacePlatformToken is PlatformToken where WeChat refused the token: if it is
	// the one that is kept, that is dropped and another one asked for, once however
	// many say so; if it is not, the one that is kept is returned.
	ReplacePlatformToken(ctx context.Context, app domain.AppID, refused domain.Secret) (domain.PlatformToken, error)
}

// SessionKeyChecker asks WeChat about a person's session_key, and proves to know
// it without sending it.
//
// Its methods fail as ExchangePhoneCode does, but never with ErrPhoneCodeInvalid.
type SessionKeyChecker interface {
	// CheckSessionKey reports whether key is the person's present one (checksession).
	CheckSessionKey(ctx context.Context, identity domain.WeChatIdentity, key domain.Secret) (bool, error)

	// ResetSessionKey has WeChat replace key (resetusersessionkey) and returns the new
	// one, which lives no longer than key did; ok is false where key is not the
	// present one. It is not tried again once it may have reached WeChat.
	ResetSessionKey(ctx context.Context, identity domain.WeChatIdentity, key domain.Secret) (fresh domain.Secret, ok bool, err error)
}

// PlatformMeter counts calls to WeChat, whose quotas are by app and endpoint.
type PlatformMeter interface {
	// CountCall notes a call that was sent. Result is "ok", or what the answer means
	// in a word, of which there are few.
	CountCall(app domain.AppID, endpoint, result string)
}

// OpenDataWindow is the time in which open data must have been made.
type OpenDataWindow struct {
	Now    time.Time
	MaxAge time.Duration
}

// AppDirectory knows which mini programs this service serves.
type AppDirectory interface {
	// Resolve returns the app that a client means: the named one if it is
	// configured, the only one if the client names none. Else ErrUnknownApp.
	Resolve(named domain.AppID) (domain.AppID, error)
}

// PlatformProbe tells how WeChat fares.
type PlatformProbe interface {
	// PlatformReachable reports whether calls to WeChat are being made; false
	// while so many failed that they are held back. It makes no call.
	PlatformReachable() bool
}
