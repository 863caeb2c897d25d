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
		ids := dueWithCountless(t, w, 14, func(i int) bool { return i < 12 })
		uc, looks := w.eraseUseCase(), 0
		for erased := 0; erased < 2 && looks < 5; looks++ {
			ctx, done := context.WithTimeout(t.Context(), 50*time.Second)
			n, err := uc.EraseDue(ctx)
			if !errors.Is(err, context.DeadlineExceeded) || strings.Count(err.Error(), "erase user") > 11 {
				t.Errorf("got %v, want only those who had a turn named", err)
			}
			erased += n
			done()
		}
		if looks != 2 {
			t.Errorf("got %d looks, want those behind the twelve erased by the second", looks)
		}
		w.wantGone(t, ids[12], appA, "person12")
		w.wantGone(t, ids[13], appA, "person13")
	})
}
