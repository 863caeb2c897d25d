package contract

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/domain"
)

// renewal is s renewed with child ten minutes after its login.
func renewal(s domain.Session, child string) domain.Session {
	idle := domain.Lifetimes{Idle: time.Hour, Absolute: time.Hour, Deviceless: time.Hour}
	return s.Renewed(domain.RefreshHash(child), idle, s.CreatedAt.Add(10*time.Minute))
}

func (c chains) renew(t *testing.T, s domain.Session, spent domain.RefreshHash) bool {
	t.Helper()
	stored, err := c.refreshes.Renew(t.Context(), s, spent)
	if err != nil {
		t.Fatalf("Renew(%s): got %v, want no error", s.ID, err)
	}
	return stored
}

// wantRenewed renews s with child and wants it stored.
func (c chains) wantRenewed(t *testing.T, s domain.Session, child string) domain.Session {
	t.Helper()
	renewed := renewal(s, child)
	if !c.renew(t, renewed, s.Refresh) {
		t.Fatalf("Renew(%s): got false, want true", s.ID)
	}
	return renewed
}

// wantAsIs wants the session found as it is, by all that find it but its login.
func (c chains) wantAsIs(t *testing.T, want domain.Session, now time.Time) {
	t.Helper()
	got, err := c.refreshes.FindByFamily(t.Context(), want.Family, now)
	if err != nil {
		t.Fatalf("FindByFamily(%s): got %v, want no error", want.Family, err)
	}
	wantEqual(t, "the session by its family", got, want)
	wantLiveOf(t, c.sessions, want.UserID, now, want)
	live, err := c.sessions.FindLive(t.Context(), want.Identity, now)
	if err != nil {
		t.Fatalf("FindLive: got %v, want no error", err)
	}
	wantEqual(t, "the live sessions of the identity", live, []domain.Session{want})
}

func renewedIsFound(t *testing.T, c chains) {
	for _, s := range []domain.Session{session("s1", "o1", "device-1", start()), session("s2", "o2", "", start())} {
		save(t, c.sessions, s)
		c.wantAsIs(t, c.wantRenewed(t, s, "child-"+string(s.ID)), s.CreatedAt)
	}
}

func renewalKeeps(t *testing.T, c chains) {
	s := session("s1", "o1", "device-1", start())
	save(t, c.sessions, s)
	want := renewal(s, "child")
	stale := want
	stale.Key, stale.Device.Name, stale.Device.Platform = "", "other", "other"
	stale.CreatedAt, stale.AbsoluteAt = s.CreatedAt.Add(time.Minute), s.AbsoluteAt.Add(time.Minute)
	if !c.renew(t, stale, s.Refresh) {
		t.Error("Renew: got false, want true")
	}
	c.wantAsIs(t, want, s.CreatedAt)
}

func renewedForgetsLogin(t *testing.T, c chains) {
	s := session("s1", "o1", "device-1", start())
	save(t, c.sessions, s)
	c.wantRenewed(t, s, "child")
	c.wantNameless(t, "", s.Retry.Key, s.CreatedAt)
	c.wantNameless(t, "", "", s.CreatedAt)
}

func renewedExpires(t *testing.T, c chains) {
	s := session("s1", "o1", "device-1", start())
	save(t, c.sessions, s)
	renewed := c.wantRenewed(t, s, "child")
	c.wantAsIs(t, renewed, s.ExpiresAt)
	c.wantAsIs(t, renewed, renewed.ExpiresAt.Add(-time.Millisecond))
	c.wantNameless(t, s.Family, s.Retry.Key, renewed.ExpiresAt)
	wantLive(t, c.sessions, "o1", renewed.ExpiresAt)
	wantLiveOf(t, c.sessions, s.UserID, renewed.ExpiresAt)
}

func renewedTwice(t *testing.T, c chains) {
	s := session("s1", "o1", "device-1", start())
	save(t, c.sessions, s)
	for i := range 4 {
		s = c.wantRenewed(t, s, fmt.Sprint("child-", i))
	}
	c.wantAsIs(t, s, s.CreatedAt)
}

func spentMustMatch(t *testing.T, c chains) {
	s := session("s1", "o1", "device-1", start())
	save(t, c.sessions, s)
	for _, spent := range []domain.RefreshHash{"", "other", "child-1", "Refresh-s1"} {
		if c.renew(t, renewal(s, "child-1"), spent) {
			t.Errorf("Renew with spent %q: got true, want false", spent)
		}
	}
	c.wantAsIs(t, s, s.CreatedAt)
	renewed := c.wantRenewed(t, s, "child-1")
	for _, child := range []string{"child-1", "child-2"} {
		if c.renew(t, renewal(s, child), s.Refresh) {
			t.Errorf("Renew with a token spent before, for %s: got true, want false", child)
		}
	}
	c.wantAsIs(t, renewed, s.CreatedAt)
}

func goneIsNotRenewed(t *testing.T, c chains) {
	s := session("s1", "o1", "device-1", start())
	for _, when := range []string{"never was", "was removed"} {
		if c.renew(t, renewal(s, "child"), s.Refresh) {
			t.Errorf("Renew of a session that %s: got true, want false", when)
		}
		c.wantNameless(t, s.Family, s.Retry.Key, s.CreatedAt)
		wantLiveOf(t, c.sessions, s.UserID, s.CreatedAt)
		save(t, c.sessions, s)
		remove(t, c.sessions, s.UserID, s.ID)
	}
}

func replacedIsNotRenewed(t *testing.T, c chains) {
	old, next := session("s1", "o1", "device-1", start()), session("s2", "o1", "device-1", start())
	next.Refresh = old.Refresh // so that only the id differs
	save(t, c.sessions, old, next)
	if c.renew(t, renewal(old, "child"), old.Refresh) {
		t.Error("Renew of a session that was replaced: got true, want false")
	}
	c.wantAsIs(t, next, next.CreatedAt)
	c.wantNameless(t, old.Family, old.Retry.Key, old.CreatedAt)
}

func parallelRenewals(t *testing.T, c chains) {
	s := session("s1", "o1", "device-1", start())
	save(t, c.sessions, s)
	var stored atomic.Int32
	atOnce(50, func(int) {
		ok, err := c.refreshes.Renew(t.Context(), renewal(s, "child"), s.Refresh)
		if err != nil {
			t.Errorf("Renew: got %v, want no error", err)
		}
		if ok {
			stored.Add(1)
		}
	})
	if stored.Load() == 0 {
		t.Error("got no renewal stored, want one or more")
	}
	c.wantAsIs(t, renewal(s, "child"), s.CreatedAt)
	if c.renew(t, renewal(s, "another"), s.Refresh) {
		t.Error("Renew with a token that was spent before: got true, want false")
	}
}

func renewalBesideRemoval(t *testing.T, c chains) {
	for i := range 20 {
		s := session(fmt.Sprint("s", i), "o1", "device-1", start())
		save(t, c.sessions, s)
		atOnce(6, func(i int) {
			var err error
			if i == 0 {
				err = c.sessions.Delete(t.Context(), s.UserID, s.ID)
			} else {
				_, err = c.refreshes.Renew(t.Context(), renewal(s, "child"), s.Refresh)
			}
			if err != nil {
				t.Errorf("got %v, want no error", err)
			}
		})
		c.wantNameless(t, s.Family, s.Retry.Key, s.CreatedAt)
		wantLiveOf(t, c.sessions, s.UserID, s.CreatedAt)
	}
}
