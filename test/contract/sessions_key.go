package contract

import (
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

func setKey(t *testing.T, sessions ports.SessionRepository, s domain.Session, key domain.SealedKey) {
	t.Helper()
	if err := sessions.SetKey(t.Context(), s, key); err != nil {
		t.Fatalf("SetKey(%s): got %v, want no error", s.ID, err)
	}
}

func keyIsReplaced(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	all := []domain.Session{session("s1", "o1", "device-1", now), session("s2", "o2", "", now), bare(session("s3", "o3", "device-1", now))}
	save(t, sessions, all...)
	for _, key := range []domain.SealedKey{"k2.other+/=", "k2.other+/=", ""} {
		for _, s := range all {
			setKey(t, sessions, s, key)
		}
		for i, s := range all {
			s.Key = key
			wantLive(t, sessions, []string{"o1", "o2", "o3"}[i], now, s)
		}
	}
}

// keyAloneIsReplaced sets the key of a session as it was some time ago.
func keyAloneIsReplaced(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	s, other := session("s1", "o1", "device-1", now), session("s2", "o1", "device-2", now)
	save(t, sessions, s, other)
	stale := bare(s)
	stale.UserID, stale.ExpiresAt, stale.CreatedAt = "other", s.ExpiresAt.Add(-1), s.CreatedAt.Add(-1)
	setKey(t, sessions, stale, "k2.other")
	s.Key = "k2.other"
	wantLive(t, sessions, "o1", now, other, s)
	wantLiveOf(t, sessions, s.UserID, now, other, s)
}

func keyOfAbsentIsNotSet(t *testing.T, sessions ports.SessionRepository) {
	now := start()
	old, next := session("s1", "o1", "device-1", now), session("s2", "o1", "device-1", now)
	setKey(t, sessions, old, "k2.other")
	wantLive(t, sessions, "o1", now)
	save(t, sessions, old, next)
	setKey(t, sessions, old, "k2.other")
	wantLive(t, sessions, "o1", now, next)
	remove(t, sessions, next.UserID, next.ID)
	setKey(t, sessions, next, "k2.other")
	wantLive(t, sessions, "o1", now)
}
