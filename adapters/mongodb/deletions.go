package mongodb

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.DeletionRepository = (*DeletionRepository)(nil)

// DeletionRepository implements ports.DeletionRepository.
type DeletionRepository struct {
	identities identities
}

// NewDeletionRepository returns the repository of those in s who leave.
func NewDeletionRepository(s *Store) *DeletionRepository {
	return &DeletionRepository{identitiesIn(s)}
}

// The filters are types, not maps: no value can become an operator.
type (
	usersDue struct {
		At upTo `bson:"delete_at"`
	}
	userDue struct {
		ID domain.UserID `bson:"uid"`
		At upTo          `bson:"delete_at"`
	}
)

// ScheduleDeletion implements ports.DeletionRepository.
func (r *DeletionRepository) ScheduleDeletion(ctx context.Context, id domain.UserID, at time.Time) error {
	if err := r.identities.mark(ctx, deletion(id, at)); err != nil {
		return fmt.Errorf("mongodb: schedule deletion: %w", err)
	}
	return nil
}

// FindDue implements ports.DeletionRepository.
func (r *DeletionRepository) FindDue(ctx context.Context, now time.Time, limit int) ([]domain.UserID, error) {
	due, err := r.identities.owners(ctx, usersDue{upTo{now}}, options.Find().SetSort(ascending("delete_at")), limit)
	if err != nil {
		return nil, fmt.Errorf("mongodb: find due deletions: %w", err)
	}
	return due, nil
}

// Erase implements ports.DeletionRepository.
func (r *DeletionRepository) Erase(ctx context.Context, id domain.UserID, now time.Time) error {
	due := mongo.NewDeleteManyModel().SetFilter(userDue{id, upTo{now}})
	if _, err := r.identities.update(ctx, due); err != nil {
		return fmt.Errorf("mongodb: erase user: %w", err)
	}
	return nil
}
