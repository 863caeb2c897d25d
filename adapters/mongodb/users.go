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
	users *mongo.Collection
	calls *calls
}

// NewUserRepository returns the repository of the users in s.
func NewUserRepository(s *Store) *UserRepository { return &UserRepository{s.users, &s.calls} }

// userDocument is a user as stored. It changes only in ways that older versions
// of this service can read.
type userDocument struct {
	Key         domain.IdentityKey `bson:"_id"`
	ID          domain.UserID      `bson:"uid"`
	AppID       domain.AppID       `bson:"app_id"`
	OpenID      domain.OpenID      `bson:"openid"`
	UnionID     domain.UnionID     `bson:"unionid"`
	Nickname    string             `bson:"nickname"`
	AvatarURL   string             `bson:"avatar_url"`
	CreatedAt   time.Time          `bson:"created_at"`
	LastLoginAt time.Time          `bson:"last_login_at"`
	BannedAt    time.Time          `bson:"banned_at"` // absent: not banned
}

var errMalformed = errors.New("the stored document is malformed")

func (d userDocument) user() (domain.WeChatUser, error) {
	identity := domain.WeChatIdentity{AppID: d.AppID, OpenID: d.OpenID, UnionID: d.UnionID}
	if d.ID == "" || d.OpenID == "" || identity.Key() != d.Key {
		return domain.WeChatUser{}, errMalformed
	}
	return domain.WeChatUser{
		ID:          d.ID,
		Identity:    identity,
		Profile:     domain.Profile{Nickname: d.Nickname, AvatarURL: d.AvatarURL},
		CreatedAt:   d.CreatedAt,
		LastLoginAt: d.LastLoginAt,
		BannedAt:    d.BannedAt,
	}, nil
}

// The filters and updates are types, not maps: no value can become an operator.
type (
	userByKey struct {
		Key domain.IdentityKey `bson:"_id"`
	}
	userByID struct {
		ID domain.UserID `bson:"uid"`
	}
	visit struct {
		Newcomer newcomer  `bson:"$setOnInsert"`
		Known    *known    `bson:"$set,omitempty"` // an empty $set is an error to some
		Latest   lastLogin `bson:"$max"`
	}
	newcomer struct {
		ID        domain.UserID `bson:"uid"`
		AppID     domain.AppID  `bson:"app_id"`
		OpenID    domain.OpenID `bson:"openid"`
		CreatedAt time.Time     `bson:"created_at"`
		BannedAt  time.Time     `bson:"banned_at,omitempty"`
	}
	known struct {
		UnionID   domain.UnionID `bson:"unionid,omitempty"`
		Nickname  string         `bson:"nickname,omitempty"`
		AvatarURL string         `bson:"avatar_url,omitempty"`
	}
	lastLogin struct {
		At time.Time `bson:"last_login_at"`
	}
	bannedAt struct {
		At time.Time `bson:"banned_at"`
	}
	ban struct {
		Since bannedAt `bson:"$min"` // sets it where there is none
	}
	unban struct {
		Field bannedAt `bson:"$unset"`
	}
)

func visitOf(v domain.WeChatUser) visit {
	update := visit{
		Newcomer: newcomer{v.ID, v.Identity.AppID, v.Identity.OpenID, v.CreatedAt, v.BannedAt},
		Latest:   lastLogin{v.LastLoginAt},
	}
	if k := (known{v.Identity.UnionID, v.Profile.Nickname, v.Profile.AvatarURL}); k != (known{}) {
		update.Known = &k
	}
	return update
}

// RecordLogin implements ports.UserRepository. The visitor is the one who made
// the user if the user has the visitor's ID: true also where this repeats a call
// whose answer was lost.
func (r *UserRepository) RecordLogin(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, bool, error) {
	var found userDocument
	err := r.calls.write(ctx, func(ctx context.Context) error {
		how := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
		return r.users.FindOneAndUpdate(ctx, userByKey{visitor.Identity.Key()}, visitOf(visitor), how).Decode(&found)
	})
	user, err := userFrom(found, err)
	if err != nil {
		return domain.WeChatUser{}, false, fmt.Errorf("mongodb: record login: %w", err)
	}
	return user, user.ID == visitor.ID, nil
}

// Find implements ports.UserRepository.
func (r *UserRepository) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	var found userDocument
	err := r.calls.run(ctx, func(ctx context.Context) error { return r.users.FindOne(ctx, userByID{id}).Decode(&found) })
	user, err := userFrom(found, err)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("mongodb: find user: %w", err)
	}
	return user, nil
}

// SetBan implements ports.UserRepository.
func (r *UserRepository) SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	var update any = ban{bannedAt{at}}
	if at.IsZero() {
		update = unban{}
	}
	var found userDocument
	how := options.FindOneAndUpdate().SetReturnDocument(options.After)
	err := r.calls.run(ctx, func(ctx context.Context) error {
		return r.users.FindOneAndUpdate(ctx, userByID{id}, update, how).Decode(&found)
	})
	user, err := userFrom(found, err)
	if err == nil && user.BannedAt.IsZero() != at.IsZero() {
		err = errMalformed // a null stands where the time should, and is less than any
	}
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("mongodb: set ban: %w", err)
	}
	return user, nil
}

// userFrom is the user in what a command found, or what its error means.
func userFrom(found userDocument, err error) (domain.WeChatUser, error) {
	if errors.Is(err, mongo.ErrNoDocuments) {
		return domain.WeChatUser{}, domain.ErrNotFound
	}
	if err != nil {
		return domain.WeChatUser{}, meaning(err)
	}
	return found.user()
}
