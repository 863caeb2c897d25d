package config

import (
	"slices"
	"strings"
	"time"
)

// Setting describes one environment variable, for the documentation.
type Setting struct {
	Name    string
	Form    string // what a value looks like
	Dev     string // default of "wxlogin dev"
	Serve   string // default of "wxlogin serve"; required where empty and Meaning says so
	Meaning string
	set     func(*Config, string) error
}

// Settings returns all settings in the order of the README's table.
func Settings() []Setting { return slices.Clone(settings) }

// DevAppID and DevAppSecret are the mini program that the simulator of "wxlogin
// dev" knows. They are worth nothing to WeChat.
const (
	DevAppID     = "wxsimulator000001"
	DevAppSecret = "simulator-secret"
)

// DevEventsToken and DevEventsKey are what the simulator's messages are signed
// and encrypted with in "wxlogin dev". They are worth nothing elsewhere.
const (
	DevEventsToken = "simulatortoken"
	DevEventsKey   = "simulatorsimulatorsimulatorsimulatorsimulat"
)

const day = 24 * time.Hour

var settings = []Setting{
	{"WECHAT_APPS", "`wxid:secret[,wxid2:secret2]`", DevAppID + ":" + DevAppSecret, "",
		"the mini programs, with their AppSecrets; required by `serve`", setApps},
	{"WECHAT_BASE_URL", "URL", "", "https://api.weixin.qq.com",
		"where WeChat is; plain http to a loopback address only; `dev` always asks its own simulator", setBaseURL},
	{"WECHAT_TIMEOUT", "duration, at most 8s", "4s", "4s",
		"the whole time that one exchange with WeChat may take", duration(between{100 * time.Millisecond, 8 * time.Second}, func(c *Config) *dur { return &c.WeChat.Deadline })},
	{"WECHAT_MAX_CONCURRENT", "1 to 10000", "256", "256",
		"calls to WeChat that one app may have under way; more wait half a second, then they are `overloaded`", setConcurrent},
	{"WECHAT_EVENTS", "`wxid:token[:EncodingAESKey][,…]`", DevAppID + ":" + DevEventsToken + ":" + DevEventsKey, "",
		"the mini programs whose message push comes to `/v1/wechat/events/wxid`, with the Token and the EncodingAESKey of WeChat's console; without a key messages come in plain mode", setEvents},
	{"MONGODB_URI", "`mongodb://…/name`", "", "",
		"the MongoDB to store in, with the database's name; empty: SQLite in `DATA_DIR`", setMongoDB},
	{"DATA_DIR", "directory or `:memory:`", "data", "data",
		"the SQLite database, and keys that are not given; `:memory:` keeps nothing", text(func(c *Config) *string { return &c.SQLite.Dir })},
	{"LISTEN", "`host:port`", "127.0.0.1:8080", ":8080",
		"the public listener; `dev` takes a loopback address only", listen(func(c *Config) *string { return &c.HTTP.Listen })},
	{"TRUSTED_PROXIES", "CIDRs, comma separated", "", "",
		"the proxies whose `X-Forwarded-For` is believed; empty: nobody's", setProxies},
	{"RATE_LIMITS", "`on` or `off`", "on", "on",
		"limit requests by client address: logins (300 at once, 1200 a minute at length), refreshes (600, 3000), uploads, exports, open data and what asks WeChat about a user (60, 240), wrong secrets of service clients (20, 60); off behind a gateway that limits, and for load tests",
		choice(booleans, func(c *Config) *bool { return &c.HTTP.RateLimits })},
	{"DRAIN_DELAY", "duration", "0s", "3s",
		"how long `/readyz` says no before connections end, so that load balancers notice", duration(between{0, time.Minute}, func(c *Config) *dur { return &c.HTTP.DrainDelay })},
	{"TOKEN_KEYS_DIR", "directory", "", "",
		"PEM private keys, one a file, made by `wxlogin keys generate`; empty: the service makes one in `DATA_DIR/keys`", text(func(c *Config) *string { return &c.Tokens.KeysDir })},
	{"TOKEN_ALG", "`ES256`, `EdDSA`, `RS256`, `HS256`", "ES256", "ES256",
		"the algorithm that new access tokens are signed with", choice(algs, func(c *Config) *string { return &c.Tokens.Alg })},
	{"TOKEN_ISSUER", "URL", "", "http://localhost:8080",
		"`iss` of the tokens: the address under which others reach the service; where it is not set, `dev` takes that of `LISTEN`", setIssuer},
	{"TOKEN_AUDIENCE", "text", "wxlogin", "wxlogin",
		"`aud` of the tokens: the name of your backend", text(func(c *Config) *string { return &c.Tokens.Audience })},
	{"SEALING_KEYS", "`id:base64 of 32 bytes[,…]`", "", "",
		"encrypt session_keys and phone numbers at rest: the first key seals, all open; empty: the service makes one in `DATA_DIR`", setSealing},
	{"AVATAR_DIR", "directory", "", "",
		"where uploaded avatars are kept; empty: in MongoDB (GridFS) where that is the store, else in `DATA_DIR/avatars`", text(func(c *Config) *string { return &c.Avatars.Dir })},
	{"ACCESS_TOKEN_TTL", "duration, at most 1h", "15m", "15m",
		"life of an access token", duration(between{time.Second, time.Hour}, func(c *Config) *dur { return &c.Sessions.AccessToken })},
	{"SESSION_IDLE_TTL", "duration", "720h", "720h",
		"life of a session that is not used", duration(between{time.Second, 3650 * day}, func(c *Config) *dur { return &c.Sessions.Idle })},
	{"SESSION_ABSOLUTE_TTL", "duration", "4320h", "4320h",
		"life of a session, however much it is used", duration(between{time.Second, 3650 * day}, func(c *Config) *dur { return &c.Sessions.Absolute })},
	{"REFRESH_GRACE", "duration, 5s to 5m", "30s", "30s",
		"how long a spent refresh token still gives the same child, for answers that were lost", duration(between{5 * time.Second, 5 * time.Minute}, func(c *Config) *dur { return &c.Sessions.RefreshGrace })},
	{"SERVICE_CLIENTS", "`id:SHA-256 of its secret:wxid[+wxid2][:access-tokens][,…]`", "", "",
		"the backends that may introspect and revoke tokens, each of its own mini programs only, and where it says so have WeChat's access_token of them; made by `wxlogin clients generate`", setClients},
	{"LINK_UNIONID", "`true` or `false`", "true", "true",
		"make one user of a person who comes through several of `WECHAT_APPS` with one unionid", choice(booleans, func(c *Config) *bool { return &c.Accounts.LinkUnionIDs })},
	{"ACCOUNT_COOLING_OFF", "duration, at most 2160h", "168h", "168h",
		"how long a user who deleted the account gets it back by logging in; `0s`: never", duration(between{0, 90 * day}, func(c *Config) *dur { return &c.Accounts.CoolingOff })},
	{"ADMIN_LISTEN", "`host:port`", "127.0.0.1:8082", "127.0.0.1:8082",
		"the operators' listener, with `/metrics`: keep it off the internet", listen(func(c *Config) *string { return &c.Admin.Listen })},
	{"OPEN_DATA_MAX_AGE", "duration", "5m", "5m",
		"oldest `encryptedData` that is believed", duration(between{time.Second, day}, func(c *Config) *dur { return &c.Sessions.OpenDataAge })},
	{"COMPAT_SCAFFOLD", "`true` or `false`", "true", "false",
		"speak the koa scaffold's protocol too, for the first of `WECHAT_APPS`", choice(booleans, func(c *Config) *bool { return &c.Scaffold.Enabled })},
	{"COMPAT_SCAFFOLD_SESSION_KEY", "`true` or `false`", "true", "false",
		"hand session_key to the scaffold's clients, which WeChat forbids", choice(booleans, func(c *Config) *bool { return &c.Scaffold.SessionKey })},
	{"COMPAT_WAFER", "`true` or `false`", "true", "false",
		"speak the protocol of Tencent's wafer2 too, for the first of `WECHAT_APPS`", choice(booleans, func(c *Config) *bool { return &c.Wafer.Enabled })},
	{"CLOUDRUN_TRUST", "`true` or `false`", "false", "false",
		"believe the `X-WX-…` headers of WeChat Cloud Run about who a user is, at `/v1/login/cloudrun` and from `CLOUDRUN_PEERS` alone", choice(booleans, func(c *Config) *bool { return &c.HTTP.CloudRun.Trust })},
	{"CLOUDRUN_PEERS", "CIDRs, comma separated", "", "",
		"the addresses that Cloud Run's connections come from, whatever `TRUSTED_PROXIES` says; required where `CLOUDRUN_TRUST` is true", setCloudRunPeers},
	{"CLOUDRUN_UNIONID", "`true` or `false`", "false", "false",
		"believe Cloud Run's unionid, too: only where its gateway is known to replace one that a phone sends", choice(booleans, func(c *Config) *bool { return &c.HTTP.CloudRun.UnionIDs })},
	{"CLOUDRUN_SHARED", "`wxid[,wxid2]`", "", "",
		"those of `WECHAT_APPS` that the environment of Cloud Run is shared with (资源复用); empty: none, and whoever comes through one is refused", setCloudRunShared},
	{"LOG_LEVEL", "`debug`, `info`, `warn`, `error`", "info", "info",
		"the least that is logged", choice(levels, func(c *Config) *level { return &c.Log.Level })},
	{"LOG_FORMAT", "`auto`, `text`, `json`", "auto", "auto",
		"`auto` is text on a terminal and JSON elsewhere", choice(same("auto", "text", "json"), func(c *Config) *string { return &c.Log.Format })},
	{"SIM_LISTEN", "`host:port`", "127.0.0.1:8081", "",
		"`dev` only: the simulator's management API", listen(func(c *Config) *string { return &c.Simulator.ManageListen })},
}

// Table renders the settings as the README shows them.
func Table() string {
	var b strings.Builder
	b.WriteString("| variable | form | default | meaning |\n|---|---|---|---|\n")
	for _, s := range settings {
		fallback := "`" + s.Serve + "`"
		switch {
		case s.Serve == "" && s.Dev == "":
			fallback = ""
		case s.Serve == "":
			fallback = "dev: `" + s.Dev + "`"
		case s.Serve != s.Dev && s.Dev != "":
			fallback += ", dev: `" + s.Dev + "`"
		}
		b.WriteString("| `" + s.Name + "` | " + s.Form + " | " + fallback + " | " + s.Meaning + " |\n")
	}
	return b.String()
}
