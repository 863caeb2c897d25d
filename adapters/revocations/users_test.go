package revocations_test

import (
	"fmt"
	"testing"
	"time"

	"wxlogin/domain"
)

// wantBefore checks since when the user's sessions are revoked; zero: they are not.
func (w world) wantBefore(t *testing.T, what string, user domain.UserID, want time.Time) {
	t.Helper()
	if got := w.RevokedBefore(user); !got.Equal(want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestAllSessionsOfAUserAreRevokedUntilNoTokenIsLeft(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		first := domain.Revocation{UserID: "u1", At: time.Now(), Until: time.Now().Add(time.Hour)}
		if err := w.Revoke(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		w.wantBefore(t, "at once", "u1", first.At)
		w.wantBefore(t, "another user's", "u2", time.Time{})
		w.wantRevoked(t, "a session of that name", "u1", false)
		if got := w.RevocationState().Known; got != 1 {
			t.Errorf("got %d known, want 1", got)
		}
		time.Sleep(30 * time.Minute)
		elsewhere := domain.Revocation{UserID: "u1", At: time.Now(), Until: time.Now().Add(time.Hour)}
		if err := w.store.Record(t.Context(), elsewhere); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Second)
		w.wantBefore(t, "again, elsewhere", "u1", elsewhere.At)
		if err := w.Revoke(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		w.wantBefore(t, "the first, repeated", "u1", elsewhere.At)
		time.Sleep(59 * time.Minute)
		w.wantBefore(t, "before its end", "u1", elsewhere.At)
		time.Sleep(2 * time.Minute)
		w.wantBefore(t, "after its end", "u1", time.Time{})
	})
}

func TestNoMoreUsersAreRememberedThanThereIsRoomFor(t *testing.T) { // T-29
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		all := make([]domain.Revocation, 100_001)
		for n := range all {
			all[n] = domain.Revocation{UserID: domain.UserID(fmt.Sprint("u", n)), At: time.Now(), Until: time.Now().Add(time.Hour)}
		}
		if err := w.Revoke(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		if got := w.RevocationState().Known; got != 100_000 {
			t.Errorf("got %d known, want 100000", got)
		}
		w.wantBefore(t, "the last that fits", "u99999", time.Now())
		w.wantBefore(t, "one too many", "u100000", time.Time{})
		w.wantLines(t, "too many to remember", 1)
	})
}
