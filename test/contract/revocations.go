package contract

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// RevocationLog holds a store to ports.RevocationLog. It calls fresh once for each
// case, and expects an empty store.
func RevocationLog(t *testing.T, fresh func(*testing.T) ports.RevocationLog) {
	cases := []struct {
		claim string
		check func(*testing.T, ports.RevocationLog)
	}{
		{"what is recorded is found, with every field", recordedIsFound},
		{"all of a user's sessions are found as such, beside one session", ofAUserIsFound},
		{"none is no error, to record or to find", noRevocations},
		{"what was made at a time or after is found since then, and what was made before is not", foundSince},
		{"what has ended is not found, at its Until or after", endedIsNotFound},
		{"a session recorded twice is found once, with the later Until", laterUntilStays},
		{"a session recorded twice is found since the later of both, whichever came first", laterAtStays},
		{"one session given twice at once is no error, and the later Until stays", givenTwice},
		{"a record that is repeated, its answer lost, changes nothing", repeatedRecord},
		{"many are recorded at once, beside some that are there", manyAtOnce},
		{"of parallel records none is lost", parallelRecords},
		{"of parallel records of one session the latest Until stays", parallelRecordsOfOne},
		{"times of a revocation are kept to the millisecond, in UTC", revocationTimesAreExact},
		{"unusual texts survive", revocationTextsSurvive},
		{"a record whose context is over is refused or done", recordIsRefusedOrDone},
		{"a read of revocations whose context is over is refused or right", revocationReadIsRight},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) { tt.check(t, fresh(t)) })
	}
}

// revocation is one made at a time and good for an hour.
func revocation(id string, at time.Time) domain.Revocation {
	return domain.Revocation{SessionID: domain.SessionID(id), At: at, Until: at.Add(time.Hour)}
}

func recordAll(t *testing.T, log ports.RevocationLog, all ...domain.Revocation) {
	t.Helper()
	if err := log.Record(t.Context(), all...); err != nil {
		t.Fatalf("Record of %d: got %v, want no error", len(all), err)
	}
}

func ofAUserIsFound(t *testing.T, log ports.RevocationLog) {
	now := start()
	user := domain.Revocation{UserID: "u1", At: now, Until: now.Add(time.Hour)}
	longer := domain.Revocation{UserID: "u1", At: now.Add(time.Minute), Until: now.Add(2 * time.Hour)}
	recordAll(t, log, user, revocation("s1", now))
	wantSince(t, log, now, now, user, revocation("s1", now))
	recordAll(t, log, longer)
	wantSince(t, log, now, now, longer, revocation("s1", now))
}

// wantSince wants these to be found, in any order, and no others.
func wantSince(t *testing.T, log ports.RevocationLog, since, now time.Time, want ...domain.Revocation) {
	t.Helper()
	got, err := log.FindSince(t.Context(), since, now)
	if err != nil {
		t.Fatalf("FindSince: got %v, want no error", err)
	}
	if len(got) == 0 && len(want) == 0 {
		return
	}
	wantEqual(t, "what was revoked", byID(got), byID(want))
}

func byID(all []domain.Revocation) []domain.Revocation {
	return slices.SortedFunc(slices.Values(all), func(a, b domain.Revocation) int { return cmp.Compare(a.Key(), b.Key()) })
}

func recordedIsFound(t *testing.T, log ports.RevocationLog) {
	now := start()
	a, b := revocation("s1", now), revocation("s2", now.Add(-time.Minute))
	recordAll(t, log, a)
	wantSince(t, log, time.Time{}, now, a)
	recordAll(t, log, b)
	wantSince(t, log, time.Time{}, now, a, b)
}

func noRevocations(t *testing.T, log ports.RevocationLog) {
	recordAll(t, log)
	wantSince(t, log, time.Time{}, start())
	a := revocation("s1", start())
	recordAll(t, log, a)
	recordAll(t, log)
	wantSince(t, log, time.Time{}, start(), a)
}

func foundSince(t *testing.T, log ports.RevocationLog) {
	now := start()
	early, late := revocation("s1", now), revocation("s2", now.Add(time.Minute))
	recordAll(t, log, early, late)
	wantSince(t, log, early.At.Add(-time.Millisecond), now, early, late)
	wantSince(t, log, early.At, now, early, late)
	wantSince(t, log, early.At.Add(time.Millisecond), now, late)
	wantSince(t, log, late.At, now, late)
	wantSince(t, log, late.At.Add(time.Millisecond), now)
}

func endedIsNotFound(t *testing.T, log ports.RevocationLog) {
	now := start()
	short, long := revocation("s1", now), revocation("s2", now)
	long.Until = long.Until.Add(time.Hour)
	recordAll(t, log, short, long)
	wantSince(t, log, now, short.Until.Add(-time.Millisecond), short, long)
	wantSince(t, log, now, short.Until, long)
	wantSince(t, log, now, long.Until.Add(-time.Millisecond), long)
	wantSince(t, log, now, long.Until)
	wantSince(t, log, now, long.Until.Add(time.Hour))
}

func laterUntilStays(t *testing.T, log ports.RevocationLog) {
	now := start()
	short, long := revocation("s1", now), revocation("s1", now)
	long.Until = long.Until.Add(time.Hour)
	recordAll(t, log, short)
	recordAll(t, log, long)
	wantSince(t, log, now, now, long)
	recordAll(t, log, short)
	wantSince(t, log, now, now, long)
}

func laterAtStays(t *testing.T, log ports.RevocationLog) {
	now := start()
	for _, order := range [][2]time.Duration{{0, time.Minute}, {time.Minute, 0}} {
		id := fmt.Sprint("s", order[0])
		for _, after := range order {
			at := revocation(id, now.Add(after))
			at.Until = now.Add(time.Hour)
			recordAll(t, log, at)
		}
	}
	want := domain.Revocation{At: now.Add(time.Minute), Until: now.Add(time.Hour)}
	first, second := want, want
	first.SessionID, second.SessionID = "s0s", "s1m0s"
	wantSince(t, log, want.At, now, first, second)
}
