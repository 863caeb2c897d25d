package main

import (
	"context"
	"errors"
	"time"
)

// The servers.
const (
	ours = "wxlogin"
	bare = "bare"
)

// measure compares the two servers by one job on one store.
func (w *world) measure(ctx context.Context, j job, store string, o options) (err error) {
	settings, err := w.storeSettings(ctx, j.name, store)
	if err != nil {
		return err
	}
	o = o.of(j, store == "mongodb" && w.standIn != nil)
	var pair [2]*contestant
	for i, name := range []string{ours, bare} {
		var p *process
		if p, err = w.start(ctx, name, j.name+"-"+store, settings); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, p.stop()) }()
		pair[i] = &contestant{name: name, process: p}
	}
	time.Sleep(o.settle)
	if err := w.compete(ctx, j, pair, o); err != nil {
		return err
	}
	return report(j.name, store, pair, o)
}

// compete looks at the servers at rest, warms them up and lets them take turns.
func (w *world) compete(ctx context.Context, j job, pair [2]*contestant, o options) (err error) {
	for _, c := range pair {
		if c.atRest, err = c.process.memory(); err != nil {
			return err
		}
		if c.task, err = j.ready(ctx, w, c, o); err != nil {
			return err
		}
		if err := c.prepare(); err != nil {
			return err
		}
		if _, err := c.drive(ctx, o); err != nil {
			return err
		}
	}
	for round := range o.rounds {
		for i := range pair {
			// Who was second goes first in the next round.
			if err := pair[(i+round)%2].turn(ctx, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// turn lets one server have its requests.
func (c *contestant) turn(ctx context.Context, o options) error {
	if err := c.prepare(); err != nil {
		return err
	}
	before, err := c.process.cpu()
	if err != nil {
		return err
	}
	start := time.Now()
	latencies, err := c.drive(ctx, o)
	if err != nil {
		return err
	}
	took := time.Since(start)
	after, err := c.process.cpu()
	if err != nil {
		return err
	}
	if c.loaded, err = c.process.memory(); err != nil {
		return err
	}
	c.latencies = append(c.latencies, latencies...)
	c.cpu = append(c.cpu, (after-before)/time.Duration(o.requests))
	c.rate = append(c.rate, float64(o.requests)/took.Seconds())
	return nil
}

func (c *contestant) prepare() error {
	if c.task.prepare == nil {
		return nil
	}
	return c.task.prepare()
}

func (c *contestant) drive(ctx context.Context, o options) ([]time.Duration, error) {
	return drive(ctx, c.process.address, o.requests, o.connections, c.task.ask)
}
