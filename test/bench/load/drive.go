package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// ask sends the n-th request of a turn, checks the answer, and returns how long
// that took to come.
type ask func(c *connection, n int) (time.Duration, error)

// drive sends so many requests, over so many connections at a time, and returns
// how long each took. It ends at the first that fails.
func drive(ctx context.Context, address string, requests, connections int, ask ask) ([]time.Duration, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took := make([]time.Duration, requests)
	var next atomic.Int64
	var open sync.WaitGroup
	for range connections {
		open.Go(func() {
			c, err := dial(ctx, address)
			if err != nil {
				cancel(err)
				return
			}
			defer c.close()
			for n := int(next.Add(1)) - 1; n < requests && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
				if took[n], err = ask(c, n); err != nil {
					cancel(err)
				}
			}
		})
	}
	open.Wait()
	return took, context.Cause(ctx)
}
