package mongodb

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/event"
)

// command is what may be known of a command outside: nothing that was in it, and
// nothing that came back.
type command struct {
	name       string
	collection string // empty for commands that concern none
	took       time.Duration
	failed     bool
}

// observer is told of every command when it ends, on the goroutine that waits for
// it.
type observer interface {
	observe(ctx context.Context, c command)
}

// logged is the observer that writes to the log, for those who look closely.
type logged struct {
	log *slog.Logger
}

func (l logged) observe(ctx context.Context, c command) {
	l.log.DebugContext(ctx, "mongodb: command",
		"name", c.name, "collection", c.collection, "took", c.took, "failed", c.failed)
}

// monitor tells o of commands. Only their start says which collection they are
// for.
func monitor(o observer) *event.CommandMonitor {
	var collections sync.Map // of strings, by request
	ended := func(ctx context.Context, e event.CommandFinishedEvent, failed bool) {
		collection, _ := collections.LoadAndDelete(e.RequestID)
		name, _ := collection.(string)
		o.observe(ctx, command{name: e.CommandName, collection: name, took: e.Duration, failed: failed})
	}
	return &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			if collection, ok := e.Command.Lookup(e.CommandName).StringValueOK(); ok {
				collections.Store(e.RequestID, collection)
			}
		},
		Succeeded: func(ctx context.Context, e *event.CommandSucceededEvent) {
			ended(ctx, e.CommandFinishedEvent, false)
		},
		Failed: func(ctx context.Context, e *event.CommandFailedEvent) {
			ended(ctx, e.CommandFinishedEvent, true)
		},
	}
}
