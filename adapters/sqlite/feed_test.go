package sqlite_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/sqlite"
	"wxlogin/domain"
)

// TestRevocationsAreReadHoweverManyRequestsWait keeps R-TOK-6, a ban that counts
// within two seconds, apart from how many clients list their sessions.
func TestRevocationsAreReadHoweverManyRequestsWait(t *testing.T) {
	store := open(t, t.TempDir())
	log, want := sqlite.NewRevocationLog(store), revocation(1)
	if err := log.Record(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	holdReaders(t, store)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	got, err := log.FindSince(ctx, want.At, want.At)
	if diff := cmp.Diff([]domain.Revocation{want}, got); err != nil || diff != "" {
		t.Errorf("got error %v, revocations (-want +got):\n%s", err, diff)
	}
}

// holdReaders takes every connection that requests read over, until the end of the
// test.
func holdReaders(t *testing.T, store *sqlite.Store) {
	t.Helper()
	most := store.Reads().Stats().MaxOpenConnections
	for range most {
		conn, err := store.Reads().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	if held := store.Reads().Stats().InUse; most < 1 || held != most {
		t.Fatalf("%d of %d connections are held, want all", held, most)
	}
}
