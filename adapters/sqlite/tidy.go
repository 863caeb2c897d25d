package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// patience is how long alone waits for others, in milliseconds.
const patience = 100

// tidied tidies once, and reports whether there is more to do soon. What fails is put
// off to the next time and told to the log, each time: no caller waits for it, and
// until it is mended who was erased may stay readable.
func (s *Store) tidied(ctx context.Context, now time.Time) (more bool) {
	more, err := s.tidy(ctx, now)
	if err != nil {
		s.log.WarnContext(ctx, "the store cannot be tidied: what was erased may still be readable in its files", "directory", s.dir, "cause", err)
	}
	return more
}

// tidy does what no caller waits for: it removes what has ended, a little at a time,
// and when that is done rebuilds the file where that is due, and empties the log. It
// reports whether there is more to do soon. Of these none is left undone because
// another failed.
func (s *Store) tidy(ctx context.Context, now time.Time) (more bool, err error) {
	err = within(ctx, s.writes, func(tx *sql.Tx) (err error) {
		more, err = s.sweep(ctx, tx, now)
		return err
	})
	if err == nil && more {
		return true, nil
	}
	return false, errors.Join(err, s.rebuild(ctx, now), s.emptyLog(ctx))
}

// emptyLog brings what is in the write-ahead log into the file, and cuts the log off
// at its beginning. SQLite itself only overwrites the log bit by bit, and in a quiet
// hour not at all: what was removed or replaced would stay readable there. Where
// others are in the way it is put off until the next time.
func (s *Store) emptyLog(ctx context.Context) error {
	return s.alone(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}
