package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// grant is what a login gives.
type grant struct {
	person  int
	Access  string              `json:"accessToken"`
	Refresh string              `json:"refreshToken"`
	User    struct{ ID string } `json:"user"`
	Session struct{ ID string } `json:"session"`
}

// logIn logs person in as the SDK does, with a device.
func (w *world) logIn(c *connection, person int) (grant, time.Duration, error) {
	code, err := w.wechat.Code("", "p"+strconv.Itoa(person))
	if err != nil {
		return grant{}, 0, err
	}
	body := fmt.Appendf(nil, `{"code":%q,"device":{"id":"device-%08d","name":"iPhone 15 Pro","platform":"ios"}}`, code, person)
	a, err := c.ask(post("/v1/login", person, isJSON, body))
	if err != nil {
		return grant{}, 0, fmt.Errorf("login: %w", err)
	}
	g := grant{person: person}
	if err := json.Unmarshal(a.body, &g); err != nil {
		return grant{}, 0, fmt.Errorf("login: %w", err)
	}
	if g.Access == "" || g.Refresh == "" || g.User.ID == "" || g.Session.ID == "" {
		return grant{}, 0, errors.New("login: got no tokens, or no names")
	}
	return g, a.took, nil
}

// logins are people who log in again and again.
func logins(_ context.Context, w *world, _ *contestant, o options) (task, error) {
	return task{ask: func(c *connection, n int) (time.Duration, error) {
		_, took, err := w.logIn(c, n%o.people)
		return took, err
	}}, nil
}

// logAllIn logs so many people in at a server, each once.
func (w *world) logAllIn(ctx context.Context, at *contestant, people int, o options) ([]grant, error) {
	grants := make([]grant, people)
	_, err := drive(ctx, at.process.address, people, o.connections, func(c *connection, n int) (took time.Duration, err error) {
		grants[n], took, err = w.logIn(c, n)
		return took, err
	})
	return grants, err
}
