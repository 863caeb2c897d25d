package domain_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"wxlogin/domain"
)

// The chain of a session: each is the child of the one before. c is current, and
// replaced b at start.
var chain = map[domain.RefreshHash]domain.RefreshClaim{
	"a": {Parent: "a", Child: "b"},
	"b": {Parent: "b", Child: "c"},
}

func TestTokenIsWorthWhatItsPlaceInTheChainSays(t *testing.T) {
	const grace = 30 * time.Second
	tests := []struct {
		name  string
		hash  domain.RefreshHash
		claim domain.RefreshClaim
		grace time.Duration
		after time.Duration // since c replaced b
		want  domain.Verdict
	}{
		{"the current token", "c", domain.RefreshClaim{}, grace, 0, domain.Current},
		{"the current token, much later", "c", domain.RefreshClaim{}, grace, 24 * time.Hour, domain.Current},
		{"the current token, claimed by one who died", "c", domain.RefreshClaim{Parent: "c", Child: "d"}, grace, time.Hour, domain.Current},
		{"the current token, by a clock far behind", "c", domain.RefreshClaim{}, grace, -time.Hour, domain.Current},
		{"the current token without any grace", "c", domain.RefreshClaim{}, 0, time.Hour, domain.Current},
		{"its parent, at once", "b", chain["b"], grace, 0, domain.Repeated},
		{"its parent, at the edge of the grace", "b", chain["b"], grace, grace, domain.Repeated},
		{"its parent, just after the grace", "b", chain["b"], grace, grace + 1, domain.Reused},
		{"its parent, by a clock that was set forward", "b", chain["b"], grace, time.Hour, domain.Reused},
		{"its parent, by a clock that was set back", "b", chain["b"], grace, -time.Hour, domain.Repeated},
		{"its parent without grace, in the same instant", "b", chain["b"], 0, 0, domain.Repeated},
		{"its parent without grace, an instant later", "b", chain["b"], 0, 1, domain.Reused},
		{"its parent, whose claim is gone", "b", domain.RefreshClaim{}, grace, 0, domain.Reused},
		{"its parent, with the claim of another token", "b", chain["a"], grace, 0, domain.Reused},
		{"its parent, with another parent's claim on the same child", "b", domain.RefreshClaim{Parent: "x", Child: "c"}, grace, 0, domain.Reused},
		{"its grandparent within the grace", "a", chain["a"], grace, 0, domain.Reused}, // django-oauth-toolkit 1617
		{"its grandparent by a clock that was set back", "a", chain["a"], grace, -time.Hour, domain.Reused},
		{"its grandparent with the claim of its parent", "a", chain["b"], grace, 0, domain.Reused},
		{"a token of the family that was never given out", "x", domain.RefreshClaim{}, grace, 0, domain.Reused},
		{"a claimed child that the session has not moved on to", "d", domain.RefreshClaim{}, grace, 0, domain.Reused},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := domain.Session{Refresh: "c", RotatedAt: start}
			if got := s.Judge(tt.hash, tt.claim, tt.grace, start.Add(tt.after)); got != tt.want {
				t.Errorf("got verdict %d, want %d", got, tt.want)
			}
		})
	}
}

func TestFirstTokenHasNoParentToRepeat(t *testing.T) {
	s := domain.Session{Refresh: "a"}
	for _, claim := range []domain.RefreshClaim{{}, {Parent: "x", Child: "y"}} {
		if got := s.Judge("x", claim, time.Hour, start); got != domain.Reused {
			t.Errorf("%+v: got verdict %d, want reuse", claim, got)
		}
	}
}

// Whatever is asked, no token but the current one and its own parent is ever
// worth anything.
func TestOnlyTheLastTwoOfAChainAreEverWorthAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []domain.RefreshHash{"a", "b", "c", "d", "e"}
		current := rapid.IntRange(0, len(names)-1).Draw(t, "current")
		asked := rapid.IntRange(0, len(names)-1).Draw(t, "asked")
		claim := domain.RefreshClaim{}
		if asked < current {
			claim = domain.RefreshClaim{Parent: names[asked], Child: names[asked+1]}
		}
		grace := time.Duration(rapid.Int64Range(0, int64(5*time.Minute)).Draw(t, "grace"))
		after := time.Duration(rapid.Int64Range(int64(-time.Hour), int64(time.Hour)).Draw(t, "after"))
		want := domain.Reused
		switch {
		case asked == current:
			want = domain.Current
		case asked == current-1 && after <= grace:
			want = domain.Repeated
		}
		s := domain.Session{Refresh: names[current], RotatedAt: start}
		if got := s.Judge(names[asked], claim, grace, start.Add(after)); got != want {
			t.Fatalf("token %d of %d, %v after with %v grace: got verdict %d, want %d", asked, current, after, grace, got, want)
		}
	})
}
