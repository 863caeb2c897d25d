package application_test

import (
	"context"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// oneAccount has WeChat name one UnionID for both identities of the one who is
// wellKnown, and returns the login by the first.
func (w *world) oneAccount(t *testing.T) ports.Login {
	t.Helper()
	w.come(t, appB, "b u")
	return w.come(t, appA, "a u")
}

func TestClosedWeChatAccountIsErasedAtOnce(t *testing.T) {
	w := newTown()
	id, _ := wellKnown(t, w)
	login := w.oneAccount(t)
	event := domain.PlatformEvent{AppID: appB, OpenID: "b", Cancelled: true, Sealed: true, Withdrawn: everything, At: w.clock.now}
	for range 2 {
		w.happens(t, event)
		w.wantGone(t, id, appA, "a")
		w.wantGone(t, id, appB, "b")
		w.wantPictures(t)
		w.wantEnded(t, login)
		if n := w.countAudit(t, domain.AuditDeletionRequested, id, ""); n != 1 {
			t.Errorf("got %d lines of it, want one", n)
		}
	}
	w.clock.now = w.clock.now.Add(minute)
	again := w.come(t, appB, "b") // who came after the event is another one
	w.happens(t, event)
	w.wantLive(t, again)
}

func TestClosedWeChatAccountOfOneWhoIsLeavingIsErasedAtOnce(t *testing.T) {
	w := newTown()
	login := w.come(t, appB, "b")
	w.leave(t, login)
	w.happens(t, domain.PlatformEvent{Cancelled: true, Sealed: true, At: w.clock.now})
	w.wantGone(t, login.User.ID, appB, "b")
}

// TestCancellationThatMayBeTakenBackIsNoErasure: it came unsealed, so that anybody
// may have sent it, or another WeChat account leads to the user.
func TestCancellationThatMayBeTakenBackIsNoErasure(t *testing.T) {
	for name, sealed := range map[string]bool{"plain": false, "two accounts": true} {
		t.Run(name, func(t *testing.T) {
			w := newTown()
			id, _ := wellKnown(t, w)
			login := w.come(t, appA, "a")
			if !sealed {
				login = w.oneAccount(t)
			}
			event := domain.PlatformEvent{Cancelled: true, Sealed: sealed, At: w.clock.now}
			for range 2 {
				w.happens(t, event)
				w.wantEnded(t, login)
				if at := w.found(t, id).DeletionAt; !at.Equal(w.clock.now.Add(7 * day)) {
					t.Errorf("got marked for %v, want the cooling-off", at)
				}
			}
			if n := w.countAudit(t, domain.AuditDeletionRequested, id, ""); n != 1 {
				t.Errorf("got %d lines of it, want one", n)
			}
			w.clock.now = w.clock.now.Add(minute)
			back := w.come(t, appA, "a")
			w.happens(t, event) // once more: it was taken back since
			w.wantLive(t, back)
		})
	}
}

// TestCancellationOfAnImportedUser: that another service made the user long before
// does not say which came first, the event or the import.
func TestCancellationOfAnImportedUser(t *testing.T) {
	for name, came := range map[string]struct{ before, since bool }{
		"logged in before": {before: true}, "logged in since": {since: true}, "never logged in": {},
	} {
		t.Run(name, func(t *testing.T) {
			w, people := newVillage(t, "x")
			if came.before {
				w.come(t, appA, "x")
			}
			event := domain.PlatformEvent{AppID: appA, OpenID: "x", Cancelled: true, Sealed: true, At: w.clock.now}
			if came.since {
				w.come(t, appA, "x")
			}
			w.happens(t, event)
			if came.before {
				w.wantGone(t, people["x"].ID, appA, "x")
				return
			}
			var want time.Time
			if !came.since {
				want = w.clock.now.Add(7 * day)
			}
			if got := w.found(t, people["x"].ID).DeletionAt; !got.Equal(want) {
				t.Errorf("got marked for %v, want %v", got, want)
			}
		})
	}
}

// TestCancellationThatComesAgainLeavesWhoIsHereSince: the person came back by another
// app, and an import brought the old identity back.
func TestCancellationThatComesAgainLeavesWhoIsHereSince(t *testing.T) {
	w, people := newVillage(t, "x")
	w.come(t, appA, "x u")
	event := domain.PlatformEvent{AppID: appA, OpenID: "x", Cancelled: true, Sealed: true, At: w.clock.now}
	w.happens(t, event)
	w.wantGone(t, people["x"].ID, appA, "x")
	live, again := w.come(t, appB, "l u"), w.imported(t, "x")
	w.come(t, appA, "x u")
	w.happens(t, event)
	w.wantOne(t, live.User, again)
	w.wantLive(t, live)
}

// TestEventOfATimeToComeChangesNothing: it could be sent for ever.
func TestEventOfATimeToComeChangesNothing(t *testing.T) {
	w := newTown()
	id, pictures := wellKnown(t, w)
	for _, event := range []domain.PlatformEvent{{Withdrawn: everything}, {Cancelled: true}, {Cancelled: true, Sealed: true}} {
		event.AppID, event.OpenID, event.At = appB, "b", w.clock.now.Add(2*minute)
		if err := w.eventUseCase().HandleEvent(t.Context(), event); err == nil {
			t.Errorf("%+v: got no error, want one", event)
		}
	}
	if user := w.found(t, id); left(user) == 0 || !user.DeletionAt.IsZero() {
		t.Errorf("got %+v, want it as it was", user)
	}
	w.wantPictures(t, pictures...)
}

// moving links the user when an identity was found, before anything is done.
type moving struct {
	ports.UserRepository
	then func()
}

func (m *moving) FindByIdentity(ctx context.Context, key domain.IdentityKey) (domain.WeChatUser, error) {
	found, err := m.UserRepository.FindByIdentity(ctx, key)
	if then := m.then; then != nil {
		m.then = nil
		then()
	}
	return found, err
}

func TestEventIsNotLostToALoginThatLinks(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a u")
	w.come(t, appB, "b")
	users := w.users
	hook := &moving{UserRepository: users}
	hook.then = func() {
		w.users = users
		w.login(t, visit(appB, "b u"))
		w.users = hook
	}
	w.users = hook
	w.happens(t, domain.PlatformEvent{Cancelled: true, Sealed: true, At: w.clock.now})
	w.wantGone(t, first.User.ID, appB, "b")
}
