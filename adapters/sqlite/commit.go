package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"wxlogin/domain"
)

// commit does batch in one transaction and answers each write in it: with its own
// error if it has one, else with what became of the transaction. No answer is
// given before the transaction's end.
func commit(db *sql.DB, batch []*write) {
	err := unavailable(transact(context.Background(), db, batch))
	for _, job := range batch {
		if job.err == nil {
			job.err = err
		}
		job.done <- job.err
	}
}

// transact is never interrupted by a caller: others are in the same transaction.
func transact(ctx context.Context, db *sql.DB, batch []*write) error {
	return within(ctx, db, func(tx *sql.Tx) error {
		for _, job := range batch {
			if job.err = meaning(job.ctx.Err()); job.err != nil {
				continue // nobody waits for it
			}
			job.err = meaning(job.apply(ctx, tx))
			if errors.Is(job.err, domain.ErrStoreUnavailable) {
				return job.err // SQLite may have given up the whole transaction
			}
		}
		return nil
	})
}

// within does apply in one transaction, which comes to nothing if it fails.
func within(ctx context.Context, db *sql.DB, apply func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := apply(tx); err != nil {
		return err
	}
	return tx.Commit()
}
