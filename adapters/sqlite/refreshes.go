package sqlite

import (
	"context"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.RefreshRepository = (*RefreshRepository)(nil)

const claimColumns = "parent, child, sealed_child, ends_at"

const (
	// That a text is not empty is said for the partial index to be used.
	findByFamily = `SELECT ` + sessionColumns + ` FROM sessions WHERE family = ?1 AND family <> ''` + isLive
	findByLogin  = `SELECT ` + sessionColumns + ` FROM sessions WHERE retry_key = ?1 AND retry_key <> ''` + isLive

	renew = `UPDATE sessions SET refresh_hash = ?, rotated_at = ?, expires_at = ?, retry_key = ?, retry_sealed = ?
		WHERE slot = ? AND session_id = ? AND refresh_hash = ?`

	// An update that changes nothing, for the claim that stands to be returned.
	claim = `INSERT INTO refresh_claims (` + claimColumns + `) VALUES (?, ?, ?, ?)
		ON CONFLICT (parent) DO UPDATE SET child = child
		RETURNING ` + claimColumns

	findClaim = `SELECT ` + claimColumns + ` FROM refresh_claims WHERE parent = ?`

	sweepClaims = `DELETE FROM refresh_claims
		WHERE parent IN (SELECT parent FROM refresh_claims WHERE ends_at <= ? LIMIT ?)`
)

// RefreshRepository implements ports.RefreshRepository.
type RefreshRepository struct{ store *Store }

// NewRefreshRepository returns what renews the sessions in store.
func NewRefreshRepository(store *Store) *RefreshRepository { return &RefreshRepository{store} }

// FindByFamily implements ports.RefreshRepository.
func (r *RefreshRepository) FindByFamily(ctx context.Context, family domain.RefreshFamily, now time.Time) (domain.Session, error) {
	s, err := find(ctx, r.store, r.store.findByFamily, scanSession, string(family), now.UnixMicro())
	if err != nil {
		return domain.Session{}, fmt.Errorf("sqlite: find session by family: %w", err)
	}
	return s, nil
}

// FindByLogin implements ports.RefreshRepository.
func (r *RefreshRepository) FindByLogin(ctx context.Context, key domain.LoginKey, now time.Time) (domain.Session, error) {
	s, err := find(ctx, r.store, r.store.findByLogin, scanSession, string(key), now.UnixMicro())
	if err != nil {
		return domain.Session{}, fmt.Errorf("sqlite: find session by login: %w", err)
	}
	return s, nil
}

// Claim implements ports.RefreshRepository.
func (r *RefreshRepository) Claim(ctx context.Context, c domain.RefreshClaim) (domain.RefreshClaim, error) {
	standing, err := changeOne(ctx, r.store, r.store.claim, scanClaim,
		string(c.Parent),
		string(c.Child),
		string(c.Sealed),
		c.EndsAt.UnixMicro(),
	)
	if err != nil {
		return domain.RefreshClaim{}, fmt.Errorf("sqlite: claim: %w", err)
	}
	return standing, nil
}

// FindClaim implements ports.RefreshRepository.
func (r *RefreshRepository) FindClaim(ctx context.Context, parent domain.RefreshHash) (domain.RefreshClaim, error) {
	c, err := find(ctx, r.store, r.store.findClaim, scanClaim, string(parent))
	if err != nil {
		return domain.RefreshClaim{}, fmt.Errorf("sqlite: find claim: %w", err)
	}
	return c, nil
}

// Renew implements ports.RefreshRepository.
func (r *RefreshRepository) Renew(ctx context.Context, s domain.Session, spent domain.RefreshHash) (bool, error) {
	renewed, err := r.store.change(ctx, r.store.renew,
		string(s.Refresh),
		micro(s.RotatedAt),
		s.ExpiresAt.UnixMicro(),
		string(s.Retry.Key),
		string(s.Retry.Refresh),
		s.Slot(),
		string(s.ID),
		string(spent),
	)
	if err != nil {
		return false, fmt.Errorf("sqlite: renew session %s: %w", s.ID, err)
	}
	return renewed == 1, nil
}

func scanClaim(from row) (c domain.RefreshClaim, err error) {
	var ends int64
	if err = from.Scan(&c.Parent, &c.Child, &c.Sealed, &ends); err != nil {
		return domain.RefreshClaim{}, err
	}
	c.EndsAt = fromMicro(ends)
	return c, nil
}
