// Package revocations tells which sessions ended before their access tokens,
// without a look into the store: each replica follows the log of revocations and
// remembers those that still matter.
package revocations

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// A replica learns of a revocation within the two seconds that ports.Revocations
// promises: a read begins each second and ends before the next.
const (
	readEach  = time.Second
	readBound = 900 * time.Millisecond
	lateBound = 5 * time.Second // for a feed that is not current
	// overlap is how much of what was read already is read again. A revocation
	// carries the time of the replica that made it, whose clock may be 30 s behind,
	// and may show in the log another 30 s after that.
	overlap = time.Minute
	// Everything is read again now and then, for revocations by clocks that differ
	// by more.
	readAllEach  = 2 * time.Minute
	readAllBound = 20 * time.Second
	// startBound is how long a start waits for the store.
	startBound = 5 * time.Second
	// staleAfter is the age of the last good read from which on the feed does not
	// count as current. Read by read the age comes to 2 s where the store is slow,
	// and to 3 s where one read in between failed.
	staleAfter = 3 * time.Second
	// maxKnown bounds the memory to 84 MB. With access tokens of 15 minutes it takes
	// a thousand logouts a second to get there.
	maxKnown = 1_000_000
)

// Feed implements ports.Revocations and ports.RevocationProbe. A store that is
// down leaves it with what it knows.
type Feed struct {
	store ports.RevocationLog
	clock ports.Clock
	log   *slog.Logger
	known *known
	users *users

	state struct {
		sync.Mutex
		readAt time.Time // when the last good read began; zero: all was never read
		stale  bool      // the log says so
	}
	crowded atomic.Bool // the log says so

	loops sync.WaitGroup
	end   context.CancelFunc
}

var (
	_ ports.Revocations     = (*Feed)(nil)
	_ ports.RevocationProbe = (*Feed)(nil)
)

// NewFeed makes a feed that knows nothing before Start.
func NewFeed(store ports.RevocationLog, clock ports.Clock, log *slog.Logger) *Feed {
	return &Feed{store: store, clock: clock, log: log, known: newKnown(maxKnown), users: newUsers()}
}

// Start reads all revocations and follows the log from then on. Where the store
// does not answer, the feed starts all the same and is not current.
func (f *Feed) Start(ctx context.Context) error {
	f.note(ctx, f.read(ctx, time.Time{}, startBound))
	ctx, f.end = context.WithCancel(context.WithoutCancel(ctx))
	f.loops.Go(func() { each(ctx, readEach, f.readRecent) })
	f.loops.Go(func() { each(ctx, readAllEach, f.readAll) })
	return nil
}

// Stop ends the reading, and waits for it until ctx ends. What is known stays so.
func (f *Feed) Stop(ctx context.Context) error {
	if f.end == nil {
		return nil
	}
	f.end()
	ended := make(chan struct{})
	go func() { f.loops.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("revocations: %w", ctx.Err())
	}
}

// Revoke implements ports.Revocations.
func (f *Feed) Revoke(ctx context.Context, revocations ...domain.Revocation) error {
	if err := f.store.Record(ctx, revocations...); err != nil {
		return fmt.Errorf("revocations: %w", err)
	}
	f.learn(ctx, revocations)
	return nil
}

// Revoked implements ports.Revocations.
func (f *Feed) Revoked(id domain.SessionID) bool { return f.known.has(id) }

// RevokedBefore implements ports.Revocations.
func (f *Feed) RevokedBefore(user domain.UserID) time.Time { return f.users.before(user) }

// RevocationState implements ports.RevocationProbe.
func (f *Feed) RevocationState() ports.RevocationState {
	f.state.Lock()
	readAt := f.state.readAt
	f.state.Unlock()
	return ports.RevocationState{
		Current: !readAt.IsZero() && f.clock.Now().Sub(readAt) <= staleAfter,
		Known:   f.known.size() + f.users.size(),
		ReadAt:  readAt,
	}
}
