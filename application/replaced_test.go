package application_test

import (
	"errors"
	"testing"
	"time"

	"wxlogin/application"
	"wxlogin/domain"
)

// wantAccess checks what becomes of the phone's access token.
func (p *phone) wantAccess(t *testing.T, what string, want error) {
	t.Helper()
	_, err := application.NewAuthenticateUseCase(p.w.inspector()).Authenticate(t.Context(), p.access)
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

// A device's new login leaves nothing of the old session by which it could be
// found, and yet its access token must not outlive a ban or a logout everywhere.
func TestRTOK6_TokensOfReplacedSessionsEndToo(t *testing.T) {
	for name, end := range map[string]func(*world, *phone) error{
		"logout all": func(w *world, p *phone) error { return w.logoutUseCase().LogoutAll(t.Context(), p.caller()) },
		"ban":        func(w *world, p *phone) error { _, err := w.banUseCase().Ban(t.Context(), p.user); return err },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			replaced := w.phone(t, "device-01")
			w.clock.now = w.clock.now.Add(minute)
			p := w.phone(t, "device-01")
			replaced.wantAccess(t, "before", nil)
			w.clock.now = w.clock.now.Add(minute)
			if err := end(w, p); err != nil {
				t.Fatalf("got %v, want no error", err)
			}
			replaced.wantAccess(t, "the replaced session's", domain.ErrSessionRevoked)
			p.wantAccess(t, "the present session's", domain.ErrSessionRevoked)
		})
	}
}

func TestWhoLogsInRightAfterLogoutAllIsIn(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	if err := w.logoutUseCase().LogoutAll(t.Context(), p.caller()); err != nil {
		t.Fatalf("LogoutAll: got %v, want no error", err)
	}
	again := w.phone(t, "device-01") // in the same second
	again.wantAccess(t, "the new session's", nil)
	again.mustGoOn(t)
}

// The ban was set while a login was under way that had found the user free.
func TestT41_BanReachesALoginThatIsUnderWay(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	w.clock.now = w.clock.now.Add(500 * time.Millisecond)
	if _, err := w.banUseCase().Ban(t.Context(), p.user); err != nil {
		t.Fatalf("Ban: got %v, want no error", err)
	}
	late := domain.StartSession("late", domain.WeChatUser{ID: p.user}, domain.Device{ID: "device-02"}, w.policy.Sessions, w.clock.now)
	access, err := w.mint.IssueAccessToken(t.Context(), domain.Caller{UserID: p.user, SessionID: late.ID, AppID: theApp}, late.CreatedAt, late.CreatedAt.Add(hour))
	if err != nil {
		t.Fatal(err)
	}
	(&phone{w: w, access: access}).wantAccess(t, "the late session's", domain.ErrSessionRevoked)
}

// An operator made access tokens shorter; those from before are about yet.
func TestRevocationOutlivesTokensFromBeforeTheirLifeWasShortened(t *testing.T) {
	w := newWorld()
	w.policy.AccessToken = time.Second
	p := w.phone(t, "device-01")
	if err := w.logoutUseCase().Logout(t.Context(), p.caller()); err != nil {
		t.Fatalf("Logout: got %v, want no error", err)
	}
	if got := w.recorded(t, w.clock.now.Add(hour)); !got[p.session] {
		t.Errorf("after the longest life: got %v, want the session", got)
	}
}
