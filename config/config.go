// Package config holds every setting of the service: one struct per adapter,
// read once, from environment variables. Load reports everything that is wrong
// at once. A Config is safe to print: what is secret in it is a domain.Secret.
package config

import (
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"wxlogin/domain"
)

// Config is the whole configuration. Load makes a complete one; a Config made by
// hand must set every field that a struct's comment does not call optional.
type Config struct {
	WeChat    WeChat
	Events    Events
	MongoDB   MongoDB
	SQLite    SQLite
	Tokens    Tokens
	Sealing   Sealing
	Avatars   Avatars
	HTTP      HTTP
	Clients   Clients
	Admin     Admin
	Scaffold  Scaffold
	Wafer     Wafer
	Sessions  Sessions
	Accounts  Accounts
	Log       Log
	Simulator Simulator
	// Warnings are what an operator should know of settings that work, but not
	// for everyone.
	Warnings []string
}

// App is a mini program with its secret.
type App struct {
	ID     domain.AppID
	Secret domain.Secret
}

// WeChat says which mini programs there are and where WeChat is.
type WeChat struct {
	Apps    []App
	BaseURL string // scheme and host, no trailing slash
	// Deadline bounds one exchange with WeChat, from the first byte sent to the
	// last received, a second try included.
	Deadline time.Duration
	// MaxConcurrent is how many logins one app may have under way, and how many
	// calls with an access_token beside them; more wait a moment.
	MaxConcurrent uint
}

// knows reports whether the mini program is configured.
func (c *Config) knows(id domain.AppID) bool {
	return slices.ContainsFunc(c.WeChat.Apps, func(a App) bool { return a.ID == id })
}

// Events says whose message push comes here.
type Events struct {
	Apps []EventsApp // optional
}

// EventsApp is a mini program whose message push comes here, with what it is
// known by.
type EventsApp struct {
	ID    domain.AppID
	Token domain.Secret // 3 to 32 letters and digits
	// Key is WeChat's EncodingAESKey: 43 characters, base64 of 32 bytes without the
	// equals sign. Empty: messages come in plain mode.
	Key domain.Secret
}

// MongoDB selects the MongoDB store.
type MongoDB struct {
	URI domain.Secret // empty: another store serves; else it names a database
}

// Used reports whether MongoDB is the store.
func (m MongoDB) Used() bool { return !m.URI.Empty() }

// InMemory is the value of SQLite.Dir with which nothing is kept on disk.
const InMemory = ":memory:"

// SQLite is the embedded store, used where MongoDB is not.
type SQLite struct {
	Dir string // holds wxlogin.db; InMemory: the memory store serves instead
}

// Tokens says how access tokens are signed.
type Tokens struct {
	KeysDir  string // PEM private keys, one a file
	OwnKeys  bool   // the service may make the first key itself
	Issuer   string // the "iss" of every token
	Audience string // the "aud" of every token
	Alg      string // ES256, EdDSA, RS256 or HS256
}

// SealingKey encrypts session_keys and phone numbers at rest.
type SealingKey struct {
	ID  string        // 1 to 16 of A-Z a-z 0-9 - _
	Key domain.Secret // base64 of 32 bytes
}

// Sealing is the key ring for session_keys and phone numbers: the first key seals,
// all open.
type Sealing struct {
	Keys []SealingKey
	// File is where the service keeps a key that it makes itself; used only where
	// Keys is empty, and empty otherwise.
	File string
}

// Avatars says where the pictures are that users upload.
type Avatars struct {
	Dir string // where pictures are kept; empty: in the database
}

// HTTP is the public listener.
type HTTP struct {
	Listen         string         // host:port; port 0 takes a free one
	TrustedProxies []netip.Prefix // whose X-Forwarded-For counts; empty: nobody's
	RateLimits     bool           // limit logins by client address
	// DrainDelay is how long the service answers on as "not ready" before it
	// stops taking connections, for load balancers to notice.
	DrainDelay time.Duration
	// Stop bounds the wait for requests under way at the end.
	Stop     time.Duration
	CloudRun CloudRun // optional
}

// Clients are the backends that may ask about tokens and end sessions.
type Clients struct {
	All []Client // optional
}

// Client is a backend with its credentials.
type Client struct {
	ID         string // 1 to 64 of A-Z a-z 0-9 - _ .
	SecretHash string // SHA-256 of its secret, in hexadecimal
	Apps       []domain.AppID
	// AccessTokens says that it may have WeChat's access_tokens of its apps.
	AccessTokens bool
}

// Admin is the operators' listener.
type Admin struct {
	Listen string // host:port; port 0 takes a free one
}

// Scaffold is the koa scaffold's protocol.
type Scaffold struct {
	Enabled    bool
	AppID      domain.AppID // whose logins these are: the protocol names no app
	SessionKey bool         // answer with the session_key, which WeChat forbids
}

// Wafer is Tencent's wafer2 protocol.
type Wafer struct {
	Enabled bool
	AppID   domain.AppID // whose logins these are: the protocol names no app
}

// Sessions says how long logins last.
type Sessions struct {
	AccessToken time.Duration
	Idle        time.Duration
	Absolute    time.Duration
	// RefreshGrace is how long a spent refresh token still gives its child.
	RefreshGrace time.Duration
	OpenDataAge  time.Duration // oldest open data that is believed
}

// Accounts says how long users who leave may come back, and who is one user.
type Accounts struct {
	CoolingOff time.Duration // may be zero
	// LinkUnionIDs makes one user of a person who comes through several mini programs
	// with one UnionID.
	LinkUnionIDs bool
}

// Log says what is logged and how.
type Log struct {
	Level  slog.Level
	Format string // auto (text on a terminal, else json), text or json
}

// Simulator is WeChat's stand-in inside "wxlogin dev".
type Simulator struct {
	Enabled      bool
	ManageListen string // host:port of its management API
}
