package revocations_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/revocations"
)

func TestStopEndsTheReading(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		if err := w.Stop(t.Context()); err != nil {
			t.Errorf("stop before the start: got %v, want no error", err)
		}
		w.elsewhere(session(1), 0)
		w.start(t)
		w.store.fail(hang)
		time.Sleep(3500 * time.Millisecond) // a read is under way
		began := time.Now()
		if err := w.Stop(t.Context()); err != nil || time.Since(began) > 0 {
			t.Errorf("got %v after %v, want the read broken off", err, time.Since(began))
		}
		asked := w.store.asked()
		time.Sleep(5 * time.Minute)
		if got := w.store.asked(); got != asked {
			t.Errorf("got %d reads after the end, want none", got-asked)
		}
		w.wantRevoked(t, "after the end", session(1), true)
		w.wantLines(t, "cannot be read", 0)
	})
}

func TestStopWaitsNoLongerThanItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, log := &store{}, &journal{}
		feed := revocations.NewFeed(s, machine{}, log.logger())
		if err := feed.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		deaf := func(context.Context, bool) error { time.Sleep(time.Minute); return nil }
		s.fail(deaf)
		time.Sleep(1100 * time.Millisecond)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := feed.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
		}
		time.Sleep(time.Minute) // the read comes to its end
	})
}
