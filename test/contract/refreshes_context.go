package contract

import (
	"testing"
	"time"

	"wxlogin/domain"
)

func renewalIsAlone(t *testing.T, c chains) {
	now := start()
	s := session("s1", "o1", "device-1", now)
	others := []domain.Session{session("s2", "o2", "device-1", now), session("s3", "o3", "", now)}
	for i := range others {
		others[i].Refresh = s.Refresh
	}
	save(t, c.sessions, s, others[0], others[1])
	c.wantRenewed(t, s, "child")
	for _, other := range others {
		c.wantAsIs(t, other, now)
		c.wantNamed(t, other, now)
	}
}

func renewalTimesAreExact(t *testing.T, c chains) {
	s := session("s1", "o1", "device-1", start())
	save(t, c.sessions, s)
	s.RotatedAt = s.CreatedAt.Add(123*time.Millisecond + 987_654).In(time.FixedZone("CST", 8*60*60))
	s.ExpiresAt = s.RotatedAt.Add(time.Hour)
	if !c.renew(t, s, s.Refresh) {
		t.Error("Renew: got false, want true")
	}
	got, err := c.refreshes.FindByFamily(t.Context(), s.Family, s.CreatedAt)
	if err != nil {
		t.Fatalf("FindByFamily: got %v, want no error", err)
	}
	wantExactUTC(t, "RotatedAt", got.RotatedAt, s.RotatedAt)
	wantExactUTC(t, "ExpiresAt", got.ExpiresAt, s.ExpiresAt)
}

func refreshWriteIsWhole(t *testing.T, c chains) {
	refused, next := claimOn("parent", "child-1"), claimOn("parent", "child-2")
	want, err := c.refreshes.Claim(over(t), refused)
	wantRefused(t, "Claim", err)
	if err != nil {
		if want, err = c.refreshes.Claim(t.Context(), next); err != nil {
			t.Fatalf("Claim: got %v, want no error", err)
		}
	}
	if want != refused && want != next {
		t.Errorf("Claim: got %v, want one that was made", want)
	}
	c.wantStanding(t, want)

	s := session("s1", "o1", "device-1", start())
	save(t, c.sessions, s)
	renewed := renewal(s, "child")
	stored, err := c.refreshes.Renew(over(t), renewed, s.Refresh)
	wantRefused(t, "Renew", err)
	if err != nil {
		stored = true
		c.renew(t, renewed, s.Refresh) // stores it, unless the refused one did
	}
	if !stored {
		t.Error("Renew: got false and no error, want true")
	}
	c.wantAsIs(t, renewed, s.CreatedAt)
}

func refreshReadIsRight(t *testing.T, c chains) {
	s, claim := session("s1", "o1", "device-1", start()), claimOn("parent", "child")
	save(t, c.sessions, s)
	c.wantClaim(t, claim, claim)
	got, err := c.refreshes.FindByFamily(over(t), s.Family, s.CreatedAt)
	wantRefused(t, "FindByFamily", err)
	if err == nil {
		wantEqual(t, "the session by its family", got, s)
	}
	got, err = c.refreshes.FindByLogin(over(t), s.Retry.Key, s.CreatedAt)
	wantRefused(t, "FindByLogin", err)
	if err == nil {
		wantEqual(t, "the session by its login", got, s)
	}
	found, err := c.refreshes.FindClaim(over(t), claim.Parent)
	wantRefused(t, "FindClaim", err)
	if err == nil {
		wantEqual(t, "the claim", found, claim)
	}
}
