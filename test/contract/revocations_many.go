package contract

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func givenTwice(t *testing.T, log ports.RevocationLog) {
	now := start()
	short, long := revocation("s1", now), revocation("s1", now)
	long.Until = long.Until.Add(time.Hour)
	other := revocation("s2", now)
	recordAll(t, log, short, long, other, short)
	wantSince(t, log, now, now, long, other)
}

func repeatedRecord(t *testing.T, log ports.RevocationLog) {
	a, b := revocation("s1", start()), revocation("s2", start())
	recordAll(t, log, a, b)
	recordAll(t, log, a, b)
	wantSince(t, log, a.At, a.At, a, b)
}

// several are n revocations of sessions of their own.
func several(n int, now time.Time) []domain.Revocation {
	all := make([]domain.Revocation, n)
	for i := range all {
		all[i] = revocation(fmt.Sprintf("s%03d", i), now.Add(time.Duration(i)*time.Millisecond))
	}
	return all
}

func manyAtOnce(t *testing.T, log ports.RevocationLog) {
	now := start()
	all := several(500, now)
	recordAll(t, log, all[7], all[300])
	recordAll(t, log, all...)
	wantSince(t, log, now, now, all...)
	wantSince(t, log, all[400].At, now, all[400:]...)
}

func parallelRecords(t *testing.T, log ports.RevocationLog) {
	now := start()
	all := several(200, now)
	atOnce(50, func(i int) {
		mine := slices.Clone(all[4*i : 4*i+4])
		if err := log.Record(t.Context(), mine...); err != nil {
			t.Errorf("Record: got %v, want no error", err)
		}
	})
	wantSince(t, log, now, now, all...)
}

func parallelRecordsOfOne(t *testing.T, log ports.RevocationLog) {
	now := start()
	atOnce(50, func(i int) {
		mine := revocation("s1", now)
		mine.Until = mine.Until.Add(time.Duration(i) * time.Second)
		if err := log.Record(t.Context(), mine, revocation(fmt.Sprint("o", i), now)); err != nil {
			t.Errorf("Record: got %v, want no error", err)
		}
	})
	want := revocation("s1", now)
	want.Until = want.Until.Add(49 * time.Second)
	wantSince(t, log, now, now.Add(time.Hour+48*time.Second), want)
}

func revocationTimesAreExact(t *testing.T, log ports.RevocationLog) {
	now := start().Add(123*time.Millisecond + 987_654).In(time.FixedZone("CST", 8*60*60))
	want := revocation("s1", now)
	recordAll(t, log, want)
	got, err := log.FindSince(t.Context(), now.Add(-time.Second), now.Add(time.Second))
	if err != nil || len(got) != 1 {
		t.Fatalf("FindSince: got %d revocations and error %v, want 1 and none", len(got), err)
	}
	wantExactUTC(t, "At", got[0].At, want.At)
	wantExactUTC(t, "Until", got[0].Until, want.Until)
}

func revocationTextsSurvive(t *testing.T, log ports.RevocationLog) {
	now := start()
	var all []domain.Revocation
	for _, text := range texts {
		all = append(all, revocation(text, now))
	}
	recordAll(t, log, all...)
	wantSince(t, log, now, now, all...)
}

func recordIsRefusedOrDone(t *testing.T, log ports.RevocationLog) {
	now := start()
	all := several(3, now)
	err := log.Record(over(t), all...)
	wantRefused(t, "Record", err)
	if err == nil {
		wantSince(t, log, now, now, all...)
	}
	recordAll(t, log, all...)
	wantSince(t, log, now, now, all...)
}

func revocationReadIsRight(t *testing.T, log ports.RevocationLog) {
	v := revocation("s1", start())
	recordAll(t, log, v)
	got, err := log.FindSince(over(t), v.At, v.At)
	wantRefused(t, "FindSince", err)
	if err == nil {
		wantEqual(t, "what was revoked", got, []domain.Revocation{v})
	}
}
