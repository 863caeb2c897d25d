package sqlite

import (
	"context"
	"database/sql"
	"time"
)

// statements are all that the store does, prepared once.
type statements struct {
	recordLogin, setBan, findUser                     *sql.Stmt
	saveSession, deleteSessions, findLive, findLiveOf *sql.Stmt
	findByFamily, findByLogin, renew                  *sql.Stmt
	claim, findClaim                                  *sql.Stmt
	recordRevocations, findRevocations                *sql.Stmt
	sweeps                                            [len(sweeps)]*sql.Stmt
}

// sweeps each remove some rows that ended before a time.
var sweeps = [...]string{sweepSessions, sweepClaims, sweepRevocations}

func (s *statements) prepare(ctx context.Context, writes, reads, feed *sql.DB) (err error) {
	for _, p := range []struct {
		statement **sql.Stmt
		db        *sql.DB
		query     string
	}{
		{&s.recordLogin, writes, recordLogin},
		{&s.setBan, writes, setBan},
		{&s.findUser, reads, findUser},
		{&s.saveSession, writes, saveSession},
		{&s.deleteSessions, writes, deleteSessions},
		{&s.findLive, reads, findLive},
		{&s.findLiveOf, reads, findLiveOf},
		{&s.findByFamily, reads, findByFamily},
		{&s.findByLogin, reads, findByLogin},
		{&s.renew, writes, renew},
		{&s.claim, writes, claim},
		{&s.findClaim, reads, findClaim},
		{&s.recordRevocations, writes, recordRevocations},
		{&s.findRevocations, feed, findRevocations},
	} {
		if *p.statement, err = p.db.PrepareContext(ctx, p.query); err != nil {
			return err
		}
	}
	for i, query := range sweeps {
		if s.sweeps[i], err = writes.PrepareContext(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes what has ended at now, a batch of each kind, and reports whether
// there may be more.
func (s *statements) sweep(ctx context.Context, tx *sql.Tx, now time.Time) (more bool, err error) {
	for _, statement := range s.sweeps {
		done, err := tx.StmtContext(ctx, statement).ExecContext(ctx, now.UnixMicro(), sweepBatch)
		if err != nil {
			return false, err
		}
		removed, err := done.RowsAffected()
		if err != nil {
			return false, err
		}
		more = more || removed == sweepBatch
	}
	return more, nil
}
