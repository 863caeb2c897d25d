package mongodb

import (
	"errors"
	"time"

	"wxlogin/domain"
)

// userDocument is a user as stored with one identity. It changes only in ways that
// older versions of this service can read, and what they stored, who knew nothing
// of the fields behind BannedAt, is read here.
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
	NicknameAt  time.Time          `bson:"nickname_at"`
	Avatar      domain.AvatarName  `bson:"avatar"`
	AvatarAt    time.Time          `bson:"avatar_at"`
	Phone       sealedPhone        `bson:",inline"`
	DeletionAt  time.Time          `bson:"delete_at"` // absent: never
	Link        link               `bson:",inline"`
	FirstLogin  *time.Time         `bson:"first_login_at"` // absent: CreatedAt
}

// sealedPhone is a domain.SealedPhone as stored with its owner.
type sealedPhone struct {
	Text  string            `bson:"phone"`
	Index domain.PhoneIndex `bson:"phone_index"`
	At    time.Time         `bson:"phone_at"`
}

// link is a domain.Link as stored.
type link struct {
	BornAs  domain.UserID  `bson:"born_as"`
	Several bool           `bson:"several"`
	Decided domain.UnionID `bson:"decided_union"`
	Apart   bool           `bson:"apart"`
}

var errMalformed = errors.New("the stored document is malformed")

func (d userDocument) user() (domain.WeChatUser, error) {
	identity := domain.WeChatIdentity{AppID: d.AppID, OpenID: d.OpenID, UnionID: d.UnionID}
	if d.ID == "" || d.OpenID == "" || identity.Key() != d.Key {
		return domain.WeChatUser{}, errMalformed
	}
	firstLogin := d.CreatedAt
	if d.FirstLogin != nil {
		firstLogin = *d.FirstLogin
	}
	return domain.WeChatUser{
		ID:           d.ID,
		Identity:     identity,
		Profile:      domain.Profile{Nickname: d.Nickname, AvatarURL: d.AvatarURL},
		NicknameAt:   d.NicknameAt,
		Avatar:       d.Avatar,
		AvatarAt:     d.AvatarAt,
		Phone:        d.Phone.of(d.Key),
		CreatedAt:    d.CreatedAt,
		FirstLoginAt: firstLogin,
		LastLoginAt:  d.LastLoginAt,
		BannedAt:     d.BannedAt,
		DeletionAt:   d.DeletionAt,
		Link:         domain.Link(d.Link),
	}, nil
}

func (p sealedPhone) of(owner domain.IdentityKey) domain.SealedPhone {
	if p.Text == "" {
		return domain.SealedPhone{}
	}
	return domain.SealedPhone{Owner: owner, Text: p.Text, Index: p.Index, At: p.At}
}

// phoneOf is p as it is stored, or nil where there is none.
func phoneOf(p domain.SealedPhone) *sealedPhone {
	if p.Empty() {
		return nil
	}
	return &sealedPhone{p.Text, p.Index, p.At}
}

// The filters are types, not maps: no value can become an operator.
type (
	userByKey struct {
		Key domain.IdentityKey `bson:"_id"`
	}
	userOfKey struct {
		Key domain.IdentityKey `bson:"_id"`
		ID  domain.UserID      `bson:"uid"`
	}
	// userUnseen is one whom an import made, and who has not logged in since, but may.
	userUnseen struct {
		Key    domain.IdentityKey `bson:"_id"`
		Never  firstLogin         `bson:",inline"`
		Banned noTime             `bson:"banned_at"`
	}
	userByID struct {
		ID domain.UserID `bson:"uid"`
	}
	usersByID struct {
		ID anyUser `bson:"uid"`
	}
	anyUser struct {
		Of []domain.UserID `bson:"$in"`
	}
)
