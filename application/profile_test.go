package application_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/ports"
)

// wellFormed is open data, as far as can be said without a key.
var wellFormed = domain.OpenData{
	EncryptedData: base64.StdEncoding.EncodeToString(make([]byte, 32)), IV: base64.StdEncoding.EncodeToString(make([]byte, 16)),
}

func (w *world) profileUseCase() *application.ProfileUseCase {
	return application.NewProfileUseCase(w.accounts(), w.sessionKeys(), w.reader, w.clock)
}

func TestNicknameIsStoredAndShown(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	w.clock.now = w.clock.now.Add(hour)
	got, err := w.profileUseCase().SetNickname(t.Context(), callerOf(login), "小明")
	want := login.User
	want.Profile.Nickname, want.NicknameAt = "小明", w.clock.now
	if diff := cmp.Diff(want, got.User); diff != "" || err != nil {
		t.Errorf("got error %v, user (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff(want, w.found(t, login.User.ID)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A linked user's change shows, whichever of the identities knew something before.
func TestNicknameOfALinkedUserIsTheLast(t *testing.T) {
	w := newTown()
	w.come(t, appA, "a u")
	w.reader = opensUnder("b u", ming)
	linked := w.login(t, withOpenData(visit(appB, "b u")))
	w.clock.now = w.clock.now.Add(minute)
	for _, name := range []string{"first", "second"} {
		got, err := w.profileUseCase().SetNickname(t.Context(), callerOf(linked), name)
		if err != nil || got.User.Profile.Nickname != name || got.User.Profile.AvatarURL != ming.AvatarURL {
			t.Errorf("got %+v and %v, want nickname %s", got.User.Profile, err, name)
		}
		if diff := cmp.Diff(w.come(t, appA, "a u").User.Profile, got.User.Profile); diff != "" {
			t.Errorf("shown and stored differ:\n%s", diff)
		}
	}
}

func TestProfileIsReadWithTheOwnKeyThenThoseOfTheAppNewestFirst(t *testing.T) {
	w := newTown()
	var own ports.Login
	for _, code := range []string{"a oldest", "a own", "a older", "a newest"} {
		w.clock.now = w.clock.now.Add(minute)
		login := w.login(t, onDevice(visit(appA, code[:1]), "device-"+code[2:]+"-1"))
		key, err := w.sealer.Seal(domain.NewSecret(code), login.Session.Identity)
		if err != nil {
			t.Fatalf("Seal: got %v, want no error", err)
		}
		if err := w.sessions.SetKey(t.Context(), login.Session, key); err != nil {
			t.Fatalf("SetKey: got %v, want no error", err)
		}
		if code == "a own" {
			own = login
		}
	}
	b := w.come(t, appB, "b") // another app's key is of no use
	w.link(t, b.User.ID, own.User.ID)
	w.come(t, appB, "b")
	w.come(t, appA, "c") // nor is another person's
	var tried []string
	w.reader = reading(func(key domain.Secret) (domain.Profile, error) {
		tried = append(tried, key.Reveal())
		return domain.Profile{}, domain.ErrOpenDataInvalid
	})
	got, err := w.profileUseCase().SetProfile(t.Context(), callerOf(own), wellFormed)
	if !errors.Is(err, domain.ErrOpenDataStale) || errors.Is(err, domain.ErrOpenDataInvalid) || got.User.ID != "" {
		t.Errorf("got %+v and %v, want %v alone", got, err, domain.ErrOpenDataStale)
	}
	if diff := cmp.Diff([]string{"a own", "a newest", "a older", "a oldest"}, tried); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	tried = nil
	w.reader = opensUnder("a older", ming)
	if got, err := w.profileUseCase().SetProfile(t.Context(), callerOf(own), wellFormed); err != nil || got.User.Profile != ming {
		t.Errorf("got %+v and %v, want %+v", got.User.Profile, err, ming)
	}
}

func TestNoMoreThan20KeysOfOtherSessionsAreTried(t *testing.T) {
	w := newTown()
	var own ports.Login
	for n := range 30 {
		w.clock.now = w.clock.now.Add(minute)
		login := w.login(t, onDevice(visit(appA, "a"), fmt.Sprintf("device-%02d", n)))
		if n == 0 {
			own = login
		}
	}
	tried := 0
	w.reader = reading(func(domain.Secret) (domain.Profile, error) {
		tried++
		return domain.Profile{}, domain.ErrOpenDataInvalid
	})
	_, err := w.profileUseCase().SetProfile(t.Context(), callerOf(own), wellFormed)
	if tried != 21 || !errors.Is(err, domain.ErrOpenDataStale) {
		t.Errorf("got %d keys tried and %v, want the own one and 20", tried, err)
	}
}

func TestProfileIsReadForTheIdentityOfTheKey(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a u")
	w.clock.now = w.clock.now.Add(minute)
	w.reader = exact(func(data domain.OpenData, who domain.WeChatIdentity, window ports.OpenDataWindow) {
		if data != wellFormed || who.AppID != appA || who.OpenID != "a" || window != (ports.OpenDataWindow{Now: w.clock.now, MaxAge: 5 * minute}) {
			t.Errorf("got %+v of %+v in %+v, want the caller's", data, who, window)
		}
	})
	if got, err := w.profileUseCase().SetProfile(t.Context(), callerOf(login), wellFormed); err != nil || got.User.Profile != ming {
		t.Errorf("got %+v and %v, want %+v", got.User.Profile, err, ming)
	}
}

func TestProfileThatSaysNothingChangesNothing(t *testing.T) {
	for _, give := range []domain.Profile{{}, {Nickname: "微信用户", AvatarURL: "https://thirdwx.qlogo.cn/grey/132"}, {Nickname: " ", AvatarURL: "wxfile://a"}} {
		w := newTown()
		w.reader = opensUnder("a", ming)
		login := w.login(t, withOpenData(visit(appA, "a")))
		w.clock.now = w.clock.now.Add(minute)
		w.reader = opensUnder("a", give)
		got, err := w.profileUseCase().SetProfile(t.Context(), callerOf(login), wellFormed)
		if diff := cmp.Diff(login.User, got.User); diff != "" || err != nil {
			t.Errorf("%+v: got error %v, user (-want +got):\n%s", give, err, diff)
		}
		if diff := cmp.Diff(login.User, w.found(t, login.User.ID)); diff != "" {
			t.Errorf("%+v: stored (-want +got):\n%s", give, diff)
		}
	}
}

func TestDataThatNoKeyCouldOpenIsInvalid(t *testing.T) {
	w := newTown()
	w.reader = reading(func(domain.Secret) (domain.Profile, error) { t.Error("got it read"); return ming, nil })
	login := w.come(t, appA, "a")
	for _, give := range []domain.OpenData{{}, {EncryptedData: canary, IV: canary}, {EncryptedData: wellFormed.EncryptedData}} {
		got, err := w.profileUseCase().SetProfile(t.Context(), callerOf(login), give)
		if !errors.Is(err, domain.ErrOpenDataInvalid) || got.User.ID != "" {
			t.Errorf("got %+v and %v, want %v alone", got, err, domain.ErrOpenDataInvalid)
		}
		mustHide(t, "error", err)
	}
}

func TestProfileThatCannotBeStoredIsNotSet(t *testing.T) {
	acts := map[string]func(context.Context, *world, domain.Caller) error{
		"nickname": func(ctx context.Context, w *world, caller domain.Caller) error {
			_, err := w.profileUseCase().SetNickname(ctx, caller, "小明")
			return err
		},
		"profile": func(ctx context.Context, w *world, caller domain.Caller) error {
			_, err := w.profileUseCase().SetProfile(ctx, caller, wellFormed)
			return err
		},
	}
	for name, act := range acts {
		var caller domain.Caller
		c := chore{
			name: name, calls: []string{"Find", "ChangeProfile"},
			ready: func(t *testing.T, w *world) {
				caller = callerOf(w.come(t, appA, "a"))
				w.reader = opensUnder("a", ming)
			},
			act: func(ctx context.Context, w *world) error { return act(ctx, w, caller) },
			holds: func(t *testing.T, w *world) {
				if got := w.found(t, caller.UserID).Profile.Nickname; got != "小明" {
					t.Errorf("got nickname %q, want it stored", got)
				}
			},
		}
		if name == "profile" {
			c.calls = append(c.calls, "FindLiveOf")
		}
		c.mustBeMended(t)
	}
}
