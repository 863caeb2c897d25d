package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.UserRepository = (*UserRepository)(nil)

const userColumns = "user_id, app_id, open_id, union_id, nickname, avatar_url, created_at, last_login_at, banned_at"

const (
	recordLogin = `INSERT INTO users (identity, ` + userColumns + `)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)
		ON CONFLICT (identity) DO UPDATE SET
			union_id      = coalesce(nullif(excluded.union_id, ''), union_id),
			nickname      = coalesce(nullif(excluded.nickname, ''), nickname),
			avatar_url    = coalesce(nullif(excluded.avatar_url, ''), avatar_url),
			last_login_at = max(excluded.last_login_at, last_login_at)
		RETURNING ` + userColumns

	findUser = `SELECT ` + userColumns + ` FROM users WHERE user_id = ?`

	// The lesser of NULL and anything is NULL: that lifts the ban.
	setBan = `UPDATE users SET banned_at = min(coalesce(banned_at, ?1), ?1)
		WHERE user_id = ?2 RETURNING ` + userColumns
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
		visitor.Profile.AvatarURL,
		visitor.CreatedAt.UnixMicro(),
		visitor.LastLoginAt.UnixMicro(),
	)
	if err != nil {
		return domain.WeChatUser{}, false, fmt.Errorf("sqlite: record login: %w", err)
	}
	// IDs are never made twice, so the one that is stored tells who stored it. A
	// repeat of that very login finds its own ID, and is told the same again: its
	// first answer may have been lost.
	return user, user.ID == visitor.ID, nil
}

// Find implements ports.UserRepository.
func (r *UserRepository) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	user, err := find(ctx, r.store, r.store.findUser, scanUser, string(id))
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("sqlite: find user %s: %w", id, err)
	}
	return user, nil
}

// SetBan implements ports.UserRepository.
func (r *UserRepository) SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	ban := sql.NullInt64{Int64: at.UnixMicro(), Valid: !at.IsZero()}
	user, err := changeOne(ctx, r.store, r.store.setBan, scanUser, ban, string(id))
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("sqlite: ban user %s: %w", id, err)
	}
	return user, nil
}

func scanUser(from row) (u domain.WeChatUser, err error) {
	var created, lastLogin int64
	var banned sql.NullInt64
	err = from.Scan(&u.ID, &u.Identity.AppID, &u.Identity.OpenID, &u.Identity.UnionID,
		&u.Profile.Nickname, &u.Profile.AvatarURL, &created, &lastLogin, &banned)
	if err != nil {
		return domain.WeChatUser{}, err
	}
	u.CreatedAt, u.LastLoginAt = fromMicro(created), fromMicro(lastLogin)
	if banned.Valid {
		u.BannedAt = fromMicro(banned.Int64)
	}
	return u, nil
}
