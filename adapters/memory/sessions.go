package memory

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.SessionRepository = (*SessionRepository)(nil)

// maxFound is the most sessions that FindLive returns.
const maxFound = 20

// SessionRepository implements ports.SessionRepository. It holds at most about
// twice as many sessions as are live at a time.
type SessionRepository struct {
	clock ports.Clock

	mu       sync.RWMutex
	byOwner  map[domain.IdentityKey]map[string]domain.Session // by slot within
	untilDue int                                              // saves before the next sweep
}

// NewSessionRepository returns an empty store. By clock it knows what has
// expired and may go.
func NewSessionRepository(clock ports.Clock) *SessionRepository {
	return &SessionRepository{clock: clock, byOwner: make(map[domain.IdentityKey]map[string]domain.Session)}
}

// Save implements ports.SessionRepository.
func (r *SessionRepository) Save(ctx context.Context, s domain.Session) error {
	if err := alive(ctx); err != nil {
		return err
	}
	s.CreatedAt, s.ExpiresAt, s.AbsoluteAt = s.CreatedAt.UTC(), s.ExpiresAt.UTC(), s.AbsoluteAt.UTC()

	r.mu.Lock()
	defer r.mu.Unlock()
	if r.untilDue--; r.untilDue < 0 {
		r.sweep(r.clock.Now())
	}
	slots, known := r.byOwner[s.Identity]
	if !known {
		slots = make(map[string]domain.Session, 1)
		r.byOwner[s.Identity] = slots
	}
	slots[s.Slot()] = s
	return nil
}

// sweep removes what has expired. The next sweep is due after as many saves as
// sessions were left by this one, so that a save pays for looking at one.
func (r *SessionRepository) sweep(now time.Time) {
	r.untilDue = 0
	for owner, slots := range r.byOwner {
		for slot, s := range slots {
			if !s.Live(now) {
				delete(slots, slot)
			}
		}
		if len(slots) == 0 {
			delete(r.byOwner, owner)
		}
		r.untilDue += len(slots)
	}
}

// FindLive implements ports.SessionRepository.
func (r *SessionRepository) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	found := r.live(owner, now)
	slices.SortFunc(found, func(a, b domain.Session) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	return found[:min(len(found), maxFound)], nil
}

func (r *SessionRepository) live(owner domain.IdentityKey, now time.Time) []domain.Session {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var found []domain.Session
	for _, s := range r.byOwner[owner] {
		if s.Live(now) {
			found = append(found, s)
		}
	}
	return found
}
