package application_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// countless are sessions of which no call can remove those of some users.
type countless struct {
	ports.SessionRepository
	of map[domain.UserID]bool
}

func (c countless) Delete(ctx context.Context, user domain.UserID, ids ...domain.SessionID) error {
	if c.of[user] {
		<-ctx.Done()
		return fmt.Errorf("%w: %w", domain.ErrStoreUnavailable, ctx.Err())
	}
	return c.SessionRepository.Delete(ctx, user, ids...)
}

// dueWithCountless has n users come due, of whom those named have countless sessions.
func dueWithCountless(t *testing.T, w *world, n int, stuck func(i int) bool) (ids []domain.UserID) {
	t.Helper()
	of := map[domain.UserID]bool{}
	for i := range n {
		login := w.login(t, onDevice(visit(appA, fmt.Sprint("person", i)), "device-01"))
		w.leave(t, login)
		if err := w.sessions.Save(t.Context(), login.Session); err != nil { // of a login that was under way
			t.Fatal(err)
		}
		ids = append(ids, login.User.ID)
		of[login.User.ID] = stuck(i)
	}
	w.clock.now = w.clock.now.Add(8 * day)
	w.sessions = countless{w.sessions, of}
	return ids
}

func TestOneWhoTakesTooLongKeepsNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown()
		ids := dueWithCountless(t, w, 4, func(i int) bool { return i == 0 })
		ctx, done := context.WithTimeout(t.Context(), 50*time.Second)
		defer done()
		n, err := w.eraseUseCase().EraseDue(ctx)
		if n != 3 || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(fmt.Sprint(err), string(ids[0])) {
			t.Errorf("got %d and %v, want three erased and who was not", n, err)
		}
		if ctx.Err() != nil {
			t.Error("got all of the time spent, want some left")
		}
		for i, id := range ids[1:] {
			w.wantGone(t, id, appA, domain.OpenID(fmt.Sprint("person", i+1)))
		}
		w.found(t, ids[0])
	})
}

func TestManyWhoTakeTooLongKeepNobodyWaitingForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown()
		ids := dueWithCountless(t, w, 7, func(i int) bool { return i < 5 })
		uc, looks := w.eraseUseCase(), 0
		for erased := 0; erased < 2 && looks < 5; looks++ {
			ctx, done := context.WithTimeout(t.Context(), 50*time.Second)
			n, err := uc.EraseDue(ctx)
			if !errors.Is(err, context.DeadlineExceeded) || strings.Count(err.Error(), "erase user") > 4 {
				t.Errorf("got %v, want only those who had a turn named", err)
			}
			erased += n
			done()
		}
		if looks != 2 {
			t.Errorf("got %d looks, want those behind the five erased by the second", looks)
		}
		w.wantGone(t, ids[5], appA, "person5")
		w.wantGone(t, ids[6], appA, "person6")
	})
}

// slow are sessions that take their time to be found.
type slow struct {
	ports.SessionRepository
	takes func() time.Duration
}

func (s slow) FindLiveOf(ctx context.Context, user domain.UserID, now time.Time, ids ...domain.SessionID) ([]domain.Session, error) {
	select {
	case <-time.After(s.takes()):
		return s.SessionRepository.FindLiveOf(ctx, user, now, ids...)
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", domain.ErrStoreUnavailable, ctx.Err())
	}
}

func TestWhatCameWhileSomebodyWasErasedGoesHoweverLongThatTook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown()
		login := w.login(t, visit(appA, "a"))
		w.leave(t, login)
		w.clock.now = w.clock.now.Add(8 * day)
		underWay := login.Session
		underWay.CreatedAt, underWay.ExpiresAt, underWay.AbsoluteAt = w.clock.now, w.clock.now.Add(day), w.clock.now.Add(day)
		w.deletions = deletionsThen{DeletionRepository: w.deletions, erases: func(domain.UserID) error {
			return w.sessions.Save(t.Context(), underWay)
		}}
		whole, takes := w.sessions, 14900*time.Millisecond // of the 15 s of a turn
		w.sessions = slow{whole, func() (now time.Duration) { now, takes = takes, 200*time.Millisecond; return now }}
		if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 1 || err != nil {
			t.Errorf("got %d and %v, want one erased", n, err)
		}
		w.sessions = whole
		if left := w.liveOf(t, login.User.ID); len(left) != 0 {
			t.Errorf("got %v, want no session left", left)
		}
	})
}
