package application_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestLogoutEndsTheCallersSessionAlone(t *testing.T) {
	w := newWorld()
	p, tablet := w.phone(t, "device-01"), w.phone(t, "device-02")
	for range 2 { // twice is no error
		w.events.told()
		if err := w.logoutUseCase().Logout(t.Context(), p.caller()); err != nil {
			t.Fatalf("Logout: got %v, want no error", err)
		}
		p.wantEvents(t, domain.EventSessionEnded)
	}
	p.mustBeOver(t)
	tablet.mustGoOn(t)
}

// A session that a new one of its device replaced has an access token left.
func TestLogoutWithTheTokenOfAReplacedSessionSparesTheNewOne(t *testing.T) {
	w := newWorld()
	old, p := w.phone(t, "device-01"), w.phone(t, "device-01")
	if err := w.logoutUseCase().Logout(t.Context(), old.caller()); err != nil {
		t.Fatalf("Logout: got %v, want no error", err)
	}
	old.mustBeOver(t)
	p.mustGoOn(t)
}

func TestLogoutAllEndsEverySessionOfTheUserAndNobodyElses(t *testing.T) {
	const many = 450 // more than a store lists at once
	w := newWorld()
	p := w.phone(t, "device-01")
	w.wechat = knows("o2")
	other := w.phone(t, "device-01")
	w.wechat = knows("o1")
	all := []*phone{p}
	for i := range many {
		all = append(all, w.phone(t, fmt.Sprintf("device-1%03d", i)))
	}
	if err := w.logoutUseCase().LogoutAll(t.Context(), p.caller()); err != nil {
		t.Fatalf("LogoutAll: got %v, want no error", err)
	}
	for _, p := range all {
		p.mustBeOver(t)
	}
	other.mustGoOn(t)
}

// replenished is a store with a user who logs in faster than they can be logged
// out.
type replenished struct{ ports.SessionRepository }

func (r replenished) FindLiveOf(_ context.Context, user domain.UserID, now time.Time, _ ...domain.SessionID) ([]domain.Session, error) {
	return []domain.Session{{ID: domain.SessionID(counter{}.NewID()), UserID: user, AbsoluteAt: now.Add(day)}}, nil
}

func TestLogoutAllSaysThatItIsNotDone(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	w.sessions = replenished{w.sessions}
	err := w.logoutUseCase().LogoutAll(t.Context(), p.caller())
	if !errors.Is(err, domain.ErrStoreUnavailable) || !strings.Contains(err.Error(), "no fault of the store: 50 sessions were ended") {
		t.Errorf("LogoutAll: got %v, want %v and why", err, domain.ErrStoreUnavailable)
	}
	p.mustGoOn(t) // and may be asked again
}

func TestUserEndsOwnSessionsOnly(t *testing.T) {
	w := newWorld()
	p, tablet := w.phone(t, "device-01"), w.phone(t, "device-02")
	w.wechat = knows("o2")
	other := w.phone(t, "device-01")
	for _, id := range []domain.SessionID{other.session, "nobody's", ""} { // T-05: what is another's is not there
		if err := w.logoutUseCase().EndSession(t.Context(), p.caller(), id); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("EndSession(%q): got %v, want %v", id, err, domain.ErrNotFound)
		}
	}
	other.mustGoOn(t)
	w.events.told()
	if err := w.logoutUseCase().EndSession(t.Context(), p.caller(), tablet.session); err != nil {
		t.Fatalf("EndSession: got %v, want no error", err)
	}
	tablet.wantEvents(t, domain.EventSessionEnded)
	tablet.mustBeOver(t)
	if err := w.logoutUseCase().EndSession(t.Context(), p.caller(), tablet.session); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("EndSession again: got %v, want %v", err, domain.ErrNotFound)
	}
	p.mustGoOn(t)
	if err := w.logoutUseCase().EndSession(t.Context(), p.caller(), p.session); err != nil {
		t.Fatalf("EndSession of the caller's own: got %v, want no error", err)
	}
	p.mustBeOver(t)
}

func TestUserEndsASessionHoweverManyAreNewer(t *testing.T) {
	w := newTown()
	old := w.login(t, visit(theApp, "a"))
	var newest ports.Login
	for range 201 { // more than a store lists
		w.clock.now = w.clock.now.Add(time.Millisecond)
		newest = w.login(t, visit(theApp, "a"))
	}
	if err := w.logoutUseCase().EndSession(t.Context(), callerOf(newest), old.Session.ID); err != nil {
		t.Fatalf("EndSession: got %v, want no error", err)
	}
	left, err := w.sessions.FindLiveOf(t.Context(), old.User.ID, w.clock.Now(), old.Session.ID)
	if len(left) != 0 || err != nil {
		t.Errorf("got %v and %v, want the session gone", left, err)
	}
}
