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

// calls runs commands. Its channels are nil where commands need not wait.
type calls struct {
	turns chan struct{}
	alone chan struct{}
}

// takeTurns makes every later command wait for its turn.
func (c *calls) takeTurns() {
	c.turns, c.alone = make(chan struct{}, fewAtATime), make(chan struct{}, 1)
}

// run runs one command and gives it callServer at most, however long the caller
// would wait: a request wants to be answered, and the next one wants its
// connection.
func (c *calls) run(ctx context.Context, command func(context.Context) error) error {
	if c.turns == nil {
		return bounded(ctx, command)
	}
	return inTurn(ctx, command, c.turns)
}

// write runs a write by _id that may insert, and again where the insertion met
// another's.
func (c *calls) write(ctx context.Context, command func(context.Context) error) error {
	return c.run(ctx, again(command))
}

// update runs a write that changes or removes what it finds. A server that takes
// turns finds first and writes then, whatever others wrote in between: of the
// updates of this process it gets one at a time.
func (c *calls) update(ctx context.Context, command func(context.Context) error) error {
	if c.turns == nil {
		return c.write(ctx, command)
	}
	return inTurn(ctx, again(command), c.alone, c.turns)
}

func again(command func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		return untilUnique(func() error { return command(ctx) })
	}
}

// inTurn runs command when there is a place for it in each of places.
func inTurn(ctx context.Context, command func(context.Context) error, places ...chan struct{}) error {
	waiting, cancel := context.WithTimeout(ctx, awaitTurn)
	defer cancel()
	for _, place := range places {
		select {
		case place <- struct{}{}:
			defer func() { <-place }()
		case <-waiting.Done():
			return waiting.Err()
		}
	}
	return bounded(ctx, command)
}

func bounded(ctx context.Context, command func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, callServer)
	defer cancel()
	return command(ctx)
}
