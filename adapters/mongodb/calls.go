package mongodb

import (
	"context"
	"time"
)

// A server that knows no TTL indexes is no MongoDB but a small thing over one
// file. Commands fight for its lock, and it is not fair: of 200 logins at once
// some waited longer than callServer. Such a server gets few commands at a time,
// and the others wait here, in order.
const (
	fewAtATime = 8
	awaitTurn  = 6 * time.Second
)

// calls runs commands.
type calls struct {
	turns chan struct{} // nil: as many as there are connections
}

// takeTurns makes every later command wait for its turn.
func (c *calls) takeTurns() { c.turns = make(chan struct{}, fewAtATime) }

// run runs one command and gives it callServer at most, however long the caller
// would wait: a request wants to be answered, and the next one wants its
// connection.
func (c *calls) run(ctx context.Context, command func(context.Context) error) error {
	if c.turns != nil {
		waiting, cancel := context.WithTimeout(ctx, awaitTurn)
		defer cancel()
		select {
		case c.turns <- struct{}{}:
			defer func() { <-c.turns }()
		case <-waiting.Done():
			return waiting.Err()
		}
	}
	ctx, cancel := context.WithTimeout(ctx, callServer)
	defer cancel()
	return command(ctx)
}

// write runs a write by _id that may insert, and again where the insertion met
// another's.
func (c *calls) write(ctx context.Context, command func(context.Context) error) error {
	return c.run(ctx, func(ctx context.Context) error {
		return untilUnique(func() error { return command(ctx) })
	})
}
