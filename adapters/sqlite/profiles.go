package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.ProfileRepository = (*ProfileRepository)(nil)

const (
	findAvatar = `SELECT avatar FROM users WHERE identity = ?`

	changeProfile = `UPDATE users SET
			nickname     = iif(?1 = '', nickname, ?1),
			nickname_at  = iif(?1 = '', nickname_at, ?2),
			avatar_url   = iif(?3 = '', avatar_url, ?3),
			avatar       = iif(?4 = '', avatar, ?4),
			avatar_at    = iif(?3 = '' AND ?4 = '', avatar_at, ?2),
			sealed_phone = iif(?5 = '', sealed_phone, ?5),
			phone_index  = iif(?5 = '', phone_index, ?6),
			phone_at     = iif(?5 = '', phone_at, ?7)
		WHERE identity = ?8`

	// What goes: a time that is not known is 0, and so before all others.
	nicknameGoes = `(?1 AND nickname_at <= ?4)`
	avatarGoes   = `(?2 AND avatar_at <= ?4)`
	phoneGoes    = `(?3 AND phone_at <= ?4)`

	clearProfile = `UPDATE users SET
			nickname     = iif(` + nicknameGoes + `, '', nickname),
			nickname_at  = iif(` + nicknameGoes + `, 0, nickname_at),
			avatar_url   = iif(` + avatarGoes + `, '', avatar_url),
			avatar       = iif(` + avatarGoes + `, '', avatar),
			avatar_at    = iif(` + avatarGoes + `, 0, avatar_at),
			sealed_phone = iif(` + phoneGoes + `, '', sealed_phone),
			phone_index  = iif(` + phoneGoes + `, '', phone_index),
			phone_at     = iif(` + phoneGoes + `, 0, phone_at)
		WHERE identity = ?5`

	// A user is as old as the oldest identity, as domain.Unite has it. That the
	// index of the number is not empty is said for the partial index to be used.
	findByPhone = `SELECT ` + userColumns + ` FROM users WHERE user_id IN (
		SELECT user_id FROM users AS phoned
			WHERE phone_index IN (SELECT value FROM json_each(?)) AND phone_index <> ''
			GROUP BY user_id
			ORDER BY (SELECT min(created_at) FROM users AS part WHERE part.user_id = phoned.user_id), user_id
			LIMIT 20)`
)

// ProfileRepository implements ports.ProfileRepository.
type ProfileRepository struct{ store *Store }

// NewProfileRepository returns the profiles of the users in store.
func NewProfileRepository(store *Store) *ProfileRepository { return &ProfileRepository{store} }

// ChangeProfile implements ports.ProfileRepository.
func (r *ProfileRepository) ChangeProfile(ctx context.Context, key domain.IdentityKey, change domain.ProfileChange) (replaced domain.AvatarName, err error) {
	args := []any{
		change.Nickname,
		micro(change.At),
		change.AvatarURL,
		string(change.Avatar),
		change.Phone.Text,
		string(change.Phone.Index),
		micro(change.Phone.At),
		string(key),
	}
	before, err := submitted(ctx, r.store, func(ctx context.Context, tx *sql.Tx) (before domain.AvatarName, err error) {
		if err := tx.StmtContext(ctx, r.store.findAvatar).QueryRowContext(ctx, string(key)).Scan(&before); err != nil {
			return "", err
		}
		_, err = tx.StmtContext(ctx, r.store.changeProfile).ExecContext(ctx, args...)
		return before, err
	})
	if err != nil {
		return "", fmt.Errorf("sqlite: change profile: %w", err)
	}
	if change.Avatar == "" || change.Avatar == before {
		return "", nil
	}
	return before, nil
}

// ClearProfile implements ports.ProfileRepository.
func (r *ProfileRepository) ClearProfile(ctx context.Context, key domain.IdentityKey, what domain.Attributes, upTo time.Time) error {
	until := int64(math.MaxInt64)
	if !upTo.IsZero() {
		until = max(upTo.UnixMicro(), 0)
	}
	err := r.store.remove(ctx, r.store.clearProfile,
		what.Has(domain.NicknameAttribute),
		what.Has(domain.AvatarAttribute),
		what.Has(domain.PhoneAttribute),
		until,
		string(key),
	)
	if err != nil {
		return fmt.Errorf("sqlite: clear profile: %w", err)
	}
	return nil
}

// FindByPhone implements ports.ProfileRepository.
func (r *ProfileRepository) FindByPhone(ctx context.Context, indexes ...domain.PhoneIndex) ([]domain.WeChatUser, error) {
	list, err := json.Marshal(indexes)
	if err != nil {
		return nil, fmt.Errorf("sqlite: find users by phone: %w", err)
	}
	all, err := findAll(ctx, r.store, r.store.findByPhone, scanUser, string(list))
	if err != nil {
		return nil, fmt.Errorf("sqlite: find users by phone: %w", err)
	}
	return domain.UniteAll(all), nil
}
