package application_test

import (
	"errors"
	"testing"

	"wxlogin/ports"
)

func compat(code string) ports.LoginCommand {
	cmd := withCode(code)
	cmd.Compat = true
	return cmd
}

func TestCompatLoginIsOneTokenForADay(t *testing.T) {
	for _, device := range []string{"", "device-01"} {
		w := newWorld()
		got := w.login(t, onDevice(compat("key-1"), device))
		if !got.Tokens.Refresh.Empty() || got.Session.Refresh != "" || !got.Tokens.RefreshExpiresAt.IsZero() {
			t.Errorf("device %q: got a refresh token, want none", device)
		}
		end := w.clock.now.Add(day)
		if got.Tokens.AccessExpiresAt != end || got.Session.ExpiresAt != end || got.Session.AbsoluteAt != end {
			t.Errorf("device %q: got ends %v, %v, %v; want all %v", device,
				got.Tokens.AccessExpiresAt, got.Session.ExpiresAt, got.Session.AbsoluteAt, end)
		}
	}
}

func TestCompatLoginBringsTheSessionKey(t *testing.T) {
	got := newWorld().login(t, compat("key-1"))
	if got.Compat == nil || got.Compat.SessionKey.Reveal() != "key-1" {
		t.Errorf("got %+v, want the session_key of this login", got.Compat)
	}
}

func TestCompatLoginKnowsWhetherASessionWasLive(t *testing.T) {
	tests := []struct {
		name             string
		before           func(*testing.T, *world)
		wantNew, wantHad bool
	}{
		{"nobody was here", func(*testing.T, *world) {}, true, false},
		{"the user is known, and their session is live", func(t *testing.T, w *world) {
			w.login(t, compat("key-0"))
			w.clock.now = w.clock.now.Add(day - 1)
		}, false, true},
		{"the session of another protocol counts", func(t *testing.T, w *world) {
			w.login(t, onDevice(withCode("key-0"), "device-01"))
			w.clock.now = w.clock.now.Add(2 * day)
		}, false, true},
		{"the user is known, and all sessions have ended", func(t *testing.T, w *world) {
			w.login(t, compat("key-0"))
			w.clock.now = w.clock.now.Add(day)
		}, false, false},
		{"somebody else's session is live", func(t *testing.T, w *world) {
			w.wechat = knows("o2")
			w.login(t, compat("key-0"))
			w.wechat = knows("o1")
		}, true, false},
		{"a lost first login left a user and no session", func(t *testing.T, w *world) {
			whole := w.sealer
			w.sealer = broken{whole}
			if _, err := w.loginUseCase().Login(t.Context(), compat("key-0")); !errors.Is(err, errSealer) {
				t.Fatalf("got %v, want %v", err, errSealer)
			}
			w.sealer = whole
		}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			tt.before(t, w)
			got := w.login(t, compat("key-1"))
			if got.NewUser != tt.wantNew || got.Compat.HadSession != tt.wantHad {
				t.Errorf("got new user %v, had session %v; want %v, %v", got.NewUser, got.Compat.HadSession, tt.wantNew, tt.wantHad)
			}
		})
	}
}
