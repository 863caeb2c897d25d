package revocations

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"wxlogin/domain"
)

// each calls read each d until ctx ends. What takes longer than d does not delay
// all that follow: the next begins at once.
func each(ctx context.Context, d time.Duration, read func(context.Context)) {
	due := time.NewTicker(d)
	defer due.Stop()
	for {
		select {
		case <-due.C:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			return // even where the next is due at the same moment
		}
		read(ctx)
	}
}

// readRecent learns what was revoked since the last good read. A feed that is
// behind anyway waits longer for it: better late than never.
func (f *Feed) readRecent(ctx context.Context) {
	f.known.sweep(f.clock.Now())
	f.users.sweep(f.clock.Now())
	state := f.RevocationState()
	since, bound := state.ReadAt.Add(-overlap), readBound
	switch {
	case state.ReadAt.IsZero():
		since, bound = time.Time{}, readAllBound
	case !state.Current:
		bound = lateBound
	}
	f.note(ctx, f.read(ctx, since, bound))
}

// readAll learns what was revoked at any time. Of a store that is down
// readRecent tells.
func (f *Feed) readAll(ctx context.Context) {
	before := f.RevocationState()
	err := f.read(ctx, time.Time{}, readAllBound)
	if err != nil && ctx.Err() == nil && before.Current && f.RevocationState().Current {
		f.log.WarnContext(ctx, "revocations: only the recent ones could be read", "cause", err)
	}
}

// read learns what was revoked at or after since.
func (f *Feed) read(ctx context.Context, since time.Time, bound time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	began := f.clock.Now()
	found, err := f.find(ctx, since, began)
	if err != nil {
		return err
	}
	f.learn(ctx, found)
	f.state.Lock()
	defer f.state.Unlock()
	if began.After(f.state.readAt) {
		f.state.readAt = began
	}
	return nil
}

var errPanic = errors.New("panic")

// find asks the log. A panic there is a failure like any other, since the feed
// must go on; its value is not shown, as nobody knows what it holds.
func (f *Feed) find(ctx context.Context, since, now time.Time) (found []domain.Revocation, err error) {
	defer func() {
		if value := recover(); value != nil {
			f.log.ErrorContext(ctx, "revocations: panic", "type", fmt.Sprintf("%T", value), "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	return f.store.FindSince(ctx, since, now)
}

// learn remembers revocations. It says once that there are too many, until there
// are fewer again.
func (f *Feed) learn(ctx context.Context, revocations []domain.Revocation) {
	full := false
	for _, r := range revocations {
		if r.UserID != "" {
			full = f.users.add(r) || full
			continue
		}
		full = f.known.add(r.SessionID, r.Until) || full
	}
	size := f.known.size()
	switch {
	case full && f.crowded.CompareAndSwap(false, true):
		f.log.ErrorContext(ctx, "revocations: too many to remember; the tokens of those left out are accepted",
			"known", size, "users", f.users.size())
	case !full && size < f.known.bound/10*9:
		f.crowded.Store(false)
	}
}

// note says once that the feed is not current any more, and once that it is
// again. A single read that fails is not worth a line.
func (f *Feed) note(ctx context.Context, err error) {
	state := f.RevocationState()
	f.state.Lock()
	defer f.state.Unlock()
	switch {
	case err == nil && f.state.stale:
		f.state.stale = false
		f.log.InfoContext(ctx, "revocations: read again", "known", state.Known)
	case err != nil && !state.Current && !f.state.stale && ctx.Err() == nil:
		f.state.stale = true
		f.log.WarnContext(ctx, "revocations: cannot be read; tokens are checked against those that are known",
			"known", state.Known, "read_at", state.ReadAt, "cause", err)
	}
}
