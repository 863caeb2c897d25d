package wechatapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// PhoneCodeExchanger implements ports.PhoneCodeExchanger with WeChat's
// getuserphonenumber:
// https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber
type PhoneCodeExchanger struct {
	platform *Platform
	tokens   ports.PlatformTokens
}

var _ ports.PhoneCodeExchanger = (*PhoneCodeExchanger)(nil)

// NewPhoneCodeExchanger makes the adapter.
func NewPhoneCodeExchanger(p *Platform, tokens ports.PlatformTokens) *PhoneCodeExchanger {
	return &PhoneCodeExchanger{platform: p, tokens: tokens}
}

// ExchangePhoneCode implements ports.PhoneCodeExchanger. A code is sent again only
// where WeChat said that it did not look at it: the access_token was refused, or it
// is busy.
func (x *PhoneCodeExchanger) ExchangePhoneCode(ctx context.Context, identity domain.WeChatIdentity, code domain.Secret) (domain.PhoneNumber, error) {
	a, err := x.platform.app(identity.AppID)
	if err != nil {
		return domain.PhoneNumber{}, err
	}
	body, err := json.Marshal(map[string]string{"code": code.Reveal(), "openid": string(identity.OpenID)})
	if err != nil {
		return domain.PhoneNumber{}, fmt.Errorf("wechatapi: request of a phone number: %w", err)
	}
	got, err := authorized[phoneAnswer](ctx, x.platform, x.tokens, call{app: a, guard: &a.others, to: userPhoneNumber, body: body})
	if err != nil {
		return domain.PhoneNumber{}, err
	}
	return got.numberFor(a.id)
}

// phoneAnswer is getuserphonenumber's answer.
type phoneAnswer struct {
	Info phoneInfo `json:"phone_info"`
	verdict
}

// numberFor returns the number, if the answer has one and was made for the app.
func (a phoneAnswer) numberFor(app domain.AppID) (domain.PhoneNumber, error) {
	if a.Info.Watermark.AppID != string(app) {
		return domain.PhoneNumber{}, fmt.Errorf("wechatapi: %s for %s: %w",
			userPhoneNumber.name(), app, unavailable(errors.New("answer is marked for another app")))
	}
	number, ok := a.Info.number()
	if !ok {
		return domain.PhoneNumber{}, fmt.Errorf("wechatapi: %s for %s: %w",
			userPhoneNumber.name(), app, unavailable(errors.New("answer has no phone number")))
	}
	return number, nil
}
