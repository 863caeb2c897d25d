package sqlite_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"wxlogin/adapters/sqlite"
	"wxlogin/domain"
)

// code is an error of the driver's kind.
type code int

func (c code) Error() string { return fmt.Sprintf("code %d", int(c)) }
func (c code) Code() int     { return int(c) }

var errOurs = errors.New("ours")

var meanings = []struct {
	name string
	give error
	want error
}{
	{"nothing", nil, nil},
	{"busy", code(5), domain.ErrStoreUnavailable},
	{"busy, with a stale snapshot", code(5 | 2<<8), domain.ErrStoreUnavailable},
	{"locked", code(6), domain.ErrStoreUnavailable},
	{"out of memory", code(7), domain.ErrStoreUnavailable},
	{"read-only", code(8), domain.ErrStoreUnavailable},
	{"interrupted", code(9), domain.ErrStoreUnavailable},
	{"i/o", code(10), domain.ErrStoreUnavailable},
	{"i/o, on fsync", code(10 | 4<<8), domain.ErrStoreUnavailable},
	{"corrupt", code(11), domain.ErrStoreUnavailable},
	{"disk full", code(13), domain.ErrStoreUnavailable},
	{"cannot open", code(14), domain.ErrStoreUnavailable},
	{"locking protocol", code(15), domain.ErrStoreUnavailable},
	{"no database", code(26), domain.ErrStoreUnavailable},
	{"caller has left", context.Canceled, domain.ErrStoreUnavailable},
	{"too late", context.DeadlineExceeded, domain.ErrStoreUnavailable},
	{"connection gone", sql.ErrConnDone, domain.ErrStoreUnavailable},
	{"connection bad", driver.ErrBadConn, domain.ErrStoreUnavailable},
	{"no row", sql.ErrNoRows, domain.ErrNotFound},
	{"wrong SQL", code(1), code(1)},
	{"constraint", code(19), code(19)},
	{"misuse", code(21), code(21)},
	{"anything else", errOurs, errOurs},
}

func TestMeaning(t *testing.T) {
	for _, tt := range meanings {
		got := sqlite.Meaning(tt.give)
		if !errors.Is(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
		var promised *domain.Error
		if wantPromise := errors.As(tt.want, &promised); errors.As(got, &promised) != wantPromise {
			t.Errorf("%s: got %v, want a promise: %t", tt.name, got, wantPromise)
		}
		if errors.Is(tt.want, domain.ErrStoreUnavailable) && !errors.Is(got, tt.give) {
			t.Errorf("%s: got %v, want the cause %v kept", tt.name, got, tt.give)
		}
	}
}

func TestFullDiskRefusesWritesAndHeals(t *testing.T) {
	store := open(t, t.TempDir())
	users := sqlite.NewUserRepository(store)
	var pages int
	if err := store.Writes().QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limitPages(t, store, pages+8)

	stored, full := 0, error(nil)
	for ; full == nil && stored < 10_000; stored++ {
		_, _, full = users.RecordLogin(t.Context(), visitor(stored))
	}
	stored--
	wantUnavailable(t, full)
	if stored == 0 {
		t.Error("got no user stored before the disk was full, want some")
	}
	for n := range stored {
		wantStored(t, store, n)
	}
	_, err := users.Find(t.Context(), visitor(stored).ID)
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("Find of the user refused: got %v, want %v", err, domain.ErrNotFound)
	}
	if err := sqlite.NewProbe(store).Check(t.Context()); err != nil {
		t.Errorf("Check while the disk is full: got %v, want no error", err)
	}

	limitPages(t, store, 1<<30)
	for n := range 500 {
		record(t, store, stored+n)
	}
	wantIntegrity(t, store)
}

func limitPages(t *testing.T, store *sqlite.Store, most int) {
	t.Helper()
	if _, err := store.Writes().ExecContext(t.Context(), fmt.Sprint("PRAGMA max_page_count = ", most)); err != nil {
		t.Fatal(err)
	}
}

func TestDriverSaysWhatMeaningExpects(t *testing.T) {
	dir := t.TempDir()
	store := open(t, dir)
	impatient, err := sql.Open("sqlite", filepath.Join(dir, "wxlogin.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = impatient.Close() }()
	release := hold(t, store)
	_, busy := impatient.ExecContext(t.Context(), "DELETE FROM users")
	release()
	wantUnavailable(t, sqlite.Meaning(busy))

	_, mistake := impatient.ExecContext(t.Context(), "INSERT INTO users (identity) VALUES ('only half')")
	if mistake == nil || errors.Is(sqlite.Meaning(mistake), domain.ErrStoreUnavailable) {
		t.Errorf("an incomplete row: got %v, want an error that is no outage", mistake)
	}
}

func TestProbeSaysWhatIsTrue(t *testing.T) {
	store := open(t, t.TempDir())
	probe := sqlite.NewProbe(store)
	if err := probe.Check(t.Context()); err != nil {
		t.Errorf("Check: got %v, want no error", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	wantUnavailable(t, probe.Check(gone))
	closeStore(t, store)
	wantUnavailable(t, probe.Check(t.Context()))
}

func TestCommitThatFailsFailsAll(t *testing.T) {
	store := open(t, t.TempDir())
	release := hold(t, store)
	before := queue(t, store, 2, func(i int) error { return login(t, store, i) })
	fault := queue(t, store, 1, func(int) error {
		return store.Submit(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "ROLLBACK") // leaves nothing to commit
			return err
		})
	})
	release()
	for _, err := range append(before(), fault()...) {
		wantUnavailable(t, err)
	}
	for n := range 2 {
		if _, err := sqlite.NewUserRepository(store).Find(t.Context(), visitor(n).ID); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("Find of user %d: got %v, want %v", n, err, domain.ErrNotFound)
		}
	}
	record(t, store, 1) // the writer goes on
}
