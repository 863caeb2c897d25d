package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/sqlite"
	"wxlogin/domain"
)

// hold keeps the writer busy with a commit until release is called.
func hold(t *testing.T, store *sqlite.Store) (release func()) {
	t.Helper()
	held, end, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- store.Submit(context.Background(), func(context.Context, *sql.Tx) error {
			close(held)
			<-end
			return nil
		})
	}()
	<-held
	return func() {
		close(end)
		if err := <-done; err != nil {
			t.Errorf("the held write: got %v, want no error", err)
		}
	}
}

// queue lets n goroutines write, waits until all are in the queue, and returns a
// function that waits for their answers.
func queue(t *testing.T, store *sqlite.Store, n int, write func(i int) error) (answers func() []error) {
	t.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	waiting := store.Waiting()
	for i := range n {
		wg.Go(func() { errs[i] = write(i) })
	}
	for store.Waiting() < waiting+n {
		runtime.Gosched()
	}
	return func() []error {
		wg.Wait()
		return errs
	}
}

func wantNoErrors(t *testing.T, errs []error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

func TestWritesThatWaitTogetherShareACommit(t *testing.T) {
	tests := []struct {
		name        string
		giveWrites  int
		wantCommits int64 // the held one included
	}{
		{"a few", 64, 2},
		{"as many as fit in one", 256, 2},
		{"more", 257, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := open(t, t.TempDir())
			commits := countCommits(t, store)
			release := hold(t, store)
			answers := queue(t, store, tt.giveWrites, func(i int) error { return login(t, store, i) })
			release()
			wantNoErrors(t, answers())
			if got := commits.Load(); got != tt.wantCommits {
				t.Errorf("got %d commits, want %d", got, tt.wantCommits)
			}
		})
	}
}

func countCommits(t *testing.T, store *sqlite.Store) *atomic.Int64 {
	t.Helper()
	var commits atomic.Int64
	if err := store.OnCommit(t.Context(), func() { commits.Add(1) }); err != nil {
		t.Fatal(err)
	}
	return &commits
}

func login(t *testing.T, store *sqlite.Store, n int) error {
	_, _, err := sqlite.NewUserRepository(store).RecordLogin(t.Context(), visitor(n))
	return err
}

func TestParallelWritersShareCommits(t *testing.T) {
	const writers, each = 64, 10
	store := open(t, t.TempDir())
	var commits atomic.Int64
	slowDisk := func() {
		commits.Add(1)
		time.Sleep(5 * time.Millisecond)
	}
	if err := store.OnCommit(t.Context(), slowDisk); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if err := login(t, store, w*each+i); err != nil {
					t.Errorf("RecordLogin: got %v, want no error", err)
				}
			}
		})
	}
	wg.Wait()
	if got, limit := commits.Load(), int64(writers*each/8); got > limit {
		t.Errorf("got %d commits for %d writes, want at most %d", got, writers*each, limit)
	}
}

func TestWriteIsNotAnsweredBeforeItsCommit(t *testing.T) {
	store := open(t, t.TempDir())
	var answered atomic.Bool
	inserted, end := make(chan struct{}), make(chan struct{})

	release := hold(t, store)
	first := queue(t, store, 1, func(int) error {
		defer answered.Store(true)
		return login(t, store, 0)
	})
	second := queue(t, store, 1, func(int) error {
		return store.Submit(t.Context(), func(context.Context, *sql.Tx) error {
			close(inserted)
			<-end
			return nil
		})
	})
	release()
	<-inserted
	if answered.Load() {
		t.Error("got an answer before the commit, want none")
	}
	if _, err := sqlite.NewUserRepository(store).Find(t.Context(), "u0"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("Find before the commit: got %v, want %v", err, domain.ErrNotFound)
	}
	close(end)
	wantNoErrors(t, append(first(), second()...))
	wantStored(t, store, 0)
}

func wantStored(t *testing.T, store *sqlite.Store, n int) {
	t.Helper()
	if _, err := sqlite.NewUserRepository(store).Find(t.Context(), visitor(n).ID); err != nil {
		t.Errorf("Find of user %d: got %v, want no error", n, err)
	}
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("got %v, want %v", err, domain.ErrStoreUnavailable)
	}
}

func TestStatementThatFailsFailsAlone(t *testing.T) {
	store := open(t, t.TempDir())
	release := hold(t, store)
	before := queue(t, store, 4, func(i int) error { return login(t, store, i) })
	fault := queue(t, store, 1, func(int) error {
		return store.Submit(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO users (identity) VALUES ('only half')")
			return err
		})
	})
	after := queue(t, store, 4, func(i int) error { return login(t, store, 4+i) })
	release()
	wantNoErrors(t, append(before(), after()...))
	for n := range 8 {
		wantStored(t, store, n)
	}
	if err := fault()[0]; err == nil || errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("the statement at fault: got %v, want its own error and no outage", err)
	}
}
