package application_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

// keyed is a login that its client may have to repeat.
func keyed(code, key string) ports.LoginCommand {
	cmd := onDevice(withCode(code), "device-01")
	cmd.IdempotencyKey = domain.NewSecret(key)
	return cmd
}

// once is a world whose WeChat takes each code once.
func once() *world {
	w := newWorld()
	w.wechat = wechatOnce("o1")
	return w
}

// mustBeUsed checks that a login is refused because its code was used.
func (w *world) mustBeUsed(t *testing.T, cmd ports.LoginCommand) {
	t.Helper()
	got, err := w.loginUseCase().Login(t.Context(), cmd)
	mustFailWith(t, got, err, domain.ErrCodeUsed)
	mustHide(t, "error", err)
}

func TestRepeatedLoginGetsTheSameSession(t *testing.T) {
	w := once()
	first := w.login(t, keyed("code-1", "key-of-16-letters"))
	for i := range 3 {
		w.clock.now = w.clock.now.Add(minute)
		w.events.told()
		again := w.login(t, keyed("code-1", "key-of-16-letters"))
		if diff := cmp.Diff(first.Session, again.Session); diff != "" || !cmp.Equal(again.User, first.User) || again.NewUser != first.NewUser {
			t.Errorf("%d: got user %+v, session (-want +got):\n%s", i, again.User, diff)
		}
		if again.Tokens.Refresh.Reveal() != first.Tokens.Refresh.Reveal() || again.Tokens.RefreshExpiresAt != first.Tokens.RefreshExpiresAt {
			t.Errorf("%d: got another refresh token, want the first one", i)
		}
		if again.Tokens.Access.Reveal() == first.Tokens.Access.Reveal() || again.Tokens.AccessExpiresAt != w.clock.now.Add(15*minute) {
			t.Errorf("%d: got the old access token, want a new one", i)
		}
		w.holding(first).wantEvents(t, domain.EventLoginRetried)
	}
	if n := len(w.live(t, "o1")); n != 1 {
		t.Errorf("got %d sessions, want one", n)
	}
	w.holding(first).mustGoOn(t)
}

func TestLoginOfAKnownUserIsRepeatedAsOne(t *testing.T) {
	w := once()
	w.login(t, withCode("code-0"))
	w.clock.now = w.clock.now.Add(minute)
	for range 2 {
		if got := w.login(t, keyed("code-1", "key-of-16-letters")); got.NewUser {
			t.Error("got a new user, want a known one")
		}
	}
}

// TestRepeatedLoginSaysThatItRestoredTheAccount, for the person has yet to be told.
func TestRepeatedLoginSaysThatItRestoredTheAccount(t *testing.T) {
	w := once()
	w.policy.CoolingOff = 7 * day
	w.leave(t, w.login(t, withCode("code-0")))
	w.clock.now = w.clock.now.Add(minute)
	for range 2 {
		if got := w.login(t, keyed("code-1", "key-of-16-letters")); !got.Restored {
			t.Error("got it not restored")
		}
	}
	w.clock.now = w.clock.now.Add(minute)
	for range 2 {
		if got := w.login(t, keyed("code-2", "key-of-16-letters")); got.Restored {
			t.Error("got it restored once more")
		}
	}
	w.audit = contract.FailBefore(t, "FindEntries").Audit(w.audit)
	got, err := w.loginUseCase().Login(t.Context(), keyed("code-2", "key-of-16-letters"))
	mustFailWith(t, got, err, domain.ErrStoreUnavailable)
}

func TestOnlyTheClientThatLoggedInMayRepeat(t *testing.T) {
	const code, key = "code-1", "key-of-16-letters"
	for name, cmd := range map[string]ports.LoginCommand{
		"without a key":             withCode(code),
		"with another key":          keyed(code, "another-key-of-16"),
		"with the key in capitals":  keyed(code, "KEY-OF-16-LETTERS"),
		"with the key's beginning":  keyed(code, "key-of-16-letter"),
		"with more than the key":    keyed(code, "key-of-16-letters-and-more"),
		"with the code for a key":   keyed(code, code),
		"of a login without a key":  keyed("code-2", key),
		"of a login with other key": keyed("code-3", key),
	} {
		t.Run(name, func(t *testing.T) {
			w := once()
			first := w.login(t, keyed(code, key))
			w.login(t, onDevice(withCode("code-2"), "device-02"))
			w.login(t, onDevice(keyed("code-3", "another-key-of-16"), "device-03"))
			w.mustBeUsed(t, cmd)
			if n := len(w.live(t, "o1")); n != 3 {
				t.Errorf("got %d sessions, want the three of before", n)
			}
			w.holding(first).mustGoOn(t)
		})
	}
}

func TestSameKeyWithAnotherCodeIsAnotherLogin(t *testing.T) {
	w := once()
	first := w.login(t, keyed("code-1", "key-of-16-letters"))
	second := w.login(t, keyed("code-2", "key-of-16-letters"))
	if first.Session.ID == second.Session.ID || first.User.ID != second.User.ID {
		t.Errorf("got sessions %s and %s, want two of one user", first.Session.ID, second.Session.ID)
	}
	w.mustBeUsed(t, keyed("code-1", "key-of-16-letters")) // the device's new session replaced that one
}

func TestSameCodeAndKeyInAnotherAppIsNotTheSameLogin(t *testing.T) {
	w := once()
	w.apps = directory(func(named domain.AppID) (domain.AppID, error) { return named, nil })
	w.login(t, keyed("code-1", "key-of-16-letters"))
	other := keyed("code-1", "key-of-16-letters")
	other.AppID = "wxanother"
	w.mustBeUsed(t, other)
}

func TestLoginIsRepeatedOnlyWhile(t *testing.T) {
	tests := []struct {
		name string
		then func(*testing.T, *phone)
		want error
	}{
		{"five minutes are not over", func(_ *testing.T, p *phone) { p.w.clock.now = p.w.clock.now.Add(5 * minute) }, nil},
		{"five minutes are over", func(_ *testing.T, p *phone) { p.w.clock.now = p.w.clock.now.Add(5*minute + 1) }, domain.ErrCodeUsed},
		{"it was refreshed", func(t *testing.T, p *phone) { p.renew(t) }, domain.ErrCodeUsed},
		{"it was ended", func(t *testing.T, p *phone) {
			if err := p.w.logoutUseCase().Logout(t.Context(), p.caller()); err != nil {
				t.Fatalf("Logout: got %v, want no error", err)
			}
		}, domain.ErrCodeUsed},
		{"its user was banned", func(t *testing.T, p *phone) {
			if _, err := p.w.banUseCase().Ban(t.Context(), p.user); err != nil {
				t.Fatalf("Ban: got %v, want no error", err)
			}
		}, domain.ErrUserBanned},
		{"its user was deleted", func(_ *testing.T, p *phone) { p.w.users = newWorld().users }, domain.ErrCodeUsed},
		{"the store fails", func(_ *testing.T, p *phone) { p.w.users = awayUsers{} }, domain.ErrStoreUnavailable},
		{"no token can be signed", func(_ *testing.T, p *phone) { p.w.issuer = issuing(func(domain.Caller) error { return errSealer }) }, errSealer},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := once()
			tt.then(t, w.holding(w.login(t, keyed("code-1", "key-of-16-letters"))))
			w.events.told()
			got, err := w.loginUseCase().Login(t.Context(), keyed("code-1", "key-of-16-letters"))
			if tt.want != nil {
				mustFailWith(t, got, err, tt.want)
			} else if err != nil {
				t.Errorf("got %v, want no error", err)
			}
			if events := w.events.told(); (len(events) == 1) != (tt.want == nil) {
				t.Errorf("got events %v", events)
			}
		})
	}
}

type awayUsers struct{ ports.UserRepository }

func (awayUsers) Find(context.Context, domain.UserID) (domain.WeChatUser, error) {
	return domain.WeChatUser{}, fmt.Errorf("away: %w", domain.ErrStoreUnavailable)
}

func TestCompatLoginIsNotRepeated(t *testing.T) {
	w := once()
	cmd := keyed("code-1", "key-of-16-letters")
	cmd.Compat = true
	if got := w.login(t, cmd); got.Session.Retry != (domain.LoginRetry{}) {
		t.Errorf("got %+v kept for a repetition, want nothing", got.Session.Retry)
	}
	w.mustBeUsed(t, cmd)
}
