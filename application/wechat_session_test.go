package application_test

import (
	"context"
	"errors"
	"testing"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

func (w *world) resetUseCase() *application.ResetSessionKeyUseCase {
	return application.NewResetSessionKeyUseCase(w.users, w.sessions, w.sessionKeys(), w.sealer, w.keys, w.recorder(), w.clock)
}

func TestSessionKeyIsCheckedForTheCallersOwn(t *testing.T) {
	w := newTown()
	old := w.login(t, onDevice(visit(appA, "a u1"), "device-01"))
	w.clock.now = w.clock.now.Add(minute)
	now := w.login(t, onDevice(visit(appA, "a u1"), "device-02"))
	for present, want := range map[string]bool{"a u1": true, "another": false} {
		w.keys.present = map[domain.OpenID]string{"a": present}
		for _, login := range []ports.Login{old, now} {
			if got, err := w.weChatSessionUseCase().CheckWeChatSession(t.Context(), callerOf(login)); got != want || err != nil {
				t.Errorf("%s is present: got %v and %v, want %v", present, got, err, want)
			}
		}
	}
	w.keys.asked = 0
	w.keys.present = map[domain.OpenID]string{"a": "a u1"}
	w.sealer.(*vault).lose(old.Session) // the other session's key is not the caller's
	if got, err := w.weChatSessionUseCase().CheckWeChatSession(t.Context(), callerOf(old)); got || err != nil || w.keys.asked != 0 {
		t.Errorf("a key that is lost: got %v and %v after %d questions, want false", got, err, w.keys.asked)
	}
	w.keys.err = domain.ErrRateLimited
	if got, err := w.weChatSessionUseCase().CheckWeChatSession(t.Context(), callerOf(now)); got || !errors.Is(err, domain.ErrRateLimited) {
		t.Errorf("got %v and %v, want %v", got, err, domain.ErrRateLimited)
	}
	w.sessions = contract.FailBefore(t, "FindLiveOf").Sessions(w.sessions)
	if got, err := w.weChatSessionUseCase().CheckWeChatSession(t.Context(), callerOf(now)); got || !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("got %v and %v, want %v", got, err, domain.ErrStoreUnavailable)
	}
}

// wantKey wants the session_key that is stored with a login's session.
func (w *world) wantKey(t *testing.T, login ports.Login, want string) {
	t.Helper()
	live, err := w.sessions.FindLive(t.Context(), login.Session.Identity, w.clock.now)
	if err != nil {
		t.Fatalf("FindLive: got %v, want no error", err)
	}
	for _, s := range live {
		if s.ID != login.Session.ID {
			continue
		}
		if got, err := w.sealer.Open(s.Key, s.Identity); err != nil || got.Reveal() != want {
			t.Errorf("got key %q and %v with %s, want %q", got.Reveal(), err, s.ID, want)
		}
	}
}

func TestPresentKeyIsReplacedWhereverItIsStored(t *testing.T) {
	w := newTown()
	old := w.login(t, onDevice(visit(appA, "a old"), "device-01"))
	w.policy.LinkUnionIDs = false
	w.clock.now = w.clock.now.Add(minute)
	first := w.login(t, onDevice(visit(appA, "a now"), "device-02"))
	second := w.login(t, onDevice(visit(appA, "a now"), "device-03"))
	other := w.login(t, onDevice(visit(appB, "b now"), "device-04"))
	w.link(t, other.User.ID, first.User.ID)
	other = w.login(t, onDevice(visit(appB, "b now"), "device-04"))
	stranger := w.login(t, onDevice(visit(appA, "c now"), "device-05"))
	w.keys.present = map[domain.OpenID]string{"a": "a now", "b": "b now", "c": "c now"}
	if n, err := w.resetUseCase().ResetSessionKeys(t.Context(), first.User.ID); n != 2 || err != nil {
		t.Errorf("got %d and %v, want 2 replaced", n, err)
	}
	w.wantKey(t, old, "a old")
	w.wantKey(t, first, "fresh a now")
	w.wantKey(t, second, "fresh a now")
	w.wantKey(t, other, "fresh b now")
	w.wantKey(t, stranger, "c now")
	if n := w.countAudit(t, domain.AuditSessionKeyReset, first.User.ID, ""); n != 2 {
		t.Errorf("got %d lines, want one for each identity", n)
	}
	for _, line := range w.audited(t, first.User.ID) {
		if line.Action == domain.AuditSessionKeyReset && (line.By != domain.ByOperator || line.AppID == "") {
			t.Errorf("got %+v, want the operator and the app in it", line)
		}
	}
	if n, err := w.resetUseCase().ResetSessionKeys(t.Context(), first.User.ID); n != 2 || err != nil {
		t.Errorf("again: got %d and %v, want 2 replaced", n, err)
	}
}

func TestKeyThatIsNotThePresentOneIsLeft(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a old")
	w.login(t, visit(appA, "a old")) // the same key is not asked about twice
	if n, err := w.resetUseCase().ResetSessionKeys(t.Context(), login.User.ID); n != 0 || err != nil || w.keys.asked != 1 {
		t.Errorf("got %d and %v after %d questions, want none replaced after one", n, err, w.keys.asked)
	}
	w.wantAudit(t, login.User.ID)
	if _, err := w.resetUseCase().ResetSessionKeys(t.Context(), "nobody"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("of nobody: got %v, want %v", err, domain.ErrNotFound)
	}
	w.keys.err = domain.ErrPlatformUnavailable
	if n, err := w.resetUseCase().ResetSessionKeys(t.Context(), login.User.ID); n != 0 || !errors.Is(err, domain.ErrPlatformUnavailable) {
		t.Errorf("got %d and %v, want %v", n, err, domain.ErrPlatformUnavailable)
	}
}

// WeChat has replaced the key by then: one session that cannot be changed does not
// cost the others theirs.
func TestSessionThatCannotTakeTheNewKeyKeepsNoOtherFromIt(t *testing.T) {
	w := newTown()
	first := w.login(t, onDevice(visit(appA, "a now"), "device-01"))
	w.clock.now = w.clock.now.Add(minute)
	second := w.login(t, onDevice(visit(appA, "a now"), "device-02"))
	w.keys.present = map[domain.OpenID]string{"a": "a now"}
	w.sessions = &stubborn{w.sessions, second.Session.ID}
	if _, err := w.resetUseCase().ResetSessionKeys(t.Context(), first.User.ID); !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("got %v, want %v", err, domain.ErrStoreUnavailable)
	}
	w.wantKey(t, first, "fresh a now")
	w.wantAudit(t, first.User.ID, domain.AuditSessionKeyReset)
	if n, err := w.resetUseCase().ResetSessionKeys(t.Context(), first.User.ID); n != 1 || err != nil {
		t.Errorf("again: got %d and %v, want one replaced", n, err)
	}
}

// stubborn keeps the key of one session.
type stubborn struct {
	ports.SessionRepository
	id domain.SessionID
}

func (s *stubborn) SetKey(ctx context.Context, session domain.Session, key domain.SealedKey) error {
	if session.ID == s.id {
		return domain.ErrStoreUnavailable
	}
	return s.SessionRepository.SetKey(ctx, session, key)
}
