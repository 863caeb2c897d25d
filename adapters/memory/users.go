// Package memory keeps users and sessions in this process and nowhere else: for
// tests, and for trying the service out. It keeps every promise of its ports but
// the one about the death of the process.
package memory

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.UserRepository = (*UserRepository)(nil)

// UserRepository implements ports.UserRepository. It grows by one entry for each
// identity and never shrinks.
type UserRepository struct {
	mu         sync.RWMutex
	byIdentity map[domain.IdentityKey]*domain.WeChatUser
	byID       map[domain.UserID]*domain.WeChatUser // the same users
}

// NewUserRepository returns an empty store.
func NewUserRepository() *UserRepository {
	return &UserRepository{
		byIdentity: make(map[domain.IdentityKey]*domain.WeChatUser),
		byID:       make(map[domain.UserID]*domain.WeChatUser),
	}
}

// RecordLogin implements ports.UserRepository.
func (r *UserRepository) RecordLogin(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, bool, error) {
	if err := alive(ctx); err != nil {
		return domain.WeChatUser{}, false, err
	}
	visitor.CreatedAt, visitor.LastLoginAt = visitor.CreatedAt.UTC(), visitor.LastLoginAt.UTC()
	key := visitor.Identity.Key()

	r.mu.Lock()
	defer r.mu.Unlock()
	user, known := r.byIdentity[key]
	if !known {
		user = &visitor
		r.byIdentity[key], r.byID[visitor.ID] = user, user
	}
	noteVisit(user, visitor)
	// A repeat of the login that made the user made it too: its first answer may
	// have been lost.
	return *user, user.ID == visitor.ID, nil
}

func noteVisit(user *domain.WeChatUser, visitor domain.WeChatUser) {
	if visitor.LastLoginAt.After(user.LastLoginAt) {
		user.LastLoginAt = visitor.LastLoginAt
	}
	user.Identity.UnionID = cmp.Or(visitor.Identity.UnionID, user.Identity.UnionID)
	user.Profile.Nickname = cmp.Or(visitor.Profile.Nickname, user.Profile.Nickname)
	user.Profile.AvatarURL = cmp.Or(visitor.Profile.AvatarURL, user.Profile.AvatarURL)
}

// Find implements ports.UserRepository.
func (r *UserRepository) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	if err := alive(ctx); err != nil {
		return domain.WeChatUser{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	user, known := r.byID[id]
	if !known {
		return domain.WeChatUser{}, fmt.Errorf("memory: find user %s: %w", id, domain.ErrNotFound)
	}
	return *user, nil
}

// SetBan implements ports.UserRepository.
func (r *UserRepository) SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	if err := alive(ctx); err != nil {
		return domain.WeChatUser{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	user, known := r.byID[id]
	if !known {
		return domain.WeChatUser{}, fmt.Errorf("memory: ban user %s: %w", id, domain.ErrNotFound)
	}
	if at.IsZero() || user.BannedAt.IsZero() || at.Before(user.BannedAt) {
		user.BannedAt = at.UTC()
	}
	return *user, nil
}

// alive refuses work for a caller who has gone.
func alive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memory: %w: %w", domain.ErrStoreUnavailable, err)
	}
	return nil
}
