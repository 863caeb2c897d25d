package application_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestLoginNeedsTheCodeAlone(t *testing.T) {
	w := newWorld()
	got := w.login(t, withCode("key-1"))
	wantUser := domain.WeChatUser{
		ID: got.User.ID, Identity: domain.WeChatIdentity{AppID: theApp, OpenID: "o1"},
		CreatedAt: w.clock.now, FirstLoginAt: w.clock.now, LastLoginAt: w.clock.now,
	}
	if diff := cmp.Diff(wantUser, got.User); diff != "" || got.User.ID == "" {
		t.Errorf("user (-want +got):\n%s", diff)
	}
	if !got.NewUser || len(got.Warnings) != 0 || got.Compat != nil {
		t.Errorf("got new user %v, warnings %v, compat %v; want true, none, none", got.NewUser, got.Warnings, got.Compat)
	}
	if diff := cmp.Diff([]domain.Session{got.Session}, w.live(t, "o1")); diff != "" {
		t.Errorf("stored sessions (-want +got):\n%s", diff)
	}
}

func TestLoginAgainIsTheSameUserInAnotherSession(t *testing.T) {
	w := newWorld()
	first := w.login(t, withCode("key-1"))
	w.clock.now = w.clock.now.Add(hour)
	again := w.login(t, withCode("key-2"))
	if again.NewUser || again.User.ID != first.User.ID {
		t.Errorf("got new %v, user %s; want the known user %s", again.NewUser, again.User.ID, first.User.ID)
	}
	if again.Session.ID == first.Session.ID || again.User.LastLoginAt != w.clock.now || again.User.CreatedAt != first.User.CreatedAt {
		t.Errorf("got %+v, want a session of its own and the visit noted", again)
	}
}

func TestTheResolvedAppIsAsked(t *testing.T) {
	w := newWorld()
	w.apps = directory(func(named domain.AppID) (domain.AppID, error) { return "resolved of " + named, nil })
	if got, want := w.login(t, withCode("key-1")).User.Identity.AppID, "resolved of "+theApp; got != want {
		t.Errorf("got app %s, want %s", got, want)
	}
}

func TestDeviceReplacesItsSessionAndNoOther(t *testing.T) {
	w := newWorld()
	w.login(t, onDevice(withCode("key-1"), "device-01"))
	other := w.login(t, onDevice(withCode("key-1"), "device-02")).Session
	w.clock.now = w.clock.now.Add(minute)
	again := w.login(t, onDevice(withCode("key-2"), "device-01")).Session
	if diff := cmp.Diff([]domain.Session{again, other}, w.live(t, "o1")); diff != "" {
		t.Errorf("live sessions (-want +got):\n%s", diff)
	}
}

func TestLoginLastsAsThePolicySays(t *testing.T) {
	tests := []struct {
		name                    string
		device                  string
		idle                    time.Duration
		wantAccess, wantRefresh time.Duration
	}{
		{"on a device", "device-01", 30 * day, 15 * minute, 30 * day},
		{"without a device", "", 30 * day, 15 * minute, day},
		{"a session shorter than an access token", "device-01", minute, minute, minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			w.policy.Sessions.Idle = tt.idle
			got := w.login(t, onDevice(withCode("key-1"), tt.device))
			if d := got.Tokens.AccessExpiresAt.Sub(w.clock.now); d != tt.wantAccess {
				t.Errorf("access token: got %v, want %v", d, tt.wantAccess)
			}
			if d := got.Tokens.RefreshExpiresAt.Sub(w.clock.now); d != tt.wantRefresh || got.Session.ExpiresAt != got.Tokens.RefreshExpiresAt {
				t.Errorf("refresh token: got %v, want %v, as the session", d, tt.wantRefresh)
			}
		})
	}
}

func TestRefreshTokenIsStoredOnlyAsItsHash(t *testing.T) {
	w := newWorld()
	got := w.login(t, withCode("key-1"))
	token := got.Tokens.Refresh.Reveal()
	if len(token) != len("wxr_")+43 || token[:4] != "wxr_" {
		t.Errorf("got a refresh token of %d characters that begins %q, want wxr_ and 43", len(token), token[:min(4, len(token))])
	}
	sum := sha256.Sum256([]byte(token))
	stored := w.live(t, "o1")[0]
	if want := domain.RefreshHash(base64.RawURLEncoding.EncodeToString(sum[:])); stored.Refresh != want {
		t.Errorf("stored: got %s, want %s", stored.Refresh, want)
	}
}

func TestTokenSpeaksForTheSessionThatWasStored(t *testing.T) {
	w := newWorld()
	var got domain.Caller
	w.issuer = issuing(func(c domain.Caller) error { got = c; return nil })
	login := w.login(t, withCode("key-1"))
	want := domain.Caller{UserID: login.User.ID, SessionID: w.live(t, "o1")[0].ID, AppID: theApp}
	if got != want {
		t.Errorf("caller: got %+v, want %+v", got, want)
	}
}

func TestNoTokenLeavesWhereNoneCanBeSigned(t *testing.T) {
	w := newWorld()
	boom := errors.New("no key")
	w.issuer = issuing(func(domain.Caller) error { return boom })
	got, err := w.loginUseCase().Login(t.Context(), onDevice(withCode("key-1"), "device-01"))
	mustFailWith(t, got, err, boom)
	w.issuer = issuing(nil)
	if again := w.login(t, onDevice(withCode("key-2"), "device-01")); len(w.live(t, "o1")) != 1 || again.NewUser {
		t.Errorf("afterwards: got %d sessions and new user %v, want one and false", len(w.live(t, "o1")), again.NewUser)
	}
}

type broken struct{ ports.SessionKeySealer }

func (broken) Seal(domain.Secret, domain.IdentityKey) (domain.SealedKey, error) {
	return "", errSealer
}

var errSealer = errors.New("no ring")

func TestNothingIsStoredOfASessionWhoseKeyCannotBeSealed(t *testing.T) {
	w := newWorld()
	w.sealer = broken{w.sealer}
	got, err := w.loginUseCase().Login(t.Context(), withCode("key-1"))
	mustFailWith(t, got, err, errSealer)
	if live := w.live(t, "o1"); len(live) != 0 {
		t.Errorf("got sessions %v, want none", live)
	}
}

func TestParallelFirstLoginsMakeOneUser(t *testing.T) {
	const logins = 200
	w := newWorld()
	uc := w.loginUseCase()
	results, errs := make([]ports.Login, logins), make([]error, logins)
	var all sync.WaitGroup
	for i := range logins {
		all.Go(func() { results[i], errs[i] = uc.Login(t.Context(), withCode(fmt.Sprint("key-", i))) })
	}
	all.Wait()
	users, sessions, made := map[domain.UserID]bool{}, map[domain.SessionID]bool{}, 0
	for i, r := range results {
		if errs[i] != nil {
			t.Fatalf("login %d: got %v, want no error", i, errs[i])
		}
		users[r.User.ID], sessions[r.Session.ID] = true, true
		if r.NewUser {
			made++
		}
	}
	if len(users) != 1 || made != 1 || len(sessions) != logins {
		t.Errorf("got %d users, made %d times, in %d sessions; want 1, once, %d", len(users), made, len(sessions), logins)
	}
}
