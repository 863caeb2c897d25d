package mongodb_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/mongodb"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

const password = "canary-Pa55word"

// wantOutage holds all calls, made at once, to an end within limit that says
// that the store is not there, and no more than may be known.
func wantOutage(t *testing.T, all map[string]func(context.Context) error, limit time.Duration) {
	t.Helper()
	type ending struct {
		call string
		err  error
		took time.Duration
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // what callers bear is not what they get
	defer cancel()
	endings := make(chan ending, len(all))
	for name, call := range all {
		go func() {
			begin := time.Now()
			err := call(ctx)
			endings <- ending{name, err, time.Since(begin)}
		}()
	}
	for range all {
		e := <-endings
		if !errors.Is(e.err, domain.ErrStoreUnavailable) {
			t.Errorf("%s: got %v, want %v", e.call, e.err, domain.ErrStoreUnavailable)
		} else if strings.Contains(e.err.Error(), password) {
			t.Errorf("%s: the error holds the password: %v", e.call, e.err)
		}
		if bound := within(e.call, limit); e.took > bound {
			t.Errorf("%s: took %v, want at most %v", e.call, e.took, bound)
		}
	}
}

func within(call string, limit time.Duration) time.Duration {
	if call == "Check" {
		return min(limit, 2*time.Second)
	}
	return limit + time.Second/2
}

func TestServerThatIsNotThereIsAnOutage(t *testing.T) {
	for name, address := range map[string]string{"closed port": closed(t), "never answers": deaf(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uri := "mongodb://user:" + password + "@" + address + "/test?authSource=admin"
			wantOutage(t, calls(store(t, uri, &clock{}, io.Discard)), 2*time.Second)
		})
	}
}

func TestServerThatFallsSilentIsAnOutageAndComesBack(t *testing.T) {
	t.Parallel()
	between, uri := startProxy(t, testkit.MongoDB(t))
	s := opened(t, uri)
	all := each(func() *mongodb.Store { return opened(t, uri) })
	between.silence(true)
	wantOutage(t, all, 5*time.Second)
	between.silence(false)
	between.cut()
	wantRecovery(t, s)
}

func TestConnectionsThatBreakHealWithoutARestart(t *testing.T) {
	t.Parallel()
	between, uri := startProxy(t, testkit.MongoDB(t))
	s := opened(t, uri)
	for range 3 {
		between.cut()
		wantRecovery(t, s)
	}
}

func wantRecovery(t *testing.T, s *mongodb.Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	for name, call := range calls(s) {
		err := call(ctx)
		for errors.Is(err, domain.ErrStoreUnavailable) && ctx.Err() == nil {
			err = call(ctx)
		}
		if err != nil && !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("%s: got %v, want the store back within 5s", name, err)
		}
	}
}

func TestCallEndsWithItsContext(t *testing.T) {
	t.Parallel()
	between, uri := startProxy(t, testkit.MongoDB(t))
	s := opened(t, uri)
	between.silence(true)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	begin := time.Now()
	err := calls(s)["RecordLogin"](ctx)
	if took := time.Since(begin); !errors.Is(err, domain.ErrStoreUnavailable) || took > time.Second {
		t.Errorf("got %v after %v, want %v at the end of the context", err, took, domain.ErrStoreUnavailable)
	}
}

func TestOpenWaitsTenSecondsForAServer(t *testing.T) {
	t.Parallel()
	s := store(t, "mongodb://user:"+password+"@"+closed(t)+"/test", &clock{}, io.Discard)
	begin := time.Now()
	err := s.Open(t.Context())
	took := time.Since(begin)
	if !errors.Is(err, domain.ErrStoreUnavailable) || took < 9*time.Second || took > 11*time.Second {
		t.Errorf("got %v after %v, want %v after 10s", err, took, domain.ErrStoreUnavailable)
	}
	if text := err.Error(); !strings.Contains(text, "no server that can be written to") ||
		!strings.Contains(text, "refused") || strings.Contains(text, password) {
		t.Errorf("got %q, want what is wrong, and no password", text)
	}
}

func TestOpenTakesAServerThatComesLate(t *testing.T) {
	t.Parallel()
	between, uri := startProxy(t, testkit.MongoDB(t))
	between.silence(true)
	s := store(t, uri, &clock{}, io.Discard)
	late := time.AfterFunc(time.Second, func() {
		between.silence(false)
		between.cut()
	})
	defer late.Stop()
	if err := s.Open(t.Context()); err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

func TestWrongPasswordEndsOpenAtOnceAndIsNotTold(t *testing.T) {
	_, rest, plain := strings.Cut(testkit.MongoDB(t), "mongodb://")
	if !plain || strings.Contains(rest, "@") {
		t.Skip("the server has users of its own")
	}
	s := store(t, "mongodb://user:"+password+"@"+rest, &clock{}, io.Discard)
	begin := time.Now()
	err := s.Open(t.Context())
	if took := time.Since(begin); err == nil || errors.Is(err, domain.ErrStoreUnavailable) || took > 5*time.Second {
		t.Errorf("got %v after %v, want a refusal at once", err, took)
	}
	if err != nil && strings.Contains(err.Error(), password) {
		t.Errorf("the error holds the password: %v", err)
	}
}
