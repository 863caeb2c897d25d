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
// identity, and shrinks when users are erased.
type UserRepository struct {
	mu         sync.RWMutex
	byIdentity map[domain.IdentityKey]*domain.WeChatUser
	byID       index[domain.UserID, domain.IdentityKey]
}

// NewUserRepository returns an empty store.
func NewUserRepository() *UserRepository {
	return &UserRepository{
		byIdentity: make(map[domain.IdentityKey]*domain.WeChatUser),
		byID:       make(index[domain.UserID, domain.IdentityKey]),
	}
}

// RecordLogin implements ports.UserRepository.
func (r *UserRepository) RecordLogin(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, bool, error) {
	if err := alive(ctx); err != nil {
		return domain.WeChatUser{}, false, err
	}
	visitor.CreatedAt, visitor.LastLoginAt = visitor.CreatedAt.UTC(), visitor.LastLoginAt.UTC()
	visitor.FirstLoginAt = visitor.CreatedAt
	key := visitor.Identity.Key()

	r.mu.Lock()
	defer r.mu.Unlock()
	user, known := r.byIdentity[key]
	if !known {
		user = &visitor
		r.byIdentity[key] = user
		r.byID.add(visitor.ID, key)
	}
	noteVisit(user, visitor)
	// A repeat of the login that made the user made it too: its first answer may
	// have been lost.
	return *user, user.Original() == visitor.ID, nil
}

func noteVisit(user *domain.WeChatUser, visitor domain.WeChatUser) {
	if visitor.LastLoginAt.After(user.LastLoginAt) {
		user.LastLoginAt = visitor.LastLoginAt
	}
	if user.FirstLoginAt.IsZero() && user.BannedAt.IsZero() {
		user.FirstLoginAt = visitor.LastLoginAt
	}
	user.Identity.UnionID = cmp.Or(visitor.Identity.UnionID, user.Identity.UnionID)
	if visitor.Profile.Nickname != "" {
		user.Profile.Nickname, user.NicknameAt = visitor.Profile.Nickname, visitor.NicknameAt.UTC()
	}
	if visitor.Profile.AvatarURL != "" {
		user.Profile.AvatarURL, user.AvatarAt = visitor.Profile.AvatarURL, visitor.AvatarAt.UTC()
	}
}

// Find implements ports.UserRepository.
func (r *UserRepository) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	if err := alive(ctx); err != nil {
		return domain.WeChatUser{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if len(r.byID[id]) == 0 {
		return domain.WeChatUser{}, fmt.Errorf("memory: find user %s: %w", id, domain.ErrNotFound)
	}
	return r.united(id), nil
}

// FindByIdentity implements ports.UserRepository.
func (r *UserRepository) FindByIdentity(ctx context.Context, key domain.IdentityKey) (domain.WeChatUser, error) {
	if err := alive(ctx); err != nil {
		return domain.WeChatUser{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	user, known := r.byIdentity[key]
	if !known {
		return domain.WeChatUser{}, fmt.Errorf("memory: find user by identity: %w", domain.ErrNotFound)
	}
	return *user, nil
}

// SetBan implements ports.UserRepository.
func (r *UserRepository) SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	return r.changeAll(ctx, id, func(u *domain.WeChatUser) { u.BannedAt = sooner(u.BannedAt, at) })
}

// Assign implements ports.UserRepository.
func (r *UserRepository) Assign(ctx context.Context, key domain.IdentityKey, was, id domain.UserID, link domain.Link) error {
	return r.change(ctx, key, func(u *domain.WeChatUser) error {
		if u.ID != was {
			return domain.ErrNotFound
		}
		r.byID.remove(u.ID, key)
		r.byID.add(id, key)
		u.ID, u.Link = id, link
		return nil
	})
}
