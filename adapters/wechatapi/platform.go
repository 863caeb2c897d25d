// Package wechatapi speaks to WeChat's servers, and reads what WeChat gave its
// clients. Nothing of what it sends or gets (AppSecret, access_token, code,
// session_key, phone number) is in any error it returns.
package wechatapi

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// Platform is WeChat's servers as seen from here, and what the adapters that ask
// them have in common: the connections, the deadline, the apps. It implements
// ports.PlatformProbe.
type Platform struct {
	base     string
	client   *http.Client
	deadline time.Duration
	apps     map[domain.AppID]*app
	meter    ports.PlatformMeter
}

var _ ports.PlatformProbe = (*Platform)(nil)

// app is a mini program as seen from here. Each kind of call has a guard of its
// own: a login needs no access_token and a phone number no code2Session, so
// trouble with the one must not keep the others away.
type app struct {
	id     domain.AppID
	secret domain.Secret
	logins guard
	tokens guard
	others guard // which carry a token
}

// NewPlatform makes what the adapters share. It connects on the first call.
func NewPlatform(cfg config.WeChat, meter ports.PlatformMeter) *Platform {
	p := &Platform{
		base:     cfg.BaseURL,
		client:   newHTTPClient(int(cfg.MaxConcurrent)),
		deadline: cfg.Deadline,
		apps:     make(map[domain.AppID]*app, len(cfg.Apps)),
		meter:    meter,
	}
	for _, a := range cfg.Apps {
		p.apps[a.ID] = &app{
			id: a.ID, secret: a.Secret,
			logins: newGuard(cfg.MaxConcurrent), tokens: newGuard(1), others: newGuard(cfg.MaxConcurrent),
		}
	}
	return p
}

// Close gives up idle connections.
func (p *Platform) Close(context.Context) error {
	p.client.CloseIdleConnections()
	return nil
}

// PlatformReachable implements ports.PlatformProbe: false while a breaker keeps
// any of any app's calls from WeChat.
func (p *Platform) PlatformReachable() bool {
	for _, a := range p.apps {
		if a.logins.holdsBack() || a.tokens.holdsBack() || a.others.holdsBack() {
			return false
		}
	}
	return true
}

// app returns the configured app, or ErrUnknownApp.
func (p *Platform) app(id domain.AppID) (*app, error) {
	if a, ok := p.apps[id]; ok {
		return a, nil
	}
	return nil, fmt.Errorf("wechatapi: %w", domain.ErrUnknownApp)
}
