package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// silently is a visit that the client makes by itself.
func silently(app domain.AppID, says string) ports.LoginCommand {
	cmd := visit(app, says)
	cmd.Silent = true
	return cmd
}

func TestSilentLoginOfWhoStaysIsALogin(t *testing.T) {
	w := newTown()
	first := w.login(t, silently(appA, "a u"))
	if again := w.login(t, silently(appA, "a u")); !first.NewUser || again.NewUser || again.User.ID != first.User.ID || again.Restored {
		t.Errorf("got %+v, then %+v, want one user", first, again)
	}
	w.wantLive(t, first)
}

func TestSilentLoginTakesNoDeletionBack(t *testing.T) {
	for name, before := range map[string]time.Duration{"at once": 7 * day, "at the last moment": time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			w := newTown()
			first := w.come(t, appA, "a u")
			w.come(t, appB, "b u")
			at := w.leave(t, first)
			w.clock.now = at.Add(-before)
			for app, says := range map[domain.AppID]string{appA: "a u", appB: "b u"} {
				got, err := w.loginUseCase().Login(t.Context(), silently(app, says))
				mustFailWith(t, got, err, domain.ErrNotFound)
			}
			for _, part := range w.found(t, first.User.ID).All() {
				if part.DeletionAt != at {
					t.Errorf("got %s marked for %v, want %v still", part.Identity.Key(), part.DeletionAt, at)
				}
			}
			if live := w.liveOf(t, first.User.ID); len(live) != 0 {
				t.Errorf("got sessions %v, want none", live)
			}
			w.wantAudit(t, first.User.ID, domain.AuditLinked, domain.AuditDeletionRequested)
		})
	}
}

func TestWhoWasRefusedSilentlyComesBackByLoggingIn(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a")
	w.leave(t, first)
	got, err := w.loginUseCase().Login(t.Context(), silently(appA, "a"))
	mustFailWith(t, got, err, domain.ErrNotFound)
	if got = w.come(t, appA, "a"); !got.Restored || got.User.ID != first.User.ID {
		t.Errorf("got %+v, want %s restored", got, first.User.ID)
	}
	w.login(t, silently(appA, "a"))
}

func TestSilentLoginThatIsTooLateMakesSomebodyNew(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a")
	w.clock.now = w.leave(t, first)
	if got := w.login(t, silently(appA, "a")); !got.NewUser || got.User.ID == first.User.ID {
		t.Errorf("got %+v, want a new user", got)
	}
}

func TestSilentLoginTellsWhoIsBannedThatFirst(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a")
	w.leave(t, first)
	w.ban(t, first.User.ID)
	got, err := w.loginUseCase().Login(t.Context(), silently(appA, "a"))
	mustFailWith(t, got, err, domain.ErrUserBanned)
}

// Who asks for deletion while a silent login is under way has asked.
func TestDeletionThatIsAskedForDuringASilentLoginStands(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a")
	var at time.Time
	w.users = visited{w.users, func() { at = w.leave(t, first) }}
	login := w.login(t, silently(appA, "a"))
	if got := w.part(t, appA, "a").DeletionAt; got != at {
		t.Errorf("got the user marked for %v, want %v", got, at)
	}
	if _, err := w.accountUseCase().Me(t.Context(), callerOf(login)); !errors.Is(err, domain.ErrSessionRevoked) {
		t.Errorf("Me: got %v, want %v", err, domain.ErrSessionRevoked)
	}
}

// visited calls after once a visit is recorded.
type visited struct {
	ports.UserRepository
	after func()
}

func (v visited) RecordLogin(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, bool, error) {
	user, created, err := v.UserRepository.RecordLogin(ctx, visitor)
	v.after()
	return user, created, err
}
