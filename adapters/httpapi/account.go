package httpapi

import (
	"context"
	"time"

	"wxlogin/domain"
)

type userResponse struct {
	ID          string    `json:"id"`
	Nickname    string    `json:"nickname,omitempty"`
	AvatarURL   string    `json:"avatarUrl,omitempty"`
	UnionLinked bool      `json:"unionLinked"`
	CreatedAt   time.Time `json:"createdAt"`
	LastLoginAt time.Time `json:"lastLoginAt"`
}

func (a *API) getMe(ctx context.Context, caller domain.Caller, _ empty) (userResponse, error) {
	user, err := a.Account.Me(ctx, caller)
	if err != nil {
		return userResponse{}, err
	}
	return asUser(user.User), nil
}

func asUser(u domain.WeChatUser) userResponse {
	return userResponse{
		ID:          string(u.ID),
		Nickname:    u.Profile.Nickname,
		AvatarURL:   u.Profile.AvatarURL,
		UnionLinked: u.Identity.UnionID != "",
		CreatedAt:   stamp(u.CreatedAt),
		LastLoginAt: stamp(u.LastLoginAt),
	}
}
