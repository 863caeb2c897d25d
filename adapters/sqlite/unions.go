package sqlite

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.UnionRepository = (*UnionRepository)(nil)

const (
	// An update that changes nothing, for the claim that stands to be returned.
	claimUnion = `INSERT INTO union_claims (union_id, user_id, disputed) VALUES (?, ?, ?)
		ON CONFLICT (union_id) DO UPDATE SET user_id = user_id
		RETURNING union_id, user_id, disputed`

	replaceUnion = `UPDATE union_claims SET user_id = ?, disputed = ?
		WHERE union_id = ? AND user_id = ? AND disputed = ?`

	releaseUnions = `DELETE FROM union_claims WHERE user_id = ?`
)

// UnionRepository implements ports.UnionRepository.
type UnionRepository struct{ store *Store }

// NewUnionRepository returns the claims on UnionIDs in store.
func NewUnionRepository(store *Store) *UnionRepository { return &UnionRepository{store} }

// ClaimUnion implements ports.UnionRepository.
func (r *UnionRepository) ClaimUnion(ctx context.Context, claim domain.UnionClaim) (domain.UnionClaim, error) {
	standing, err := changeOne(ctx, r.store, r.store.claimUnion, scanUnion,
		string(claim.Union), string(claim.UserID), claim.Disputed)
	if err != nil {
		return domain.UnionClaim{}, fmt.Errorf("sqlite: claim union: %w", err)
	}
	return standing, nil
}

// ReplaceUnion implements ports.UnionRepository.
func (r *UnionRepository) ReplaceUnion(ctx context.Context, standing, next domain.UnionClaim) (bool, error) {
	replaced, err := r.store.change(ctx, r.store.replaceUnion,
		string(next.UserID), next.Disputed, string(standing.Union), string(standing.UserID), standing.Disputed)
	if err != nil {
		return false, fmt.Errorf("sqlite: replace union: %w", err)
	}
	return replaced == 1, nil
}

// ReleaseUnions implements ports.UnionRepository.
func (r *UnionRepository) ReleaseUnions(ctx context.Context, id domain.UserID) error {
	if err := r.store.remove(ctx, r.store.releaseUnions, string(id)); err != nil {
		return fmt.Errorf("sqlite: release unions of user %s: %w", id, err)
	}
	return nil
}

func scanUnion(from row) (c domain.UnionClaim, err error) {
	if err = from.Scan(&c.Union, &c.UserID, &c.Disputed); err != nil {
		return domain.UnionClaim{}, err
	}
	return c, nil
}
