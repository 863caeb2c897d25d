package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wxlogin/adapters/sqlite"
	"wxlogin/config"
	"wxlogin/domain"
)

func TestFilesAreTheirOwnersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "data?&#%20 数据")
	record(t, open(t, dir), 1)
	wantMode(t, dir, os.ModeDir|0o700)
	for _, name := range []string{"wxlogin.db", "wxlogin.db-wal", "wxlogin.db-shm"} {
		wantMode(t, filepath.Join(dir, name), 0o600)
	}
}

func TestOpenTakesAnOldFileFromOthers(t *testing.T) {
	dir := t.TempDir()
	closeStore(t, open(t, dir))
	if err := os.Chmod(filepath.Join(dir, "wxlogin.db"), 0o644); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	wantMode(t, filepath.Join(dir, "wxlogin.db"), 0o600)
}

func wantMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode(); got != want {
		t.Errorf("mode of %s: got %v, want %v", path, got, want)
	}
}

func TestWriterIsSetToSyncEveryCommit(t *testing.T) {
	store := open(t, t.TempDir())
	tests := []struct {
		pragma, want string
	}{
		{"journal_mode", "wal"},
		{"synchronous", "2"}, // FULL
		{"busy_timeout", "5000"},
		{"secure_delete", "1"},
	}
	for _, tt := range tests {
		var got string
		if err := store.Writes().QueryRowContext(t.Context(), "PRAGMA "+tt.pragma).Scan(&got); err != nil || got != tt.want {
			t.Errorf("%s: got %s and error %v, want %s", tt.pragma, got, err, tt.want)
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	store := open(t, t.TempDir())
	for name, pool := range map[string]*sql.DB{"requests'": store.Reads(), "feed's": store.Feed()} {
		_, err := pool.ExecContext(t.Context(), "DELETE FROM users")
		if !errors.Is(sqlite.Meaning(err), domain.ErrStoreUnavailable) {
			t.Errorf("write through the %s pool: got %v, want it refused as read-only", name, err)
		}
	}
}

func TestReopeningKeepsDataAndMigratesOnce(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir)
	user := record(t, first, 1)
	closeStore(t, first)
	for range 2 {
		again := open(t, dir)
		wantUser(t, again, user)
		var applied, different int
		row := again.Reads().QueryRowContext(t.Context(),
			"SELECT count(*), count(DISTINCT version_id) FROM goose_db_version WHERE version_id > 0")
		if err := row.Scan(&applied, &different); err != nil || applied != 5 || different != 5 {
			t.Errorf("got %d of %d migrations applied and error %v, want 5 of 5", applied, different, err)
		}
		closeStore(t, again)
	}
}

func TestDamagedFileIsRefusedAndLeftAsItIs(t *testing.T) {
	tests := []struct {
		name   string
		damage func(file []byte) []byte
	}{
		{"no database at all", func([]byte) []byte { return []byte(strings.Repeat("what is this? ", 500)) }},
		{"header gone", func(file []byte) []byte { return append(make([]byte, 100), file[100:]...) }},
		{"schema overwritten", func(file []byte) []byte {
			return append(file[:100:100], bytes.Repeat([]byte{0xa5}, len(file)-100)...)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			closeStore(t, open(t, dir))
			path := filepath.Join(dir, "wxlogin.db")
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			damaged := tt.damage(file)
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			store := sqlite.NewStore(config.SQLite{Dir: dir}, machineClock{})
			err = store.Open(t.Context())
			if !errors.Is(err, domain.ErrStoreUnavailable) || !strings.Contains(err.Error(), path) {
				t.Errorf("Open: got %v, want %v and the file's path", err, domain.ErrStoreUnavailable)
			}
			if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, damaged) {
				t.Errorf("got the file changed, or error %v", err)
			}
		})
	}
}

func TestDirectoryThatCannotBeMadeIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := sqlite.NewStore(config.SQLite{Dir: filepath.Join(file, "data")}, machineClock{}).Open(t.Context())
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("Open below a file: got %v, want an error that names it", err)
	}
}
