package application_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/test/contract"
)

func TestUserSeesOwnLiveSessionsNewestFirst(t *testing.T) {
	w := newWorld()
	w.wechat = knows("o2")
	w.phone(t, "device-01")
	w.wechat = knows("o1")
	var want []domain.Session
	for _, device := range []string{"device-01", "", "device-03"} {
		w.clock.now = w.clock.now.Add(minute)
		want = append([]domain.Session{w.login(t, onDevice(withCode("key-1"), device)).Session}, want...)
	}
	uc, caller := application.NewListSessionsUseCase(w.sessions, w.clock), domain.Caller{UserID: want[0].UserID}
	got, err := uc.ListSessions(t.Context(), caller)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("got error %v, sessions (-want +got):\n%s", err, diff)
	}
	w.clock.now = w.clock.now.Add(day) // the one without a device has ended
	if got, err = uc.ListSessions(t.Context(), caller); err != nil || len(got) != 2 || got[0].ID != want[0].ID || got[1].ID != want[2].ID {
		t.Errorf("a day later: got %+v and %v, want those with a device", got, err)
	}
}

// The token that a client asks with is refused last: it may have to ask again.
func TestLogoutAllThatFailsCanBeAskedAgainWithTheSameToken(t *testing.T) {
	for _, method := range []string{"FindLiveOf", "Record", "Delete"} {
		w := newWorld()
		p, tablet := w.phone(t, "device-01"), w.phone(t, "device-02")
		fault := contract.FailBefore(t, method)
		w.sabotage(fault)
		if err := w.logoutUseCase().LogoutAll(t.Context(), p.caller()); !errors.Is(err, domain.ErrStoreUnavailable) {
			t.Errorf("%s: got %v, want %v", method, err, domain.ErrStoreUnavailable)
		}
		if w.revocations.Revoked(p.session) {
			t.Errorf("%s: got the caller's own session revoked, want it to be last", method)
		}
		fault.Heal()
		if err := w.logoutUseCase().LogoutAll(t.Context(), p.caller()); err != nil {
			t.Errorf("%s: afterwards: got %v, want no error", method, err)
		}
		p.mustBeOver(t)
		tablet.mustBeOver(t)
	}
}

// A logout that removed a session and could not say so finds it gone when it is
// repeated. What is remembered then lasts for the longest token there is.
func TestRepeatedLogoutOutlivesTheTokenOfASessionThatIsGone(t *testing.T) {
	w := newWorld()
	p := w.holding(w.login(t, compat("key-1")))
	fault := contract.FailBefore(t, "Record")
	w.sabotage(fault)
	if err := w.logoutUseCase().Logout(t.Context(), p.caller()); !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("Logout: got %v, want %v", err, domain.ErrStoreUnavailable)
	}
	fault.Heal()
	if err := w.logoutUseCase().Logout(t.Context(), p.caller()); err != nil {
		t.Fatalf("Logout again: got %v, want no error", err)
	}
	if got := w.recorded(t, w.clock.now.Add(day)); !got[p.session] {
		t.Errorf("when the token ends: got %v, want the session", got)
	}
}

// What is remembered of a logout lasts as long as any token that it could stop.
func TestRevocationOutlivesEveryTokenOfItsSession(t *testing.T) {
	w := newWorld()
	p, old := w.phone(t, "device-01"), w.login(t, compat("key-1"))
	for name, of := range map[string]domain.Caller{
		"an ordinary session": p.caller(), "a session with one long token": {UserID: p.user, SessionID: old.Session.ID, AppID: theApp},
	} {
		if err := w.logoutUseCase().Logout(t.Context(), of); err != nil {
			t.Fatalf("%s: got %v, want no error", name, err)
		}
	}
	if got := w.recorded(t, w.clock.now.Add(15*minute)); !got[p.session] || !got[old.Session.ID] {
		t.Errorf("when ordinary tokens end: got %v, want both", got)
	}
	if got := w.recorded(t, w.clock.now.Add(day)); !got[old.Session.ID] {
		t.Errorf("when the long token ends: got %v, want it", got)
	}
	if got := w.recorded(t, w.clock.now.Add(day+hour)); len(got) != 0 {
		t.Errorf("long after: got %v, want none", got)
	}
}

// recorded returns the sessions whose revocations are on record at now.
func (w *world) recorded(t *testing.T, now time.Time) map[domain.SessionID]bool {
	t.Helper()
	found, err := w.revocations.log.FindSince(t.Context(), time.Time{}, now)
	if err != nil {
		t.Fatalf("FindSince: got %v, want no error", err)
	}
	ids := map[domain.SessionID]bool{}
	for _, r := range found {
		ids[r.SessionID] = true
	}
	return ids
}
