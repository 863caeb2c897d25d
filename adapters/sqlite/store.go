// Package sqlite keeps users, sessions and what ends them in one file, for a
// service on one machine. All writes of a process go through one writer that commits them in
// groups, and none is answered before it is on disk. Several processes may use
// the file at a time.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	_ "modernc.org/sqlite" // the driver

	"wxlogin/config"
	"wxlogin/ports"
)

// fileName is the database's name in its directory. SQLite puts two companions
// beside it, which belong to it and are as precious.
const fileName = "wxlogin.db"

// busyTimeout is how long other processes are waited for, in milliseconds.
const busyTimeout = 5000

// Store is the database. It is of use between Open and Close; before and after,
// all that is asked of it fails with domain.ErrStoreUnavailable.
type Store struct {
	dir    string
	log    *slog.Logger // of what fails where no caller waits
	writer *writer
	writes *sql.DB // one connection, the writer's
	reads  *sql.DB // for requests
	feed   *sql.DB // one connection, for findRevocations alone

	statements
	rebuilder
}

// NewStore returns the store in cfg.Dir, without touching the disk. By clock it
// knows what has ended and may go.
func NewStore(cfg config.SQLite, clock ports.Clock) *Store {
	s := &Store{dir: cfg.Dir, log: slog.Default()}
	s.writer = newWriter(func(ctx context.Context) (more bool) { return s.tidied(ctx, clock.Now()) })
	return s
}

// LogTo has log, in place of the default one, told of what fails where no caller
// waits for it. It is called before Open.
func (s *Store) LogTo(log *slog.Logger) { s.log = log }

// Open makes the directory and the file where they are missing, readable by their
// owner alone, brings the file up to date and starts the writer. It fails on a
// file that is damaged or no database. A store is opened once.
func (s *Store) Open(ctx context.Context) error {
	path, err := prepareFile(s.dir)
	if err != nil {
		return fmt.Errorf("sqlite: open the store in %s: %w", s.dir, err)
	}
	if err := s.connect(ctx, path); err != nil {
		return errors.Join(fmt.Errorf("sqlite: open %s: %w", path, meaning(err)), s.disconnect())
	}
	s.writer.start(s.writes)
	return nil
}

// prepareFile makes what is missing and returns the file's path. A directory that
// is there already keeps its mode: it may be someone's volume. A file that is
// there is never opened here: to close it again would drop the locks that another
// store in this process may hold on it.
func prepareFile(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path, err := filepath.Abs(filepath.Join(dir, fileName))
	if err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) //nolint:gosec // the operator's own directory
	if errors.Is(err, fs.ErrExist) {
		return path, os.Chmod(path, 0o600)
	}
	if err != nil {
		return "", err
	}
	return path, file.Close()
}

func (s *Store) connect(ctx context.Context, path string) (err error) {
	// Who was erased must not be left in the file: SQLite overwrites what it removes.
	s.writes, err = sql.Open("sqlite", address(path, "secure_delete(ON)", "synchronous(FULL)", "journal_size_limit(67108864)"))
	if err != nil {
		return err
	}
	s.writes.SetMaxOpenConns(1)
	if err := migrate(ctx, s.writes); err != nil {
		return err
	}
	if s.reads, err = readers(path, 2+runtime.GOMAXPROCS(0)); err != nil {
		return err
	}
	// A logout in another process counts here once it was read. However many
	// requests wait for a connection, that must not wait behind them.
	if s.feed, err = readers(path, 1); err != nil {
		return err
	}
	return s.prepare(ctx, s.writes, s.reads, s.feed)
}

// readers returns a pool of n connections that cannot write.
func readers(path string, n int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", address(path, "query_only(1)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// address names the file for the driver, with the settings of each connection.
// Another process's commit is waited for, as long as busyTimeout. Temporary files are
// kept in memory: the shipped image has no directory for any, and copies of users
// belong into no other. The largest is the copy that a rebuild makes, of at most
// rebuildBytes; else only a migration that adds an index makes large ones.
func address(path string, pragmas ...string) string {
	query := url.Values{
		"_txlock": {"immediate"},
		"_pragma": append([]string{fmt.Sprintf("busy_timeout(%d)", busyTimeout), "journal_mode(WAL)", "temp_store(MEMORY)"}, pragmas...),
	}
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	return file.String()
}

// Close answers the writes that were asked for before it, refuses those that come
// after, and closes the file. Where ctx ends first it fails and leaves the file to
// the end of the process, which harms nothing that was answered. To close twice,
// or what was never opened, is no error.
func (s *Store) Close(ctx context.Context) error {
	if !s.writer.started.Load() {
		return nil
	}
	if err := s.writer.stop(ctx); err != nil {
		return fmt.Errorf("sqlite: close: %w", err)
	}
	if err := s.disconnect(); err != nil {
		return fmt.Errorf("sqlite: close: %w", err)
	}
	return nil
}

func (s *Store) disconnect() (err error) {
	for _, db := range []*sql.DB{s.feed, s.reads, s.writes} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	return err
}
