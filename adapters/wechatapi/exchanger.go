// Package wechatapi speaks to WeChat's servers, and reads what WeChat gave its
// clients. Nothing of what it sends or gets (AppSecret, code, session_key) is in
// any error it returns.
package wechatapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// CodeExchanger implements ports.CodeExchanger with WeChat's code2Session:
// https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_code2session
type CodeExchanger struct {
	base     string
	client   *http.Client
	deadline time.Duration
	apps     map[domain.AppID]*app
	flights  flights
	retries  retryBudget
}

var _ ports.CodeExchanger = (*CodeExchanger)(nil)

// app is a mini program as seen from here.
type app struct {
	id     domain.AppID
	secret domain.Secret
	guard  guard
}

// NewCodeExchanger makes the adapter. It connects on the first call.
func NewCodeExchanger(cfg config.WeChat) *CodeExchanger {
	x := &CodeExchanger{
		base:     cfg.BaseURL,
		client:   newHTTPClient(int(cfg.MaxConcurrent)),
		deadline: cfg.Deadline,
		apps:     make(map[domain.AppID]*app, len(cfg.Apps)),
	}
	for _, a := range cfg.Apps {
		x.apps[a.ID] = &app{id: a.ID, secret: a.Secret, guard: newGuard(cfg.MaxConcurrent)}
	}
	return x
}

// Close gives up idle connections.
func (x *CodeExchanger) Close(context.Context) error {
	x.client.CloseIdleConnections()
	return nil
}

// ExchangeCode implements ports.CodeExchanger. The call goes on if ctx ends
// before it: WeChat may have used the code up by then, and a parallel request
// may still want the answer.
func (x *CodeExchanger) ExchangeCode(ctx context.Context, id domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
	a, ok := x.apps[id]
	if !ok {
		return ports.CodeExchange{}, fmt.Errorf("wechatapi: %w", domain.ErrUnknownApp)
	}
	return x.flights.share(ctx, flightKey{id, code.Reveal()}, func() (ports.CodeExchange, error) {
		return x.admitted(context.WithoutCancel(ctx), a, code)
	})
}

// admitted exchanges the code as soon as the app has a seat for it. The deadline
// runs from then on: a call that began late would use the code up for nothing.
func (x *CodeExchanger) admitted(ctx context.Context, a *app, code domain.Secret) (ports.CodeExchange, error) {
	leave, err := a.guard.seat(ctx)
	if err != nil {
		return ports.CodeExchange{}, fmt.Errorf("wechatapi: %w", err)
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, x.deadline)
	defer cancel()
	return x.exchange(ctx, a, code)
}

// exchange asks WeChat, and once more if it says that it is busy.
func (x *CodeExchanger) exchange(ctx context.Context, a *app, code domain.Secret) (ports.CodeExchange, error) {
	x.retries.earn()
	answer, err := x.ask(ctx, a, code)
	if err == nil && answer.ErrCode == errcodeBusy && x.retries.spend() && pause(ctx) {
		answer, err = x.ask(ctx, a, code)
	}
	if err == nil {
		err = answer.meaning()
	}
	if err != nil {
		return ports.CodeExchange{}, fmt.Errorf("wechatapi: code2session for %s: %w", a.id, err)
	}
	return ports.CodeExchange{
		Identity:   domain.WeChatIdentity{AppID: a.id, OpenID: domain.OpenID(answer.OpenID), UnionID: domain.UnionID(answer.UnionID)},
		SessionKey: domain.NewSecret(answer.SessionKey),
	}, nil
}

// ask makes one call, if the app's breaker lets it pass.
func (x *CodeExchanger) ask(ctx context.Context, a *app, code domain.Secret) (answer session, err error) {
	if !a.guard.breaker.TryAcquirePermit() {
		return session{}, unavailable(errHeldBack)
	}
	sensible := false
	defer func() { a.guard.record(sensible) }()
	query := url.Values{
		"appid":      {string(a.id)},
		"secret":     {a.secret.Reveal()},
		"js_code":    {code.Reveal()},
		"grant_type": {"authorization_code"},
	}
	err = x.get(ctx, "/sns/jscode2session?"+query.Encode(), &answer)
	sensible = err == nil && (answer.ErrCode != 0 || answer.meaning() == nil)
	return answer, err
}
