package wechatapi

import (
	"context"
	"fmt"
	"net/url"

	"wxlogin/domain"
	"wxlogin/ports"
)

// CodeExchanger implements ports.CodeExchanger with WeChat's code2Session:
// https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session
type CodeExchanger struct {
	platform *Platform
	flights  flights
}

var _ ports.CodeExchanger = (*CodeExchanger)(nil)

// NewCodeExchanger makes the adapter. It needs no access_token.
func NewCodeExchanger(p *Platform) *CodeExchanger { return &CodeExchanger{platform: p} }

// ExchangeCode implements ports.CodeExchanger. The call goes on if ctx ends
// before it: WeChat may have used the code up by then, and a parallel request
// may still want the answer.
func (x *CodeExchanger) ExchangeCode(ctx context.Context, id domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
	a, err := x.platform.app(id)
	if err != nil {
		return ports.CodeExchange{}, err
	}
	return x.flights.share(ctx, flightKey{id, code.Reveal()}, func() (ports.CodeExchange, error) {
		return x.admitted(context.WithoutCancel(ctx), a, code)
	})
}

// admitted exchanges the code as soon as the app has a seat for it. The deadline
// runs from then on: a call that began late would use the code up for nothing.
func (x *CodeExchanger) admitted(ctx context.Context, a *app, code domain.Secret) (ports.CodeExchange, error) {
	leave, err := a.logins.seat(ctx)
	if err != nil {
		return ports.CodeExchange{}, fmt.Errorf("wechatapi: %w", err)
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, x.platform.deadline)
	defer cancel()
	return x.exchange(ctx, a, code)
}

func (x *CodeExchanger) exchange(ctx context.Context, a *app, code domain.Secret) (ports.CodeExchange, error) {
	got, err := ask[session](ctx, x.platform, call{app: a, guard: &a.logins, to: codeToSession, query: url.Values{
		"appid":      {string(a.id)},
		"secret":     {a.secret.Reveal()},
		"js_code":    {code.Reveal()},
		"grant_type": {"authorization_code"},
	}})
	if err != nil {
		return ports.CodeExchange{}, err
	}
	return ports.CodeExchange{
		Identity:   domain.WeChatIdentity{AppID: a.id, OpenID: domain.OpenID(got.OpenID), UnionID: domain.UnionID(got.UnionID)},
		SessionKey: domain.NewSecret(got.SessionKey),
	}, nil
}
