package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"wxlogin/adapters/system"
	"wxlogin/config"
	"wxlogin/domain"
)

// sessionsChecked is of how many sessions tokens are checked, unless of one.
const sessionsChecked = 5000

// supply gives the tokens that a server is asked about. What it gives is asked
// about in turn, all again and again if fill is nil, and else only in one turn,
// before which fill makes new ones.
type supply func(ctx context.Context, w *world, at *contestant, o options) (held []grant, fill func([]grant) error, err error)

// many are the access tokens of many sessions, which a server comes to know.
func many(ctx context.Context, w *world, at *contestant, o options) ([]grant, func([]grant) error, error) {
	held, err := w.logAllIn(ctx, at, min(sessionsChecked, o.requests), o)
	return held, nil, err
}

// one is the access token of one session.
func one(ctx context.Context, w *world, at *contestant, o options) ([]grant, func([]grant) error, error) {
	held, err := w.logAllIn(ctx, at, 1, o)
	return held, nil, err
}

// unseen are access tokens that no server was ever asked about, signed here with
// the servers' key.
func unseen(ctx context.Context, w *world, _ *contestant, o options) ([]grant, func([]grant) error, error) {
	ids := system.NewEntropy()
	fill := func(held []grant) error {
		now := time.Now()
		for i := range held {
			caller := domain.Caller{UserID: domain.UserID(ids.NewID()), SessionID: domain.SessionID(ids.NewID()), AppID: config.DevAppID}
			token, err := w.issuer.IssueAccessToken(ctx, caller, now, now.Add(15*time.Minute))
			if err != nil {
				return err
			}
			held[i].person, held[i].Access = i, token.Reveal()
			held[i].User.ID, held[i].Session.ID = string(caller.UserID), string(caller.SessionID)
		}
		return nil
	}
	return make([]grant, o.requests), fill, nil
}

// checking is the job of asking a server about the tokens of a supply.
func checking(from supply, check func(c *connection, g grant, believe bool) (time.Duration, error)) ready {
	return func(ctx context.Context, w *world, at *contestant, o options) (task, error) {
		held, fill, err := from(ctx, w, at, o)
		t := task{ask: func(c *connection, n int) (time.Duration, error) {
			return check(c, held[n%len(held)], at.name == bare)
		}}
		if fill != nil {
			t.prepare = func() error { return fill(held) }
		}
		return t, err
	}
}

// verify asks as a proxy does, before it lets a request through. The bare server
// says the same of all.
func verify(c *connection, g grant, believe bool) (time.Duration, error) {
	a, err := c.ask(get("/v1/verify", g.person, g.Access))
	if err != nil {
		return 0, fmt.Errorf("verify: %w", err)
	}
	user, session := a.header.Get("X-User-Id"), a.header.Get("X-Session-Id")
	if !believe && (user != g.User.ID || session != g.Session.ID) || a.header.Get("X-App-Id") != config.DevAppID {
		return 0, fmt.Errorf("verify: got %v, want user %s and session %s", a.header, g.User.ID, g.Session.ID)
	}
	return a.took, nil
}

// The service client that introspects.
const (
	client       = "shop"
	clientSecret = "the-secret-of-the-shop"
)

// clients is the setting that makes it known.
func clients() string {
	return fmt.Sprintf("%s:%x:%s", client, sha256.Sum256([]byte(clientSecret)), config.DevAppID)
}

// asClient are the headers of its posts.
var asClient = "Content-Type: application/x-www-form-urlencoded\r\n" +
	"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(client+":"+clientSecret)) + "\r\n"

// introspect asks as a backend does.
func introspect(c *connection, g grant, _ bool) (time.Duration, error) {
	form := url.Values{"token": {g.Access}}
	a, err := c.ask(post("/v1/token/introspect", g.person, asClient, []byte(form.Encode())))
	if err != nil {
		return 0, fmt.Errorf("introspect: %w", err)
	}
	var said struct {
		Active   bool
		Sub, Sid string
	}
	if err := json.Unmarshal(a.body, &said); err != nil || !said.Active || said.Sub != g.User.ID || said.Sid != g.Session.ID {
		return 0, fmt.Errorf("introspect: got %s, want user %s and session %s", a.body, g.User.ID, g.Session.ID)
	}
	return a.took, nil
}
