package memory

import (
	"context"
	"maps"
	"sync"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.UnionRepository = (*UnionRepository)(nil)

// UnionRepository implements ports.UnionRepository.
type UnionRepository struct {
	mu     sync.Mutex
	claims map[domain.UnionID]domain.UnionClaim
}

// NewUnionRepository returns an empty store.
func NewUnionRepository() *UnionRepository {
	return &UnionRepository{claims: make(map[domain.UnionID]domain.UnionClaim)}
}

// ClaimUnion implements ports.UnionRepository.
func (r *UnionRepository) ClaimUnion(ctx context.Context, claim domain.UnionClaim) (domain.UnionClaim, error) {
	if err := alive(ctx); err != nil {
		return domain.UnionClaim{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if standing, ok := r.claims[claim.Union]; ok {
		return standing, nil
	}
	r.claims[claim.Union] = claim
	return claim, nil
}

// ReplaceUnion implements ports.UnionRepository.
func (r *UnionRepository) ReplaceUnion(ctx context.Context, standing, next domain.UnionClaim) (bool, error) {
	if err := alive(ctx); err != nil {
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if there, ok := r.claims[standing.Union]; !ok || there != standing {
		return false, nil
	}
	r.claims[standing.Union] = next
	return true, nil
}

// ReleaseUnions implements ports.UnionRepository. It looks at every claim.
func (r *UnionRepository) ReleaseUnions(ctx context.Context, id domain.UserID) error {
	if err := alive(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.claims, func(_ domain.UnionID, claim domain.UnionClaim) bool { return claim.UserID == id })
	return nil
}
