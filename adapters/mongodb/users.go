package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
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
	user, err := r.visit(ctx, visitor)
	if err == nil && user.FirstLoginAt.IsZero() && user.BannedAt.IsZero() {
		user, err = r.arrive(ctx, visitor)
	}
	if err != nil {
		return domain.WeChatUser{}, false, fmt.Errorf("mongodb: record login: %w", meaning(err))
	}
	return user, user.Original() == visitor.ID, nil
}

func (r *UserRepository) visit(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, error) {
	return r.after(ctx, userByKey{visitor.Identity.Key()}, visitOf(visitor), options.FindOneAndUpdate().SetUpsert(true))
}

// arrive notes the first login of one whom an import made, of whom a visit is noted.
// It is a second write, since no update of a field depends on what is in it. Where
// that is not done, the login fails and the next one is the first.
func (r *UserRepository) arrive(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, error) {
	unseen, seen := userUnseen{Key: visitor.Identity.Key(), Banned: absent}, set{firstLogin{visitor.LastLoginAt}}
	user, err := r.after(ctx, unseen, seen, options.FindOneAndUpdate())
	if errors.Is(err, mongo.ErrNoDocuments) { // another login, or a ban, was faster
		return r.visit(ctx, visitor)
	}
	return user, err
}

// after returns what is stored with an identity when update is done to it.
func (r *UserRepository) after(ctx context.Context, filter, update any, how *options.FindOneAndUpdateOptionsBuilder) (domain.WeChatUser, error) {
	var found userDocument
	err := r.identities.calls.update(ctx, func(ctx context.Context) error {
		return r.identities.stored.FindOneAndUpdate(ctx, filter, update, how.SetReturnDocument(options.After)).Decode(&found)
	})
	if err != nil {
		return domain.WeChatUser{}, err
	}
	return found.user()
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
