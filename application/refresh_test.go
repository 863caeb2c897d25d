package application_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

func TestRefreshGivesNewTokensOfTheSameSession(t *testing.T) {
	w := newWorld()
	login := w.login(t, onDevice(withCode("key-1"), "device-01"))
	w.clock.now = w.clock.now.Add(hour)
	got, err := w.refreshUseCase().Refresh(t.Context(), login.Tokens.Refresh)
	if err != nil {
		t.Fatalf("Refresh: got %v, want no error", err)
	}
	child, ok := domain.ParseRefreshToken(got.Tokens.Refresh)
	want := login.Session
	want.Refresh, want.RotatedAt, want.ExpiresAt = child.Hash(), w.clock.now, w.clock.now.Add(30*day)
	if diff := cmp.Diff(want, got.Session); diff != "" || !ok || child.Family() != want.Family {
		t.Errorf("got a token of the family %v, session (-want +got):\n%s", ok && child.Family() == want.Family, diff)
	}
	if diff := cmp.Diff([]domain.Session{want}, w.live(t, "o1")); diff != "" {
		t.Errorf("stored sessions (-want +got):\n%s", diff)
	}
	if got.At != w.clock.now || got.Tokens.AccessExpiresAt != w.clock.now.Add(15*minute) || got.Tokens.RefreshExpiresAt != want.ExpiresAt {
		t.Errorf("got %v, access until %v, refresh until %v", got.At, got.Tokens.AccessExpiresAt, got.Tokens.RefreshExpiresAt)
	}
	what, err := w.mint.VerifyAccessToken(t.Context(), got.Tokens.Access, w.clock.now)
	if caller := (domain.Caller{UserID: login.User.ID, SessionID: want.ID, AppID: theApp}); err != nil || what.Caller != caller {
		t.Errorf("access token: got %+v and %v, want %+v", what.Caller, err, caller)
	}
}

func TestSessionGoesOnFromChildToChild(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	seen := map[string]bool{p.refresh.Reveal(): true}
	for range 20 {
		w.clock.now = w.clock.now.Add(hour)
		p.renew(t)
		if seen[p.refresh.Reveal()] {
			t.Fatal("got a refresh token that was given out before")
		}
		seen[p.refresh.Reveal()] = true
		p.wantEvents(t, domain.EventRefreshed)
	}
	if n := len(w.live(t, "o1")); n != 1 {
		t.Errorf("got %d sessions, want one", n)
	}
}

// An answer was lost on its way: the client asks again with what it has.
func TestSpentTokenGivesTheSameChildWithinTheGrace(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	spent := p.renew(t)
	session := w.live(t, "o1")[0]
	for range 3 {
		w.clock.now = w.clock.now.Add(grace / 3)
		again, err := w.refreshUseCase().Refresh(t.Context(), spent)
		if err != nil {
			t.Fatalf("Refresh: got %v, want no error", err)
		}
		if again.Tokens.Refresh.Reveal() != p.refresh.Reveal() || again.Tokens.Access.Reveal() == p.access.Reveal() {
			t.Error("got another child or the same access token, want the same child with a new one")
		}
		if diff := cmp.Diff([]domain.Session{session}, w.live(t, "o1")); diff != "" || again.Tokens.RefreshExpiresAt != session.ExpiresAt {
			t.Errorf("a repetition changed the session (-want +got):\n%s", diff)
		}
	}
	p.wantEvents(t, domain.EventRefreshed, domain.EventRefreshRepeated, domain.EventRefreshRepeated, domain.EventRefreshRepeated)
	p.mustGoOn(t)
}

func TestT08_ReuseEndsTheSession(t *testing.T) {
	tests := []struct {
		name string
		// steal returns a token that must not be used any more.
		steal func(*testing.T, *phone) domain.Secret
	}{
		{"a parent after the grace", func(t *testing.T, p *phone) domain.Secret {
			spent := p.renew(t)
			p.w.clock.now = p.w.clock.now.Add(grace + 1)
			return spent
		}},
		{"a parent after its claim is gone", func(t *testing.T, p *phone) domain.Secret {
			spent := p.renew(t)
			p.w.clock.now = p.w.clock.now.Add(29 * day)
			p.w.phone(t, "device-02").renew(t) // lets the store sweep
			return spent
		}},
		{"a grandparent within the grace", func(t *testing.T, p *phone) domain.Secret { // django-oauth-toolkit 1617
			spent := p.renew(t)
			p.renew(t)
			return spent
		}},
		{"a grandparent that was repeated before its child was spent", func(t *testing.T, p *phone) domain.Secret {
			spent := p.renew(t)
			if _, err := p.w.refreshUseCase().Refresh(t.Context(), spent); err != nil {
				t.Fatalf("Refresh: got %v, want no error", err)
			}
			p.renew(t)
			return spent
		}},
		{"a token of long ago", func(t *testing.T, p *phone) domain.Secret {
			spent := p.renew(t)
			for range 29 {
				p.w.clock.now = p.w.clock.now.Add(day)
				p.renew(t)
			}
			return spent
		}},
		{"a token of the family that nobody was given", func(_ *testing.T, p *phone) domain.Secret {
			token, _ := domain.ParseRefreshToken(p.refresh)
			return token.Child(counter{}.NewToken()).Secret()
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			other := w.phone(t, "device-09")
			p := w.phone(t, "device-01")
			stolen := tt.steal(t, p)
			w.events.told()
			w.mustRefuse(t, stolen, domain.ErrRefreshInvalid)
			p.wantEvents(t, domain.EventRefreshReused)
			p.mustBeOver(t) // thief and owner alike
			p.wantEvents(t, domain.EventRefreshUnknown)
			w.mustRefuse(t, stolen, domain.ErrRefreshInvalid)
			other.mustGoOn(t) // no other session is touched
		})
	}
}

func TestWhatIsNoTokenOfALiveSessionIsRefused(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	replaced := p.refresh
	p = w.phone(t, "device-01")
	compat := w.login(t, compat("key-1"))
	tests := map[string]domain.Secret{
		"nothing":          {},
		"another form":     domain.NewSecret("nonsense"),
		"an access token":  p.access,
		"an unknown token": domain.NewRefreshToken(counter{}.NewToken()).Secret(),
		"of a session that a new one of its device replaced": replaced,
		"a session that cannot be renewed has none":          compat.Tokens.Refresh,
		"nor is its access token one":                        compat.Tokens.Access,
	}
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			w.events.told()
			w.mustRefuse(t, token, domain.ErrRefreshInvalid)
			p.wantEvents(t, domain.EventRefreshUnknown)
		})
	}
	p.mustGoOn(t)
	if n := len(w.live(t, "o1")); n != 2 {
		t.Errorf("got %d sessions, want both", n)
	}
}

func TestRefreshCostsTwoReadsAndTwoWrites(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	s := w.note()
	spent := p.renew(t)
	want := []string{"find session", "find user", "store claim", "renew session", "sign token"}
	if diff := cmp.Diff(want, s.taken); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	s.taken = nil
	if _, err := w.refreshUseCase().Refresh(t.Context(), spent); err != nil {
		t.Fatalf("again: got %v, want no error", err)
	}
	if diff := cmp.Diff([]string{"find session", "find user", "find claim", "sign token"}, s.taken); diff != "" {
		t.Errorf("again: steps (-want +got):\n%s", diff)
	}
}
