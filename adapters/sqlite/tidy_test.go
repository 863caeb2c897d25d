package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/sqlite"
)

func TestLogIsEmptiedWhenWhoReadsAnOldStateIsDone(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := open(t, dir)
		old, err := store.Reads().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = old.Close() }()
		read := func(statement string) {
			if _, err := old.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		read("BEGIN")
		read("SELECT count(*) FROM users")
		record(t, store, 1)
		time.Sleep(90 * time.Second)
		record(t, store, 2)
		if size := logSize(t, dir); size == 0 {
			t.Error("got the log emptied under a reader, want it kept")
		}
		read("COMMIT")
		time.Sleep(time.Minute)
		synctest.Wait()
		if size := logSize(t, dir); size != 0 {
			t.Errorf("got %d bytes in the log, want none", size)
		}
		wantStored(t, store, 2)
	})
}

func logSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, "wxlogin.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestTimesAreReadAsTheyAreStored(t *testing.T) {
	at := time.UnixMicro(1_700_000_000_123_456).UTC()
	for stored, want := range map[any]time.Time{nil: {}, int64(0): {}, at.UnixMicro(): at} {
		if got, err := sqlite.ScanTime(stored); err != nil || got != want {
			t.Errorf("%v: got %v and error %v, want %v", stored, got, err, want)
		}
	}
	if got, err := sqlite.ScanTime("2026-01-01"); err == nil {
		t.Errorf("a text: got %v, want an error", got)
	}
}
