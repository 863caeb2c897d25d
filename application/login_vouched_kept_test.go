package application_test

import (
	"testing"

	"wxlogin/domain"
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
