package application_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

var ming = domain.Profile{Nickname: "小明", AvatarURL: "https://thirdwx.qlogo.cn/a/132"}

func TestProfileInOpenDataIsKept(t *testing.T) {
	w := newWorld()
	w.reader = opensUnder("key-1", ming)
	got := w.login(t, withOpenData(withCode("key-1")))
	if diff := cmp.Diff(ming, got.User.Profile); diff != "" || len(got.Warnings) != 0 {
		t.Errorf("got warnings %v, profile (-want +got):\n%s", got.Warnings, diff)
	}
	w.reader = opensUnder("key-2", domain.Profile{Nickname: "小红"})
	want := domain.Profile{Nickname: "小红", AvatarURL: ming.AvatarURL}
	if diff := cmp.Diff(want, w.login(t, withOpenData(withCode("key-2"))).User.Profile); diff != "" {
		t.Errorf("after a change of name (-want +got):\n%s", diff)
	}
}

// exact is a reader that checks what it is asked.
type exact func(domain.OpenData, domain.WeChatIdentity, ports.OpenDataWindow)

func (f exact) ReadOpenData(data domain.OpenData, _ domain.Secret, who domain.WeChatIdentity, window ports.OpenDataWindow) (domain.Profile, error) {
	f(data, who, window)
	return ming, nil
}

func TestOpenDataIsReadForTheOneWhoLogsIn(t *testing.T) {
	w := newWorld()
	cmd := withCode("key-1")
	cmd.OpenData = domain.OpenData{EncryptedData: "a", IV: "b", RawData: "c", Signature: "d"}
	w.reader = exact(func(data domain.OpenData, who domain.WeChatIdentity, window ports.OpenDataWindow) {
		if want := (domain.WeChatIdentity{AppID: theApp, OpenID: "o1"}); data != cmd.OpenData || who != want {
			t.Errorf("got %+v of %+v, want %+v of %+v", data, who, cmd.OpenData, want)
		}
		if want := (ports.OpenDataWindow{Now: w.clock.now, MaxAge: 5 * minute}); window != want {
			t.Errorf("got window %+v, want %+v", window, want)
		}
	})
	if got := w.login(t, cmd).User.Profile; got != ming {
		t.Errorf("got %+v, want %+v", got, ming)
	}
}

func TestUnreadableOpenDataIsAWarning(t *testing.T) {
	w := newWorld()
	got := w.login(t, withOpenData(withCode("key-1")))
	if len(got.Warnings) != 1 || !errors.Is(got.Warnings[0], domain.ErrOpenDataInvalid) {
		t.Errorf("got warnings %v, want %v", got.Warnings, domain.ErrOpenDataInvalid)
	}
	if got.Tokens.Access.Empty() || got.User.Profile != (domain.Profile{}) {
		t.Errorf("got %+v, want a login without a profile", got)
	}
}

func TestPlaceholdersDoNotOverwriteAProfile(t *testing.T) {
	for _, give := range []domain.Profile{
		{Nickname: "微信用户", AvatarURL: "https://thirdwx.qlogo.cn/grey/132"},
		{Nickname: " ", AvatarURL: "wxfile://tmp.jpg"},
		{},
	} {
		w := newWorld()
		w.reader = opensUnder("key-1", ming)
		w.login(t, withOpenData(withCode("key-1")))
		w.reader = opensUnder("key-2", give)
		if got := w.login(t, withOpenData(withCode("key-2"))).User.Profile; got != ming {
			t.Errorf("%+v: got %+v, want %+v kept", give, got, ming)
		}
	}
}

// The race of wx.login inside a button's callback: the client was handed its
// data under the key before, and the code brings the next one.
func TestOpenDataIsReadWithAnOlderKey(t *testing.T) {
	w := newWorld()
	w.login(t, onDevice(withCode("key-1"), "device-01"))
	w.clock.now = w.clock.now.Add(minute)
	w.login(t, onDevice(withCode("key-2"), "device-02"))
	w.reader = opensUnder("key-1", ming)
	got := w.login(t, withOpenData(onDevice(withCode("key-3"), "device-02")))
	if got.User.Profile != ming || len(got.Warnings) != 0 {
		t.Errorf("got %+v with warnings %v, want %+v", got.User.Profile, got.Warnings, ming)
	}
}

func TestOlderKeysAreTriedNewestFirstAndOnlyIfNeeded(t *testing.T) {
	w := newWorld()
	for _, key := range []string{"key-1", "key-2", "key-3"} {
		w.login(t, withCode(key))
		w.clock.now = w.clock.now.Add(minute)
	}
	var tried []string
	w.reader = reading(func(key domain.Secret) (domain.Profile, error) {
		tried = append(tried, key.Reveal())
		return opensUnder("key-2", ming)(key)
	})
	w.login(t, withOpenData(withCode("key-4")))
	if diff := cmp.Diff([]string{"key-4", "key-3", "key-2"}, tried); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestKeyThatCannotBeOpenedIsSkipped(t *testing.T) {
	w := newWorld()
	w.login(t, withCode("key-1"))
	w.clock.now = w.clock.now.Add(minute)
	lost := w.login(t, withCode("key-2"))
	w.sealer.(*vault).lose(lost.Session)
	w.reader = opensUnder("key-1", ming)
	if got := w.login(t, withOpenData(withCode("key-3"))); got.User.Profile != ming {
		t.Errorf("got %+v with warnings %v, want %+v", got.User.Profile, got.Warnings, ming)
	}
}

func TestKeyOfAnEndedSessionIsNotTried(t *testing.T) {
	w := newWorld()
	w.login(t, withCode("key-1"))
	w.clock.now = w.clock.now.Add(day)
	w.reader = opensUnder("key-1", ming)
	if got := w.login(t, withOpenData(withCode("key-2"))); got.User.Profile != (domain.Profile{}) || len(got.Warnings) != 1 {
		t.Errorf("got %+v with warnings %v, want none and one", got.User.Profile, got.Warnings)
	}
}

func TestKeyOfAnotherPersonIsNotTried(t *testing.T) {
	w := newWorld()
	w.login(t, withCode("key-1"))
	w.wechat = knows("o2")
	w.reader = opensUnder("key-1", ming)
	if got := w.login(t, withOpenData(withCode("key-2"))); got.User.Profile != (domain.Profile{}) || len(got.Warnings) != 1 {
		t.Errorf("got %+v with warnings %v, want none and one", got.User.Profile, got.Warnings)
	}
}

func TestLoginSucceedsWhereOlderKeysCannotBeFound(t *testing.T) {
	w := newWorld()
	w.sessions = contract.FailBefore(t, "FindLive").Sessions(w.sessions)
	got := w.login(t, withOpenData(withCode("key-1")))
	if len(got.Warnings) != 1 || !errors.Is(got.Warnings[0], domain.ErrOpenDataInvalid) || !errors.Is(got.Warnings[0], domain.ErrStoreUnavailable) {
		t.Errorf("got warnings %v, want one that names both causes", got.Warnings)
	}
}
