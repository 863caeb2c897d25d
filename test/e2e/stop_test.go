package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
	"wxlogin/test/testkit"
)

// attempt is a login as the one who asked for it saw it.
type attempt struct {
	began  time.Time
	answer testkit.Answer
}

// crowd logs people in until halted, each of its workers one after the other.
type crowd struct {
	mu       sync.Mutex
	attempts []attempt
	workers  sync.WaitGroup
	halt     chan struct{}
}

func gather(t *testing.T, w world, workers int) *crowd {
	t.Helper()
	c := &crowd{halt: make(chan struct{})}
	for n := range workers {
		c.workers.Go(func() {
			for c.goesOn() {
				code, err := w.wechat.Code("", fmt.Sprintf("person-%02d", n))
				if err != nil {
					t.Error(err)
					return
				}
				began := time.Now()
				answer := w.Post("/v1/login", map[string]any{"code": code})
				c.mu.Lock()
				c.attempts = append(c.attempts, attempt{began, answer})
				c.mu.Unlock()
				if answer.Err != nil {
					return
				}
			}
		})
	}
	return c
}

func (c *crowd) goesOn() bool {
	select {
	case <-c.halt:
		return false
	default:
		return true
	}
}

// size is how many attempts have ended.
func (c *crowd) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.attempts)
}

func TestF03_StopUnderLoadFailsNobodyWhoWasLetIn(t *testing.T) {
	const drain = time.Second
	wechat, url := simulate(t, func(c *wechatsim.Config) { c.Latency = 10 * time.Millisecond })
	env := bare(url, t.TempDir()).with(hasty).with(settings{"DRAIN_DELAY": drain.String()})
	w := world{serve(t, env), wechat, env}
	c := gather(t, w, 16)
	w.eventually(t, "a load", func() bool { return c.size() > 200 })

	told := time.Now()
	w.terminate(t)
	w.eventually(t, "a service that is not ready", func() bool {
		got := w.Get("/readyz", "")
		return got.Status == 503 && got.Code() == "shutting_down" && got.Header.Get("Retry-After") != ""
	})
	code, took := w.exits(t, drain+10*time.Second), time.Since(told)
	close(c.halt)
	c.workers.Wait()
	if code != 0 || took < drain {
		t.Errorf("exited with %d after %v, want 0 after %v at least", code, took, drain)
	}
	c.check(t, told, told.Add(drain/2))
	t.Logf("%d logins, exit %v after the signal", c.size(), took.Round(time.Millisecond))
}

// check holds the attempts to what F-03 asks: everyone who came well before the
// end of the drain delay got an answer, and nobody a failure of ours.
func (c *crowd) check(t *testing.T, told, late time.Time) {
	t.Helper()
	during := 0
	for _, a := range c.attempts {
		switch {
		case a.answer.Err != nil && a.began.Before(late):
			t.Errorf("a login begun %v after the signal was not answered: %v", a.began.Sub(told), a.answer.Err)
		case a.answer.Err != nil || a.answer.Status == 503 && a.answer.Header.Get("Retry-After") != "":
		case a.answer.Status != http.StatusOK:
			t.Errorf("got %d %s, want 200, or 503 with Retry-After", a.answer.Status, a.answer.Body)
		case a.began.After(told):
			during++
		}
	}
	if during == 0 {
		t.Error("nobody was logged in during the drain delay")
	}
}

func TestF03_LoginUnderWayAtTheEndIsFinishedAndKept(t *testing.T) {
	w := inWorld(t, nil)
	code := w.code(t, "alice")
	if err := w.wechat.SetFault(wechatsim.Fault{Kind: "delay", Duration: time.Second, Times: 1}); err != nil {
		t.Fatal(err)
	}
	answer := make(chan testkit.Answer, 1)
	go func() { answer <- w.Post("/v1/login", map[string]any{"code": code}) }()
	w.eventually(t, "the call to WeChat", func() bool { return w.wechat.CallsOf(code) == 1 })
	w.stops(t)
	login := (<-answer).Login(t)
	after := w.again(t, nil)
	wantStatus(t, "me after a restart", after.Get("/v1/me", login.AccessToken), 200, "")
}

func TestF03_StopDoesNotWaitForIdleConnections(t *testing.T) {
	w := inWorld(t, nil)
	w.login(t, "alice") // its connection stays open
	told := time.Now()
	w.stops(t)
	if took := time.Since(told); took > 5*time.Second {
		t.Errorf("took %v, want no wait", took)
	}
}
