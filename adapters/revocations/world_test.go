package revocations_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"wxlogin/adapters/revocations"
	"wxlogin/domain"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// machine is a clock: in a bubble of synctest that of the bubble.
type machine struct{}

func (machine) Now() time.Time { return time.Now().UTC() }

// fault is what becomes of a read: of the recent revocations, or of all.
type fault func(ctx context.Context, all bool) error

// store is a ports.RevocationLog with faults. What is recorded shows at once.
type store struct {
	mu     sync.Mutex
	all    []domain.Revocation
	reads  []time.Time // since when each was asked for
	fault  fault
	refuse error // of Record
}

func (s *store) Record(_ context.Context, revocations ...domain.Revocation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse != nil {
		return s.refuse
	}
	s.all = append(s.all, revocations...)
	return nil
}

// FindSince returns what is there when it is called, however long it then takes.
func (s *store) FindSince(ctx context.Context, since, now time.Time) ([]domain.Revocation, error) {
	s.mu.Lock()
	var found []domain.Revocation
	for _, r := range s.all {
		if !r.At.Before(since) && now.Before(r.Until) {
			found = append(found, r)
		}
	}
	s.reads = append(s.reads, since)
	fault := s.fault
	s.mu.Unlock()
	if fault != nil {
		if err := fault(ctx, since.IsZero()); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// fail lets each read go through fault from now on.
func (s *store) fail(fault fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// asked returns how often the store was read.
func (s *store) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.reads)
}

func down(context.Context, bool) error { return domain.ErrStoreUnavailable }

// hang answers nothing until the reader gives up.
func hang(ctx context.Context, _ bool) error {
	<-ctx.Done()
	return fmt.Errorf("%w: %w", domain.ErrStoreUnavailable, ctx.Err())
}

// slow takes d.
func slow(d time.Duration) fault {
	return func(ctx context.Context, all bool) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return hang(ctx, all)
		}
	}
}

// world is a feed that runs over a store of its own.
type world struct {
	*revocations.Feed
	store *store
	log   *journal
}

// bubble runs test in a bubble of synctest with a feed that was not started.
func bubble(t *testing.T, test func(t *testing.T, w world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, log := &store{}, &journal{}
		w := world{revocations.NewFeed(s, machine{}, log.logger()), s, log}
		t.Cleanup(func() {
			if err := w.Stop(context.Background()); err != nil {
				t.Errorf("stop: %v", err)
			}
		})
		test(t, w)
	})
}

func (w world) start(t *testing.T) {
	t.Helper()
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// elsewhere records a revocation as another replica does whose clock is behind.
func (w world) elsewhere(id domain.SessionID, behind time.Duration) {
	now := time.Now().Add(-behind)
	_ = w.store.Record(context.Background(), domain.Revocation{SessionID: id, At: now, Until: now.Add(time.Hour)})
}

func (w world) wantRevoked(t *testing.T, what string, id domain.SessionID, want bool) {
	t.Helper()
	if got := w.Revoked(id); got != want {
		t.Errorf("%s: got revoked %v, want %v", what, got, want)
	}
}

func (w world) wantCurrent(t *testing.T, what string, want bool) {
	t.Helper()
	if got := w.RevocationState(); got.Current != want {
		t.Errorf("%s: got %+v, want current %v", what, got, want)
	}
}

// session returns the id of the nth session, a UUID as they all are.
func session(n int) domain.SessionID {
	return domain.SessionID(fmt.Sprintf("0197c3a2-7b1e-7def-8abc-%012x", n))
}

// small runs a feed that remembers few, until the test ends.
func small(t *testing.T, bound int) world {
	t.Helper()
	s, log := &store{}, &journal{}
	w := world{revocations.NewSmallFeed(bound, s, machine{}, log.logger()), s, log}
	w.start(t)
	t.Cleanup(func() { _ = w.Stop(context.Background()) })
	return w
}
