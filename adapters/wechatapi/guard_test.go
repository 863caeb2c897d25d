package wechatapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/domain"
)

// storms asks for oneApp until its breaker is open, and returns with how many
// calls that was.
func storms(t *testing.T, p *platform, x *wechat) int {
	t.Helper()
	for i := range 20 {
		if !x.PlatformReachable() {
			t.Fatalf("after %d calls: got unreachable, want the breaker patient", i)
		}
		got, err := exchange(t, x, oneApp, loginCode)
		mustFail(t, got, err, domain.ErrPlatformUnavailable)
	}
	if x.PlatformReachable() {
		t.Fatal("after the storm: got reachable, want the breaker open")
	}
	return p.calls()
}

// sick is a platform that answers for oneApp only while it is well.
func sick(t *testing.T, well *atomic.Bool) *platform {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("appid") == string(oneApp) && !well.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		saying(good)(w, r)
	})
}

func TestBreakerOpensInAStormAndClosesAfterIt(t *testing.T) {
	var well atomic.Bool
	p := sick(t, &well)
	x := connect(t, p.URL)
	calls := storms(t, p, x)
	for range 50 {
		begin := time.Now()
		got, err := exchange(t, x, oneApp, loginCode)
		mustFail(t, got, err, domain.ErrPlatformUnavailable)
		if took := time.Since(begin); took > time.Second {
			t.Errorf("took %v, want a refusal at once", took)
		}
	}
	if p.calls() != calls {
		t.Errorf("got %d calls through an open breaker, want none", p.calls()-calls)
	}
	if _, err := exchange(t, x, otherApp, loginCode); err != nil {
		t.Errorf("the other app: got %v, want no error", err)
	}
	begin := time.Now()
	until(t, "the breaker's pause to end", x.PlatformReachable)
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("recovery took %v, want about a second", took)
	}
	got, err := exchange(t, x, oneApp, loginCode) // the call that sees, and sees it ill
	mustFail(t, got, err, domain.ErrPlatformUnavailable)
	if x.PlatformReachable() {
		t.Error("after a vain call: got reachable, want the breaker open again")
	}
	well.Store(true)
	until(t, "the breaker's pause to end", x.PlatformReachable)
	for range 10 {
		if _, err := exchange(t, x, oneApp, loginCode); err != nil {
			t.Errorf("after the storm: got %v, want no error", err)
		}
	}
}

func TestThoseWhoWaitAreHeldBackTooAndGiveTheirSeatsBack(t *testing.T) {
	var well atomic.Bool
	release := make(chan struct{})
	p := serve(t, func(w http.ResponseWriter, r *http.Request) {
		<-release
		if !well.Load() {
			w.WriteHeader(http.StatusBadGateway)
		}
		saying(good)(w, r)
	})
	x := connect(t, p.URL, concurrent(1))
	x.AwaitSeat(time.Minute)
	var all []<-chan outcome
	for i := range 30 {
		all = append(all, begin(t.Context(), x, oneApp, fmt.Sprint(loginCode, i)))
	}
	until(t, "the queue", func() bool { return p.calls() == 1 && waiting() == 29 })
	close(release)
	for _, one := range all {
		got := <-one
		mustFail(t, got.exchange, got.err, domain.ErrPlatformUnavailable)
	}
	if p.calls() != 20 {
		t.Errorf("got %d calls, want 20: then the breaker was open", p.calls())
	}
	well.Store(true)
	until(t, "the breaker's pause to end", x.PlatformReachable)
	if _, err := exchange(t, x, oneApp, loginCode); err != nil {
		t.Errorf("afterwards: got %v, want no error", err)
	}
}

func TestRefusalsAreNoStorm(t *testing.T) {
	for _, code := range []int{40029, 40163, 40226, 45011, 40125} {
		x := connect(t, serve(t, saying(fmt.Sprintf(`{"errcode":%d}`, code))).URL, deadline(40*time.Millisecond))
		for range 40 {
			_, err := exchange(t, x, oneApp, loginCode)
			if err == nil || strings.Contains(err.Error(), "breaker") {
				t.Fatalf("%d: got %v, want WeChat's refusal", code, err)
			}
		}
		if !x.PlatformReachable() {
			t.Errorf("%d: got unreachable, want the breaker closed: WeChat answers", code)
		}
	}
}

func TestSoManyCallsAreUnderWayAndNoMore(t *testing.T) {
	const most, requests = 3, 30
	var under, peak atomic.Int64
	release := make(chan struct{})
	p := serve(t, func(w http.ResponseWriter, r *http.Request) {
		now := under.Add(1)
		defer under.Add(-1)
		for seen := peak.Load(); now > seen && !peak.CompareAndSwap(seen, now); seen = peak.Load() {
		}
		<-release
		saying(good)(w, r)
	})
	x := connect(t, p.URL, concurrent(most))
	x.AwaitSeat(time.Minute)
	var all []<-chan outcome
	for i := range requests {
		all = append(all, begin(t.Context(), x, oneApp, fmt.Sprint("code-", i)))
	}
	until(t, "a full house", func() bool { return p.calls() == most && waiting() == requests-most })
	close(release)
	for _, one := range all {
		if got := <-one; got.err != nil {
			t.Errorf("got %v, want those who wait to succeed", got.err)
		}
	}
	if peak.Load() != most {
		t.Errorf("got %d calls at once, want %d", peak.Load(), most)
	}
}

func TestFullHouseIsOneAppsAffairAndNoStorm(t *testing.T) {
	p := holding(t, good)
	x := connect(t, p.URL, concurrent(1), deadline(2*patience))
	x.AwaitSeat(20 * time.Millisecond)
	sitting := begin(t.Context(), x, oneApp, "sits")
	until(t, "the call", func() bool { return p.calls() == 1 })
	var others []<-chan outcome
	for i := range 30 {
		others = append(others, begin(t.Context(), x, oneApp, fmt.Sprint(loginCode, i)))
	}
	for _, o := range others {
		got := <-o
		mustFail(t, got.exchange, got.err, domain.ErrOverloaded)
	}
	if p.calls() != 1 {
		t.Errorf("got %d calls, want 1: the codes of those who waited are unused", p.calls())
	}
	close(p.release)
	<-sitting
	if !x.PlatformReachable() {
		t.Error("got unreachable, want the breaker closed: WeChat was hardly asked")
	}
	for _, app := range []domain.AppID{oneApp, otherApp} {
		if _, err := exchange(t, x, app, loginCode); err != nil {
			t.Errorf("%s afterwards: got %v, want no error", app, err)
		}
	}
}

func TestFullHouseOfOneAppKeepsNoOtherWaiting(t *testing.T) {
	release := make(chan struct{})
	p := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("appid") == string(oneApp) {
			<-release
		}
		saying(good)(w, r)
	})
	x := connect(t, p.URL, concurrent(1))
	sitting := begin(t.Context(), x, oneApp, "sits")
	until(t, "the call", func() bool { return p.calls() == 1 })
	if _, err := exchange(t, x, otherApp, loginCode); err != nil {
		t.Errorf("got %v, want no error", err)
	}
	close(release)
	if got := <-sitting; got.err != nil {
		t.Errorf("got %v, want no error", got.err)
	}
}
