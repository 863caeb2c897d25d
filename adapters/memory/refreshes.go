package memory

import (
	"context"
	"fmt"
	"sync"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.RefreshRepository = (*RefreshRepository)(nil)

// RefreshRepository implements ports.RefreshRepository on the sessions of a
// SessionRepository. It holds at most about twice as many claims as have not
// ended.
type RefreshRepository struct {
	sessions *SessionRepository

	mu       sync.Mutex
	claims   map[domain.RefreshHash]domain.RefreshClaim
	untilDue int // claims before the next sweep
}

// NewRefreshRepository returns a repository that works on sessions.
func NewRefreshRepository(sessions *SessionRepository) *RefreshRepository {
	return &RefreshRepository{sessions: sessions, claims: make(map[domain.RefreshHash]domain.RefreshClaim)}
}

// FindByFamily implements ports.RefreshRepository.
func (r *RefreshRepository) FindByFamily(ctx context.Context, family domain.RefreshFamily, now time.Time) (domain.Session, error) {
	return r.find(ctx, now, func() string { return r.sessions.byFamily[family] })
}

// FindByLogin implements ports.RefreshRepository.
func (r *RefreshRepository) FindByLogin(ctx context.Context, key domain.LoginKey, now time.Time) (domain.Session, error) {
	return r.find(ctx, now, func() string { return r.sessions.byLogin[key] })
}

func (r *RefreshRepository) find(ctx context.Context, now time.Time, slot func() string) (domain.Session, error) {
	if err := alive(ctx); err != nil {
		return domain.Session{}, err
	}
	r.sessions.mu.RLock()
	defer r.sessions.mu.RUnlock()
	s, ok := r.sessions.bySlot[slot()]
	if !ok || !s.Live(now) {
		return domain.Session{}, fmt.Errorf("memory: find session: %w", domain.ErrNotFound)
	}
	return s, nil
}

// Claim implements ports.RefreshRepository.
func (r *RefreshRepository) Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error) {
	if err := alive(ctx); err != nil {
		return domain.RefreshClaim{}, err
	}
	claim.EndsAt = claim.EndsAt.UTC()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.untilDue--; r.untilDue < 0 {
		r.sweep(r.sessions.clock.Now())
	}
	if standing, ok := r.claims[claim.Parent]; ok {
		return standing, nil
	}
	r.claims[claim.Parent] = claim
	return claim, nil
}

// sweep removes what has ended, as SessionRepository's does.
func (r *RefreshRepository) sweep(now time.Time) {
	for parent, claim := range r.claims {
		if !now.Before(claim.EndsAt) {
			delete(r.claims, parent)
		}
	}
	r.untilDue = len(r.claims)
}

// FindClaim implements ports.RefreshRepository.
func (r *RefreshRepository) FindClaim(ctx context.Context, parent domain.RefreshHash) (domain.RefreshClaim, error) {
	if err := alive(ctx); err != nil {
		return domain.RefreshClaim{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	claim, ok := r.claims[parent]
	if !ok {
		return domain.RefreshClaim{}, fmt.Errorf("memory: find claim: %w", domain.ErrNotFound)
	}
	return claim, nil
}

// Renew implements ports.RefreshRepository.
func (r *RefreshRepository) Renew(ctx context.Context, s domain.Session, spent domain.RefreshHash) (bool, error) {
	if err := alive(ctx); err != nil {
		return false, err
	}
	r.sessions.mu.Lock()
	defer r.sessions.mu.Unlock()
	slot := s.Slot()
	stored, ok := r.sessions.bySlot[slot]
	if !ok || stored.ID != s.ID || stored.Refresh != spent {
		return false, nil
	}
	stored.Refresh, stored.RotatedAt, stored.Retry, stored.ExpiresAt = s.Refresh, s.RotatedAt, s.Retry, s.ExpiresAt
	r.sessions.remove(slot)
	r.sessions.put(stored)
	return true, nil
}
