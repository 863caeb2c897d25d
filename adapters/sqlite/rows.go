package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"wxlogin/domain"
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
	if err == nil {
		found, err = collect(rows, scan)
	}
	return found, meaning(err)
}

func collect[T any](rows *sql.Rows, scan func(row) (T, error)) (all []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
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

// changeSome does statement, and returns domain.ErrNotFound where it changed no row.
func (s *Store) changeSome(ctx context.Context, statement *sql.Stmt, args ...any) error {
	changed, err := s.change(ctx, statement, args...)
	if err == nil && changed == 0 {
		return domain.ErrNotFound
	}
	return err
}

// remove does statement, which removes what is known of someone. No copy of that is
// left in the file after the next time that it is tidied.
func (s *Store) remove(ctx context.Context, statement *sql.Stmt, args ...any) error {
	removed, err := s.change(ctx, statement, args...)
	if err != nil || removed > 0 { // it may have been done all the same
		s.wanted.Store(true)
	}
	return err
}

// changeOne does statement and returns the row that it left behind, when it is on
// disk.
func changeOne[T any](ctx context.Context, s *Store, statement *sql.Stmt, scan func(row) (T, error), args ...any) (T, error) {
	return submitted(ctx, s, func(ctx context.Context, tx *sql.Tx) (T, error) {
		return scan(tx.StmtContext(ctx, statement).QueryRowContext(ctx, args...))
	})
}

// changeAll does statement and returns the rows that it left behind, in no order,
// when they are on disk.
func changeAll[T any](ctx context.Context, s *Store, statement *sql.Stmt, scan func(row) (T, error), args ...any) ([]T, error) {
	return submitted(ctx, s, func(ctx context.Context, tx *sql.Tx) ([]T, error) {
		rows, err := tx.StmtContext(ctx, statement).QueryContext(ctx, args...)
		if err != nil {
			return nil, err
		}
		return collect(rows, scan)
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
