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

// world is what a server stands on. Whatever is not set works.
type world struct {
	cfg     config.HTTP
	log     io.Writer
	login   loginFunc
	vouched vouchedFunc
	caller  callerFunc
	account accountFunc
	owner   *owner
	avatar  ports.AvatarUseCase // the owner's, if not set
	store   storeFunc
	wechat  wechatFunc
	refresh refreshFunc
	list    listFunc
	logout  *logouts
	inspect inspectFunc
	revoke  revokeFunc
	feed    feedFunc
	issuer  string
	mounts  []httpapi.Mount
}

const goodToken = "good-token"

var (
	alice  = domain.Caller{UserID: "user-1", SessionID: "session-1", AppID: "wx0123456789abcdef"}
	moment = time.Date(2026, 3, 4, 5, 6, 7, 89_000_000, time.FixedZone("CST", 8*3600))
)

// or is the function that a test set, or else what works.
func or[F any](set F, isSet bool, works F) F {
	if isSet {
		return set
	}
	return works
}

// build makes a server in w that does not listen.
func build(w world) *httpapi.Server {
	if w.log == nil {
		w.log = io.Discard
	}
	w.cfg.Listen = cmp.Or(w.cfg.Listen, "127.0.0.1:0")
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	tokens := config.Tokens{Issuer: cmp.Or(w.issuer, "https://login.example.com"), Audience: "shop"}
	return httpapi.NewServer(w.cfg, tokens, log, parts(w), w.mounts)
}

func parts(w world) httpapi.Parts {
	own := cmp.Or(w.owner, &owner{})
	account := or(w.account, w.account != nil, func(context.Context, domain.Caller) (ports.Account, error) { return aliceAccount(), nil })
	return httpapi.Parts{
		Login:        or(w.login, w.login != nil, func(context.Context, ports.LoginCommand) (ports.Login, error) { return aliceLogin(), nil }),
		VouchedLogin: or(w.vouched, w.vouched != nil, func(context.Context, ports.VouchedLoginCommand) (ports.Login, error) { return aliceLogin(), nil }),
		Refresh:      or(w.refresh, w.refresh != nil, refreshesAlice),
		Authenticate: or(w.caller, w.caller != nil, knowsGoodToken),
		Account:      account,
		Export:       account,
		Profile:      own, Avatar: cmp.Or[ports.AvatarUseCase](w.avatar, own), Phone: own, Leave: own, WeChatSession: own, PlatformToken: own,
		Sessions: or(w.list, w.list != nil, func(context.Context, domain.Caller) ([]domain.Session, error) {
			return []domain.Session{aliceLogin().Session}, nil
		}),
		Logout:      cmp.Or(w.logout, &logouts{}),
		Introspect:  or(w.inspect, w.inspect != nil, inspectsAlice),
		RevokeToken: or(w.revoke, w.revoke != nil, func(domain.ServiceClient, domain.Secret) error { return nil }),
		Clients:     backends,
		Keys:        keysFunc(func() []byte { return []byte(`{"keys":[]}`) }),
		Store:       or(w.store, w.store != nil, func(context.Context) error { return nil }),
		Platform:    or(w.wechat, w.wechat != nil, func() bool { return true }),
		Revocations: or(w.feed, w.feed != nil, func() ports.RevocationState { return ports.RevocationState{Current: true, ReadAt: moment} }),
		Entropy:     entropy{},
	}
}

func refreshesAlice(context.Context, domain.Secret) (ports.Refreshed, error) {
	l := aliceLogin()
	return ports.Refreshed{Session: l.Session, Tokens: l.Tokens, At: l.At}, nil
}

func inspectsAlice(client domain.ServiceClient, token domain.Secret) (domain.AccessToken, bool) {
	if token.Reveal() != goodToken || !client.Serves(alice.AppID) {
		return domain.AccessToken{}, false
	}
	return domain.AccessToken{Caller: alice, ID: "token-1", IssuedAt: moment, ExpiresAt: moment.Add(15 * time.Minute)}, true
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

var alicesAvatar = domain.NewAvatarName(alice.UserID, domain.NewSecret(strings.Repeat("a", 43)))

func aliceAccount() ports.Account {
	number, _ := domain.ParsePhoneNumber("+86 13800006666")
	return ports.Account{User: aliceUser(), Phone: number}
}

func aliceUser() domain.WeChatUser {
	return domain.WeChatUser{
		ID:           alice.UserID,
		FirstLoginAt: moment.Add(time.Minute),
		Identity:     domain.WeChatIdentity{AppID: alice.AppID, OpenID: "open-id-1", UnionID: "union-id-1"},
		Profile:      domain.Profile{Nickname: "爱丽丝", AvatarURL: "https://thirdwx.qlogo.cn/a"},
		CreatedAt:    moment,
		LastLoginAt:  moment.Add(time.Hour),
	}
}

func aliceLogin() ports.Login {
	return ports.Login{
		Account: ports.Account{User: aliceUser()},
		NewUser: true,
		At:      moment,
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
