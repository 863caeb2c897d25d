package contract

import (
	"fmt"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

// UnionRepository holds a store to ports.UnionRepository. It calls fresh once for
// each case, and expects an empty store.
func UnionRepository(t *testing.T, fresh func(*testing.T) ports.UnionRepository) {
	cases := []struct {
		claim string
		check func(*testing.T, ports.UnionRepository)
	}{
		{"a claim is returned, with every field", unionIsClaimed},
		{"the first claim on a UnionID stands, whatever is claimed after it", firstUnionStands},
		{"claims on UnionIDs of their own do not meet, though they look alike", unionsAreApart},
		{"of parallel claims on one UnionID all return the same", parallelUnions},
		{"a claim is replaced by another where it is there", unionIsReplaced},
		{"a claim is not replaced where another is there, or none", standingMustMatch},
		{"of parallel replacements at least one is done, and what is there is one that was", parallelReplacements},
		{"all claims of a user are released, and no others", unionsAreReleased},
		{"unusual texts survive in a claim", unionTextsSurvive},
		{"a write whose context is over is refused or done, never half done", unionWriteIsWhole},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) { tt.check(t, fresh(t)) })
	}
}

func union(id, user string) domain.UnionClaim {
	return domain.UnionClaim{Union: domain.UnionID(id), UserID: domain.UserID(user)}
}

func disputed(c domain.UnionClaim) domain.UnionClaim {
	c.Disputed = true
	return c
}

// wantUnion claims, and wants the claim that stands to be returned.
func wantUnion(t *testing.T, unions ports.UnionRepository, claim, want domain.UnionClaim) {
	t.Helper()
	got, err := unions.ClaimUnion(t.Context(), claim)
	if err != nil {
		t.Fatalf("ClaimUnion(%s): got %v, want no error", claim.Union, err)
	}
	wantEqual(t, "the claim returned", got, want)
}

// wantReplaced replaces, and wants it told whether it was done.
func wantReplaced(t *testing.T, unions ports.UnionRepository, standing, next domain.UnionClaim, want bool) {
	t.Helper()
	got, err := unions.ReplaceUnion(t.Context(), standing, next)
	if err != nil || got != want {
		t.Errorf("ReplaceUnion(%v, %v): got %t and error %v, want %t and none", standing, next, got, err, want)
	}
}

func unionIsClaimed(t *testing.T, unions ports.UnionRepository) {
	for _, claim := range []domain.UnionClaim{union("a", "u1"), disputed(union("b", "u1"))} {
		for range 2 {
			wantUnion(t, unions, claim, claim)
		}
	}
}

func firstUnionStands(t *testing.T, unions ports.UnionRepository) {
	for _, first := range []domain.UnionClaim{union("a", "u1"), disputed(union("b", "u1"))} {
		wantUnion(t, unions, first, first)
		second := union(string(first.Union), "u2")
		wantUnion(t, unions, second, first)
		wantUnion(t, unions, disputed(second), first)
	}
}

func unionsAreApart(t *testing.T, unions ports.UnionRepository) {
	all := []domain.UnionClaim{union("oA", "u1"), union("oa", "u2"), union("oA ", "u3"), union("o", "u4"), union("u1", "u5")}
	for range 2 {
		for _, claim := range all {
			wantUnion(t, unions, claim, claim)
		}
	}
}

func parallelUnions(t *testing.T, unions ports.UnionRepository) {
	const ids, callers = 5, 40
	returned := make([]domain.UnionClaim, ids*callers)
	atOnce(len(returned), func(i int) {
		got, err := unions.ClaimUnion(t.Context(), union(fmt.Sprint("union-", i%ids), fmt.Sprint("u", i)))
		if err != nil {
			t.Errorf("ClaimUnion: got %v, want no error", err)
		}
		returned[i] = got
	})
	for i, got := range returned {
		wantEqual(t, "a claim returned, against another's,", got, returned[i%ids])
	}
	for _, claim := range returned[:ids] {
		wantUnion(t, unions, union(string(claim.Union), "late"), claim)
	}
}

func unionIsReplaced(t *testing.T, unions ports.UnionRepository) {
	standing, other := union("a", "u1"), union("b", "u1")
	wantUnion(t, unions, standing, standing)
	wantUnion(t, unions, other, other)
	for _, next := range []domain.UnionClaim{disputed(standing), union("a", "u2"), disputed(union("a", "u3")), union("a", "u3")} {
		wantReplaced(t, unions, standing, next, true)
		wantUnion(t, unions, union("a", "late"), next)
		standing = next
	}
	wantReplaced(t, unions, standing, standing, true)
	wantUnion(t, unions, union("b", "late"), other)
}

func standingMustMatch(t *testing.T, unions ports.UnionRepository) {
	standing, next := union("a", "u1"), union("a", "u2")
	wantReplaced(t, unions, standing, next, false)
	wantUnion(t, unions, standing, standing)
	for _, stale := range []domain.UnionClaim{disputed(standing), union("a", "u3"), union("a", ""), next} {
		wantReplaced(t, unions, stale, next, false)
	}
	wantUnion(t, unions, next, standing)
	wantReplaced(t, unions, standing, next, true)
	wantReplaced(t, unions, standing, union("a", "u3"), false)
	wantUnion(t, unions, standing, next)
}

func parallelReplacements(t *testing.T, unions ports.UnionRepository) {
	standing := union("a", "u")
	wantUnion(t, unions, standing, standing)
	done := make([]bool, 30)
	next := func(i int) domain.UnionClaim { return union("a", fmt.Sprint("u", i)) }
	atOnce(len(done), func(i int) {
		var err error
		if done[i], err = unions.ReplaceUnion(t.Context(), standing, next(i)); err != nil {
			t.Errorf("ReplaceUnion: got %v, want no error", err)
		}
	})
	there, err := unions.ClaimUnion(t.Context(), standing)
	if err != nil {
		t.Fatalf("ClaimUnion: got %v, want no error", err)
	}
	for i := range done {
		if done[i] && there == next(i) {
			return
		}
	}
	t.Errorf("got %v there, want one whose replacement was told to be done", there)
}

func unionsAreReleased(t *testing.T, unions ports.UnionRepository) {
	all := []domain.UnionClaim{union("a", "u1"), disputed(union("b", "u1")), union("c", "u2"), union("u1", "u3")}
	for _, claim := range all {
		wantUnion(t, unions, claim, claim)
	}
	for _, id := range []domain.UserID{"u1", "u1", "nobody", "", "U2", "a"} {
		if err := unions.ReleaseUnions(t.Context(), id); err != nil {
			t.Fatalf("ReleaseUnions(%s): got %v, want no error", id, err)
		}
	}
	for _, freed := range []domain.UnionClaim{union("a", "u9"), union("b", "u9")} {
		wantUnion(t, unions, freed, freed)
	}
	wantUnion(t, unions, union("c", "u9"), all[2])
	wantUnion(t, unions, union("u1", "u9"), all[3])
}

func unionTextsSurvive(t *testing.T, unions ports.UnionRepository) {
	for _, text := range texts {
		claim := union(text, text)
		wantUnion(t, unions, claim, claim)
		wantReplaced(t, unions, claim, disputed(claim), true)
		wantUnion(t, unions, claim, disputed(claim))
	}
}

func unionWriteIsWhole(t *testing.T, unions ports.UnionRepository) {
	claim, next := union("a", "u1"), union("a", "u2")
	_, err := unions.ClaimUnion(over(t), claim)
	wantRefused(t, "ClaimUnion", err)
	wantUnion(t, unions, claim, claim)

	_, err = unions.ReplaceUnion(over(t), claim, next)
	wantRefused(t, "ReplaceUnion", err)
	there, readErr := unions.ClaimUnion(t.Context(), claim)
	if readErr != nil || (there != claim && there != next) || (err == nil && there != next) {
		t.Errorf("got %v there and error %v, want one of the two", there, readErr)
	}
	wantRefused(t, "ReleaseUnions", unions.ReleaseUnions(over(t), there.UserID))
}
