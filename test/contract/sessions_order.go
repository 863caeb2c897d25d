package contract

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func idleExpires(t *testing.T, sessions ports.SessionRepository) {
	s := session("s1", "o1", "device-1", start())
	save(t, sessions, s)
	wantLive(t, sessions, "o1", s.ExpiresAt.Add(-time.Millisecond), s)
	wantLive(t, sessions, "o1", s.ExpiresAt)
	wantLive(t, sessions, "o1", s.ExpiresAt.Add(time.Hour))
}

func absoluteExpires(t *testing.T, sessions ports.SessionRepository) {
	s := session("s1", "o1", "device-1", start())
	s.ExpiresAt = s.AbsoluteAt.Add(time.Hour)
	save(t, sessions, s)
	wantLive(t, sessions, "o1", s.AbsoluteAt.Add(-time.Millisecond), s)
	wantLive(t, sessions, "o1", s.AbsoluteAt)
	wantLive(t, sessions, "o1", s.AbsoluteAt.Add(time.Minute))
}

// rising are n sessions of o1 on devices of their own, each a second younger
// than the one before.
func rising(n int, now time.Time) []domain.Session {
	all := make([]domain.Session, n)
	for i := range all {
		all[i] = session(fmt.Sprintf("s%03d", i), "o1", fmt.Sprintf("device-%03d", i), now.Add(time.Duration(i)*time.Second))
	}
	return all
}

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
	wantExactUTC(t, "RotatedAt", got[0].RotatedAt, want.RotatedAt)
}

func sessionTextsSurvive(t *testing.T, sessions ports.SessionRepository) {
	for name, text := range texts {
		s := session("s "+name, text, "device-1", start())
		s.Device = domain.Device{ID: "a.b-c_D", Name: text, Platform: text}
		s.Refresh, s.Key = domain.RefreshHash(text), domain.SealedKey(text)
		s.Family, s.Retry = domain.RefreshFamily(text), domain.LoginRetry{Key: domain.LoginKey(text), Refresh: domain.SealedToken(text)}
		save(t, sessions, s)
		wantLive(t, sessions, text, s.CreatedAt, s)
	}
}

func keylessTakeNoPlace(t *testing.T, sessions ports.SessionRepository) {
	keyed := session("s0", "o1", "", start())
	save(t, sessions, keyed)
	for i := range 25 {
		save(t, sessions, bare(session(fmt.Sprintf("s%d", i+1), "o1", "", start().Add(time.Duration(i+1)*time.Millisecond))))
	}
	wantLive(t, sessions, "o1", start().Add(time.Second), keyed)
}
