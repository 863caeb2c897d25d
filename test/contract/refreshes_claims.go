package contract

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

// claimOn is a complete claim on parent.
func claimOn(parent, child string) domain.RefreshClaim {
	return domain.RefreshClaim{
		Parent: domain.RefreshHash(parent),
		Child:  domain.RefreshHash(child),
		Sealed: domain.SealedToken("sealed+/=" + child),
		EndsAt: start().Add(time.Hour),
	}
}

// wantClaim claims, and wants the claim that stands then to be returned and found.
func (c chains) wantClaim(t *testing.T, claim, want domain.RefreshClaim) {
	t.Helper()
	got, err := c.refreshes.Claim(t.Context(), claim)
	if err != nil {
		t.Fatalf("Claim(%s): got %v, want no error", claim.Parent, err)
	}
	wantEqual(t, "the claim returned", got, want)
	c.wantStanding(t, want)
}

func (c chains) wantStanding(t *testing.T, want domain.RefreshClaim) {
	t.Helper()
	got, err := c.refreshes.FindClaim(t.Context(), want.Parent)
	if err != nil {
		t.Fatalf("FindClaim(%s): got %v, want no error", want.Parent, err)
	}
	wantEqual(t, "the claim found", got, want)
}

func claimIsFound(t *testing.T, c chains) {
	full, bare := claimOn("parent-1", "child-1"), claimOn("parent-2", "child-2")
	bare.Sealed = ""
	c.wantClaim(t, full, full)
	c.wantClaim(t, bare, bare)
}

func unclaimedIsNotFound(t *testing.T, c chains) {
	claim := claimOn("parent", "child")
	c.wantClaim(t, claim, claim)
	for _, parent := range []domain.RefreshHash{"", "child", "paren", "parent1", "Parent"} {
		got, err := c.refreshes.FindClaim(t.Context(), parent)
		wantNotFound(t, "FindClaim", err)
		wantEqual(t, "the claim that is not found", got, domain.RefreshClaim{})
	}
}

func firstClaimStands(t *testing.T, c chains) {
	first, second := claimOn("parent", "child-1"), claimOn("parent", "child-2")
	second.EndsAt = second.EndsAt.Add(time.Hour)
	c.wantClaim(t, first, first)
	c.wantClaim(t, second, first)
	second.Sealed, second.EndsAt = "", start().Add(time.Minute)
	c.wantClaim(t, second, first)
}

func repeatedClaim(t *testing.T, c chains) {
	claim := claimOn("parent", "child")
	c.wantClaim(t, claim, claim)
	c.wantClaim(t, claim, claim)
}

func claimsAreApart(t *testing.T, c chains) {
	first, second := claimOn("parent", "child"), claimOn("child", "grandchild")
	alike := claimOn("Parent", "child")
	c.wantClaim(t, first, first)
	c.wantClaim(t, second, second)
	c.wantClaim(t, alike, alike)
	c.wantStanding(t, first)
}

func parallelClaims(t *testing.T, c chains) {
	const parents, callers = 5, 100
	returned := make([]domain.RefreshClaim, parents*callers)
	atOnce(len(returned), func(i int) {
		got, err := c.refreshes.Claim(t.Context(), claimOn(fmt.Sprint("parent-", i%parents), fmt.Sprint("child-", i)))
		if err != nil {
			t.Errorf("Claim: got %v, want no error", err)
		}
		returned[i] = got
	})
	for i, got := range returned {
		if first := returned[i%parents]; !cmp.Equal(got, first) {
			t.Errorf("a claim on parent %d: got child %s, want what another got, %s", i%parents, got.Child, first.Child)
		}
	}
	for _, claim := range returned[:parents] {
		c.wantStanding(t, claim)
	}
}

func claimTimesAreExact(t *testing.T, c chains) {
	claim := claimOn("parent", "child")
	claim.EndsAt = claim.EndsAt.Add(123*time.Millisecond + 987_654).In(time.FixedZone("CST", 8*60*60))
	returned, err := c.refreshes.Claim(t.Context(), claim)
	if err != nil {
		t.Fatalf("Claim: got %v, want no error", err)
	}
	again, err := c.refreshes.Claim(t.Context(), claim)
	if err != nil {
		t.Fatalf("Claim again: got %v, want no error", err)
	}
	found, err := c.refreshes.FindClaim(t.Context(), claim.Parent)
	if err != nil {
		t.Fatalf("FindClaim: got %v, want no error", err)
	}
	for _, got := range []domain.RefreshClaim{returned, again, found} {
		wantExactUTC(t, "EndsAt", got.EndsAt, claim.EndsAt)
		wantEqual(t, "the claim returned, against the one found,", got, found)
	}
}

func claimTextsSurvive(t *testing.T, c chains) {
	for name, text := range texts {
		claim := claimOn(text, name)
		claim.Child, claim.Sealed = domain.RefreshHash(text), domain.SealedToken(text)
		c.wantClaim(t, claim, claim)
	}
}
