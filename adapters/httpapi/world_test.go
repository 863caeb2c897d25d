package httpapi_test

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"strings"
	"time"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// One fake per port: a function.
type (
	loginFunc   func(context.Context, ports.LoginCommand) (ports.Login, error)
	callerFunc  func(context.Context, domain.Secret) (domain.Caller, error)
	accountFunc func(context.Context, domain.Caller) (domain.WeChatUser, error)
	keysFunc    func() []byte
	storeFunc   func(context.Context) error
	wechatFunc  func() bool
	entropy     struct{}
)

func (f loginFunc) Login(ctx context.Context, c ports.LoginCommand) (ports.Login, error) {
	return f(ctx, c)
}

func (f callerFunc) Authenticate(ctx context.Context, t domain.Secret) (domain.Caller, error) {
	return f(ctx, t)
}

func (f accountFunc) Me(ctx context.Context, c domain.Caller) (domain.WeChatUser, error) {
	return f(ctx, c)
}
func (f keysFunc) JWKS() []byte                     { return f() }
func (f storeFunc) Check(ctx context.Context) error { return f(ctx) }
func (f wechatFunc) PlatformReachable() bool        { return f() }

const freshID = "0190b6f0-0000-7000-8000-00000000000a"

func (entropy) NewID() string           { return freshID }
func (entropy) NewToken() domain.Secret { return domain.NewSecret(strings.Repeat("t", 43)) }

// world is what a server stands on. Whatever is not set works.
type world struct {
	cfg     config.HTTP
	log     io.Writer
	login   loginFunc
	caller  callerFunc
	account accountFunc
	store   storeFunc
	wechat  wechatFunc
	mounts  []httpapi.Mount
}

const goodToken = "good-token"

var (
	alice  = domain.Caller{UserID: "user-1", SessionID: "session-1", AppID: "wx0123456789abcdef"}
	moment = time.Date(2026, 3, 4, 5, 6, 7, 89_000_000, time.FixedZone("CST", 8*3600))
)

// build makes a server in w that does not listen.
func build(w world) *httpapi.Server {
	if w.log == nil {
		w.log = io.Discard
	}
	if w.login == nil {
		w.login = func(context.Context, ports.LoginCommand) (ports.Login, error) { return aliceLogin(), nil }
	}
	if w.caller == nil {
		w.caller = knowsGoodToken
	}
	if w.account == nil {
		w.account = func(context.Context, domain.Caller) (domain.WeChatUser, error) { return aliceUser(), nil }
	}
	if w.store == nil {
		w.store = func(context.Context) error { return nil }
	}
	if w.wechat == nil {
		w.wechat = func() bool { return true }
	}
	w.cfg.Listen = cmp.Or(w.cfg.Listen, "127.0.0.1:0")
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	keys := keysFunc(func() []byte { return []byte(`{"keys":[]}`) })
	return httpapi.NewServer(w.cfg, log, w.login, w.caller, w.account, keys, w.store, w.wechat, entropy{}, w.mounts)
}

func knowsGoodToken(_ context.Context, token domain.Secret) (domain.Caller, error) {
	switch token.Reveal() {
	case "":
		return domain.Caller{}, domain.ErrTokenMissing
	case goodToken:
		return alice, nil
	}
	return domain.Caller{}, domain.ErrTokenInvalid
}

func aliceUser() domain.WeChatUser {
	return domain.WeChatUser{
		ID:          alice.UserID,
		Identity:    domain.WeChatIdentity{AppID: alice.AppID, OpenID: "open-id-1", UnionID: "union-id-1"},
		Profile:     domain.Profile{Nickname: "爱丽丝", AvatarURL: "https://thirdwx.qlogo.cn/a"},
		CreatedAt:   moment,
		LastLoginAt: moment.Add(time.Hour),
	}
}

func aliceLogin() ports.Login {
	return ports.Login{
		User:    aliceUser(),
		NewUser: true,
		Session: domain.Session{
			ID: alice.SessionID, UserID: alice.UserID, AppID: alice.AppID,
			CreatedAt: moment, ExpiresAt: moment.Add(720 * time.Hour), AbsoluteAt: moment.Add(4320 * time.Hour),
			Refresh: "hash-of-the-refresh-token", Key: "sealed-session-key",
		},
		Tokens: ports.Tokens{
			Access: domain.NewSecret("access.token.text"), AccessExpiresAt: moment.Add(15 * time.Minute),
			Refresh: domain.NewSecret("wxr_" + strings.Repeat("r", 43)), RefreshExpiresAt: moment.Add(720 * time.Hour),
		},
	}
}
