package sqlite_test

import (
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/sqlite"
)

func TestExpiredSessionsAreSweptWithoutBeingAskedFor(t *testing.T) {
	const expiring, lasting = 1300, 3
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := open(t, dir)
		sessions := sqlite.NewSessionRepository(store)
		for n := range expiring + lasting {
			s := session(n)
			if n >= expiring {
				s.ExpiresAt = s.ExpiresAt.Add(24 * time.Hour)
			}
			if err := sessions.Save(t.Context(), s); err != nil {
				t.Fatalf("Save: got %v, want no error", err)
			}
		}
		time.Sleep(59 * time.Minute)
		wantRows(t, store, expiring+lasting)
		time.Sleep(150 * time.Second) // two sweeps a minute apart would not do
		wantRows(t, store, lasting)
	})
}

func wantRows(t *testing.T, store *sqlite.Store, want int) {
	t.Helper()
	synctest.Wait()
	var got int
	if err := store.Reads().QueryRowContext(t.Context(), "SELECT count(*) FROM sessions").Scan(&got); err != nil || got != want {
		t.Errorf("got %d sessions in the file and error %v, want %d", got, err, want)
	}
}
