// Package erasures sees to it that users are erased when their time has come: it
// is the clock that calls ports.EraseUseCase.
package erasures

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"wxlogin/ports"
)

const (
	// each is how often the job looks, and so about how late an erasure may be.
	each = time.Minute
	// bound ends a look that takes too long: the next one goes on where it ended.
	bound = 50 * time.Second
)

// Job erases those who are due, each minute from Start to Stop.
type Job struct {
	erase ports.EraseUseCase
	log   *slog.Logger

	loop sync.WaitGroup
	end  context.CancelFunc
}

// NewJob makes a job that does nothing before Start.
func NewJob(erase ports.EraseUseCase, log *slog.Logger) *Job { return &Job{erase: erase, log: log} }

// Start begins to look, at once and then each minute, and waits for nothing.
func (j *Job) Start(ctx context.Context) error {
	ctx, j.end = context.WithCancel(context.WithoutCancel(ctx))
	j.loop.Go(func() {
		due := time.NewTicker(each)
		defer due.Stop()
		for ctx.Err() == nil {
			j.run(ctx)
			select {
			case <-ctx.Done():
			case <-due.C:
			}
		}
	})
	return nil
}

// Stop ends the looking, and waits for it until ctx ends. What it breaks off, the
// next look does.
func (j *Job) Stop(ctx context.Context) error {
	if j.end == nil {
		return nil
	}
	j.end()
	ended := make(chan struct{})
	go func() { j.loop.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("erasures: %w", ctx.Err())
	}
}

// run erases until none is due, or one could not be erased.
func (j *Job) run(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	for {
		erased, err := j.erase.EraseDue(bounded)
		switch {
		case err != nil && ctx.Err() == nil:
			j.log.WarnContext(ctx, "erasures: not all who are due could be erased", "erased", erased, "cause", err)
			return
		case err != nil || erased == 0:
			return
		}
		j.log.InfoContext(ctx, "erasures: users were erased", "count", erased)
	}
}
