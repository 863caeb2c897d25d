package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"wxlogin/domain"
)

const (
	maxBatch   = 256  // writes in one commit
	maxWaiting = 8192 // writes that wait for one; further ones are refused
	sweepBatch = 500  // rows of each kind removed at a time
	sweepEvery = time.Minute
	sweepAgain = 50 * time.Millisecond // after a full batch: there is more
)

var (
	errNotOpen = fmt.Errorf("%w: the store is not open", domain.ErrStoreUnavailable)
	errTooMany = fmt.Errorf("%w: too many writes are waiting", domain.ErrStoreUnavailable)
)

// change is the work of a write, with one statement that writes: one that fails
// leaves nothing behind, so that it can fail alone.
type change func(context.Context, *sql.Tx) error

// write is a change that someone waits for.
type write struct {
	ctx   context.Context // the waiting caller's
	apply change
	err   error
	done  chan error // has room, so that the writer never waits for a caller
}

// writer owns the writing connection. While it commits, callers queue up; then it
// takes them all into the next commit, so that one sync of the disk serves many.
type writer struct {
	queue   chan *write
	tidy    func(context.Context) (more bool)
	started atomic.Bool
	closing chan struct{}
	close   func()
	stopped chan struct{}
}

// newWriter returns a writer that calls tidy now and then, when nothing is being
// written.
func newWriter(tidy func(context.Context) (more bool)) *writer {
	w := &writer{
		queue:   make(chan *write, maxWaiting),
		tidy:    tidy,
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
	}
	w.close = sync.OnceFunc(func() { close(w.closing) })
	return w
}

// start begins to take writes and to commit them to db.
func (w *writer) start(db *sql.DB) {
	w.started.Store(true)
	go w.run(db)
}

// stop refuses new writes and returns when those accepted are answered.
func (w *writer) stop(ctx context.Context) error {
	w.close()
	select {
	case <-w.stopped:
		return nil
	case <-ctx.Done():
		return meaning(ctx.Err())
	}
}

// working returns an error unless the writer takes writes.
func (w *writer) working() error {
	if !w.started.Load() {
		return errNotOpen
	}
	select {
	case <-w.closing:
		return errNotOpen
	default:
		return nil
	}
}

// submit returns when apply is on disk, has failed, or when ctx is over; then it
// may yet be done, but only as a whole. It never waits for room in the queue.
func (w *writer) submit(ctx context.Context, apply change) error {
	if err := errors.Join(w.working(), meaning(ctx.Err())); err != nil {
		return err
	}
	job := &write{ctx: ctx, apply: apply, done: make(chan error, 1)}
	select {
	case w.queue <- job:
	default:
		return errTooMany
	}
	select {
	case err := <-job.done:
		return err
	case <-ctx.Done():
		return meaning(ctx.Err())
	case <-w.stopped:
	}
	select {
	case err := <-job.done:
		return err
	default: // it came when the writer had looked for the last time
		return errNotOpen
	}
}

// run commits what comes until the writer is told to close, and then what is left.
func (w *writer) run(db *sql.DB) {
	defer close(w.stopped)
	sweep := time.NewTimer(sweepEvery)
	defer sweep.Stop()
	for {
		select {
		case job := <-w.queue:
			commit(db, w.gather([]*write{job}))
		case <-sweep.C:
			sweep.Reset(w.tidyNext())
		case <-w.closing:
			for batch := w.gather(nil); len(batch) > 0; batch = w.gather(nil) {
				commit(db, batch)
			}
			return
		}
	}
}

// gather adds to batch what is waiting, as far as it fits.
func (w *writer) gather(batch []*write) []*write {
	for len(batch) < maxBatch {
		select {
		case job := <-w.queue:
			batch = append(batch, job)
		default:
			return batch
		}
	}
	return batch
}

// tidyNext tidies once and returns when to do so again.
func (w *writer) tidyNext() time.Duration {
	if w.tidy(context.Background()) {
		return sweepAgain
	}
	return sweepEvery
}
