package revocations_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/revocations"
	"wxlogin/domain"
)

func TestStartReadsAllThatStillMatters(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.elsewhere(session(1), 59*time.Minute)
		w.elsewhere(session(2), 61*time.Minute)
		w.wantCurrent(t, "before the start", false)
		w.start(t)
		w.wantRevoked(t, "one of long ago", session(1), true)
		w.wantRevoked(t, "one that has ended", session(2), false)
		w.wantRevoked(t, "one of nobody", session(3), false)
		w.wantCurrent(t, "after the start", true)
		if got := w.RevocationState(); got.Known != 1 || !got.ReadAt.Equal(time.Now()) {
			t.Errorf("got %+v, want one, read now", got)
		}
	})
}

func TestRevocationElsewhereIsKnownWithinTwoSeconds(t *testing.T) { // 7.4.1
	for _, takes := range []time.Duration{0, 500 * time.Millisecond, 890 * time.Millisecond} {
		bubble(t, func(t *testing.T, w world) {
			w.start(t)
			w.store.fail(slow(takes))
			for n := range 50 {
				time.Sleep(137 * time.Millisecond) // at every moment of a read's turn
				w.elsewhere(session(n), 0)
				began := time.Now()
				for !w.Revoked(session(n)) && time.Since(began) < 3*time.Second {
					time.Sleep(10 * time.Millisecond)
				}
				if took := time.Since(began); took >= 2*time.Second {
					t.Errorf("reads take %v: known after %v, want less than 2s", takes, took)
				}
			}
		})
	}
}

func TestRevocationByAClockBehindAndCommittedLateIsSeen(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		time.Sleep(5 * time.Minute)
		w.elsewhere(session(1), 58*time.Second) // 30 s behind, and 28 s under way
		w.elsewhere(session(2), 10*time.Minute)
		time.Sleep(2 * time.Second)
		w.wantRevoked(t, "within the overlap", session(1), true)
		w.wantRevoked(t, "by a clock that is wrong", session(2), false)
		time.Sleep(2 * time.Minute)
		w.wantRevoked(t, "by a clock that is wrong, after all is read again", session(2), true)
	})
}

func TestPollsReadTheRecentOnesOnly(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		time.Sleep(110*time.Second + time.Millisecond)
		if got := w.store.asked(); got != 111 {
			t.Errorf("got %d reads, want one at the start and one each second", got)
		}
		for n, since := range w.store.reads {
			if want := time.Now().Add(-3 * time.Minute); n > 0 && since.Before(want) {
				t.Fatalf("read %d: since %v, want no earlier than %v", n, since, want)
			}
		}
	})
}

func TestRevokeIsKnownHereAtOnceAndStored(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		asked := w.store.asked()
		r := domain.Revocation{SessionID: session(1), At: time.Now(), Until: time.Now().Add(time.Hour)}
		other := domain.Revocation{SessionID: session(2), At: time.Now(), Until: time.Now().Add(time.Hour)}
		if err := w.Revoke(t.Context(), r, other); err != nil {
			t.Fatal(err)
		}
		w.wantRevoked(t, "the first", session(1), true)
		w.wantRevoked(t, "the second", session(2), true)
		if len(w.store.all) != 2 || w.store.asked() != asked {
			t.Errorf("got %v stored and %d reads, want both and none", w.store.all, w.store.asked()-asked)
		}
	})
}

func TestRevokeThatIsNotStoredFailsAndIsNotKnown(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		w.store.refuse = domain.ErrStoreUnavailable
		r := domain.Revocation{SessionID: session(1), At: time.Now(), Until: time.Now().Add(time.Hour)}
		if err := w.Revoke(t.Context(), r); !errors.Is(err, domain.ErrStoreUnavailable) {
			t.Errorf("got %v, want %v", err, domain.ErrStoreUnavailable)
		}
		w.wantRevoked(t, "not stored", session(1), false)
		w.store.refuse = nil
		if err := w.Revoke(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		w.wantRevoked(t, "stored in the second try", session(1), true)
	})
}

func TestWhatHasEndedIsForgotten(t *testing.T) { // T-29
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		w.store.fail(down) // else what is forgotten too early would be read again
		revoke := func(n int, until time.Duration) {
			r := domain.Revocation{SessionID: session(n), At: time.Now(), Until: time.Now().Add(until)}
			if err := w.Revoke(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 100 {
			revoke(n, time.Duration(n+1)*10*time.Second)
		}
		revoke(0, 10*time.Minute)
		revoke(99, time.Second)
		time.Sleep(501 * time.Second)
		w.wantRevoked(t, "ended", session(1), false)
		w.wantRevoked(t, "not ended", session(60), true)
		w.wantRevoked(t, "prolonged", session(0), true)
		w.wantRevoked(t, "said to end sooner", session(99), true)
		if got := w.RevocationState().Known; got != 51 {
			t.Errorf("got %d known, want 51", got)
		}
		time.Sleep(time.Hour)
		if got := w.RevocationState().Known; got != 0 {
			t.Errorf("got %d known, want none", got)
		}
	})
}

func TestFeedIsSafeForConcurrentUse(t *testing.T) {
	s, log := &store{}, &journal{}
	feed := revocations.NewSmallFeed(500, s, machine{}, log.logger())
	if err := feed.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	var users sync.WaitGroup
	for u := range 8 {
		users.Go(func() {
			for n := range 500 {
				id := session(u*1000 + n)
				now := time.Now()
				if err := feed.Revoke(t.Context(), domain.Revocation{SessionID: id, At: now, Until: now.Add(time.Duration(n) * time.Second)}); err != nil {
					t.Error(err)
				}
				_, _ = feed.Revoked(id), feed.RevocationState()
			}
		})
	}
	users.Wait()
	if got := feed.RevocationState().Known; got > 500 {
		t.Errorf("got %d known, want at most 500", got)
	}
	if err := feed.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
