package sqlite

import (
	"context"
	"database/sql"
	"time"

	"modernc.org/sqlite"

	"wxlogin/domain"
)

// Meaning is meaning, and Migrator is migrator.
var (
	Meaning  = meaning
	Migrator = migrator
)

// Submit is a write that does apply.
func (s *Store) Submit(ctx context.Context, apply func(context.Context, *sql.Tx) error) error {
	return s.writer.submit(ctx, apply)
}

// SaveIn stores a session as Save does, in a transaction of the caller's.
func (s *Store) SaveIn(ctx context.Context, tx *sql.Tx, session domain.Session) error {
	_, err := tx.StmtContext(ctx, s.saveSession).ExecContext(ctx, fields(session)...)
	return err
}

// Writes is the writer's own connection.
func (s *Store) Writes() *sql.DB { return s.writes }

// Reads is the requests' pool of readers, Feed is the feed's.
func (s *Store) Reads() *sql.DB { return s.reads }
func (s *Store) Feed() *sql.DB  { return s.feed }

// Waiting is how many writes wait for the writer.
func (s *Store) Waiting() int { return len(s.writer.queue) }

// MaxWaiting is how many writes may.
const MaxWaiting = maxWaiting

// OnCommit calls fn at each commit of the writer.
func (s *Store) OnCommit(ctx context.Context, fn func()) error {
	conn, err := s.writes.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return conn.Raw(func(raw any) error {
		raw.(sqlite.HookRegisterer).RegisterCommitHook(func() int32 { fn(); return 0 })
		return nil
	})
}

// Statements of which the way that they take matters.
const (
	FindRevocations = findRevocations
	FindDue         = findDue
	FindByPhone     = findByPhone
	FindEntries     = findEntries
	FindEntriesOf   = findEntriesOf
	FindLiveOf      = findLiveOf
	DeleteSessions  = deleteSessions
)

// ScanTime reads a time as it is stored.
func ScanTime(from any) (at time.Time, err error) { return at, moment{&at}.Scan(from) }

// Statements are all that the store does on its tables.
var Statements = append([]string{
	recordLogin, setBan, assign, findUser, findByIdentity,
	findAvatar, changeProfile, clearProfile, findByPhone,
	scheduleDeletion, findDue, erase,
	claimUnion, replaceUnion, releaseUnions,
	appendEntry, findEntries, findEntriesOf,
	saveSession, deleteSessions, setKey, findLive, findLiveOf,
	findByFamily, findByLogin, renew, claim, findClaim,
	recordRevocations, findRevocations,
}, sweeps[:]...)
