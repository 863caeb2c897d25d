package contract

import (
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

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

	err = sessions.SetKey(over(t), want, "k2.other")
	wantRefused(t, "SetKey", err)
	if err == nil {
		want.Key = "k2.other"
		wantLive(t, sessions, "o1", now, want)
	}
	err = sessions.Delete(over(t), old.UserID, old.ID, next.ID)
	wantRefused(t, "Delete", err)
	if err == nil {
		wantLive(t, sessions, "o1", now)
	}
}

func sessionReadIsRight(t *testing.T, sessions ports.SessionRepository) {
	s := session("s1", "o1", "device-1", start())
	save(t, sessions, s)
	got, err := sessions.FindLive(over(t), s.Identity, s.CreatedAt)
	wantRefused(t, "FindLive", err)
	if err == nil {
		wantEqual(t, "the live sessions", got, []domain.Session{s})
	}
	got, err = sessions.FindLiveOf(over(t), s.UserID, s.CreatedAt)
	wantRefused(t, "FindLiveOf", err)
	if err == nil {
		wantEqual(t, "the user's live sessions", got, []domain.Session{s})
	}
}
