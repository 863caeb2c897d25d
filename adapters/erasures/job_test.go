package erasures_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/erasures"
)

// erasing is a use case that plays a list of outcomes, and erases nobody after it.
type erasing struct {
	outcomes []outcome
	calls    []time.Time
	hang     bool
}

type outcome struct {
	erased int
	err    error
}

func (e *erasing) EraseDue(ctx context.Context) (int, error) {
	e.calls = append(e.calls, time.Now())
	if e.hang {
		<-ctx.Done()
		return 0, ctx.Err()
	}
	if len(e.outcomes) == 0 {
		return 0, nil
	}
	next := e.outcomes[0]
	e.outcomes = e.outcomes[1:]
	return next.erased, next.err
}

// run lets a job run for so long, and returns its log.
func run(t *testing.T, uc *erasing, d time.Duration) string {
	t.Helper()
	var log bytes.Buffer
	job := erasures.NewJob(uc, slog.New(slog.NewTextHandler(&log, nil)))
	if err := job.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(d)
	synctest.Wait()
	if err := job.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	return log.String()
}

func TestJobLooksAtOnceAndEachMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		uc := &erasing{}
		began := time.Now()
		log := run(t, uc, 3*time.Minute+time.Second)
		if len(uc.calls) != 4 || !uc.calls[0].Equal(began) || uc.calls[3].Sub(began) != 3*time.Minute {
			t.Errorf("got looks at %v, want at once and after 1, 2 and 3 minutes", uc.calls)
		}
		if log != "" {
			t.Errorf("got the log %q, want nothing to say", log)
		}
	})
}

func TestJobGoesOnWhileSomebodyIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		uc := &erasing{outcomes: []outcome{{100, nil}, {3, nil}}}
		log := run(t, uc, time.Second)
		if len(uc.calls) != 3 || strings.Count(log, "users were erased") != 2 {
			t.Errorf("got %d looks and %q, want three, of which two erased", len(uc.calls), log)
		}
	})
}

func TestJobTellsOfAFailureAndTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		uc := &erasing{outcomes: []outcome{{2, errors.New("store is down")}, {1, nil}}}
		log := run(t, uc, time.Minute+time.Second)
		if len(uc.calls) != 3 || !strings.Contains(log, "store is down") || !strings.Contains(log, "erased=2") {
			t.Errorf("got %d looks and %q, want one that failed and two a minute later", len(uc.calls), log)
		}
	})
}

func TestLookThatHangsIsBrokenOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		uc := &erasing{hang: true}
		log := run(t, uc, 65*time.Second)
		if len(uc.calls) != 2 || !strings.Contains(log, "deadline exceeded") {
			t.Errorf("got %d looks and %q, want a second one after the first was broken off", len(uc.calls), log)
		}
	})
}

func TestStopIsQuietAndMayComeFirst(t *testing.T) {
	job := erasures.NewJob(&erasing{}, slog.New(slog.DiscardHandler))
	if err := job.Stop(t.Context()); err != nil {
		t.Errorf("before Start: got %v, want no error", err)
	}
}
