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

// The most sessions that FindLive and FindLiveOf return.
const (
	maxFound   = 20
	maxFoundOf = 200
)

// SessionRepository implements ports.SessionRepository. It holds at most about
// twice as many sessions as are live at a time.
type SessionRepository struct {
	clock ports.Clock

	mu       sync.RWMutex
	bySlot   map[string]domain.Session
	byOwner  index[domain.IdentityKey, string]
	byUser   index[domain.UserID, string]
	byFamily map[domain.RefreshFamily]string
	byLogin  map[domain.LoginKey]string
	untilDue int // saves before the next sweep
}

// NewSessionRepository returns an empty store. By clock it knows what has
// expired and may go.
func NewSessionRepository(clock ports.Clock) *SessionRepository {
	return &SessionRepository{
		clock:    clock,
		bySlot:   make(map[string]domain.Session),
		byOwner:  make(index[domain.IdentityKey, string]),
		byUser:   make(index[domain.UserID, string]),
		byFamily: make(map[domain.RefreshFamily]string),
		byLogin:  make(map[domain.LoginKey]string),
	}
}

// Save implements ports.SessionRepository.
func (r *SessionRepository) Save(ctx context.Context, s domain.Session) error {
	if err := alive(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.untilDue--; r.untilDue < 0 {
		r.sweep(r.clock.Now())
	}
	if old := r.bySlot[s.Slot()]; s.Key == "" && old.Live(s.CreatedAt) {
		s.Key = old.Key
	}
	r.remove(s.Slot())
	r.put(s)
	return nil
}

// put stores s in its slot, which is empty.
func (r *SessionRepository) put(s domain.Session) {
	s.CreatedAt, s.ExpiresAt, s.AbsoluteAt = s.CreatedAt.UTC(), s.ExpiresAt.UTC(), s.AbsoluteAt.UTC()
	s.RotatedAt = s.RotatedAt.UTC()
	slot := s.Slot()
	r.bySlot[slot] = s
	r.byOwner.add(s.Identity, slot)
	r.byUser.add(s.UserID, slot)
	if s.Family != "" {
		r.byFamily[s.Family] = slot
	}
	if s.Retry.Key != "" {
		r.byLogin[s.Retry.Key] = slot
	}
}

// remove empties a slot, if there is anything in it.
func (r *SessionRepository) remove(slot string) {
	s, ok := r.bySlot[slot]
	if !ok {
		return
	}
	delete(r.bySlot, slot)
	r.byOwner.remove(s.Identity, slot)
	r.byUser.remove(s.UserID, slot)
	if r.byFamily[s.Family] == slot {
		delete(r.byFamily, s.Family)
	}
	if r.byLogin[s.Retry.Key] == slot {
		delete(r.byLogin, s.Retry.Key)
	}
}

// sweep removes what has expired. The next sweep is due after as many saves as
// sessions were left by this one, so that a save pays for looking at one.
func (r *SessionRepository) sweep(now time.Time) {
	for slot, s := range r.bySlot {
		if !s.Live(now) {
			r.remove(slot)
		}
	}
	r.untilDue = len(r.bySlot)
}

// FindLive implements ports.SessionRepository.
func (r *SessionRepository) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.newest(r.byOwner[owner], maxFound, func(s domain.Session) bool { return s.Live(now) && s.Key != "" }), nil
}

// FindLiveOf implements ports.SessionRepository.
func (r *SessionRepository) FindLiveOf(ctx context.Context, user domain.UserID, now time.Time, ids ...domain.SessionID) ([]domain.Session, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.newest(r.byUser[user], maxFoundOf, func(s domain.Session) bool {
		return s.Live(now) && (len(ids) == 0 || slices.Contains(ids, s.ID))
	}), nil
}

// newest returns those of the sessions in some slots that are wanted, newest first,
// at most so many.
func (r *SessionRepository) newest(in map[string]struct{}, most int, wanted func(domain.Session) bool) []domain.Session {
	var found []domain.Session
	for slot := range in {
		if s := r.bySlot[slot]; wanted(s) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b domain.Session) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	return found[:min(len(found), most)]
}

// Delete implements ports.SessionRepository.
func (r *SessionRepository) Delete(ctx context.Context, user domain.UserID, ids ...domain.SessionID) error {
	if err := alive(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for slot := range r.byUser[user] {
		if slices.Contains(ids, r.bySlot[slot].ID) {
			r.remove(slot)
		}
	}
	return nil
}

// SetKey implements ports.SessionRepository.
func (r *SessionRepository) SetKey(ctx context.Context, s domain.Session, key domain.SealedKey) error {
	if err := alive(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if stored, ok := r.bySlot[s.Slot()]; ok && stored.ID == s.ID {
		stored.Key = key
		r.bySlot[s.Slot()] = stored
	}
	return nil
}
