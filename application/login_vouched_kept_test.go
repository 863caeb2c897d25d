package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// What the device could open with the key of wx.login, it can after coming the other
// way, and no other device can with it.
func TestVouchedLoginKeepsTheKeyOfItsDevice(t *testing.T) { // T-26
	w := newTown()
	byCode := w.login(t, onDevice(visit(theApp, "a"), "device-01"))
	w.login(t, onDevice(visit(theApp, "a"), "device-02"))
	for device, want := range map[string]domain.SealedKey{"device-01": byCode.Session.Key, "device-03": "", "": ""} {
		cmd := named(theApp, "a", "")
		cmd.Device.ID = device
		for range 2 {
			if got := w.vouched(t, cmd).Session; got.Key != want || got.Device.ID != device {
				t.Errorf("on %q: got the key %q, want %q", device, got.Key, want)
			}
		}
	}
	other := named(theApp, "b", "")
	other.Device.ID = "device-01"
	if got := w.vouched(t, other).Session; got.Key != "" {
		t.Errorf("another person on the device: got the key %q, want none", got.Key)
	}
	if held := w.live(t, "a"); len(held) != 2 {
		t.Errorf("got %d sessions with a key, want those of two devices", len(held))
	}
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
