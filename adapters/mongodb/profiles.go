package mongodb

import (
	"context"
	"fmt"
	"math"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.ProfileRepository = (*ProfileRepository)(nil)

// maxOfPhone is the most users that FindByPhone returns.
const maxOfPhone = 20

// ProfileRepository implements ports.ProfileRepository.
type ProfileRepository struct {
	identities identities
}

// NewProfileRepository returns the repository of the profiles in s.
func NewProfileRepository(s *Store) *ProfileRepository { return &ProfileRepository{identitiesIn(s)} }

// The filters are types, not maps: no value can become an operator.
type (
	usersByPhone struct {
		Index anyPhone `bson:"phone_index"`
	}
	anyPhone struct {
		Of []domain.PhoneIndex `bson:"$in"`
	}
)

// ChangeProfile implements ports.ProfileRepository.
func (r *ProfileRepository) ChangeProfile(ctx context.Context, key domain.IdentityKey, change domain.ProfileChange) (replaced domain.AvatarName, err error) {
	if learned := learnedBy(change); learned != (known{}) {
		replaced, err = r.identities.replace(ctx, key, set{learned})
	} else { // an empty $set is an error to some
		_, err = r.identities.one(ctx, key)
	}
	if err != nil {
		return "", fmt.Errorf("mongodb: change profile: %w", err)
	}
	if change.Avatar == "" || change.Avatar == replaced {
		return "", nil
	}
	return replaced, nil
}

func learnedBy(change domain.ProfileChange) known {
	learned := known{AvatarURL: change.AvatarURL, Avatar: change.Avatar, Phone: phoneOf(change.Phone)}
	if change.Nickname != "" {
		learned.Nickname = &nickname{change.Nickname, change.At}
	}
	if change.AvatarURL != "" || change.Avatar != "" {
		learned.AvatarAt = &avatarAt{change.At}
	}
	return learned
}

// ClearProfile implements ports.ProfileRepository.
func (r *ProfileRepository) ClearProfile(ctx context.Context, key domain.IdentityKey, what domain.Attributes, upTo time.Time) error {
	writes := clearing(key, what, upTo)
	if len(writes) == 0 {
		return nil
	}
	if _, err := r.identities.update(ctx, writes...); err != nil {
		return fmt.Errorf("mongodb: clear profile: %w", err)
	}
	return nil
}

// FindByPhone implements ports.ProfileRepository.
func (r *ProfileRepository) FindByPhone(ctx context.Context, indexes ...domain.PhoneIndex) ([]domain.WeChatUser, error) {
	if len(indexes) == 0 {
		return nil, nil
	}
	users, err := r.ofPhone(ctx, usersByPhone{anyPhone{indexes}})
	if err != nil {
		return nil, fmt.Errorf("mongodb: find users by phone: %w", err)
	}
	return users[:min(len(users), maxOfPhone)], nil
}

// ofPhone returns all users who have the number, oldest first. The identity that
// has it need not be their first, so that only all of them tell who is the oldest.
func (r *ProfileRepository) ofPhone(ctx context.Context, filter usersByPhone) ([]domain.WeChatUser, error) {
	owners, err := r.identities.owners(ctx, filter, options.Find(), math.MaxInt)
	if err != nil || len(owners) == 0 {
		return nil, err
	}
	all, err := r.identities.find(ctx, usersByID{anyUser{owners}}, false)
	if err != nil {
		return nil, err
	}
	return domain.UniteAll(all), nil
}
