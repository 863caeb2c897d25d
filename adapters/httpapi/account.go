package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
	"wxlogin/ports"
)

type userResponse struct {
	ID          string    `json:"id"`
	Nickname    string    `json:"nickname,omitempty"`
	AvatarURL   string    `json:"avatarUrl,omitempty"`
	Phone       string    `json:"phone,omitempty"` // masked
	UnionLinked bool      `json:"unionLinked"`
	CreatedAt   time.Time `json:"createdAt"`
	LastLoginAt time.Time `json:"lastLoginAt"`
}

func (a *API) asUser(account ports.Account) userResponse {
	u := account.User
	return userResponse{
		ID:          string(u.ID),
		Nickname:    u.Profile.Nickname,
		AvatarURL:   a.avatarURL(u),
		Phone:       account.Phone.Masked(),
		UnionLinked: u.Identity.UnionID != "",
		CreatedAt:   stamp(u.CreatedAt),
		LastLoginAt: stamp(u.LastLoginAt),
	}
}

func (a *API) avatarURL(u domain.WeChatUser) string { return AvatarURL(a.server.issuer, u) }

// AvatarURL returns where the picture is that goes for the user, "" where there is
// none: the one that was uploaded, which the service serves under issuer, else
// WeChat's.
func AvatarURL(issuer string, u domain.WeChatUser) string {
	if u.Avatar == "" {
		return u.Profile.AvatarURL
	}
	return strings.TrimSuffix(issuer, "/") + avatarsPath + string(u.Avatar)
}

// shown makes an answer of what a use case returned.
func (a *API) shown(account ports.Account, err error) (userResponse, error) {
	if err != nil {
		return userResponse{}, err
	}
	return a.asUser(account), nil
}

func (a *API) getMe(ctx context.Context, caller domain.Caller, _ empty) (userResponse, error) {
	return a.shown(a.Account.Me(ctx, caller))
}

type nicknameRequest struct {
	Nickname string `json:"nickname" validate:"required,nickname"`
}

func (a *API) patchMe(ctx context.Context, caller domain.Caller, in nicknameRequest) (userResponse, error) {
	nickname, _ := domain.ParseNickname(in.Nickname) // it was validated
	return a.shown(a.Profile.SetNickname(ctx, caller, nickname))
}

// profileRequest is what wx.getUserProfile and wx.getUserInfo give.
type profileRequest struct {
	EncryptedData string `json:"encryptedData" validate:"required,max=16384"`
	IV            string `json:"iv" validate:"required,max=64"`
	RawData       string `json:"rawData" validate:"max=16384"`
	Signature     string `json:"signature" validate:"max=128"`

	UserInfo ignored `json:"userInfo"` // proves nothing
	CloudID  ignored `json:"cloudID"`
	ErrMsg   ignored `json:"errMsg"`
}

func (a *API) putProfile(ctx context.Context, caller domain.Caller, in profileRequest) (userResponse, error) {
	return a.shown(a.Profile.SetProfile(ctx, caller, domain.OpenData{
		EncryptedData: in.EncryptedData, IV: in.IV, RawData: in.RawData, Signature: in.Signature,
	}))
}

// phoneRequest is a code of the phone button, or what the button gave before there
// were codes.
type phoneRequest struct {
	Code          string `json:"code" validate:"required_without=EncryptedData,excluded_with=EncryptedData,max=256,plain"`
	EncryptedData string `json:"encryptedData" validate:"required_with=IV,max=16384"`
	IV            string `json:"iv" validate:"required_with=EncryptedData,max=64"`

	CloudID ignored `json:"cloudID"`
	ErrMsg  ignored `json:"errMsg"`
}

func (a *API) putPhone(ctx context.Context, caller domain.Caller, in phoneRequest) (userResponse, error) {
	if in.Code != "" {
		return a.shown(a.Phone.BindPhone(ctx, caller, domain.NewSecret(in.Code)))
	}
	return a.shown(a.Phone.BindPhoneByData(ctx, caller, domain.OpenData{EncryptedData: in.EncryptedData, IV: in.IV}))
}

func (a *API) deletePhone(ctx context.Context, caller domain.Caller, _ empty) (empty, error) {
	return empty{}, a.Phone.RemovePhone(ctx, caller)
}

type wechatSessionResponse struct {
	Valid bool `json:"valid"`
}

func (a *API) getWeChatSession(ctx context.Context, caller domain.Caller, _ empty) (wechatSessionResponse, error) {
	valid, err := a.WeChatSession.CheckWeChatSession(ctx, caller)
	return wechatSessionResponse{valid}, err
}

type leaveResponse struct {
	DeletionAt time.Time `json:"deletionAt"`
}

func (a *API) deleteMe(ctx context.Context, caller domain.Caller, _ empty) (leaveResponse, error) {
	at, err := a.Leave.Leave(ctx, caller)
	return leaveResponse{stamp(at)}, err
}

// getExport answers with a file.
func (a *API) getExport(c echo.Context) error {
	return secured(a, http.StatusOK, func(ctx context.Context, caller domain.Caller, _ empty) (exportResponse, error) {
		export, err := a.Export.Export(ctx, caller)
		if err != nil {
			return exportResponse{}, err
		}
		c.Response().Header().Set("Content-Disposition", `attachment; filename="wxlogin-export.json"`)
		return a.asExport(export), nil
	})(c)
}
