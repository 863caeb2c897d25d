package application_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// backend is a service client of the app.
var backend = domain.ServiceClient{ID: "backend", Apps: []domain.AppID{theApp}}

// mint issues access tokens and knows its own again.
type mint struct {
	mu     sync.Mutex
	issued map[string]domain.AccessToken
}

func (m *mint) IssueAccessToken(ctx context.Context, caller domain.Caller, from, until time.Time) (domain.Secret, error) {
	token, err := issuing(nil).IssueAccessToken(ctx, caller, from, until)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.issued == nil {
		m.issued = make(map[string]domain.AccessToken)
	}
	m.issued[token.Reveal()] = domain.AccessToken{Caller: caller, ID: token.Reveal()[:6], IssuedAt: from, ExpiresAt: until}
	return token, err
}

func (m *mint) VerifyAccessToken(_ context.Context, token domain.Secret, now time.Time) (domain.AccessToken, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	what, ok := m.issued[token.Reveal()]
	switch {
	case !ok:
		return domain.AccessToken{}, domain.ErrTokenInvalid
	case !now.Before(what.ExpiresAt):
		return domain.AccessToken{}, domain.ErrTokenExpired
	}
	return what, nil
}

// known is what this process knows of ended sessions: what it could record.
type known struct {
	log ports.RevocationLog

	mu    sync.Mutex
	ended map[domain.SessionID]bool
	all   map[domain.UserID]time.Time
}

func (k *known) Revoke(ctx context.Context, revocations ...domain.Revocation) error {
	if err := k.log.Record(ctx, revocations...); err != nil {
		return err
	}
	for _, r := range revocations {
		k.end(r.SessionID)
		k.endAll(r.UserID, r.At)
	}
	return nil
}

func (k *known) RevokedBefore(user domain.UserID) time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all[user]
}

func (k *known) endAll(user domain.UserID, before time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = make(map[domain.UserID]time.Time)
	}
	k.all[user] = before
}

func (k *known) Revoked(id domain.SessionID) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ended[id]
}

func (k *known) end(id domain.SessionID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended == nil {
		k.ended = make(map[domain.SessionID]bool)
	}
	k.ended[id] = true
}

// pausing is a pauser that waits for nothing but what a test does meanwhile.
type pausing struct {
	meanwhile func(pause int) error // called at each pause, counted from 1
	paused    []time.Duration
}

func (p *pausing) Pause(_ context.Context, d time.Duration) error {
	p.paused = append(p.paused, d)
	if p.meanwhile == nil {
		return nil
	}
	return p.meanwhile(len(p.paused))
}

// diary keeps the events.
type diary struct {
	mu     sync.Mutex
	events []domain.Event
}

func (d *diary) Report(_ context.Context, event domain.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, event)
}

// told returns what was reported since it was asked last.
func (d *diary) told() []domain.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	events := slices.Clone(d.events)
	d.events = nil
	return events
}

// wechatOnce is a WeChat that takes each code once.
func wechatOnce(openID domain.OpenID) exchanging {
	var mu sync.Mutex
	used := map[string]bool{}
	return func(app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
		mu.Lock()
		defer mu.Unlock()
		if used[code.Reveal()] {
			return ports.CodeExchange{}, domain.ErrCodeUsed
		}
		used[code.Reveal()] = true
		return knows(openID)(app, code)
	}
}
