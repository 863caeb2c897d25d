package memory

import (
	"context"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.ImportRepository = (*ImportRepository)(nil)

// ImportRepository implements ports.ImportRepository.
type ImportRepository struct{ users *UserRepository }

// NewImportRepository returns the repository that imports into users.
func NewImportRepository(users *UserRepository) *ImportRepository { return &ImportRepository{users} }

// Import implements ports.ImportRepository.
func (r *ImportRepository) Import(ctx context.Context, user domain.WeChatUser) (stored bool, err error) {
	if err := alive(ctx); err != nil {
		return false, err
	}
	user.CreatedAt, user.LastLoginAt = user.CreatedAt.UTC(), user.LastLoginAt.UTC()
	user.FirstLoginAt = time.Time{}
	user.NicknameAt, user.AvatarAt = user.NicknameAt.UTC(), user.AvatarAt.UTC()
	key := user.Identity.Key()

	r.users.mu.Lock()
	defer r.users.mu.Unlock()
	if _, known := r.users.byIdentity[key]; known {
		return false, nil
	}
	r.users.byIdentity[key] = &user
	r.users.byID.add(user.ID, key)
	return true, nil
}
