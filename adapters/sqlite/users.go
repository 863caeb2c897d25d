package sqlite

import (
	"context"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.UserRepository = (*UserRepository)(nil)

const userColumns = `user_id, app_id, open_id, union_id, nickname, nickname_at, avatar_url, avatar, avatar_at,
	sealed_phone, phone_index, phone_at, created_at, last_login_at, banned_at, delete_at,
	born_as, several, decided_union, apart, coalesce(first_login_at, created_at)`

const (
	recordLogin = `INSERT INTO users (identity, user_id, app_id, open_id, union_id, nickname, nickname_at,
			avatar_url, avatar_at, created_at, last_login_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (identity) DO UPDATE SET
			union_id      = coalesce(nullif(excluded.union_id, ''), union_id),
			nickname      = coalesce(nullif(excluded.nickname, ''), nickname),
			nickname_at   = iif(excluded.nickname = '', nickname_at, excluded.nickname_at),
			avatar_url    = coalesce(nullif(excluded.avatar_url, ''), avatar_url),
			avatar_at     = iif(excluded.avatar_url = '', avatar_at, excluded.avatar_at),
			last_login_at = max(excluded.last_login_at, last_login_at),
			first_login_at = iif(first_login_at = 0 AND banned_at IS NULL, excluded.last_login_at, first_login_at)
		RETURNING ` + userColumns

	findUser       = `SELECT ` + userColumns + ` FROM users WHERE user_id = ?`
	findByIdentity = `SELECT ` + userColumns + ` FROM users WHERE identity = ?`

	// The lesser of NULL and anything is NULL: that lifts the ban.
	setBan = `UPDATE users SET banned_at = min(coalesce(banned_at, ?1), ?1)
		WHERE user_id = ?2 RETURNING ` + userColumns

	assign = `UPDATE users SET user_id = ?, born_as = ?, several = ?, decided_union = ?, apart = ?
		WHERE identity = ? AND user_id = ?`
)

// UserRepository implements ports.UserRepository.
type UserRepository struct{ store *Store }

// NewUserRepository returns the users in store.
func NewUserRepository(store *Store) *UserRepository { return &UserRepository{store} }

// RecordLogin implements ports.UserRepository.
func (r *UserRepository) RecordLogin(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, bool, error) {
	user, err := changeOne(ctx, r.store, r.store.recordLogin, scanUser,
		string(visitor.Identity.Key()),
		string(visitor.ID),
		string(visitor.Identity.AppID),
		string(visitor.Identity.OpenID),
		string(visitor.Identity.UnionID),
		visitor.Profile.Nickname,
		micro(visitor.NicknameAt),
		visitor.Profile.AvatarURL,
		micro(visitor.AvatarAt),
		micro(visitor.CreatedAt),
		micro(visitor.LastLoginAt),
	)
	if err != nil {
		return domain.WeChatUser{}, false, fmt.Errorf("sqlite: record login: %w", err)
	}
	// IDs are never made twice, so the one that is stored tells who stored it. A
	// repeat of that very login finds its own ID, and is told the same again: its
	// first answer may have been lost.
	return user, user.Original() == visitor.ID, nil
}

// Find implements ports.UserRepository.
func (r *UserRepository) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	all, err := findAll(ctx, r.store, r.store.findUser, scanUser, string(id))
	user, err := united(all, err)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("sqlite: find user %s: %w", id, err)
	}
	return user, nil
}

// FindByIdentity implements ports.UserRepository.
func (r *UserRepository) FindByIdentity(ctx context.Context, key domain.IdentityKey) (domain.WeChatUser, error) {
	user, err := find(ctx, r.store, r.store.findByIdentity, scanUser, string(key))
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("sqlite: find user by identity: %w", err)
	}
	return user, nil
}

// SetBan implements ports.UserRepository.
func (r *UserRepository) SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	all, err := changeAll(ctx, r.store, r.store.setBan, scanUser, nullMicro(at), string(id))
	user, err := united(all, err)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("sqlite: ban user %s: %w", id, err)
	}
	return user, nil
}

// united is the user of these identities, or domain.ErrNotFound where there is
// none.
func united(all []domain.WeChatUser, err error) (domain.WeChatUser, error) {
	if err != nil {
		return domain.WeChatUser{}, err
	}
	if len(all) == 0 {
		return domain.WeChatUser{}, domain.ErrNotFound
	}
	return domain.Unite(all), nil
}

// Assign implements ports.UserRepository.
func (r *UserRepository) Assign(ctx context.Context, key domain.IdentityKey, was, id domain.UserID, link domain.Link) error {
	err := r.store.changeSome(ctx, r.store.assign,
		string(id),
		string(link.BornAs),
		link.Several,
		string(link.Decided),
		link.Apart,
		string(key),
		string(was),
	)
	if err != nil {
		return fmt.Errorf("sqlite: assign to user %s: %w", id, err)
	}
	return nil
}

func scanUser(from row) (u domain.WeChatUser, err error) {
	err = from.Scan(&u.ID, &u.Identity.AppID, &u.Identity.OpenID, &u.Identity.UnionID,
		&u.Profile.Nickname, moment{&u.NicknameAt}, &u.Profile.AvatarURL, &u.Avatar, moment{&u.AvatarAt},
		&u.Phone.Text, &u.Phone.Index, moment{&u.Phone.At},
		moment{&u.CreatedAt}, moment{&u.LastLoginAt}, moment{&u.BannedAt}, moment{&u.DeletionAt},
		&u.Link.BornAs, &u.Link.Several, &u.Link.Decided, &u.Link.Apart, moment{&u.FirstLoginAt})
	if err != nil {
		return domain.WeChatUser{}, err
	}
	if !u.Phone.Empty() {
		u.Phone.Owner = u.Identity.Key()
	}
	return u, nil
}
