package contract

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// AuditLog holds a store to ports.AuditLog. It calls fresh once for each case, and
// expects an empty store.
func AuditLog(t *testing.T, fresh func(*testing.T) ports.AuditLog) {
	cases := []struct {
		claim string
		check func(*testing.T, ports.AuditLog)
	}{
		{"what is appended is found, with every field", appendedIsFound},
		{"an entry of the same ID is no error, and the first stays", firstEntryStays},
		{"no entry is no error", noEntryIsNoError},
		{"an entry is found by either user whom it concerns, once, and by no other", foundByEither},
		{"the newest entries are found first, by their times and then by their IDs", newestEntriesFirst},
		{"no more entries are found than asked for, the newest", atMostSoManyEntries},
		{"entries appended in parallel all stay", parallelEntries},
		{"times of an entry are kept to the millisecond, in UTC", entryTimesAreExact},
		{"unusual texts survive in an entry", entryTextsSurvive},
		{"a write whose context is over is refused or done, never half done", entryWriteIsWhole},
		{"a read whose context is over is refused or right", entryReadIsRight},
	}
	for _, tt := range cases {
		t.Run(tt.claim, func(t *testing.T) { tt.check(t, fresh(t)) })
	}
}

// entry is a complete one.
func entry(id, user, other string, at time.Time) domain.AuditEntry {
	return domain.AuditEntry{
		ID: id, At: at, Action: domain.AuditLinked, By: domain.ByService,
		UserID: domain.UserID(user), OtherID: domain.UserID(other), AppID: "wx0123456789abcdef",
	}
}

func appendAll(t *testing.T, log ports.AuditLog, all ...domain.AuditEntry) {
	t.Helper()
	for _, e := range all {
		if err := log.Append(t.Context(), e); err != nil {
			t.Fatalf("Append(%s): got %v, want no error", e.ID, err)
		}
	}
}

func wantEntries(t *testing.T, log ports.AuditLog, id domain.UserID, limit int, want ...domain.AuditEntry) {
	t.Helper()
	got, err := log.FindEntries(t.Context(), id, limit)
	if err != nil {
		t.Fatalf("FindEntries(%s): got %v, want no error", id, err)
	}
	if len(got) == 0 && len(want) == 0 {
		return
	}
	wantEqual(t, fmt.Sprintf("the entries of %q", id), got, want)
}

func appendedIsFound(t *testing.T, log ports.AuditLog) {
	full := entry("e1", "u1", "u2", start())
	bare := domain.AuditEntry{ID: "e2", At: start().Add(time.Hour), Action: domain.AuditErased, By: domain.ByUser, UserID: "u3"}
	appendAll(t, log, full, bare)
	wantEntries(t, log, "u1", 10, full)
	wantEntries(t, log, "u3", 10, bare)
	wantEntries(t, log, "", 10, bare, full)
}

func firstEntryStays(t *testing.T, log ports.AuditLog) {
	first, second := entry("e1", "u1", "u2", start()), entry("e1", "u3", "", start().Add(time.Hour))
	second.Action, second.By = domain.AuditErased, domain.ByOperator
	appendAll(t, log, first, first, second)
	wantEntries(t, log, "", 10, first)
	wantEntries(t, log, "u1", 10, first)
	wantEntries(t, log, "u3", 10)
}

func noEntryIsNoError(t *testing.T, log ports.AuditLog) {
	wantEntries(t, log, "", 10)
	wantEntries(t, log, "u1", 10)
}

func foundByEither(t *testing.T, log ports.AuditLog) {
	now := start()
	alone, both := entry("e1", "u1", "", now), entry("e2", "u1", "u2", now.Add(time.Minute))
	other, self := entry("e3", "u3", "u1", now.Add(2*time.Minute)), entry("e4", "u1", "u1", now.Add(3*time.Minute))
	appendAll(t, log, alone, both, other, self)
	wantEntries(t, log, "u1", 10, self, other, both, alone)
	wantEntries(t, log, "u2", 10, both)
	wantEntries(t, log, "u3", 10, other)
	for _, nobody := range []domain.UserID{"u", "u11", "U1", "e1"} {
		wantEntries(t, log, nobody, 10)
	}
	wantEntries(t, log, "", 10, self, other, both, alone)
}

// entries are many, the newest first; of each time there are two, and u1 is in all
// of them, in one place or the other.
func entries(many int) []domain.AuditEntry {
	now := start()
	all := make([]domain.AuditEntry, many)
	for i := range all {
		all[i] = entry(fmt.Sprintf("e%03d", i), "u1", "u2", now.Add(time.Duration(i/2)*time.Second))
		if i%3 == 0 {
			all[i].UserID, all[i].OtherID = "u2", "u1"
		}
	}
	slices.Reverse(all)
	return all
}

func newestEntriesFirst(t *testing.T, log ports.AuditLog) {
	all := entries(12)
	for i := range all { // in no order
		appendAll(t, log, all[i*7%len(all)])
	}
	wantEntries(t, log, "", 100, all...)
	wantEntries(t, log, "u1", 100, all...)
}

func atMostSoManyEntries(t *testing.T, log ports.AuditLog) {
	all := entries(12)
	appendAll(t, log, all...)
	for _, limit := range []int{1, 2, 5, 12} {
		wantEntries(t, log, "", limit, all[:limit]...)
		wantEntries(t, log, "u2", limit, all[:limit]...)
	}
}

func parallelEntries(t *testing.T, log ports.AuditLog) {
	all := entries(40)
	atOnce(2*len(all), func(i int) {
		if err := log.Append(t.Context(), all[i/2]); err != nil {
			t.Errorf("Append: got %v, want no error", err)
		}
	})
	wantEntries(t, log, "", 100, all...)
}

func entryTimesAreExact(t *testing.T, log ports.AuditLog) {
	at := start().Add(123*time.Millisecond + 987_654).In(time.FixedZone("CST", 8*60*60))
	appendAll(t, log, entry("e1", "u1", "", at))
	got, err := log.FindEntries(t.Context(), "u1", 10)
	if err != nil || len(got) != 1 {
		t.Fatalf("FindEntries: got %d entries and error %v, want 1 and none", len(got), err)
	}
	wantExactUTC(t, "At", got[0].At, at)
}

func entryTextsSurvive(t *testing.T, log ports.AuditLog) {
	for _, text := range texts {
		e := entry(text, text, text+" other", start())
		e.Action, e.By, e.AppID = domain.AuditAction(text), domain.Actor(text), domain.AppID(text)
		appendAll(t, log, e)
		wantEntries(t, log, e.UserID, 10, e)
		wantEntries(t, log, e.OtherID, 10, e)
	}
}

func entryWriteIsWhole(t *testing.T, log ports.AuditLog) {
	e := entry("e1", "u1", "u2", start())
	err := log.Append(over(t), e)
	wantRefused(t, "Append", err)
	if err == nil {
		wantEntries(t, log, "u1", 10, e)
	}
	appendAll(t, log, e)
	wantEntries(t, log, "u1", 10, e)
}

func entryReadIsRight(t *testing.T, log ports.AuditLog) {
	e := entry("e1", "u1", "u2", start())
	appendAll(t, log, e)
	got, err := log.FindEntries(over(t), "u1", 10)
	wantRefused(t, "FindEntries", err)
	if err == nil {
		wantEqual(t, "the entries", got, []domain.AuditEntry{e})
	}
}
