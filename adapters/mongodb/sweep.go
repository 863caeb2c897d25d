package mongodb

import (
	"context"
	"time"
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

// sweep removes expired sessions. What it cannot do the next one does: nothing
// that has expired is ever returned, removed or not.
func (s *Store) sweep(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, sweepBound)
	defer cancel()
	gone, err := s.sessions.DeleteMany(ctx, sessionsEnded{until{s.clock.Now()}})
	switch {
	case err == nil:
		s.log.DebugContext(ctx, "mongodb: expired sessions removed", "count", gone.DeletedCount)
	case ctx.Err() == nil:
		s.log.WarnContext(ctx, "mongodb: expired sessions not removed", "error", err)
	}
}
