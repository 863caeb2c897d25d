package application_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// kept is the key that the store has of the session of a login.
func (w *world) kept(t *testing.T, login ports.Login) domain.SealedKey {
	t.Helper()
	live, err := w.sessions.FindLiveOf(t.Context(), login.Session.UserID, w.clock.Now(), login.Session.ID)
	if err != nil || len(live) != 1 {
		t.Fatalf("got %+v and %v, want one session", live, err)
	}
	return live[0].Key
}

// What the device could open with the key of wx.login, it can after coming the other
// way, however many other devices came since, and no other device can with it.
func TestVouchedLoginKeepsTheKeyOfItsDevice(t *testing.T) { // T-26
	w := newTown()
	byCode := w.login(t, onDevice(visit(theApp, "a"), "device-01"))
	for n := range 25 { // more than a store lists
		w.clock.now = w.clock.now.Add(time.Millisecond)
		w.login(t, onDevice(visit(theApp, "a"), fmt.Sprint("another-", n)))
	}
	w.sessions = unread{w.sessions}
	for device, want := range map[string]domain.SealedKey{"device-01": byCode.Session.Key, "device-03": "", "": ""} {
		cmd := named(theApp, "a", "")
		cmd.Device.ID = device
		for range 2 {
			if got := w.vouched(t, cmd); w.kept(t, got) != want || got.Session.Device.ID != device {
				t.Errorf("on %q: got the key %q, want %q", device, w.kept(t, got), want)
			}
		}
	}
	other := named(theApp, "b", "")
	other.Device.ID = "device-01"
	if got := w.kept(t, w.vouched(t, other)); got != "" {
		t.Errorf("another person on the device: got the key %q, want none", got)
	}
}

// unread are sessions of an identity that are not looked for: there may be very many.
type unread struct{ ports.SessionRepository }

func (unread) FindLive(context.Context, domain.IdentityKey, time.Time) ([]domain.Session, error) {
	return nil, domain.ErrStoreUnavailable
}

func TestVouchedLoginWithoutAUnionIDKeepsTheOneThatIsKnown(t *testing.T) { // T-26
	w := newTown()
	byCode := w.come(t, appA, "a u")
	if got := w.vouched(t, named(appA, "a", "")); got.User.ID != byCode.User.ID || got.User.Identity.UnionID != "u" {
		t.Errorf("got %+v, want %s with the unionid", got.User, byCode.User.ID)
	}
	before := w.vouched(t, named(appB, "b", ""))
	if before.User.ID == byCode.User.ID || before.User.Identity.UnionID != "" {
		t.Errorf("got %+v, want another user, of no unionid", before.User)
	}
	if linked := w.come(t, appB, "b u"); linked.User.ID != byCode.User.ID { // as WeChat says itself
		t.Errorf("by a code: got %s, want %s", linked.User.ID, byCode.User.ID)
	}
	if got := w.vouched(t, named(appB, "b", "")); got.User.ID != byCode.User.ID {
		t.Errorf("after it: got %s, want %s", got.User.ID, byCode.User.ID)
	}
	w.wantOne(t, w.part(t, appA, "a"), w.part(t, appB, "b"))
}

// However often one comes the other way, the key of the caller's own session is tried.
func TestVouchedSessionsHideNoKeyOfTheCallers(t *testing.T) { // T-26
	w := newTown()
	byCode := w.login(t, visit(theApp, "a"))
	for range 201 { // more than a store lists
		w.clock.now = w.clock.now.Add(time.Millisecond)
		if _, err := w.vouchedLoginUseCase().LoginVouched(t.Context(), named(theApp, "a", "")); err != nil {
			t.Fatal(err)
		}
	}
	w.keys.present = map[domain.OpenID]string{"a": "a"}
	if valid, err := w.weChatSessionUseCase().CheckWeChatSession(t.Context(), callerOf(byCode)); !valid || err != nil {
		t.Errorf("CheckWeChatSession: got %t and %v, want true", valid, err)
	}
	w.reader = opensUnder("a", ming)
	if got, err := w.profileUseCase().SetProfile(t.Context(), callerOf(byCode), wellFormed); err != nil || got.User.Profile.Nickname != ming.Nickname {
		t.Errorf("SetProfile: got %q and %v, want %q", got.User.Profile.Nickname, err, ming.Nickname)
	}
	w.sessions = endless{w.sessions}
	if _, err := w.profileUseCase().SetProfile(t.Context(), callerOf(byCode), wellFormed); !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("where it cannot be found: got %v, want %v", err, domain.ErrStoreUnavailable)
	}
}

// endless are sessions of which all can be listed, and none be found by its id.
type endless struct{ ports.SessionRepository }

func (e endless) FindLiveOf(ctx context.Context, user domain.UserID, now time.Time, ids ...domain.SessionID) ([]domain.Session, error) {
	if len(ids) > 0 {
		return nil, domain.ErrStoreUnavailable
	}
	return e.SessionRepository.FindLiveOf(ctx, user, now)
}
