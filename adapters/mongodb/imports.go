package mongodb

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

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
	err = r.identities.calls.run(ctx, func(ctx context.Context) error {
		_, err := r.identities.stored.InsertOne(ctx, document)
		return err
	})
	if mongo.IsDuplicateKeyError(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("mongodb: import user: %w", meaning(err))
	}
	return true, nil
}
