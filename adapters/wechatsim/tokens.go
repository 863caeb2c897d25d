package wechatsim

import (
	"crypto/rand"
	"strings"
	"sync"
	"time"
)

const (
	tokenLife    = 2 * time.Hour
	tokenOverlap = 5 * time.Minute
	forceGap     = 30 * time.Second
	forcesPerDay = 20

	tokenPrefix   = "SIM_"
	tokenParts    = 5
	tokenPartSize = 26
)

// tokenBook holds an app's access tokens: those of cgi-bin/token and those of
// cgi-bin/stable_token, which do not disturb each other.
type tokenBook struct {
	mu       sync.Mutex
	classic  tokenPair
	stable   tokenPair
	forcedAt time.Time
	forces   int // on the day of forcedAt
}

// tokenPair is the latest token and the one before.
type tokenPair struct {
	current, former accessToken
}

type accessToken struct {
	text     string
	expires  time.Time
	replaced bool // ended by a newer token, not by its age
}

// renew makes a new token. The former one lives on for the overlap.
func (p *tokenPair) renew(now time.Time) {
	p.former = p.current
	if end := now.Add(tokenOverlap); end.Before(p.former.expires) {
		p.former.expires, p.former.replaced = end, true
	}
	text := tokenPrefix
	for range tokenParts {
		text += rand.Text()
	}
	p.current = accessToken{text: text, expires: now.Add(tokenLife)}
}

// issueClassic returns a new token each time: cgi-bin/token.
func (b *tokenBook) issueClassic(now time.Time) accessToken {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.classic.renew(now)
	return b.classic.current
}

// issueStable returns the same token until five minutes before its end:
// cgi-bin/stable_token in normal mode. If force is set and the last time was
// long enough ago, all tokens before die at once; ok is false when the day's
// quota of that is used up.
func (b *tokenBook) issueStable(force bool, now time.Time) (t accessToken, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if force && now.Sub(b.forcedAt) >= forceGap {
		if !b.countForce(now) {
			return accessToken{}, false
		}
		b.stable = tokenPair{}
	}
	if !now.Add(tokenOverlap).Before(b.stable.current.expires) {
		b.stable.renew(now)
	}
	return b.stable.current, true
}

// countForce reports whether the day, in UTC, has a forced renewal left, and if
// so takes it.
func (b *tokenBook) countForce(now time.Time) bool {
	const day = 24 * time.Hour
	if !now.Truncate(day).Equal(b.forcedAt.Truncate(day)) {
		b.forces = 0
	}
	if b.forces == forcesPerDay {
		return false
	}
	b.forces++
	b.forcedAt = now
	return true
}

// end ends every token now, before its time.
func (b *tokenBook) end(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range []*accessToken{&b.classic.current, &b.classic.former, &b.stable.current, &b.stable.former} {
		if now.Before(t.expires) {
			t.expires, t.replaced = now, true
		}
	}
}

// find returns the token of that text; one of long ago is not found.
func (b *tokenBook) find(text string) (accessToken, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range []accessToken{b.classic.current, b.classic.former, b.stable.current, b.stable.former} {
		if t.text == text {
			return t, true
		}
	}
	return accessToken{}, false
}

// RevokeTokens ends the app's access tokens before their time: calls that carry one
// are told that it is invalid (40001), and the next one that is asked for is new.
func (s *Simulator) RevokeTokens(app string) error {
	a, err := s.appNamed(app)
	if err != nil {
		return err
	}
	a.tokens.end(s.cfg.Now())
	return nil
}

// appOfToken returns the app that an access token speaks for, or the errcode
// that says why it speaks for none.
func (s *Simulator) appOfToken(text string, now time.Time) (*app, errcode) {
	if text == "" {
		return nil, tokenMissing
	}
	for _, a := range s.apps {
		t, found := a.tokens.find(text)
		switch {
		case !found:
			continue
		case now.Before(t.expires):
			return a, 0
		case t.replaced:
			return nil, tokenInvalid
		}
		return nil, tokenExpired
	}
	if !strings.HasPrefix(text, tokenPrefix) || len(text) != len(tokenPrefix)+tokenParts*tokenPartSize {
		return nil, tokenMalformed
	}
	return nil, tokenInvalid
}
