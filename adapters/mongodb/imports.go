package mongodb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"wxlogin/domain"
	"wxlogin/ports"
)

var _ ports.ImportRepository = (*ImportRepository)(nil)

// ImportRepository implements ports.ImportRepository.
type ImportRepository struct {
	identities identities
}

// NewImportRepository returns the repository that imports into s.
func NewImportRepository(s *Store) *ImportRepository { return &ImportRepository{identitiesIn(s)} }

// importedDocument is a userDocument as a first login leaves it: what is not known
// is absent. FirstLoginAt is stored, though it is zero.
type importedDocument struct {
	Key         domain.IdentityKey `bson:"_id"`
	ID          domain.UserID      `bson:"uid"`
	AppID       domain.AppID       `bson:"app_id"`
	OpenID      domain.OpenID      `bson:"openid"`
	UnionID     domain.UnionID     `bson:"unionid,omitempty"`
	Nickname    string             `bson:"nickname,omitempty"`
	NicknameAt  time.Time          `bson:"nickname_at,omitempty"`
	AvatarURL   string             `bson:"avatar_url,omitempty"`
	AvatarAt    time.Time          `bson:"avatar_at,omitempty"`
	CreatedAt   time.Time          `bson:"created_at"`
	LastLoginAt time.Time          `bson:"last_login_at"`
	FirstLogin  firstLogin         `bson:",inline"`
}

// indexName finds the name in a server's words on a duplicate key.
var indexName = regexp.MustCompile(`^[^{]* index: ([\w.$-]{1,128}) (?:dup key|collation): `)

// Import implements ports.ImportRepository. The insertion is refused where the key
// is taken, by whomever and however it came there.
func (r *ImportRepository) Import(ctx context.Context, user domain.WeChatUser) (stored bool, err error) {
	document := importedDocument{
		Key:         user.Identity.Key(),
		ID:          user.ID,
		AppID:       user.Identity.AppID,
		OpenID:      user.Identity.OpenID,
		UnionID:     user.Identity.UnionID,
		Nickname:    user.Profile.Nickname,
		NicknameAt:  user.NicknameAt,
		AvatarURL:   user.Profile.AvatarURL,
		AvatarAt:    user.AvatarAt,
		CreatedAt:   user.CreatedAt,
		LastLoginAt: user.LastLoginAt,
	}
	err = r.insert(ctx, document)
	if mongo.IsDuplicateKeyError(err) {
		return false, r.explain(ctx, document.Key, err)
	}
	if err != nil {
		return false, fmt.Errorf("mongodb: import user: %w", meaning(err))
	}
	return true, nil
}

func (r *ImportRepository) insert(ctx context.Context, document importedDocument) error {
	return r.identities.calls.run(ctx, func(ctx context.Context) error {
		_, err := r.identities.stored.InsertOne(ctx, document)
		return err
	})
}

// explain returns nothing where the key is taken, and what is in the way where it
// is not: the collection may have been another service's before.
func (r *ImportRepository) explain(ctx context.Context, key domain.IdentityKey, refusal error) error {
	index := refusing(refusal)
	if index == "_id_" {
		return nil
	}
	err := r.identities.calls.run(ctx, func(ctx context.Context) error {
		return r.identities.stored.FindOne(ctx, userByKey{key}, options.FindOne().SetProjection(keyAlone{true})).Err()
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		named := ""
		if index != "" {
			named = ": " + index
		}
		return fmt.Errorf("mongodb: import user: the collection has a unique index that refuses wxlogin's users, and must go%s", named)
	}
	if err != nil {
		return fmt.Errorf("mongodb: import user: %w", meaning(err))
	}
	return nil
}

// refusing is the name of the index that refused, or nothing. What else the server
// says quotes the values.
func refusing(refusal error) string {
	if named := indexName.FindStringSubmatch(refusal.Error()); named != nil {
		return named[1]
	}
	return ""
}

// keyAlone leaves the rest out of an answer.
type keyAlone struct {
	Key bool `bson:"_id"`
}
