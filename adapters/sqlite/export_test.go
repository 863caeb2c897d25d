package sqlite

import (
	"context"
	"database/sql"

	"modernc.org/sqlite"
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

// FindRevocations is findRevocations.
const FindRevocations = findRevocations

// Statements are all that the store does.
var Statements = append([]string{
	recordLogin, setBan, findUser,
	saveSession, deleteSessions, findLive, findLiveOf,
	findByFamily, findByLogin, renew, claim, findClaim,
	recordRevocations, findRevocations,
}, sweeps[:]...)
