package wechatapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	// tokenMargin is how long before its end a token is given up. WeChat has the
	// next one by then, and lets both pass until the end.
	tokenMargin = 5 * time.Minute
	// tokenLeast is how long a token is kept at least, however soon WeChat says that
	// it ends, and how long WeChat's word counts that a token which it refused is
	// the right one.
	tokenLeast = time.Minute
	// tokenMost is how long one is believed to live at most. WeChat says two hours.
	tokenMost = 24 * time.Hour
	// longestToken bounds what is kept: WeChat asks for room for 512 characters.
	longestToken = 4096
)

// PlatformTokens implements ports.PlatformTokens with WeChat's stable_token in
// normal mode: https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
// Every replica that asks is given the same token, so that none takes another's
// away, and nothing has to be shared.
type PlatformTokens struct {
	platform *Platform
	clock    ports.Clock
	flights  singleflight.Group
	mu       sync.Mutex
	kept     map[domain.AppID]keptToken
}

var _ ports.PlatformTokens = (*PlatformTokens)(nil)

// NewPlatformTokens makes the adapter. It asks for a token when somebody does.
func NewPlatformTokens(p *Platform, clock ports.Clock) *PlatformTokens {
	return &PlatformTokens{platform: p, clock: clock, kept: make(map[domain.AppID]keptToken, len(p.apps))}
}

// keptToken is a token in memory, or what is known of the one that was refused.
type keptToken struct {
	domain.PlatformToken
	until   time.Time     // when it is given up; zero: it was dropped
	refused domain.Secret // the one that was dropped last
	settled time.Time     // until when a refusal changes nothing
}

// PlatformToken implements ports.PlatformTokens. What WeChat is asked for is for
// everybody who waits, so it does not end with any of them.
func (t *PlatformTokens) PlatformToken(ctx context.Context, id domain.AppID) (domain.PlatformToken, error) {
	a, err := t.platform.app(id)
	if err != nil {
		return domain.PlatformToken{}, err
	}
	if token, ok := t.current(id); ok {
		return token, nil
	}
	landed := t.flights.DoChan(string(id), func() (any, error) {
		return t.renew(context.WithoutCancel(ctx), a)
	})
	select {
	case result := <-landed:
		token, _ := result.Val.(domain.PlatformToken)
		return token, result.Err
	case <-ctx.Done():
		return domain.PlatformToken{}, fmt.Errorf("wechatapi: %w: wait for an access_token: %w", domain.ErrPlatformUnavailable, ctx.Err())
	}
}

// ReplacePlatformToken implements ports.PlatformTokens.
func (t *PlatformTokens) ReplacePlatformToken(ctx context.Context, id domain.AppID, refused domain.Secret) (domain.PlatformToken, error) {
	t.drop(id, refused)
	return t.PlatformToken(ctx, id)
}

func (t *PlatformTokens) current(id domain.AppID) (domain.PlatformToken, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.kept[id]
	return kept.PlatformToken, t.clock.Now().Before(kept.until)
}

// drop gives the token up if it is the one that is kept. Where WeChat gave the very
// one again for which that was done already, it would do so again: then it stays,
// for a while.
func (t *PlatformTokens) drop(id domain.AppID, refused domain.Secret) {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept := t.kept[id]
	if !kept.Token.Empty() && kept.Token.Reveal() == refused.Reveal() && !t.clock.Now().Before(kept.settled) {
		t.kept[id] = keptToken{refused: refused}
	}
}

// renew asks for a token, unless there is one by now, and keeps it. It is called by
// one at a time.
func (t *PlatformTokens) renew(ctx context.Context, a *app) (domain.PlatformToken, error) {
	if token, ok := t.current(a.id); ok {
		return token, nil
	}
	ctx, cancel := context.WithTimeout(ctx, t.platform.deadline)
	defer cancel()
	asked := t.clock.Now() // before the token's life begins
	got, err := t.fetch(ctx, a)
	if err != nil {
		return domain.PlatformToken{}, err
	}
	life := time.Duration(min(got.ExpiresIn, int64(tokenMost/time.Second))) * time.Second
	fresh := keptToken{
		PlatformToken: domain.PlatformToken{Token: domain.NewSecret(got.AccessToken), ExpiresAt: asked.Add(life)},
		until:         asked.Add(max(life-tokenMargin, min(life, tokenLeast))),
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if got.AccessToken == t.kept[a.id].refused.Reveal() {
		fresh.settled = asked.Add(tokenLeast)
	}
	t.kept[a.id] = fresh
	return fresh.PlatformToken, nil
}

// fetch calls stable_token.
func (t *PlatformTokens) fetch(ctx context.Context, a *app) (tokenAnswer, error) {
	body, err := json.Marshal(map[string]any{
		"grant_type":    "client_credential",
		"appid":         a.id,
		"secret":        a.secret.Reveal(),
		"force_refresh": false,
	})
	if err != nil {
		return tokenAnswer{}, fmt.Errorf("wechatapi: request of a token: %w", err)
	}
	return seated[tokenAnswer](ctx, t.platform, call{app: a, guard: &a.tokens, to: stableToken, body: body})
}

// tokenAnswer is stable_token's answer.
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int64  `json:"expires_in"` // seconds
	verdict
}

// fault implements answer.
func (a tokenAnswer) fault() error {
	switch {
	case a.AccessToken == "":
		return errors.New("answer has no access_token")
	case !plain(a.AccessToken), len(a.AccessToken) > longestToken:
		return errors.New("answer has an access_token that is none")
	case a.ExpiresIn <= 0:
		return errors.New("answer has no expires_in")
	}
	return nil
}

// plain reports whether a token is printable ASCII without blanks, as all of
// WeChat's are.
func plain(token string) bool {
	return !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}
