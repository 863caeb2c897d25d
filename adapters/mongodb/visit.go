package mongodb

import (
	"time"

	"wxlogin/domain"
)

// The updates are types, not maps: no value can become an operator.
type (
	visit struct {
		Newcomer newcomer  `bson:"$setOnInsert"`
		Known    *known    `bson:"$set,omitempty"` // an empty $set is an error to some
		Latest   lastLogin `bson:"$max"`
	}
	newcomer struct {
		ID         domain.UserID     `bson:"uid"`
		AppID      domain.AppID      `bson:"app_id"`
		OpenID     domain.OpenID     `bson:"openid"`
		CreatedAt  time.Time         `bson:"created_at"`
		BannedAt   time.Time         `bson:"banned_at,omitempty"`
		NicknameAt time.Time         `bson:"nickname_at,omitempty"`
		Avatar     domain.AvatarName `bson:"avatar,omitempty"`
		AvatarAt   time.Time         `bson:"avatar_at,omitempty"`
		Phone      *sealedPhone      `bson:",inline"`
		DeletionAt time.Time         `bson:"delete_at,omitempty"`
		Link       *link             `bson:",inline"`
	}
	lastLogin struct {
		At time.Time `bson:"last_login_at"`
	}
	// firstLogin is stored with those whom an import made; zero: there was none.
	firstLogin struct {
		At time.Time `bson:"first_login_at"`
	}
	// known is what becomes known of a user, each with the time at which it was
	// learned, which replaces the one before also where it is zero.
	known struct {
		UnionID   domain.UnionID    `bson:"unionid,omitempty"`
		Nickname  *nickname         `bson:",inline"`
		AvatarURL string            `bson:"avatar_url,omitempty"`
		Avatar    domain.AvatarName `bson:"avatar,omitempty"`
		AvatarAt  *avatarAt         `bson:",inline"`
		Phone     *sealedPhone      `bson:",inline"`
	}
	nickname struct {
		Text string    `bson:"nickname"`
		At   time.Time `bson:"nickname_at"`
	}
	avatarAt struct {
		Time time.Time `bson:"avatar_at"`
	}
)

// visitOf is what a visit of v writes. No field of it is both a newcomer's and
// known, which would be an error.
func visitOf(v domain.WeChatUser) visit {
	update := visit{
		Newcomer: newcomer{
			ID: v.ID, AppID: v.Identity.AppID, OpenID: v.Identity.OpenID, CreatedAt: v.CreatedAt, BannedAt: v.BannedAt,
			Avatar: v.Avatar, Phone: phoneOf(v.Phone), DeletionAt: v.DeletionAt,
		},
		Latest: lastLogin{v.LastLoginAt},
	}
	if v.Link != (domain.Link{}) {
		stored := link(v.Link)
		update.Newcomer.Link = &stored
	}
	learned := known{UnionID: v.Identity.UnionID, AvatarURL: v.Profile.AvatarURL}
	if v.Profile.Nickname != "" {
		learned.Nickname = &nickname{v.Profile.Nickname, v.NicknameAt}
	} else {
		update.Newcomer.NicknameAt = v.NicknameAt
	}
	if v.Profile.AvatarURL != "" {
		learned.AvatarAt = &avatarAt{v.AvatarAt}
	} else {
		update.Newcomer.AvatarAt = v.AvatarAt
	}
	if learned != (known{}) {
		update.Known = &learned
	}
	return update
}
