package application_test

import (
	"errors"
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
	var vouched ports.VouchedLoginUseCase
	var rest others
	app := fxtest.New(t, application.Module, fx.Supply(w.policy),
		fx.Provide(
			func() ports.AppDirectory { return w.apps },
			func() ports.CodeExchanger { return w.wechat },
			func() ports.OpenDataReader { return w.reader },
			func() ports.UserRepository { return w.users },
			func() ports.ProfileRepository { return w.profiles },
			func() ports.DeletionRepository { return w.deletions },
			func() ports.UnionRepository { return w.unions },
			func() ports.AuditLog { return w.audit },
			func() ports.ImportRepository { return newImportWorld().imports },
			func() ports.FormerUsers { return former{} },
			func() ports.PhoneSealer { return w.phones },
			func() ports.PhoneCodeExchanger { return w.numbers },
			func() ports.SessionKeyChecker { return w.keys },
			func() ports.PlatformTokens { return &wechatTokens{token: canary} },
			func() ports.AvatarMaker { return w.maker },
			func() ports.AvatarStore { return w.avatars },
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
		fx.Populate(&login, &authenticate, &account, &ban, &refresh, &sessions, &logout, &introspect, &revoke, &vouched),
		fx.Populate(&rest.profile, &rest.avatar, &rest.phone, &rest.session, &rest.leave, &rest.erase, &rest.event, &rest.token, &rest.link, &rest.inspect, &rest.find, &rest.reset, &rest.imports))
	defer app.RequireStart().RequireStop()
	got, err := login.Login(t.Context(), withCode("key-1"))
	if err != nil {
		t.Fatalf("Login: got %v, want no error", err)
	}
	if again, err := vouched.LoginVouched(t.Context(), named(theApp, "o1", "")); err != nil || again.User.ID != got.User.ID {
		t.Errorf("LoginVouched: got %v and %v, want the user", again.User.ID, err)
	}
	renewed, err := refresh.Refresh(t.Context(), got.Tokens.Refresh)
	if err != nil {
		t.Errorf("Refresh: got %v, want no error", err)
	}
	caller := domain.Caller{UserID: got.User.ID, SessionID: got.Session.ID, AppID: theApp}
	if live, err := sessions.ListSessions(t.Context(), caller); err != nil || len(live) != 2 {
		t.Errorf("ListSessions: got %v and %v, want two", live, err)
	}
	if _, active := introspect.Introspect(t.Context(), backend, renewed.Tokens.Access); !active {
		t.Error("Introspect: got the token inactive, want it active")
	}
	if err := revoke.RevokeToken(t.Context(), backend, renewed.Tokens.Refresh); err != nil {
		t.Errorf("RevokeToken: got %v, want no error", err)
	}
	rest.mustDo(t, caller)
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

// others are the use cases that this file's test does not name one by one.
type others struct {
	profile ports.ProfileUseCase
	avatar  ports.AvatarUseCase
	phone   ports.PhoneUseCase
	session ports.WeChatSessionUseCase
	leave   ports.LeaveUseCase
	erase   ports.EraseUseCase
	event   ports.PlatformEventUseCase
	token   ports.PlatformTokenUseCase
	link    ports.LinkUseCase
	inspect ports.InspectUsersUseCase
	find    ports.FindByPhoneUseCase
	reset   ports.ResetSessionKeyUseCase
	imports ports.ImportUseCase
}

func (o others) mustDo(t *testing.T, caller domain.Caller) {
	t.Helper()
	number, _ := domain.ParsePhoneNumber(hers)
	client := domain.ServiceClient{Apps: []domain.AppID{theApp}, AccessTokens: true}
	check := func(what string, err, want error) {
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", what, err, want)
		}
	}
	_, err := o.profile.SetNickname(t.Context(), caller, "小明")
	check("SetNickname", err, nil)
	_, err = o.avatar.SetAvatar(t.Context(), caller, []byte("x"))
	check("SetAvatar", err, nil)
	_, err = o.phone.BindPhone(t.Context(), caller, domain.NewSecret(hers))
	check("BindPhone", err, nil)
	_, err = o.session.CheckWeChatSession(t.Context(), caller)
	check("CheckWeChatSession", err, nil)
	_, err = o.leave.Leave(t.Context(), domain.Caller{UserID: "gone"})
	check("Leave", err, domain.ErrTokenInvalid)
	_, err = o.erase.EraseDue(t.Context())
	check("EraseDue", err, nil)
	check("HandleEvent", o.event.HandleEvent(t.Context(), domain.PlatformEvent{Cancelled: true}), nil)
	_, err = o.token.PlatformToken(t.Context(), client, theApp, domain.Secret{})
	check("PlatformToken", err, nil)
	_, err = o.link.Link(t.Context(), caller.UserID, caller.UserID)
	check("Link", err, domain.ErrNotFound)
	found, err := o.find.FindByPhone(t.Context(), number)
	if check("FindByPhone", err, nil); len(found) != 1 || found[0].ID != caller.UserID || found[0].Profile.Nickname != "小明" {
		t.Errorf("FindByPhone: got %+v, want the caller", found)
	}
	_, err = o.reset.ResetSessionKeys(t.Context(), caller.UserID)
	check("ResetSessionKeys", err, nil)
	_, err = o.imports.Import(t.Context(), ports.ImportOrder{AppID: theApp}, new(importWorld))
	check("Import", err, nil)
}
