package sqlite

import (
	"context"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.DeletionRepository = (*DeletionRepository)(nil)

const (
	// As with a ban, the lesser of NULL and anything is NULL.
	scheduleDeletion = `UPDATE users SET delete_at = min(coalesce(delete_at, ?1), ?1) WHERE user_id = ?2`

	// The plus keeps the index on user_id out of it: few of all are marked.
	findDue = `SELECT user_id FROM users WHERE delete_at <= ?1
		GROUP BY +user_id ORDER BY min(delete_at), user_id LIMIT ?2`

	erase = `DELETE FROM users WHERE user_id = ?1 AND delete_at <= ?2`
)

// DeletionRepository implements ports.DeletionRepository. A minute or two after it
// erased someone nothing of that can be read in the file or in the log beside it.
type DeletionRepository struct{ store *Store }

// NewDeletionRepository returns what lets the users in store leave.
func NewDeletionRepository(store *Store) *DeletionRepository { return &DeletionRepository{store} }

// ScheduleDeletion implements ports.DeletionRepository.
func (r *DeletionRepository) ScheduleDeletion(ctx context.Context, id domain.UserID, at time.Time) error {
	if err := r.store.changeSome(ctx, r.store.scheduleDeletion, nullMicro(at), string(id)); err != nil {
		return fmt.Errorf("sqlite: schedule deletion of user %s: %w", id, err)
	}
	return nil
}

// FindDue implements ports.DeletionRepository.
func (r *DeletionRepository) FindDue(ctx context.Context, now time.Time, limit int) ([]domain.UserID, error) {
	due, err := findAll(ctx, r.store, r.store.findDue, scanUserID, now.UnixMicro(), limit)
	if err != nil {
		return nil, fmt.Errorf("sqlite: find users to erase: %w", err)
	}
	return due, nil
}

func scanUserID(from row) (id domain.UserID, err error) { return id, from.Scan(&id) }

// Erase implements ports.DeletionRepository.
func (r *DeletionRepository) Erase(ctx context.Context, id domain.UserID, now time.Time) error {
	if err := r.store.remove(ctx, r.store.erase, string(id), now.UnixMicro()); err != nil {
		return fmt.Errorf("sqlite: erase user %s: %w", id, err)
	}
	return nil
}
