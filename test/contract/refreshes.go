package contract

import (
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// chains are both ports on the sessions of one store.
type chains struct {
	sessions  ports.SessionRepository
	refreshes ports.RefreshRepository
}

// RefreshRepository holds a store to ports.RefreshRepository. It calls fresh once
// for each case, and expects an empty store, behind both ports.
func RefreshRepository(t *testing.T, fresh func(*testing.T) (ports.SessionRepository, ports.RefreshRepository)) {
	cases := []struct {
		claim string
		check func(*testing.T, chains)
	}{
		{"a session is found by its family and by its login, with every field", foundByNames},
		{"what has no family, or no login to repeat, is found by none", namelessAreNotFound},
		{"a family or login that is not stored is not found", unknownNamesAreNotFound},
		{"a session is not found by either at or after either end", namesExpire},
		{"a session that was replaced on its device is found by neither", replacedIsNotFound},
		{"a session that was removed is found by neither", removedIsNotFound},
		{"texts that look alike are other families and logins", namesAreExact},
		{"a claim is returned and found, with every field", claimIsFound},
		{"a parent that nobody claimed is not found", unclaimedIsNotFound},
		{"the first claim on a parent stands, whatever is claimed after it", firstClaimStands},
		{"a claim that is repeated, its answer lost, is returned again", repeatedClaim},
		{"claims on parents of their own do not meet", claimsAreApart},
		{"of parallel claims on one parent all return the same, which is found", parallelClaims},
		{"times of a claim are kept to the millisecond, in UTC", claimTimesAreExact},
		{"unusual texts survive in a claim", claimTextsSurvive},
		{"what is new in a renewed session is stored, and it is found by all that find it", renewedIsFound},
		{"what cannot be new in a renewed session stays", renewalKeeps},
		{"a renewed session is not found by its login", renewedForgetsLogin},
		{"a renewed session lives until its new end, and no longer", renewedExpires},
		{"a session is renewed again and again, each time with what it became", renewedTwice},
		{"nothing is stored where the spent token is not the session's, or is it no more", spentMustMatch},
		{"nothing is stored where the session was removed or never was", goneIsNotRenewed},
		{"nothing is stored where a newer session is in the slot", replacedIsNotRenewed},
		{"of parallel renewals to one child at least one is stored, and none to another later", parallelRenewals},
		{"a renewal beside a removal never brings the session back", renewalBesideRemoval},
		{"other sessions stay as they are", renewalIsAlone},
		{"times of a renewed session are kept to the millisecond, in UTC", renewalTimesAreExact},
		{"a write whose context is over is refused or done, never half done", refreshWriteIsWhole},
		{"a read whose context is over is refused or right", refreshReadIsRight},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) {
			sessions, refreshes := fresh(t)
			tt.check(t, chains{sessions, refreshes})
		})
	}
}

// wantNamed wants the session found by its family and by its login.
func (c chains) wantNamed(t *testing.T, want domain.Session, now time.Time) {
	t.Helper()
	got, err := c.refreshes.FindByFamily(t.Context(), want.Family, now)
	if err != nil {
		t.Fatalf("FindByFamily(%s): got %v, want no error", want.Family, err)
	}
	wantEqual(t, "the session by its family", got, want)
	if got, err = c.refreshes.FindByLogin(t.Context(), want.Retry.Key, now); err != nil {
		t.Fatalf("FindByLogin(%s): got %v, want no error", want.Retry.Key, err)
	}
	wantEqual(t, "the session by its login", got, want)
}

// wantNameless wants nothing found by a family and a login.
func (c chains) wantNameless(t *testing.T, family domain.RefreshFamily, login domain.LoginKey, now time.Time) {
	t.Helper()
	s, err := c.refreshes.FindByFamily(t.Context(), family, now)
	wantNotFound(t, "FindByFamily", err)
	wantEqual(t, "the session that is not found by its family", s, domain.Session{})
	s, err = c.refreshes.FindByLogin(t.Context(), login, now)
	wantNotFound(t, "FindByLogin", err)
	wantEqual(t, "the session that is not found by its login", s, domain.Session{})
}

func foundByNames(t *testing.T, c chains) {
	a, b := session("s1", "o1", "device-1", start()), session("s2", "o2", "", start())
	save(t, c.sessions, a, b)
	c.wantNamed(t, a, a.CreatedAt)
	c.wantNamed(t, b, b.CreatedAt)
}

func namelessAreNotFound(t *testing.T, c chains) {
	s := bare(session("s1", "o1", "device-1", start()))
	save(t, c.sessions, s)
	c.wantNameless(t, "", "", s.CreatedAt)
	s.Family = "family"
	save(t, c.sessions, s)
	got, err := c.refreshes.FindByFamily(t.Context(), "family", s.CreatedAt)
	if err != nil {
		t.Fatalf("FindByFamily: got %v, want no error", err)
	}
	wantEqual(t, "the session with a family alone", got, s)
	c.wantNameless(t, "", "", s.CreatedAt)
}

func unknownNamesAreNotFound(t *testing.T, c chains) {
	c.wantNameless(t, "family-s1", "login-s1", start())
	s := session("s1", "o1", "device-1", start())
	save(t, c.sessions, s)
	c.wantNameless(t, domain.RefreshFamily(s.Refresh), domain.LoginKey(s.Retry.Refresh), s.CreatedAt)
	c.wantNameless(t, domain.RefreshFamily(s.Retry.Key), domain.LoginKey(s.Family), s.CreatedAt)
}

func namesExpire(t *testing.T, c chains) {
	idle, absolute := session("s1", "o1", "device-1", start()), session("s2", "o2", "device-1", start())
	absolute.ExpiresAt = absolute.AbsoluteAt.Add(time.Hour)
	save(t, c.sessions, idle, absolute)
	c.wantNamed(t, idle, idle.ExpiresAt.Add(-time.Millisecond))
	c.wantNameless(t, idle.Family, idle.Retry.Key, idle.ExpiresAt)
	c.wantNamed(t, absolute, absolute.AbsoluteAt.Add(-time.Millisecond))
	c.wantNameless(t, absolute.Family, absolute.Retry.Key, absolute.AbsoluteAt)
}

func replacedIsNotFound(t *testing.T, c chains) {
	old, next := session("s1", "o1", "device-1", start()), session("s2", "o1", "device-1", start())
	save(t, c.sessions, old, next)
	c.wantNameless(t, old.Family, old.Retry.Key, old.CreatedAt)
	c.wantNamed(t, next, next.CreatedAt)
}

func removedIsNotFound(t *testing.T, c chains) {
	s, stays := session("s1", "o1", "device-1", start()), session("s2", "o1", "device-2", start())
	save(t, c.sessions, s, stays)
	remove(t, c.sessions, s.UserID, s.ID)
	c.wantNameless(t, s.Family, s.Retry.Key, s.CreatedAt)
	c.wantNamed(t, stays, s.CreatedAt)
}

func namesAreExact(t *testing.T, c chains) {
	s := session("s1", "o1", "device-1", start())
	s.Family, s.Retry.Key = "aB-_3", "aB-_4"
	save(t, c.sessions, s)
	for _, alike := range []string{"AB-_3", "ab-_4", "aB-_3 ", "aB-_", "aB-_%", "aB-__", "aB-_5"} {
		c.wantNameless(t, domain.RefreshFamily(alike), domain.LoginKey(alike), s.CreatedAt)
	}
	c.wantNamed(t, s, s.CreatedAt)
}
