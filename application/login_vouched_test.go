package application_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

// named is a wish to log in of a person whom WeChat names.
func named(app domain.AppID, open domain.OpenID, union domain.UnionID) ports.VouchedLoginCommand {
	return ports.VouchedLoginCommand{Identity: domain.WeChatIdentity{AppID: app, OpenID: open, UnionID: union}}
}

// vouched logs in whom WeChat names, a minute after whatever was before.
func (w *world) vouched(t *testing.T, cmd ports.VouchedLoginCommand) ports.Login {
	t.Helper()
	w.clock.now = w.clock.now.Add(minute)
	got, err := w.vouchedLoginUseCase().LoginVouched(t.Context(), cmd)
	if err != nil {
		t.Fatalf("LoginVouched: got %v, want no error", err)
	}
	return got
}

func TestVouchedLoginIsTheUserOfACode(t *testing.T) {
	w := newTown()
	byCode := w.come(t, appA, "a")
	got := w.vouched(t, named(appA, "a", ""))
	if got.NewUser || got.User.ID != byCode.User.ID || got.Session.ID == byCode.Session.ID {
		t.Errorf("got %+v, want %s in another session", got, byCode.User.ID)
	}
	first := w.vouched(t, named(appA, "b", ""))
	if again := w.come(t, appA, "b"); !first.NewUser || again.NewUser || again.User.ID != first.User.ID {
		t.Errorf("a first login: got %+v, then %+v by a code, want one user", first, again)
	}
	if first.Tokens.Access.Empty() || first.Tokens.Refresh.Empty() || first.Compat != nil || len(first.Warnings) != 0 {
		t.Errorf("got %+v, want tokens and nothing else", first)
	}
	if _, err := w.refreshUseCase().Refresh(t.Context(), first.Tokens.Refresh); err != nil {
		t.Errorf("Refresh: got %v, want no error", err)
	}
}

func TestVouchedLoginAsksWeChatNothing(t *testing.T) {
	w := newTown()
	w.wechat = exchanging(func(domain.AppID, domain.Secret) (ports.CodeExchange, error) {
		t.Error("WeChat was asked")
		return ports.CodeExchange{}, nil
	})
	w.vouched(t, named(appA, "a", ""))
}

func TestVouchedSessionHasNoKey(t *testing.T) {
	w := newTown()
	w.sealer = broken{} // is not needed
	got := w.vouched(t, named(theApp, "a", ""))
	if live := w.liveOf(t, got.User.ID); len(live) != 1 || live[0].Key != "" || live[0].ID != got.Session.ID {
		t.Fatalf("got sessions %+v, want one without a key", live)
	}
	w.sealer = &vault{}
	caller := callerOf(got)
	if valid, err := w.weChatSessionUseCase().CheckWeChatSession(t.Context(), caller); valid || err != nil || w.keys.asked != 0 {
		t.Errorf("CheckWeChatSession: got %v and %v after %d questions, want false", valid, err, w.keys.asked)
	}
	if _, err := w.profileUseCase().SetProfile(t.Context(), caller, wellFormed); !errors.Is(err, domain.ErrOpenDataStale) {
		t.Errorf("SetProfile: got %v, want %v", err, domain.ErrOpenDataStale)
	}
	if _, err := w.phoneUseCase().BindPhoneByData(t.Context(), caller, wellFormed); !errors.Is(err, domain.ErrOpenDataStale) {
		t.Errorf("BindPhoneByData: got %v, want %v", err, domain.ErrOpenDataStale)
	}
	if n, err := w.resetUseCase().ResetSessionKeys(t.Context(), got.User.ID); n != 0 || err != nil {
		t.Errorf("ResetSessionKeys: got %d and %v, want none", n, err)
	}
}

func TestVouchedSessionsHideNoKeyOfOthers(t *testing.T) { // T-26
	w := newTown()
	byCode := w.login(t, visit(theApp, "a"))
	for range 25 {
		w.clock.now = w.clock.now.Add(time.Millisecond)
		w.vouched(t, named(theApp, "a", ""))
	}
	if keyed := w.live(t, "a"); len(keyed) != 1 || keyed[0].ID != byCode.Session.ID {
		t.Errorf("got %v with a key, want the session of the code", keyed)
	}
}

// liveOf are the live sessions of the user, with a key or without.
func (w *world) liveOf(t *testing.T, id domain.UserID) []domain.Session {
	t.Helper()
	live, err := w.sessions.FindLiveOf(t.Context(), id, w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return live
}

func TestVouchedUnionIDLinks(t *testing.T) {
	w := newTown()
	byCode := w.come(t, appA, "a u")
	got := w.vouched(t, named(appB, "b", "u"))
	if got.User.ID != byCode.User.ID || got.NewUser || got.Session.AppID != appB {
		t.Errorf("got %+v, want %s through %s", got, byCode.User.ID, appB)
	}
}

func TestVouchedLoginReplacesTheDevicesSession(t *testing.T) {
	w := newTown()
	byCode := w.login(t, onDevice(visit(theApp, "a"), "device-01"))
	cmd := named(theApp, "a", "")
	cmd.Device = domain.Device{ID: "device-01", Name: "iPhone 15", Platform: "ios"}
	w.vouched(t, cmd)
	again := w.vouched(t, cmd).Session
	again.Key = byCode.Session.Key
	if diff := cmp.Diff([]domain.Session{again}, w.liveOf(t, again.UserID)); diff != "" {
		t.Errorf("live sessions (-want +got):\n%s", diff)
	}
}

func TestVouchedLoginBindsThePhone(t *testing.T) {
	w := newTown()
	cmd := named(appA, "a", "")
	cmd.PhoneCode = domain.NewSecret(hers)
	if got := w.vouched(t, cmd); got.Phone.Reveal() != hers || len(got.Warnings) != 0 {
		t.Errorf("got %q with warnings %v, want %q", got.Phone.Reveal(), got.Warnings, hers)
	}
}

func TestVouchedLoginOfOneWhoLeftRestores(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	if _, err := w.leaveUseCase().Leave(t.Context(), callerOf(login)); err != nil {
		t.Fatal(err)
	}
	if got := w.vouched(t, named(appA, "a", "")); !got.Restored || got.User.ID != login.User.ID {
		t.Errorf("got %+v, want %s restored", got, login.User.ID)
	}
}

func TestVouchedLoginThatIsRefused(t *testing.T) {
	w := newTown()
	banned := w.come(t, appA, "banned")
	if _, err := w.banUseCase().Ban(t.Context(), banned.User.ID); err != nil {
		t.Fatal(err)
	}
	resolving := directory(func(app domain.AppID) (domain.AppID, error) {
		if app != appA && app != "" { // where one app is configured, no name is its
			return "", domain.ErrUnknownApp
		}
		return appA, nil
	})
	for name, tt := range map[string]struct {
		cmd  ports.VouchedLoginCommand
		want error
	}{
		"a banned user":  {named(appA, "banned", ""), domain.ErrUserBanned},
		"another app":    {named(appB, "a", ""), domain.ErrUnknownApp},
		"no app":         {named("", "a", ""), domain.ErrUnknownApp},
		"nobody":         {named(appA, "", ""), domain.ErrUnknownApp},
		"no plain name":  {named(appA, "a b", ""), domain.ErrUnknownApp},
		"an odd UnionID": {named(appA, "a", "u u"), domain.ErrUnknownApp},
	} {
		w.apps = resolving
		got, err := w.vouchedLoginUseCase().LoginVouched(t.Context(), tt.cmd)
		if mustFailWith(t, got, err, tt.want); t.Failed() {
			t.Fatal(name)
		}
	}
	for _, call := range []string{"RecordLogin", "Save"} {
		w := newTown()
		w.sabotage(contract.FailBefore(t, call))
		cmd := named(appA, "a", "")
		cmd.Device.ID = "device-01"
		got, err := w.vouchedLoginUseCase().LoginVouched(t.Context(), cmd)
		mustFailWith(t, got, err, domain.ErrStoreUnavailable)
	}
}
