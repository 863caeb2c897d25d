package application_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// phone is an honest client with a session: it keeps the tokens that it was
// given last.
type phone struct {
	w               *world
	user            domain.UserID
	session         domain.SessionID
	began           time.Time
	access, refresh domain.Secret
}

// phone logs a person in on a device, with a code of its own.
func (w *world) phone(t *testing.T, device string) *phone {
	t.Helper()
	return w.holding(w.login(t, onDevice(withCode(fmt.Sprint("code-", ids.Add(1))), device)))
}

func (w *world) holding(login ports.Login) *phone {
	return &phone{w, login.User.ID, login.Session.ID, login.Session.CreatedAt, login.Tokens.Access, login.Tokens.Refresh}
}

func (p *phone) caller() domain.Caller {
	return domain.Caller{UserID: p.user, SessionID: p.session, AppID: theApp}
}

// renew refreshes, which must succeed, and returns the token that it spent.
func (p *phone) renew(t *testing.T) (spent domain.Secret) {
	t.Helper()
	got, err := p.w.refreshUseCase().Refresh(t.Context(), p.refresh)
	if err != nil {
		t.Fatalf("Refresh: got %v, want no error", err)
	}
	if got.Session.ID != p.session || got.Tokens.Refresh.Reveal() == p.refresh.Reveal() || got.Tokens.Access.Empty() {
		t.Fatalf("Refresh: got %+v, want the session %s with new tokens", got, p.session)
	}
	spent, p.refresh, p.access = p.refresh, got.Tokens.Refresh, got.Tokens.Access
	return spent
}

// mustRefuse checks that a refresh token renews nothing.
func (w *world) mustRefuse(t *testing.T, token domain.Secret, want error) {
	t.Helper()
	got, err := w.refreshUseCase().Refresh(t.Context(), token)
	if !errors.Is(err, want) || !got.Tokens.Access.Empty() || !got.Tokens.Refresh.Empty() || got.Session.ID != "" {
		t.Errorf("Refresh: got %+v and %v, want %v alone", got, err, want)
	}
	mustHide(t, "error", err)
}

// mustBeOver checks that the phone's session has ended for good.
func (p *phone) mustBeOver(t *testing.T) {
	t.Helper()
	p.w.mustRefuse(t, p.refresh, domain.ErrRefreshInvalid)
	p.mustBeRevoked(t)
	for _, s := range p.w.live(t, "o1") {
		if s.ID == p.session {
			t.Errorf("got session %s stored, want it gone", p.session)
		}
	}
}

// revoked reports whether the phone's session was, by its own id or with all of
// its user's.
func (p *phone) revoked() bool {
	return p.w.revocations.Revoked(p.session) || p.began.Before(p.w.revocations.RevokedBefore(p.user))
}

// mustBeRevoked checks that the phone's access token is refused.
func (p *phone) mustBeRevoked(t *testing.T) {
	t.Helper()
	if !p.revoked() {
		t.Errorf("got session %s not revoked, want its access tokens refused", p.session)
	}
}

// mustGoOn checks that the phone's session lives, by using it.
func (p *phone) mustGoOn(t *testing.T) {
	t.Helper()
	if p.revoked() {
		t.Errorf("got session %s revoked, want it live", p.session)
	}
	p.renew(t)
}

// wantEvents checks what was reported of the phone's session.
func (p *phone) wantEvents(t *testing.T, want ...domain.EventName) {
	t.Helper()
	var names []domain.EventName
	for _, e := range p.w.events.told() {
		names = append(names, e.Name)
		if e.Name != domain.EventRefreshUnknown && (e.UserID != p.user || e.SessionID != p.session || e.AppID != theApp) {
			t.Errorf("got event %+v, want it to name session %s of user %s", e, p.session, p.user)
		}
	}
	if fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("events: got %v, want %v", names, want)
	}
}
