package application_test

import (
	"testing"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/ports"
)

func TestModulePlugsEveryUseCase(t *testing.T) {
	w := newWorld()
	var login ports.LoginUseCase
	var authenticate ports.AuthenticateUseCase
	var account ports.AccountUseCase
	var ban ports.BanUseCase
	var refresh ports.RefreshUseCase
	var sessions ports.ListSessionsUseCase
	var logout ports.LogoutUseCase
	var introspect ports.IntrospectUseCase
	var revoke ports.RevokeTokenUseCase
	app := fxtest.New(t, application.Module, fx.Supply(w.policy),
		fx.Provide(
			func() ports.AppDirectory { return w.apps },
			func() ports.CodeExchanger { return w.wechat },
			func() ports.OpenDataReader { return w.reader },
			func() ports.UserRepository { return w.users },
			func() ports.SessionRepository { return w.sessions },
			func() ports.SessionKeySealer { return w.sealer },
			func() ports.AccessTokenIssuer { return w.issuer },
			func() ports.AccessTokenVerifier { return w.mint },
			func() ports.RefreshRepository { return w.chains },
			func() ports.Revocations { return w.revocations },
			func() ports.Pauser { return w.pauser },
			func() ports.EventSink { return w.events },
			func() ports.Clock { return w.clock },
			func() ports.Entropy { return counter{} },
		),
		fx.Populate(&login, &authenticate, &account, &ban, &refresh, &sessions, &logout, &introspect, &revoke))
	defer app.RequireStart().RequireStop()
	got, err := login.Login(t.Context(), withCode("key-1"))
	if err != nil {
		t.Fatalf("Login: got %v, want no error", err)
	}
	renewed, err := refresh.Refresh(t.Context(), got.Tokens.Refresh)
	if err != nil {
		t.Errorf("Refresh: got %v, want no error", err)
	}
	caller := domain.Caller{UserID: got.User.ID, SessionID: got.Session.ID, AppID: theApp}
	if live, err := sessions.ListSessions(t.Context(), caller); err != nil || len(live) != 1 {
		t.Errorf("ListSessions: got %v and %v, want one", live, err)
	}
	if _, active := introspect.Introspect(t.Context(), backend, renewed.Tokens.Access); !active {
		t.Error("Introspect: got the token inactive, want it active")
	}
	if err := revoke.RevokeToken(t.Context(), backend, renewed.Tokens.Refresh); err != nil {
		t.Errorf("RevokeToken: got %v, want no error", err)
	}
	if err := logout.Logout(t.Context(), caller); err != nil {
		t.Errorf("Logout: got %v, want no error", err)
	}
	if _, err := ban.Ban(t.Context(), got.User.ID); err != nil {
		t.Errorf("Ban: got %v, want no error", err)
	}
	if _, err := account.Me(t.Context(), domain.Caller{UserID: got.User.ID}); err == nil {
		t.Error("Me: got no error, want the ban")
	}
	if _, err := authenticate.Authenticate(t.Context(), domain.Secret{}); err == nil {
		t.Error("Authenticate: got no error, want the token missing")
	}
}
