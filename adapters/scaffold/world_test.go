package scaffold_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"wxlogin/adapters/scaffold"
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

// world is what the protocol stands on. Whatever is not set works.
type world struct {
	sessionKey bool
	log        *bytes.Buffer
	login      loginFunc
	caller     callerFunc
	account    accountFunc
}

const (
	goodToken = "good-token"
	canary    = "CANARY-7f3a"
)

// serve answers r as a service in w does.
func serve(t *testing.T, w world, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	if w.log == nil {
		w.log = &bytes.Buffer{}
	}
	if w.login == nil {
		w.login = func(context.Context, ports.LoginCommand) (ports.Login, error) { return login(true, false), nil }
	}
	if w.caller == nil {
		w.caller = knowsGoodToken
	}
	if w.account == nil {
		w.account = func(context.Context, domain.Caller) (ports.Account, error) { return ports.Account{}, nil }
	}
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p := scaffold.New(config.Scaffold{Enabled: true, SessionKey: w.sessionKey}, w.login, w.caller, w.account, describe, log)
	rec := httptest.NewRecorder()
	rec.Header().Set("X-Request-Id", "trace-1") // as the edge does
	map[string]http.HandlerFunc{scaffold.LoginPath: p.Login, scaffold.TestPath: p.Test}[r.URL.Path](rec, r)
	spec, err := os.ReadFile("../httpapi/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	testkit.CheckAnswer(t, spec, r, rec.Result(), rec.Body.Bytes())
	return rec
}

func login(newUser, hadSession bool) ports.Login {
	return ports.Login{
		NewUser: newUser,
		Tokens:  ports.Tokens{Access: domain.NewSecret("header.claims.signature")},
		Compat:  &ports.CompatLogin{HadSession: hadSession, SessionKey: domain.NewSecret("q/x+Zz0AAAAAAAAAAAAAAA==")},
	}
}

func knowsGoodToken(_ context.Context, token domain.Secret) (domain.Caller, error) {
	switch token.Reveal() {
	case "":
		return domain.Caller{}, domain.ErrTokenMissing
	case goodToken:
		return domain.Caller{UserID: "user-1"}, nil
	}
	return domain.Caller{}, domain.ErrTokenInvalid
}

// statuses is what the service calls the errors that tests fail with.
var statuses = map[error]int{
	domain.ErrUnknownApp: 400, domain.ErrCodeInvalid: 401, domain.ErrCodeUsed: 401, domain.ErrLoginBlocked: 403,
	domain.ErrUserBanned: 403, domain.ErrRateLimited: 429, domain.ErrPlatformUnavailable: 503, domain.ErrAppMisconfigured: 503,
	domain.ErrStoreUnavailable: 503, domain.ErrTokenMissing: 401, domain.ErrTokenInvalid: 401, domain.ErrTokenExpired: 401,
	domain.ErrSessionRevoked: 401, domain.ErrOverloaded: 503,
}

func describe(err error) (status int, code, title string) {
	var promised *domain.Error
	if !errors.As(err, &promised) {
		return http.StatusInternalServerError, "internal", "标题"
	}
	return statuses[promised], promised.Code, "标题"
}
