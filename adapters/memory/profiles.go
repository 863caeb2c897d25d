package memory

import (
	"context"
	"errors"
	"slices"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.ProfileRepository = (*ProfileRepository)(nil)

// maxFoundByPhone is the most users that FindByPhone returns.
const maxFoundByPhone = 20

// ProfileRepository implements ports.ProfileRepository on the identities of a
// UserRepository.
type ProfileRepository struct{ users *UserRepository }

// NewProfileRepository returns a repository that works on users.
func NewProfileRepository(users *UserRepository) *ProfileRepository {
	return &ProfileRepository{users}
}

// ChangeProfile implements ports.ProfileRepository.
func (r *ProfileRepository) ChangeProfile(ctx context.Context, key domain.IdentityKey, change domain.ProfileChange) (replaced domain.AvatarName, err error) {
	err = r.users.change(ctx, key, func(u *domain.WeChatUser) error {
		if change.Avatar != "" && change.Avatar != u.Avatar {
			replaced = u.Avatar
		}
		change.At = change.At.UTC()
		change.Phone.Owner, change.Phone.At = key, change.Phone.At.UTC()
		*u = u.Changed(change)
		return nil
	})
	return replaced, err
}

// ClearProfile implements ports.ProfileRepository.
func (r *ProfileRepository) ClearProfile(ctx context.Context, key domain.IdentityKey, what domain.Attributes, upTo time.Time) error {
	err := r.users.change(ctx, key, func(u *domain.WeChatUser) error {
		gone := func(attribute domain.Attributes, learned time.Time) bool {
			return what.Has(attribute) && (upTo.IsZero() || !learned.After(upTo))
		}
		if gone(domain.NicknameAttribute, u.NicknameAt) {
			u.Profile.Nickname, u.NicknameAt = "", time.Time{}
		}
		if gone(domain.AvatarAttribute, u.AvatarAt) {
			u.Profile.AvatarURL, u.Avatar, u.AvatarAt = "", "", time.Time{}
		}
		if gone(domain.PhoneAttribute, u.Phone.At) {
			u.Phone = domain.SealedPhone{}
		}
		return nil
	})
	if errors.Is(err, domain.ErrNotFound) {
		return nil
	}
	return err
}

// FindByPhone implements ports.ProfileRepository. It looks at every identity.
func (r *ProfileRepository) FindByPhone(ctx context.Context, indexes ...domain.PhoneIndex) ([]domain.WeChatUser, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	r.users.mu.RLock()
	defer r.users.mu.RUnlock()
	ids := make(map[domain.UserID]struct{})
	for _, u := range r.users.byIdentity {
		if !u.Phone.Empty() && slices.Contains(indexes, u.Phone.Index) {
			ids[u.ID] = struct{}{}
		}
	}
	var all []domain.WeChatUser
	for id := range ids {
		all = append(all, r.users.stored(id)...)
	}
	found := domain.UniteAll(all)
	return found[:min(len(found), maxFoundByPhone)], nil
}
