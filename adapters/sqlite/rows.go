package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// row is what a statement returned, one row of it.
type row interface{ Scan(into ...any) error }

// find returns the row that statement finds, or domain.ErrNotFound.
func find[T any](ctx context.Context, s *Store, statement *sql.Stmt, scan func(row) (T, error), args ...any) (found T, err error) {
	if err := s.writer.working(); err != nil {
		return found, err
	}
	found, err = scan(statement.QueryRowContext(ctx, args...))
	return found, meaning(err)
}

// findAll returns the rows that statement finds, in its order.
func findAll[T any](ctx context.Context, s *Store, statement *sql.Stmt, scan func(row) (T, error), args ...any) (found []T, err error) {
	if err := s.writer.working(); err != nil {
		return nil, err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return nil, meaning(err)
	}
	defer func() { err = meaning(errors.Join(err, rows.Close())) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}

// change does statement and returns how many rows it changed, when they are on
// disk.
func (s *Store) change(ctx context.Context, statement *sql.Stmt, args ...any) (int64, error) {
	return submitted(ctx, s, func(ctx context.Context, tx *sql.Tx) (int64, error) {
		done, err := tx.StmtContext(ctx, statement).ExecContext(ctx, args...)
		if err != nil {
			return 0, err
		}
		return done.RowsAffected()
	})
}

// changeOne does statement and returns the row that it left behind, when it is on
// disk.
func changeOne[T any](ctx context.Context, s *Store, statement *sql.Stmt, scan func(row) (T, error), args ...any) (T, error) {
	return submitted(ctx, s, func(ctx context.Context, tx *sql.Tx) (T, error) {
		return scan(tx.StmtContext(ctx, statement).QueryRowContext(ctx, args...))
	})
}

// submitted returns what apply did, when it is on disk.
func submitted[T any](ctx context.Context, s *Store, apply func(context.Context, *sql.Tx) (T, error)) (T, error) {
	// The writer may set this after a caller whose context is over has left: only
	// where there is no error is it the caller's to read.
	var result, none T
	err := s.writer.submit(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		result, err = apply(ctx, tx)
		return err
	})
	if err != nil {
		return none, err
	}
	return result, nil
}

func fromMicro(n int64) time.Time { return time.UnixMicro(n).UTC() }
