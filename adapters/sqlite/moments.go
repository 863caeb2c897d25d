package sqlite

import (
	"database/sql"
	"fmt"
	"time"
)

// micro is a time as it is stored. A zero one is 0.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// nullMicro is a time as it is stored where a zero one is NULL.
func nullMicro(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: micro(t), Valid: !t.IsZero()}
}

// fromMicro is the time that was stored.
func fromMicro(n int64) time.Time { return time.UnixMicro(n).UTC() }

// moment reads a time that may be zero, by either of the two.
type moment struct{ into *time.Time }

// Scan implements sql.Scanner.
func (m moment) Scan(from any) error {
	switch n := from.(type) {
	case nil:
		*m.into = time.Time{}
	case int64:
		*m.into = time.Time{}
		if n != 0 {
			*m.into = fromMicro(n)
		}
	default:
		return fmt.Errorf("sqlite: a time is stored as %T", from)
	}
	return nil
}
