package memory

import (
	"context"
	"sync"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.RevocationLog = (*RevocationLog)(nil)

// RevocationLog implements ports.RevocationLog. It holds at most about twice as
// many revocations as still matter.
type RevocationLog struct {
	clock ports.Clock

	mu       sync.Mutex
	all      map[string]domain.Revocation
	untilDue int // records before the next sweep
}

// NewRevocationLog returns an empty log. By clock it knows what has ended and may
// go.
func NewRevocationLog(clock ports.Clock) *RevocationLog {
	return &RevocationLog{clock: clock, all: make(map[string]domain.Revocation)}
}

// Record implements ports.RevocationLog.
func (r *RevocationLog) Record(ctx context.Context, revocations ...domain.Revocation) error {
	if err := alive(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range revocations {
		if r.untilDue--; r.untilDue < 0 {
			r.sweep(r.clock.Now())
		}
		old := r.all[v.Key()]
		v.At, v.Until = later(v.At, old.At), later(v.Until, old.Until)
		r.all[v.Key()] = v
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a.UTC()
	}
	return b
}

func (r *RevocationLog) sweep(now time.Time) {
	for id, v := range r.all {
		if !now.Before(v.Until) {
			delete(r.all, id)
		}
	}
	r.untilDue = len(r.all)
}

// FindSince implements ports.RevocationLog.
func (r *RevocationLog) FindSince(ctx context.Context, since, now time.Time) ([]domain.Revocation, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []domain.Revocation
	for _, v := range r.all {
		if !v.At.Before(since) && now.Before(v.Until) {
			found = append(found, v)
		}
	}
	return found, nil
}
