package contract

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func newestFirst(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	s := rising(4, now)
	save(t, sessions, s[2], s[0], s[3], s[1])
	wantLive(t, sessions, "o1", now, s[3], s[2], s[1], s[0])
}

func atMostTwenty(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	all := rising(23, now)
	save(t, sessions, all...)
	slices.Reverse(all)
	wantLive(t, sessions, "o1", now, all[:20]...)
}

func expiredTakeNoPlace(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	all := rising(22, now)
	all[0].ExpiresAt = all[0].ExpiresAt.Add(time.Minute)
	save(t, sessions, all...)
	wantLive(t, sessions, "o1", all[21].ExpiresAt, all[0])
}

func parallelSavesInOneSlot(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	all := make([]domain.Session, 50)
	for i := range all {
		all[i] = session(fmt.Sprintf("s%d", i), "o1", "device-1", now)
	}
	saveAtOnce(t, sessions, all)
	left, err := sessions.FindLive(t.Context(), identity("o1").Key(), now)
	if err != nil {
		t.Fatalf("FindLive: got %v, want no error", err)
	}
	if len(left) != 1 {
		t.Fatalf("got %d sessions left in the slot, want 1", len(left))
	}
	saved := slices.IndexFunc(all, func(s domain.Session) bool { return s.ID == left[0].ID })
	if saved < 0 {
		t.Fatalf("got session %s, want one of those saved", left[0].ID)
	}
	wantEqual(t, "the session that is left", left[0], all[saved])
}

func parallelSavesInOwnSlots(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	all := rising(18, now)
	saveAtOnce(t, sessions, all)
	slices.Reverse(all)
	wantLive(t, sessions, "o1", now, all...)
}

func saveAtOnce(t *testing.T, sessions ports.SessionRepository, all []domain.Session) {
	atOnce(len(all), func(i int) {
		if err := sessions.Save(t.Context(), all[i]); err != nil {
			t.Errorf("Save(%s): got %v, want no error", all[i].ID, err)
		}
	})
}

func sessionTimesAreExact(t *testing.T, sessions ports.SessionRepository) {
	now := start().Add(123*time.Millisecond + 987_654).In(time.FixedZone("CST", 8*60*60))
	want := session("s1", "o1", "device-1", now)
	save(t, sessions, want)
	got, err := sessions.FindLive(t.Context(), want.Identity, now.Add(time.Second))
	if err != nil || len(got) != 1 {
		t.Fatalf("FindLive: got %d sessions and error %v, want 1 and none", len(got), err)
	}
	wantExactUTC(t, "CreatedAt", got[0].CreatedAt, want.CreatedAt)
	wantExactUTC(t, "ExpiresAt", got[0].ExpiresAt, want.ExpiresAt)
	wantExactUTC(t, "AbsoluteAt", got[0].AbsoluteAt, want.AbsoluteAt)
}

func sessionTextsSurvive(t *testing.T, sessions ports.SessionRepository) {
	for name, text := range texts {
		s := session("s "+name, text, "device-1", start())
		s.Device = domain.Device{ID: "a.b-c_D", Name: text, Platform: text}
		s.Refresh, s.Key = domain.RefreshHash(text), domain.SealedKey(text)
		save(t, sessions, s)
		wantLive(t, sessions, text, s.CreatedAt, s)
	}
}

func sessionWriteIsWhole(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	old, next := session("s1", "o1", "device-1", now), session("s2", "o1", "device-1", now)
	save(t, sessions, old)
	err := sessions.Save(over(t), next)
	wantRefused(t, "Save", err)
	got, findErr := sessions.FindLive(t.Context(), old.Identity, now)
	if findErr != nil || len(got) != 1 {
		t.Fatalf("FindLive: got %d sessions and error %v, want 1 and none", len(got), findErr)
	}
	want := next
	if err != nil && got[0].ID == old.ID {
		want = old
	}
	wantEqual(t, "the session in the slot", got[0], want)
}

func sessionReadIsRight(t *testing.T, sessions ports.SessionRepository) {
	s := session("s1", "o1", "device-1", start())
	save(t, sessions, s)
	got, err := sessions.FindLive(over(t), s.Identity, s.CreatedAt)
	wantRefused(t, "FindLive", err)
	if err == nil {
		wantEqual(t, "the live sessions", got, []domain.Session{s})
	}
}
