package sqlite_test

import (
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/sqlite"
)

func TestExpiredSessionsAreSweptWithoutBeingAskedFor(t *testing.T) {
	wantSwept(t, "sessions", func(t *testing.T, store *sqlite.Store, n int, lives time.Duration) error {
		s := session(n)
		s.ExpiresAt, s.AbsoluteAt = s.CreatedAt.Add(lives), s.CreatedAt.Add(lives)
		return sqlite.NewSessionRepository(store).Save(t.Context(), s)
	})
}

func TestEndedClaimsAreSweptWithoutBeingAskedFor(t *testing.T) {
	wantSwept(t, "refresh_claims", func(t *testing.T, store *sqlite.Store, n int, lives time.Duration) error {
		c := claim(n)
		c.EndsAt = time.Now().Add(lives)
		_, err := sqlite.NewRefreshRepository(store).Claim(t.Context(), c)
		return err
	})
}

func TestEndedRevocationsAreSweptWithoutBeingAskedFor(t *testing.T) {
	wantSwept(t, "revocations", func(t *testing.T, store *sqlite.Store, n int, lives time.Duration) error {
		v := revocation(n)
		v.Until = v.At.Add(lives)
		return sqlite.NewRevocationLog(store).Record(t.Context(), v)
	})
}

// wantSwept stores rows that live for an hour, more than two sweeps take, and
// some that live on, and wants the first gone and the others there.
func wantSwept(t *testing.T, table string, save func(t *testing.T, store *sqlite.Store, n int, lives time.Duration) error) {
	t.Helper()
	const expiring, lasting = 1300, 3
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := open(t, dir)
		for n := range expiring + lasting {
			lives := time.Hour
			if n >= expiring {
				lives = 24 * time.Hour
			}
			if err := save(t, store, n, lives); err != nil {
				t.Fatalf("got %v, want no error", err)
			}
		}
		time.Sleep(59 * time.Minute)
		wantRows(t, store, table, expiring+lasting)
		time.Sleep(150 * time.Second) // two sweeps a minute apart would not do
		wantRows(t, store, table, lasting)
	})
}

func wantRows(t *testing.T, store *sqlite.Store, table string, want int) {
	t.Helper()
	synctest.Wait()
	var got int
	if err := store.Reads().QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&got); err != nil || got != want {
		t.Errorf("got %d rows in %s and error %v, want %d", got, table, err, want)
	}
}
