package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// session is refreshed by one connection at a time.
type session struct {
	mu     sync.Mutex
	person int
	token  string // the last that it got
}

// refreshes are sessions that are refreshed again and again, each with the token
// that it got last.
func refreshes(ctx context.Context, w *world, at *contestant, o options) (task, error) {
	grants, err := w.logAllIn(ctx, at, min(o.people, o.requests), o)
	sessions := make([]session, len(grants))
	for i, g := range grants {
		sessions[i].person, sessions[i].token = g.person, g.Refresh
	}
	return task{ask: func(c *connection, n int) (time.Duration, error) {
		return sessions[n%len(sessions)].refresh(c)
	}}, err
}

func (s *session) refresh(c *connection) (time.Duration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := c.ask(post("/v1/token/refresh", s.person, isJSON, fmt.Appendf(nil, `{"refreshToken":%q}`, s.token)))
	if err != nil {
		return 0, fmt.Errorf("refresh: %w", err)
	}
	var got grant
	if err := json.Unmarshal(a.body, &got); err != nil {
		return 0, fmt.Errorf("refresh: %w", err)
	}
	if got.Access == "" || got.Refresh == "" || got.Refresh == s.token {
		return 0, errors.New("refresh: got no new tokens")
	}
	s.token = got.Refresh
	return a.took, nil
}
