package sqlite

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.ImportRepository = (*ImportRepository)(nil)

const importUser = `INSERT INTO users (identity, user_id, app_id, open_id, union_id, nickname, nickname_at,
		avatar_url, avatar_at, created_at, last_login_at, first_login_at)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
	ON CONFLICT (identity) DO NOTHING`

// ImportRepository implements ports.ImportRepository.
type ImportRepository struct{ store *Store }

// NewImportRepository returns the repository that imports into store.
func NewImportRepository(store *Store) *ImportRepository { return &ImportRepository{store} }

// Import implements ports.ImportRepository.
func (r *ImportRepository) Import(ctx context.Context, user domain.WeChatUser) (stored bool, err error) {
	changed, err := r.store.change(ctx, r.store.importUser,
		string(user.Identity.Key()),
		string(user.ID),
		string(user.Identity.AppID),
		string(user.Identity.OpenID),
		string(user.Identity.UnionID),
		user.Profile.Nickname,
		micro(user.NicknameAt),
		user.Profile.AvatarURL,
		micro(user.AvatarAt),
		micro(user.CreatedAt),
		micro(user.LastLoginAt),
	)
	if err != nil {
		return false, fmt.Errorf("sqlite: import user: %w", err)
	}
	return changed == 1, nil
}
