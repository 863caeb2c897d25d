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
	app := fxtest.New(t, application.Module, fx.Supply(w.policy),
		fx.Provide(
			func() ports.AppDirectory { return w.apps },
			func() ports.CodeExchanger { return w.wechat },
			func() ports.OpenDataReader { return w.reader },
			func() ports.UserRepository { return w.users },
			func() ports.SessionRepository { return w.sessions },
			func() ports.SessionKeySealer { return w.sealer },
			func() ports.AccessTokenIssuer { return w.issuer },
			func() ports.AccessTokenVerifier { return verifying(nil) },
			func() ports.Clock { return w.clock },
			func() ports.Entropy { return &counter{} },
		),
		fx.Populate(&login, &authenticate, &account, &ban))
	defer app.RequireStart().RequireStop()
	got, err := login.Login(t.Context(), withCode("key-1"))
	if err != nil {
		t.Fatalf("Login: got %v, want no error", err)
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
