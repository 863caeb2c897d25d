package wafer_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"wxlogin/adapters/wafer"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// One fake per port: a function.
type (
	loginFunc   func(context.Context, ports.LoginCommand) (ports.Login, error)
	callerFunc  func(context.Context, domain.Secret) (domain.Caller, error)
	accountFunc func(context.Context, domain.Caller) (ports.Account, error)
	logoutFunc  func(context.Context, domain.Caller) error
)

func (f loginFunc) Login(ctx context.Context, c ports.LoginCommand) (ports.Login, error) {
	return f(ctx, c)
}

func (f callerFunc) Authenticate(ctx context.Context, t domain.Secret) (domain.Caller, error) {
	return f(ctx, t)
}

func (f accountFunc) Me(ctx context.Context, c domain.Caller) (ports.Account, error) {
	return f(ctx, c)
}

// logouts is a LogoutUseCase of which only Logout is called.
type logouts struct {
	ports.LogoutUseCase
	logout logoutFunc
}

func (l logouts) Logout(ctx context.Context, c domain.Caller) error { return l.logout(ctx, c) }

// world is what the protocol stands on. Whatever is not set works.
type world struct {
	log     *bytes.Buffer
	login   loginFunc
	caller  callerFunc
	account accountFunc
	logout  logoutFunc
}

const (
	theApp   = domain.AppID("wx1")
	goodSkey = "good-skey"
	canary   = "CANARY-7f3a"
)

var (
	now   = time.Unix(1_700_000_000, 999)
	alice = domain.WeChatUser{
		ID: "user-1", Identity: domain.WeChatIdentity{AppID: theApp, OpenID: "open-" + canary, UnionID: "union-" + canary},
		Profile: domain.Profile{Nickname: "爱丽丝 🐼", AvatarURL: "https://thirdwx.qlogo.cn/alice/132"},
	}
)

// serve answers r as a service in w does.
func serve(t *testing.T, w world, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	rec.Header().Set("X-Request-Id", "trace-1") // as the edge does
	p := w.protocol()
	map[string]http.HandlerFunc{wafer.LoginPath: p.Login, wafer.UserPath: p.User}[r.URL.Path](rec, r)
	spec, err := os.ReadFile("../httpapi/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	testkit.CheckAnswer(t, spec, r, rec.Result(), rec.Body.Bytes())
	return rec
}

func (w world) protocol() *wafer.Protocol {
	if w.log == nil {
		w.log = &bytes.Buffer{}
	}
	if w.login == nil {
		w.login = logsIn(login(alice, false))
	}
	if w.caller == nil {
		w.caller = knowsGoodSkey
	}
	if w.account == nil {
		w.account = func(context.Context, domain.Caller) (ports.Account, error) { return ports.Account{User: alice}, nil }
	}
	if w.logout == nil {
		w.logout = func(context.Context, domain.Caller) error { return nil }
	}
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	picture := func(u domain.WeChatUser) string { return u.Profile.AvatarURL }
	return wafer.New(config.Wafer{Enabled: true, AppID: theApp}, w.login, logouts{logout: w.logout}, w.caller, w.account, describe, picture, log)
}

func logsIn(l ports.Login) loginFunc {
	return func(context.Context, ports.LoginCommand) (ports.Login, error) { return l, nil }
}

func login(u domain.WeChatUser, newUser bool) ports.Login {
	return ports.Login{
		Account: ports.Account{User: u}, NewUser: newUser, At: now,
		Session: domain.Session{ID: "session-1", UserID: u.ID, AppID: theApp},
		Tokens:  ports.Tokens{Access: domain.NewSecret("header.claims.signature")},
		Compat:  &ports.CompatLogin{SessionKey: domain.NewSecret("session-key-" + canary)},
	}
}

func knowsGoodSkey(_ context.Context, token domain.Secret) (domain.Caller, error) {
	switch token.Reveal() {
	case "":
		return domain.Caller{}, domain.ErrTokenMissing
	case goodSkey:
		return domain.Caller{UserID: alice.ID}, nil
	}
	return domain.Caller{}, domain.ErrTokenInvalid
}

// describe calls every promised error a refusal, and what is the service's fault
// one.
func describe(err error) (status int, code, title string) {
	var promised *domain.Error
	if !errors.As(err, &promised) {
		return http.StatusInternalServerError, "internal", "标题"
	}
	if promised.Kind == domain.KindUnavailable {
		return http.StatusServiceUnavailable, promised.Code, "标题"
	}
	return http.StatusForbidden, promised.Code, "标题"
}

// ask makes a request with headers, given as names and values in turn.
func ask(path string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}
