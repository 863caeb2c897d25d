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
