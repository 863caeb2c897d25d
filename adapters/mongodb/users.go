package mongodb

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.UserRepository = (*UserRepository)(nil)

// UserRepository implements ports.UserRepository.
type UserRepository struct {
	identities identities
}

// NewUserRepository returns the repository of the users in s.
func NewUserRepository(s *Store) *UserRepository { return &UserRepository{identitiesIn(s)} }

// assignment is an update, of a type for the reason that filters are.
type assignment struct {
	ID   domain.UserID `bson:"uid"`
	Link link          `bson:",inline"`
}

// RecordLogin implements ports.UserRepository. The visitor is the one who made
// the user if the user had the visitor's ID at first: true also where this repeats
// a call whose answer was lost.
func (r *UserRepository) RecordLogin(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, bool, error) {
	var found userDocument
	err := r.identities.calls.update(ctx, func(ctx context.Context) error {
		how := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
		filter, update := userByKey{visitor.Identity.Key()}, visitOf(visitor)
		return r.identities.stored.FindOneAndUpdate(ctx, filter, update, how).Decode(&found)
	})
	var user domain.WeChatUser
	if err == nil {
		user, err = found.user()
	}
	if err != nil {
		return domain.WeChatUser{}, false, fmt.Errorf("mongodb: record login: %w", meaning(err))
	}
	return user, user.Original() == visitor.ID, nil
}

// Find implements ports.UserRepository. To leave out an identity that cannot be
// read might leave out a ban: it is an error.
func (r *UserRepository) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	user, err := r.identities.user(ctx, id)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("mongodb: find user: %w", err)
	}
	return user, nil
}

// FindByIdentity implements ports.UserRepository.
func (r *UserRepository) FindByIdentity(ctx context.Context, key domain.IdentityKey) (domain.WeChatUser, error) {
	user, err := r.identities.one(ctx, key)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("mongodb: find identity: %w", err)
	}
	return user, nil
}

// SetBan implements ports.UserRepository.
func (r *UserRepository) SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	err := r.identities.mark(ctx, ban(id, at))
	var user domain.WeChatUser
	if err == nil {
		user, err = r.identities.user(ctx, id)
	}
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("mongodb: set ban: %w", err)
	}
	return user, nil
}

// Assign implements ports.UserRepository.
func (r *UserRepository) Assign(ctx context.Context, key domain.IdentityKey, was, id domain.UserID, by domain.Link) error {
	if err := r.identities.change(ctx, userOfKey{key, was}, set{assignment{id, link(by)}}); err != nil {
		return fmt.Errorf("mongodb: assign identity: %w", err)
	}
	return nil
}
