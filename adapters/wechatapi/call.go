package wechatapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"wxlogin/domain"
	"wxlogin/ports"
)

// call is a request to one of an app's endpoints.
type call struct {
	app   *app
	guard *guard
	to    endpoint
	query url.Values
	body  []byte // JSON, to POST; nil: a GET
	once  bool   // never asked again, whatever the answer says
}

// answer is what an endpoint said, decoded.
type answer interface {
	// said returns the return code and its text.
	said() verdict
	// fault tells what is amiss with an answer that has no return code.
	fault() error
}

// seated makes the call as soon as the app has a seat for it.
func seated[A answer](ctx context.Context, p *Platform, c call) (A, error) {
	leave, err := c.guard.seat(ctx)
	if err != nil {
		var none A
		return none, fmt.Errorf("wechatapi: %w", err)
	}
	defer leave()
	return ask[A](ctx, p, c)
}

// ask makes the call, and once more if WeChat says that it is busy.
func ask[A answer](ctx context.Context, p *Platform, c call) (A, error) {
	c.guard.retries.earn()
	got, err := try[A](ctx, p, c)
	if !c.once && word(err) == "busy" && c.guard.retries.spend() && pause(ctx) {
		got, err = try[A](ctx, p, c)
	}
	if err != nil {
		return got, fmt.Errorf("wechatapi: %s for %s: %w", c.to.name(), c.app.id, err)
	}
	return got, nil
}

// try makes one call, if the app's breaker lets it pass. It returns an answer, or
// the error that the answer means.
func try[A answer](ctx context.Context, p *Platform, c call) (A, error) {
	var got A
	if !c.guard.breaker.TryAcquirePermit() {
		return got, unavailable(errHeldBack)
	}
	sensible := false
	defer func() { c.guard.record(sensible) }()
	body, sent, err := p.send(ctx, c)
	if err == nil {
		got, err = read[A](c.to, body)
	}
	var no *refusal
	sensible = err == nil || errors.As(err, &no)
	if sent {
		p.meter.CountCall(c.app.id, c.to.name(), word(err))
	}
	return got, err
}

// read makes an answer of a body: a good one, or an error. The errors of the
// decoder may quote it.
func read[A answer](from endpoint, body []byte) (A, error) {
	var got, none A
	if json.Unmarshal(body, &got) != nil {
		return none, unavailable(errors.New("answer is not the JSON expected"))
	}
	said := got.said()
	if means := from.meaning(said.ErrCode); means != nil {
		return none, &refusal{said.ErrCode, means, hints(said.ErrMsg)}
	}
	if err := got.fault(); err != nil {
		return none, unavailable(err)
	}
	return got, nil
}

// authorized makes the call with the app's access_token, and, unless it is to be
// made once only, again with another one where WeChat refused the first, which it
// looks at before anything else. All of it ends at one deadline. A caller whose ctx
// ends before is told so, and the call goes on without: WeChat may have used a code
// up by then, and callers who hang up must not look like a WeChat that does not
// answer.
func authorized[A answer](ctx context.Context, p *Platform, tokens ports.PlatformTokens, c call) (A, error) {
	type outcome struct {
		got A
		err error
	}
	ended := make(chan outcome, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.deadline)
		defer cancel()
		got, err := withToken[A](ctx, p, tokens, c)
		ended <- outcome{got, err}
	}()
	select {
	case o := <-ended:
		return o.got, o.err
	case <-ctx.Done():
		var none A
		return none, fmt.Errorf("wechatapi: %s for %s: %w", c.to.name(), c.app.id, unavailable(ctx.Err()))
	}
}

// withToken makes the call of authorized, in the time that ctx has.
func withToken[A answer](ctx context.Context, p *Platform, tokens ports.PlatformTokens, c call) (A, error) {
	var none A
	token, err := tokens.PlatformToken(ctx, c.app.id)
	if err != nil {
		return none, err
	}
	got, err := seated[A](ctx, p, c.carrying(token))
	if !errors.Is(err, errTokenRefused) {
		return got, err
	}
	fresh, other := tokens.ReplacePlatformToken(ctx, c.app.id, token.Token)
	switch {
	case other != nil: // which says more: of an AppSecret that was changed, say
		return none, other
	case c.once || fresh.Token.Reveal() == token.Token.Reveal():
		return none, err
	}
	return seated[A](ctx, p, c.carrying(fresh))
}

// carrying returns the call with an access_token, which belongs in the query even
// of a POST.
func (c call) carrying(token domain.PlatformToken) call {
	query := url.Values{"access_token": {token.Token.Reveal()}}
	for name, values := range c.query {
		query[name] = values
	}
	c.query = query
	return c
}
