package contract

import (
	"fmt"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// keyless is a complete session but for its key.
func keyless(id, openID, device string, now time.Time) domain.Session {
	s := session(id, openID, device, now)
	s.Key = ""
	return s
}

func keyStays(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	old := session("old", "o1", "device-0", now)
	save(t, sessions, old)
	newer := rising(25, now.Add(time.Second))
	save(t, sessions, newer...)
	for i, next := range []domain.Session{
		keyless("s1", "o1", "device-0", now.Add(time.Minute)),
		bare(session("s2", "o1", "device-0", now.Add(2*time.Minute))),
		keyless("s3", "o1", "device-0", now.Add(3*time.Minute)),
	} {
		save(t, sessions, next)
		next.Key = old.Key
		got, err := sessions.FindLive(t.Context(), old.Identity, next.CreatedAt)
		if err != nil || len(got) != 20 {
			t.Fatalf("FindLive: got %d sessions and error %v, want 20 and none", len(got), err)
		}
		wantEqual(t, fmt.Sprintf("the session that replaces %d others", i+1), got[0], next)
	}
}

func keyOfExpiredGoes(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	early := func(s domain.Session) domain.Session { s.AbsoluteAt = now.Add(time.Minute); return s }
	for i, tt := range []struct {
		old  domain.Session
		ends time.Time
	}{
		{session("old", "o0", "device-1", now), now.Add(time.Hour)},
		{early(session("old", "o1", "device-1", now)), now.Add(time.Minute)},
	} {
		openID := fmt.Sprint("o", i)
		for _, at := range []time.Time{tt.ends.Add(-time.Millisecond), tt.ends, tt.ends.Add(time.Minute)} {
			save(t, sessions, tt.old)
			next := keyless("next", openID, "device-1", at)
			save(t, sessions, next)
			if at.Before(tt.ends) {
				next.Key = tt.old.Key
			}
			wantLive(t, sessions, openID, at, next)
		}
	}
}

func keyOfOthersIsNotTaken(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	held := []domain.Session{session("s1", "o1", "device-1", now), session("s2", "o1", "", now.Add(-1*time.Second))}
	save(t, sessions, held...)
	for i, other := range []domain.Session{
		keyless("s3", "o1", "device-2", now.Add(time.Second)),
		keyless("s4", "o1", "", now.Add(2*time.Second)),
		keyless("s5", "o2", "device-1", now),
	} {
		save(t, sessions, other)
		all, err := sessions.FindLiveOf(t.Context(), other.UserID, now, other.ID)
		if err != nil || len(all) != 1 || all[0].Key != "" {
			t.Errorf("session %d: got %+v and error %v, want it without a key", i, all, err)
		}
	}
	wantLive(t, sessions, "o1", now, held...)
}

func keyIsNotKept(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	first, next := session("s1", "o1", "device-1", now), session("s2", "o1", "device-1", now)
	save(t, sessions, first, keyless("s3", "o1", "device-1", now), next)
	wantLive(t, sessions, "o1", now, next)
	remove(t, sessions, next.UserID, next.ID)
	last := keyless("s4", "o1", "device-1", now)
	save(t, sessions, last)
	wantLive(t, sessions, "o1", now, last)
}

// parallelSavesKeepKeys saves one session with a key and many without, into a slot
// that is empty, has a key or has none: whichever comes last, there is a key, and
// never the older one.
func parallelSavesKeepKeys(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	for round := range 12 {
		openID := fmt.Sprint("o", round)
		switch round % 3 {
		case 1:
			save(t, sessions, session("before", openID, "device-1", now))
		case 2:
			save(t, sessions, keyless("before", openID, "device-1", now))
		}
		all := []domain.Session{session("keyed", openID, "device-1", now)}
		for i := range 4 {
			all = append(all, keyless(fmt.Sprint("keyless", i), openID, "device-1", now))
		}
		saveAtOnce(t, sessions, all)
		left, err := sessions.FindLiveOf(t.Context(), all[0].UserID, now)
		if err != nil || len(left) != 1 || left[0].Key != all[0].Key {
			t.Fatalf("got %+v and error %v, want one session with the key %s", left, err, all[0].Key)
		}
	}
}
