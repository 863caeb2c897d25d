package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

const (
	sweepEach  = time.Minute
	sweepBound = 30 * time.Second
)

// startSweeps removes what has expired now, and then each minute until Close.
func (s *Store) startSweeps(ctx context.Context) {
	// A start's context ends with the start.
	ctx, s.endSweeps = context.WithCancel(context.WithoutCancel(ctx))
	s.sweeps.Go(func() {
		due := time.NewTicker(sweepEach)
		defer due.Stop()
		for ctx.Err() == nil {
			s.sweep(ctx)
			select {
			case <-ctx.Done():
			case <-due.C:
			}
		}
	})
}

// sweep removes what has expired. What it cannot do the next one does: no session
// and no revocation is returned that has, removed or not, and a claim that has
// helps nobody.
func (s *Store) sweep(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, sweepBound)
	defer cancel()
	now := upTo{s.clock.Now()}
	s.sweepOut(ctx, s.sessions, endedBy{now})
	s.sweepOut(ctx, s.claims, endedBy{now})
	s.sweepOut(ctx, s.revocations, revocationsOver{now})
}

func (s *Store) sweepOut(ctx context.Context, of *mongo.Collection, expired any) {
	gone, err := of.DeleteMany(ctx, expired)
	switch {
	case err == nil:
		s.log.DebugContext(ctx, "mongodb: expired documents removed", "collection", of.Name(), "count", gone.DeletedCount)
	case ctx.Err() == nil:
		s.log.WarnContext(ctx, "mongodb: expired documents not removed", "collection", of.Name(), "error", err)
	}
}
