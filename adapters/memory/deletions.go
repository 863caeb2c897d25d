package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.DeletionRepository = (*DeletionRepository)(nil)

// DeletionRepository implements ports.DeletionRepository on the identities of a
// UserRepository.
type DeletionRepository struct{ users *UserRepository }

// NewDeletionRepository returns a repository that works on users.
func NewDeletionRepository(users *UserRepository) *DeletionRepository {
	return &DeletionRepository{users}
}

// ScheduleDeletion implements ports.DeletionRepository.
func (r *DeletionRepository) ScheduleDeletion(ctx context.Context, id domain.UserID, at time.Time) error {
	_, err := r.users.changeAll(ctx, id, func(u *domain.WeChatUser) { u.DeletionAt = sooner(u.DeletionAt, at) })
	return err
}

// FindDue implements ports.DeletionRepository. It looks at every identity.
func (r *DeletionRepository) FindDue(ctx context.Context, now time.Time, limit int) ([]domain.UserID, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	r.users.mu.RLock()
	defer r.users.mu.RUnlock()
	marks := make(map[domain.UserID]time.Time)
	for _, u := range r.users.byIdentity {
		if u.DeletionDue(now) {
			marks[u.ID] = sooner(marks[u.ID], u.DeletionAt)
		}
	}
	due := make([]domain.UserID, 0, len(marks))
	for id := range marks {
		due = append(due, id)
	}
	slices.SortFunc(due, func(a, b domain.UserID) int { return cmp.Or(marks[a].Compare(marks[b]), cmp.Compare(a, b)) })
	return due[:min(len(due), limit)], nil
}

// Erase implements ports.DeletionRepository.
func (r *DeletionRepository) Erase(ctx context.Context, id domain.UserID, now time.Time) error {
	if err := alive(ctx); err != nil {
		return err
	}
	r.users.mu.Lock()
	defer r.users.mu.Unlock()
	for key := range r.users.byID[id] {
		if r.users.byIdentity[key].DeletionDue(now) {
			delete(r.users.byIdentity, key)
			r.users.byID.remove(id, key)
		}
	}
	return nil
}
