package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"

	sqlite3 "modernc.org/sqlite/lib"

	"wxlogin/domain"
)

// outages are SQLite's result codes for a database that cannot be used just now,
// through no fault of the statement.
var outages = []int{
	sqlite3.SQLITE_BUSY,
	sqlite3.SQLITE_LOCKED,
	sqlite3.SQLITE_NOMEM,
	sqlite3.SQLITE_READONLY,
	sqlite3.SQLITE_INTERRUPT,
	sqlite3.SQLITE_IOERR,
	sqlite3.SQLITE_CORRUPT,
	sqlite3.SQLITE_FULL,
	sqlite3.SQLITE_CANTOPEN,
	sqlite3.SQLITE_PROTOCOL,
	sqlite3.SQLITE_NOTADB,
}

// meaning translates the driver's errors and keeps them as the cause. One that is
// not listed is our own mistake and stays what it is.
func meaning(err error) error {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return domain.ErrNotFound
	case outage(err):
		return unavailable(err)
	}
	return err
}

func outage(err error) bool {
	for _, gone := range []error{context.Canceled, context.DeadlineExceeded, sql.ErrConnDone, driver.ErrBadConn} {
		if errors.Is(err, gone) {
			return true
		}
	}
	var coded interface{ Code() int }
	// The low byte is the code, the others say more about it.
	return errors.As(err, &coded) && slices.Contains(outages, coded.Code()&0xff)
}

// unavailable is err, if there is one, as an outage.
func unavailable(err error) error {
	if err == nil || errors.Is(err, domain.ErrStoreUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", domain.ErrStoreUnavailable, err)
}
