package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func (w *world) leave(t *testing.T, login ports.Login) time.Time {
	t.Helper()
	at, err := w.leaveUseCase().Leave(t.Context(), callerOf(login))
	if err != nil {
		t.Fatalf("Leave: got %v, want no error", err)
	}
	return at
}

func TestLeavingEndsAllSessionsAndWaits(t *testing.T) {
	w := newTown()
	first, second := w.come(t, appA, "a u"), w.come(t, appB, "b u")
	w.events.told()
	at := w.leave(t, second)
	if want := w.clock.now.Add(7 * day); at != want {
		t.Errorf("got %v, want %v", at, want)
	}
	w.wantEnded(t, first)
	w.wantEnded(t, second)
	for _, part := range []domain.WeChatUser{w.part(t, appA, "a"), w.part(t, appB, "b")} {
		if part.DeletionAt != at {
			t.Errorf("got %s marked for %v, want %v", part.Identity.Key(), part.DeletionAt, at)
		}
	}
	w.wantAudit(t, first.User.ID, domain.AuditLinked, domain.AuditDeletionRequested)
	if told := w.events.told(); told[0] != (domain.Event{Name: domain.EventDeletionAsked, UserID: first.User.ID}) {
		t.Errorf("got events %+v, want it told first", told)
	}
	w.clock.now = w.clock.now.Add(day)
	if again := w.leave(t, first); again != at {
		t.Errorf("again: got %v, want %v as before", again, at)
	}
	w.wantAudit(t, first.User.ID, domain.AuditLinked, domain.AuditDeletionRequested)
}

func TestLeavingIsRefusedToWhoMayNotAct(t *testing.T) {
	w := newTown()
	banned := w.come(t, appA, "a")
	w.ban(t, banned.User.ID)
	for caller, want := range map[domain.Caller]error{callerOf(banned): domain.ErrUserBanned, {UserID: "gone"}: domain.ErrTokenInvalid} {
		if at, err := w.leaveUseCase().Leave(t.Context(), caller); !errors.Is(err, want) || !at.IsZero() || errors.Is(err, domain.ErrNotFound) {
			t.Errorf("%+v: got %v and %v, want %v alone", caller, at, err, want)
		}
	}
}

// What is left of a session of one who is leaving is worth nothing: Leave may have
// failed halfway.
func TestWhoIsLeavingRenewsNothing(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	if err := w.deletions.ScheduleDeletion(t.Context(), login.User.ID, w.clock.now.Add(day)); err != nil {
		t.Fatalf("ScheduleDeletion: got %v, want no error", err)
	}
	w.mustRefuse(t, login.Tokens.Refresh, domain.ErrRefreshInvalid)
	if _, err := w.accountUseCase().Me(t.Context(), callerOf(login)); !errors.Is(err, domain.ErrSessionRevoked) {
		t.Errorf("Me: got %v, want %v", err, domain.ErrSessionRevoked)
	}
}

func TestRepeatedLoginOfOneWhoLeftSinceIsUsed(t *testing.T) {
	w := newWorld()
	w.wechat = wechatOnce("o1")
	cmd := keyed("code-1", "key-of-16-letters")
	login := w.login(t, cmd)
	if err := w.deletions.ScheduleDeletion(t.Context(), login.User.ID, w.clock.now.Add(day)); err != nil {
		t.Fatalf("ScheduleDeletion: got %v, want no error", err)
	}
	got, err := w.loginUseCase().Login(t.Context(), cmd)
	mustFailWith(t, got, err, domain.ErrCodeUsed)
}

func TestLoginInTimeRestoresTheAccount(t *testing.T) {
	w := newTown()
	first, second := w.come(t, appA, "a u"), w.come(t, appB, "b u")
	w.leave(t, first)
	w.clock.now = w.clock.now.Add(7*day - 3*minute)
	w.events.told()
	got := w.come(t, appB, "b u")
	if !got.Restored || got.NewUser || got.User.ID != first.User.ID || !got.User.DeletionAt.IsZero() {
		t.Errorf("got %+v, want %s restored", got, first.User.ID)
	}
	for _, part := range w.found(t, first.User.ID).All() {
		if !part.DeletionAt.IsZero() {
			t.Errorf("got %s marked, want it not", part.Identity.Key())
		}
	}
	w.wantLive(t, got)
	if told := w.events.told(); told[0] != (domain.Event{Name: domain.EventUserRestored, UserID: first.User.ID}) {
		t.Errorf("got events %+v, want it told first", told)
	}
	w.wantEnded(t, first) // what was ended stays so
	w.wantEnded(t, second)
	if again := w.come(t, appA, "a u"); again.Restored {
		t.Error("got it restored once more")
	}
	w.clock.now = w.clock.now.Add(30 * day)
	if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 0 || err != nil {
		t.Errorf("EraseDue: got %d and %v, want nobody erased", n, err)
	}
	w.wantAudit(t, first.User.ID, domain.AuditLinked, domain.AuditDeletionRequested, domain.AuditDeletionCancelled)
	w.leave(t, w.come(t, appA, "a u")) // leaving once more is another line
	if n := w.countAudit(t, domain.AuditDeletionRequested, first.User.ID, ""); n != 2 {
		t.Errorf("got %d lines of leaving, want 2", n)
	}
}

func TestLoginThatIsTooLateMakesSomebodyNew(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a u")
	w.come(t, appB, "b u")
	at := w.leave(t, first)
	w.clock.now = at
	got := w.login(t, visit(appB, "b u"))
	if got.Restored || !got.NewUser || got.User.ID == first.User.ID || len(got.User.Others) != 0 {
		t.Errorf("got %+v, want a new user", got)
	}
	w.wantLive(t, got)
	w.wantGone(t, first.User.ID, appA, "a")
	w.wantClaim(t, "u", got.User.ID, false)
}

func TestNoCoolingOffErasesAtOnce(t *testing.T) {
	w := newTown()
	w.policy.CoolingOff = 0
	login := w.come(t, appA, "a u")
	if at := w.leave(t, login); at != w.clock.now {
		t.Errorf("got %v, want now", at)
	}
	w.wantGone(t, login.User.ID, appA, "a")
	if _, err := w.leaveUseCase().Leave(t.Context(), callerOf(login)); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("again: got %v, want %v", err, domain.ErrTokenInvalid)
	}
	if got := w.come(t, appA, "a u"); !got.NewUser || got.User.ID == login.User.ID {
		t.Errorf("got %+v, want a new user", got)
	}
}

func TestLeavingThatFailedIsMendedByAskingAgain(t *testing.T) {
	var login ports.Login
	coming := func(t *testing.T, w *world) { w.come(t, appA, "a u"); login = w.come(t, appB, "b u") }
	leaves := func(ctx context.Context, w *world) error {
		_, err := w.leaveUseCase().Leave(ctx, callerOf(login))
		return err
	}
	chore{
		name: "leave", ready: coming, act: leaves, calls: []string{"Find", "ScheduleDeletion", "Append", "FindLiveOf", "Record", "Delete"},
		holds: func(t *testing.T, w *world) {
			w.wantEnded(t, login)
			w.wantAudit(t, login.User.ID, domain.AuditLinked, domain.AuditDeletionRequested)
		},
	}.mustBeMended(t)
	chore{
		name: "come back", act: comes(appB, "b u"), calls: []string{"RecordLogin", "Find", "Append", "ScheduleDeletion", "Save"},
		ready: func(t *testing.T, w *world) { coming(t, w); w.leave(t, login) },
		holds: func(t *testing.T, w *world) {
			w.wantAudit(t, login.User.ID, domain.AuditLinked, domain.AuditDeletionRequested, domain.AuditDeletionCancelled)
			w.wantLive(t, w.come(t, appA, "a u"))
		},
	}.mustBeMended(t)
}
