package sqlite

import (
	"context"
	"database/sql"
	"time"
)

// statements are all that the store does, prepared once.
type statements struct {
	recordLogin, setBan, assign, findUser, findByIdentity     *sql.Stmt
	findAvatar, changeProfile, clearProfile, findByPhone      *sql.Stmt
	scheduleDeletion, findDue, erase                          *sql.Stmt
	claimUnion, replaceUnion, releaseUnions, importUser       *sql.Stmt
	appendEntry, findEntries, findEntriesOf                   *sql.Stmt
	saveSession, deleteSessions, setKey, findLive, findLiveOf *sql.Stmt
	findByFamily, findByLogin, renew                          *sql.Stmt
	claim, findClaim                                          *sql.Stmt
	recordRevocations, findRevocations                        *sql.Stmt
	sweeps                                                    [len(sweeps)]*sql.Stmt
}

// sweeps each remove some rows that ended before a time.
var sweeps = [...]string{sweepSessions, sweepClaims, sweepRevocations}

// unprepared is what is to become a statement.
type unprepared struct {
	statement **sql.Stmt
	db        *sql.DB
	query     string
}

func (s *statements) prepare(ctx context.Context, writes, reads, feed *sql.DB) (err error) {
	all := append(s.ofUsers(writes, reads), s.ofSessions(writes, reads, feed)...)
	for i, query := range sweeps {
		all = append(all, unprepared{&s.sweeps[i], writes, query})
	}
	for _, p := range all {
		if *p.statement, err = p.db.PrepareContext(ctx, p.query); err != nil {
			return err
		}
	}
	return nil
}

func (s *statements) ofUsers(writes, reads *sql.DB) []unprepared {
	return []unprepared{
		{&s.recordLogin, writes, recordLogin},
		{&s.importUser, writes, importUser},
		{&s.setBan, writes, setBan},
		{&s.assign, writes, assign},
		{&s.findUser, reads, findUser},
		{&s.findByIdentity, reads, findByIdentity},
		{&s.findAvatar, writes, findAvatar},
		{&s.changeProfile, writes, changeProfile},
		{&s.clearProfile, writes, clearProfile},
		{&s.findByPhone, reads, findByPhone},
		{&s.scheduleDeletion, writes, scheduleDeletion},
		{&s.findDue, reads, findDue},
		{&s.erase, writes, erase},
		{&s.claimUnion, writes, claimUnion},
		{&s.replaceUnion, writes, replaceUnion},
		{&s.releaseUnions, writes, releaseUnions},
		{&s.appendEntry, writes, appendEntry},
		{&s.findEntries, reads, findEntries},
		{&s.findEntriesOf, reads, findEntriesOf},
	}
}

func (s *statements) ofSessions(writes, reads, feed *sql.DB) []unprepared {
	return []unprepared{
		{&s.saveSession, writes, saveSession},
		{&s.deleteSessions, writes, deleteSessions},
		{&s.setKey, writes, setKey},
		{&s.findLive, reads, findLive},
		{&s.findLiveOf, reads, findLiveOf},
		{&s.findByFamily, reads, findByFamily},
		{&s.findByLogin, reads, findByLogin},
		{&s.renew, writes, renew},
		{&s.claim, writes, claim},
		{&s.findClaim, reads, findClaim},
		{&s.recordRevocations, writes, recordRevocations},
		{&s.findRevocations, feed, findRevocations},
	}
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
