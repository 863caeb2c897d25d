package revocations_test

import (
	"context"
	"testing"
	"time"
)

func TestStoreThatIsDownLeavesWhatIsKnownAndSaysSoOnce(t *testing.T) {
	for name, fault := range map[string]fault{"down": down, "hanging": hang} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w world) {
				w.elsewhere(session(1), 0)
				w.start(t)
				read := w.RevocationState().ReadAt
				w.store.fail(fault)
				time.Sleep(3100 * time.Millisecond)
				w.wantCurrent(t, "after 3.1s", false)
				w.elsewhere(session(2), 0)
				time.Sleep(10 * time.Minute)
				w.wantRevoked(t, "known before", session(1), true)
				w.wantRevoked(t, "made meanwhile", session(2), false)
				w.wantCurrent(t, "after 10m", false)
				if got := w.RevocationState().ReadAt; !got.Equal(read) {
					t.Errorf("got read at %v, want %v", got, read)
				}
				w.wantLines(t, "cannot be read", 1)
				w.wantLines(t, "level=", 1)

				w.store.fail(nil)
				time.Sleep(6 * time.Second) // the one under way may hang that long
				w.wantCurrent(t, "after it is back", true)
				w.wantRevoked(t, "made meanwhile", session(2), true)
				time.Sleep(time.Minute)
				w.wantLines(t, "read again", 1)
				w.wantLines(t, "level=", 2)
			})
		})
	}
}

func TestSingleReadThatFailsIsNotWorthALine(t *testing.T) {
	for name, fault := range map[string]fault{"down": down, "hanging": hang} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w world) {
				w.start(t)
				n := 0
				w.store.fail(func(ctx context.Context, all bool) error {
					if n++; n%2 == 0 {
						return fault(ctx, all)
					}
					return slow(600*time.Millisecond)(ctx, all)
				})
				for range 600 {
					time.Sleep(100 * time.Millisecond)
					w.wantCurrent(t, "every other read fails", true)
				}
				w.wantLines(t, "level=", 0)
			})
		})
	}
}

func TestReadOfAllMayTakeLong(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		w.store.fail(func(ctx context.Context, all bool) error {
			if all {
				return slow(15*time.Second)(ctx, all)
			}
			return nil
		})
		for range 3000 {
			time.Sleep(100 * time.Millisecond)
			w.wantCurrent(t, "the recent ones are read meanwhile", true)
		}
		w.wantLines(t, "level=", 0)
	})
}

func TestHealthyFeedNeverFlaps(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		w.store.fail(slow(890 * time.Millisecond))
		for range 3000 { // with the reads of everything among them
			time.Sleep(100 * time.Millisecond)
			w.wantCurrent(t, "reads are slow, but in time", true)
		}
		w.wantLines(t, "level=", 0)
	})
}

func TestStoreThatIsTooSlowIsFollowedAsWellAsItGoes(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		w.store.fail(slow(4 * time.Second))
		time.Sleep(10 * time.Second)
		w.elsewhere(session(1), 0)
		time.Sleep(15 * time.Second)
		w.wantRevoked(t, "after a while", session(1), true)
		w.wantCurrent(t, "4s behind", false)
	})
}

func TestFeedStartsWithoutItsStoreAndReadsAllLater(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.elsewhere(session(1), 50*time.Minute)
		w.store.fail(hang)
		began := time.Now()
		w.start(t)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the start took %v, want at most 5s", took)
		}
		w.wantCurrent(t, "after the start", false)
		w.wantLines(t, "cannot be read", 1)
		w.store.fail(nil)
		time.Sleep(1500 * time.Millisecond)
		w.wantCurrent(t, "after it is there", true)
		w.wantRevoked(t, "one of long ago", session(1), true)
		if since := w.store.reads[len(w.store.reads)-1]; !since.IsZero() {
			t.Errorf("got a read since %v, want one of all", since)
		}
		w.wantLines(t, "level=", 2)
	})
}

func TestStartThatIsBrokenOffEnds(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.store.fail(hang)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := w.Start(ctx); err != nil || time.Since(began) > time.Second {
			t.Errorf("got %v after %v, want no error after 1s", err, time.Since(began))
		}
	})
}

func TestReadOfAllThatFailsAloneIsToldOf(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		w.store.fail(func(ctx context.Context, all bool) error {
			if all {
				return hang(ctx, all)
			}
			return nil
		})
		time.Sleep(2*time.Minute + 21*time.Second)
		w.wantLines(t, "only the recent ones", 1)
		w.wantCurrent(t, "the recent ones are read", true)
	})
}

func TestPanicInTheStoreIsLoggedWithoutItsValueAndSurvived(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		w.store.fail(func(context.Context, bool) error { panic("hush-hush") })
		time.Sleep(4100 * time.Millisecond)
		w.wantCurrent(t, "while it panics", false)
		w.wantLines(t, "revocations: panic", 4)
		w.wantLines(t, "hush-hush", 0)
		w.store.fail(nil)
		w.elsewhere(session(1), 0)
		time.Sleep(2 * time.Second)
		w.wantRevoked(t, "after it", session(1), true)
		w.wantCurrent(t, "after it", true)
	})
}
