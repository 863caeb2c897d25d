package sqlite_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"wxlogin/adapters/sqlite"
	"wxlogin/domain"
)

// oldSave is how the version before refreshes stores a session.
const oldSave = `INSERT OR REPLACE INTO sessions (slot, session_id, user_id, identity, app_id,
	device_id, device_name, device_platform, created_at, expires_at, absolute_at, refresh_hash, sealed_key)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// oldVersion is a process of the version before refreshes, on the database in dir.
func oldVersion(t *testing.T, dir string) (save func(domain.Session)) {
	t.Helper()
	statement := oldStatement(t, dir, 1, oldSave)
	return func(s domain.Session) {
		t.Helper()
		_, err := statement.ExecContext(t.Context(), s.Slot(), string(s.ID), string(s.UserID), string(s.Identity),
			string(s.AppID), s.Device.ID, s.Device.Name, s.Device.Platform, s.CreatedAt.UnixMicro(),
			s.ExpiresAt.UnixMicro(), s.AbsoluteAt.UnixMicro(), string(s.Refresh), string(s.Key))
		if err != nil {
			t.Fatalf("the old version saves session %s: got %v, want no error", s.ID, err)
		}
	}
}

// oldStatement is one that a process of an old version has prepared, on the database
// in dir, which it made if it was not there.
func oldStatement(t *testing.T, dir string, version int64, query string) *sql.Stmt {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "wxlogin.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := migrator(t, db).UpTo(t.Context(), version); err != nil {
		t.Fatalf("the old version's migrations: got %v, want no error", err)
	}
	statement, err := db.PrepareContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	return statement
}

func migrator(t *testing.T, db *sql.DB) *goose.Provider {
	t.Helper()
	provider, err := sqlite.Migrator(db)
	if err != nil {
		t.Fatal(err)
	}
	return provider
}

// old is a session as the version before refreshes knows it.
func old(n int) domain.Session {
	s := session(n)
	s.Family, s.RotatedAt, s.Retry = "", time.Time{}, domain.LoginRetry{}
	return s
}

func TestSessionsOfTheOldVersionAreFoundAndCannotBeRenewed(t *testing.T) {
	dir := t.TempDir()
	oldVersion(t, dir)(old(1))
	store := open(t, dir)
	wantSession(t, store, old(1))
	_, err := sqlite.NewRefreshRepository(store).FindByFamily(t.Context(), "", time.Now())
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("FindByFamily of none: got %v, want %v", err, domain.ErrNotFound)
	}
}

func TestOldVersionGoesOnWhileAnUpdateIsUnderWay(t *testing.T) {
	dir := t.TempDir()
	save := oldVersion(t, dir)
	save(old(1))
	store := open(t, dir)
	sessions := sqlite.NewSessionRepository(store)
	for _, n := range []int{2, 3} {
		if err := sessions.Save(t.Context(), session(n)); err != nil {
			t.Fatalf("Save: got %v, want no error", err)
		}
	}
	save(old(3)) // into the new version's slot
	save(old(4))
	for _, want := range []domain.Session{old(1), session(2), old(3), old(4)} {
		wantSession(t, store, want)
	}
	var first int
	row := store.Reads().QueryRowContext(t.Context(), "SELECT count(*) FROM sessions WHERE rotated_at = 0")
	if err := row.Scan(&first); err != nil || first != 4 {
		t.Errorf("got %d sessions before their first refresh and error %v, want all 4", first, err)
	}
	_, err := sqlite.NewRefreshRepository(store).FindByFamily(t.Context(), session(3).Family, time.Now())
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("FindByFamily of a session that was replaced: got %v, want %v", err, domain.ErrNotFound)
	}
}

// wantSession wants the session to be its user's only one, but for the times,
// which are those of its making.
func wantSession(t *testing.T, store *sqlite.Store, want domain.Session) {
	t.Helper()
	found, err := sqlite.NewSessionRepository(store).FindLiveOf(t.Context(), want.UserID, time.Now())
	if err != nil || len(found) != 1 {
		t.Fatalf("FindLiveOf(%s): got %d sessions and error %v, want 1 and none", want.UserID, len(found), err)
	}
	want.CreatedAt, want.ExpiresAt, want.AbsoluteAt = found[0].CreatedAt, found[0].ExpiresAt, found[0].AbsoluteAt
	if !want.RotatedAt.IsZero() {
		want.RotatedAt = found[0].RotatedAt
	}
	if diff := cmp.Diff(want, found[0]); diff != "" {
		t.Errorf("the session of %s differs (-want +got):\n%s", want.UserID, diff)
	}
}

func TestMigrationsCanBeTakenBack(t *testing.T) {
	dir := t.TempDir()
	save := oldVersion(t, dir)
	closeStore(t, open(t, dir))
	db, err := sql.Open("sqlite", filepath.Join(dir, "wxlogin.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := migrator(t, db).DownTo(t.Context(), 1); err != nil {
		t.Fatalf("back to the old version: got %v, want no error", err)
	}
	save(old(1))
	wantSession(t, open(t, dir), old(1))
}
