package jwttoken_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestFollowedDirectoryIsLookedAtEachSecondUntilStop(t *testing.T) {
	dir := t.TempDir()
	_, first := generate(t, dir, "ES256", day)
	synctest.Test(t, func(t *testing.T) {
		r := newReplica(t, settings(dir, "ES256"))
		r.ring.Follow(r.journal.log())
		_, second := generate(t, dir, "EdDSA", day)
		time.Sleep(time.Second - time.Nanosecond)
		synctest.Wait()
		if got := r.published(t); !slices.Equal(got, []string{first}) {
			t.Errorf("got %q published within the second, want %s", got, first)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if got := r.published(t); !slices.Equal(got, []string{first, second}) {
			t.Errorf("got %q published after a second, want both keys", got)
		}
		for range 2 {
			if err := r.ring.Stop(t.Context()); err != nil {
				t.Errorf("Stop: got %v, want no error", err)
			}
		}
		generate(t, dir, "RS256", day)
		time.Sleep(time.Minute)
		if got := r.published(t); len(got) != 2 {
			t.Errorf("got %q published after Stop, want no more than before", got)
		}
		if lines := r.journal.lines(slog.LevelInfo); len(lines) != 1 {
			t.Errorf("got %q, want one line", lines)
		}
	})
}

func TestStopBeforeFollowIsNoError(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	if err := load(t, settings(dir, "ES256")).Stop(t.Context()); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

// Keys are rotated, ten times over, on a directory that three replicas share
// while each issues tokens that all verify.
func TestRotationUnderLoadFailsNoVerification(t *testing.T) { // F-27, T-31
	const rounds, wait = 10, 10 * time.Minute
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	var now atomic.Int64 // after day
	clock := func() time.Time { return day.Add(time.Duration(now.Load())) }
	replicas := []*replica{newReplica(t, settings(dir, "ES256")), newReplica(t, settings(dir, "ES256")), newReplica(t, settings(dir, "ES256"))}
	var stop atomic.Bool
	var headers sync.Map // each names a key
	turns := make([]atomic.Int64, len(replicas))
	var load sync.WaitGroup
	for i, r := range replicas {
		load.Go(func() {
			for !stop.Load() {
				at := clock()
				token, err := r.issuer.IssueAccessToken(t.Context(), somebody, at, at.Add(time.Hour))
				if err != nil {
					t.Errorf("IssueAccessToken: got %v, want no error", err)
				}
				header, _, _ := strings.Cut(token.Reveal(), ".")
				headers.Store(header, true)
				for _, other := range slices.Concat(replicas, replicas) { // cold and warm
					if err := other.verify(t, token, at); err != nil {
						t.Errorf("got %v, want no error", err)
					}
				}
				turns[i].Add(1)
			}
		})
	}
	for range rounds {
		rotate(t, dir, "ES256", clock(), wait, wait)
		for i, r := range replicas {
			r.looks()
			for enough := turns[i].Load() + 20; turns[i].Load() < enough; {
				time.Sleep(time.Millisecond)
			}
		}
		now.Add(int64(wait))
	}
	stop.Store(true)
	load.Wait()
	signed := 0
	headers.Range(func(any, any) bool { signed++; return true })
	if n := len(files(t, dir)); signed < rounds || n > 3 {
		t.Errorf("got %d keys that signed and %d left, want %d and the last three", signed, n, rounds)
	}
	for _, r := range replicas {
		if lines := r.journal.lines(slog.LevelError); lines != nil {
			t.Errorf("got %q, want no fault", lines)
		}
	}
}

// A directory that cannot be listed in time holds nobody up longer than asked.
func TestStopWaitsNoLongerThanItMay(t *testing.T) {
	dir := t.TempDir()
	generate(t, dir, "ES256", day)
	r := newReplica(t, settings(dir, "ES256"))
	hang := make(chan struct{})
	r.ring.Follow(slog.New(slog.NewTextHandler(stuck{hang}, nil)))
	put(t, dir, "20270101T000000Z-x.pem", []byte("x"), 0o600)
	ctx, cancel := context.WithCancel(t.Context())
	<-hang // it writes to its log now
	cancel()
	if err := r.ring.Stop(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the end of the wait", err)
	}
	<-hang // and may go on
	if err := r.ring.Stop(t.Context()); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

// stuck is a log that takes a line when it is asked to, twice.
type stuck struct{ hang chan struct{} }

func (s stuck) Write(line []byte) (int, error) {
	if strings.Contains(string(line), filepath.Ext("x.pem")) {
		s.hang <- struct{}{}
		s.hang <- struct{}{}
	}
	return len(line), nil
}
