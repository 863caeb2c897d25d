package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/sqlite"
	"wxlogin/config"
)

// noTemporaries is set where the test binary is to be a process that finds no place
// for a temporary file.
const noTemporaries = "WXLOGIN_TEST_NO_TEMPORARIES"

// withoutTemporaries does fn in a process of its own that can make no temporary file,
// as in an image that holds the program alone. SQLite takes the first directory that
// it may write to, and this one was removed.
func withoutTemporaries(t *testing.T, fn func(*testing.T)) {
	t.Helper()
	if os.Getenv(noTemporaries) != "" {
		synctest.Test(t, fn)
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("a directory that is open and removed is found through /proc")
	}
	path := t.TempDir() + "/removed"
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	removed, err := os.Open(path)
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = removed.Close() }()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+regexp.QuoteMeta(t.Name())+"$")
	child.Env = append(os.Environ(), noTemporaries+"=1", "SQLITE_TMPDIR=/proc/self/fd/3")
	child.ExtraFiles = []*os.File{removed}
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("without temporary files: %v\n%s", err, out)
	}
}

func TestFileIsRebuiltWithoutTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	withoutTemporaries(t, func(t *testing.T) {
		store, warnings := openLogged(t, dir)
		fill(t, store, 4)
		live(t, store, 0)
		live(t, store, 1)
		time.Sleep(90 * time.Second)
		if planted := plant(t, store, []byte(canaries(1000)["phone"])); planted == 0 {
			t.Fatal("got room for a copy on no page, want some")
		}
		leave(t, store, 0)
		time.Sleep(90 * time.Second)
		synctest.Wait()
		found := readable(t, dir)
		wantNothingOf(t, found, 1000, 1)
		wantNothingOf(t, found, 0, 1)
		if size := logSize(t, dir); size != 0 || warnings.String() != "" {
			t.Errorf("got %d bytes in the log, and warnings %q, want neither", size, warnings)
		}
		wantIntegrity(t, store)
	})
}

func TestLogIsEmptiedAndTheOperatorToldWhereTheFileCannotBeRebuilt(t *testing.T) {
	dir := t.TempDir()
	withoutTemporaries(t, func(t *testing.T) {
		store, warnings := openLogged(t, dir)
		fill(t, store, 4)
		if _, err := store.Writes().ExecContext(t.Context(), "PRAGMA temp_store = FILE"); err != nil {
			t.Fatal(err)
		}
		live(t, store, 0)
		leave(t, store, 0)
		time.Sleep(150 * time.Second) // it is tried twice
		synctest.Wait()
		if size := logSize(t, dir); size != 0 {
			t.Errorf("got %d bytes in the log, want none", size)
		}
		if got := warnings.String(); strings.Count(got, "level=WARN") != 2 || !strings.Contains(got, "unable to open database file") || !strings.Contains(got, dir) {
			t.Errorf("got warnings %q, want one each time, with the directory and the cause", got)
		}
		record(t, store, 1) // writes go on
	})
}

func TestNoConnectionMakesTemporaryFiles(t *testing.T) {
	store := open(t, t.TempDir())
	for name, db := range map[string]*sql.DB{"the writer": store.Writes(), "readers": store.Reads(), "the feed": store.Feed()} {
		const memory = 2
		var got int
		if err := db.QueryRowContext(t.Context(), "PRAGMA temp_store").Scan(&got); err != nil || got != memory {
			t.Errorf("%s: got temp_store %d and error %v, want %d", name, got, err, memory)
		}
	}
}

// openLogged opens a store, and returns what it logs.
func openLogged(t *testing.T, dir string) (*sqlite.Store, *strings.Builder) {
	t.Helper()
	var log strings.Builder // of which only the writer knows until it waits
	store := sqlite.NewStore(config.SQLite{Dir: dir}, machineClock{})
	store.LogTo(slog.New(slog.NewTextHandler(&log, nil)))
	if err := store.Open(t.Context()); err != nil {
		t.Fatalf("Open: got %v, want no error", err)
	}
	t.Cleanup(func() { closeStore(t, store) })
	return store, &log
}

// fill stores so many megabytes.
func fill(t *testing.T, store *sqlite.Store, megabytes int) {
	t.Helper()
	err := store.Submit(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		_, made := tx.ExecContext(ctx, "CREATE TABLE filling (bytes BLOB)")
		for range megabytes {
			_, err := tx.ExecContext(ctx, "INSERT INTO filling VALUES (randomblob(1 << 20))")
			made = errors.Join(made, err)
		}
		return made
	})
	if err != nil {
		t.Fatal(err)
	}
}
