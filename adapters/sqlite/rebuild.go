package sqlite

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

const (
	// rebuildEvery is how often the file is rebuilt at the most, and rebuildBytes the
	// largest that is: writes wait for it, about a second for each 100 MB.
	rebuildEvery = time.Hour
	rebuildBytes = 64 << 20
)

// rebuilder remembers whether the file has to be rebuilt.
//
// SQLite overwrites a row that is removed (secure_delete), but not the copies of it
// that it left behind when it moved the row to another page to keep a tree in
// balance: of a few hundred users who are erased one can still be read in the space
// between the rows of others. In a file that is built anew (VACUUM) there is none. A
// larger one is left to the operator, who knows when nobody logs in.
type rebuilder struct {
	wanted atomic.Bool
	last   time.Time // of which only the writer knows
}

// rebuild builds the file anew, if somebody was removed, and it may be done now. It
// is put off to the next time where others are in the way.
func (s *Store) rebuild(ctx context.Context, now time.Time) error {
	if !s.wanted.Load() || now.Sub(s.last) < rebuildEvery {
		return nil
	}
	var size int64
	const sizeOf = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
	if err := s.writes.QueryRowContext(ctx, sizeOf).Scan(&size); err != nil || size > rebuildBytes {
		return err
	}
	s.wanted.Store(false)
	if err := s.alone(ctx, "VACUUM"); err != nil {
		s.wanted.Store(true)
		return err
	}
	s.last = now
	return nil
}

// alone does a command that waits for others only briefly. Whoever keeps an older
// state of the database, to copy it perhaps, must not keep the writer too.
func (s *Store) alone(ctx context.Context, command string) error {
	conn, err := s.writes.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err = conn.ExecContext(ctx, fmt.Sprint("PRAGMA busy_timeout = ", patience)); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, command)
	if _, again := conn.ExecContext(ctx, fmt.Sprint("PRAGMA busy_timeout = ", busyTimeout)); again != nil {
		return again
	}
	return err
}
