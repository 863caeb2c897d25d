package application_test

import (
	"errors"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/test/contract"
)

func TestExpiredSessionIsNotRenewed(t *testing.T) {
	tests := []struct {
		name   string
		device string
		used   time.Duration // it is renewed this often, and no more after so long
		until  time.Duration
		ends   time.Duration // since the login
	}{
		{"unused for the idle time", "device-01", day, 0, 30 * day},
		{"used now and then, up to its absolute end", "device-01", 20 * day, 170 * day, 180 * day},
		{"without a device, after a day", "", hour, 0, day},
		{"without a device, however much it is used", "", hour, 24 * hour, day},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld()
			p, login := w.phone(t, tt.device), w.clock.now
			for since := tt.used; since < tt.until; since += tt.used {
				w.clock.now = login.Add(since)
				p.renew(t)
			}
			w.clock.now = login.Add(tt.ends - 1)
			if got := w.live(t, "o1"); len(got) != 1 || got[0].ExpiresAt != login.Add(tt.ends) {
				t.Errorf("an instant before: got sessions %+v, want one until %v", got, login.Add(tt.ends))
			}
			w.clock.now = login.Add(tt.ends)
			w.events.told()
			w.mustRefuse(t, p.refresh, domain.ErrRefreshInvalid)
			p.wantEvents(t, domain.EventRefreshUnknown)
		})
	}
}

func TestExpiredSessionIsNotRepeatedWithinTheGrace(t *testing.T) {
	w := newWorld()
	w.policy.Sessions.Absolute = minute
	p := w.phone(t, "device-01")
	w.clock.now = w.clock.now.Add(minute - grace/2)
	spent := p.renew(t)
	w.clock.now = w.clock.now.Add(grace / 2)
	w.mustRefuse(t, spent, domain.ErrRefreshInvalid)
}

func TestNoTokenOutlivesItsSession(t *testing.T) {
	w := newWorld()
	p, login := w.phone(t, ""), w.clock.now
	w.clock.now = login.Add(day - minute)
	got, err := w.refreshUseCase().Refresh(t.Context(), p.refresh)
	if end := login.Add(day); err != nil || got.Tokens.AccessExpiresAt != end || got.Tokens.RefreshExpiresAt != end {
		t.Errorf("got ends %v and %v (%v), want both %v", got.Tokens.AccessExpiresAt, got.Tokens.RefreshExpiresAt, err, end)
	}
}

func TestWithoutAGraceATokenIsSpentForGood(t *testing.T) {
	w := newWorld()
	w.policy.RefreshGrace = 0
	p := w.phone(t, "device-01")
	spent := p.renew(t)
	w.clock.now = w.clock.now.Add(1)
	w.mustRefuse(t, spent, domain.ErrRefreshInvalid)
	p.mustBeOver(t)
}

func TestF22_ClockThatStepsLosesNoSession(t *testing.T) {
	for _, step := range []time.Duration{hour, -hour} {
		w := newWorld()
		p := w.phone(t, "device-01")
		for range 3 { // there and back, and so on
			w.clock.now = w.clock.now.Add(step)
			p.renew(t)
			w.clock.now = w.clock.now.Add(-step)
			p.renew(t)
		}
		end := w.live(t, "o1")[0].ExpiresAt
		if d := end.Sub(w.clock.now); d != 30*day {
			t.Errorf("step %v: got a session of %v more, want 30 days", step, d)
		}
	}
}

func TestClockThatIsSetBackMakesNoSpentTokenGoodAgain(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	first := p.renew(t)
	p.renew(t)
	w.clock.now = w.clock.now.Add(-hour)
	w.mustRefuse(t, first, domain.ErrRefreshInvalid)
	p.mustBeOver(t)
}

// A process that dies, or an answer of the store that is lost, between the two
// writes of a refresh: nobody got the child, and nobody is blamed.
func TestRefreshThatStoppedHalfwayIsFinishedByTheNext(t *testing.T) {
	for _, wait := range []time.Duration{0, grace + 1, hour, 29 * day} {
		for _, halt := range []*contract.Fault{contract.FailAfter(t, "Claim"), contract.FailBefore(t, "Renew")} {
			w := newWorld()
			p := w.phone(t, "device-01")
			whole := w.chains
			w.chains = halt.Refreshes(whole)
			w.mustRefuse(t, p.refresh, domain.ErrStoreUnavailable)
			w.chains = whole
			w.clock.now = w.clock.now.Add(wait)
			spent := p.renew(t)
			again, err := w.refreshUseCase().Refresh(t.Context(), spent)
			if err != nil || again.Tokens.Refresh.Reveal() != p.refresh.Reveal() {
				t.Errorf("%v later, repeated: got %v and another child, want the same", wait, err)
			}
			p.mustGoOn(t)
		}
	}
}

func TestBannedUserIsToldSoAndTheDeletedIsNot(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	spent := p.renew(t)
	if _, err := w.banUseCase().Ban(t.Context(), p.user); err != nil {
		t.Fatalf("Ban: got %v, want no error", err)
	}
	w.events.told()
	for _, token := range []domain.Secret{p.refresh, spent} {
		w.mustRefuse(t, token, domain.ErrUserBanned)
		p.wantEvents(t, domain.EventRefreshBanned)
	}
	w = newWorld()
	p = w.phone(t, "device-01")
	w.users = newWorld().users // the user is gone
	w.events.told()
	w.mustRefuse(t, p.refresh, domain.ErrRefreshInvalid)
	p.wantEvents(t, domain.EventRefreshUnknown)
}

func TestRefreshOfNoTokenToSignIsNoRefresh(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	boom := errors.New("no key")
	w.issuer = issuing(func(domain.Caller) error { return boom })
	if got, err := w.refreshUseCase().Refresh(t.Context(), p.refresh); !errors.Is(err, boom) || !got.Tokens.Refresh.Empty() {
		t.Errorf("got %+v and %v, want %v alone", got, err, boom)
	}
	w.issuer = w.mint
	p.renew(t) // the same token, within the grace
	p.mustGoOn(t)
}
