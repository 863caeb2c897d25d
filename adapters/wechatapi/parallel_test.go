package wechatapi_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

// held is a platform that answers no call before it is told to.
type held struct {
	*platform
	release chan struct{}
}

func holding(t *testing.T, body string) held {
	release := make(chan struct{})
	return held{serve(t, func(w http.ResponseWriter, r *http.Request) {
		<-release
		saying(body)(w, r)
	}), release}
}

type outcome struct {
	exchange ports.CodeExchange
	err      error
}

// begin starts an exchange.
func begin(ctx context.Context, x *wechat, app domain.AppID, code string) <-chan outcome {
	done := make(chan outcome, 1)
	go func() {
		got, err := x.ExchangeCode(ctx, app, domain.NewSecret(code))
		done <- outcome{got, err}
	}()
	return done
}

// crowd starts a leader, and followers once its call is under way.
func crowd(leaderCtx context.Context, t *testing.T, p held, x *wechat, followers int) (leader <-chan outcome, rest []<-chan outcome) {
	t.Helper()
	leader = begin(leaderCtx, x, oneApp, loginCode)
	until(t, "the call", func() bool { return p.calls() == 1 })
	for range followers {
		rest = append(rest, begin(t.Context(), x, oneApp, loginCode))
	}
	until(t, "the followers", func() bool { return following() == followers })
	return leader, rest
}

func TestParallelRequestsWithOneCodeShareOneCall(t *testing.T) {
	p := holding(t, good)
	leader, rest := crowd(t.Context(), t, p, connect(t, p.URL), 20)
	close(p.release)
	if got := <-leader; got.err != nil || got.exchange.Identity.OpenID != "o1" || got.exchange.SessionKey.Reveal() != sessionKey {
		t.Errorf("first: got %+v and %v, want o1", got.exchange.Identity, got.err)
	}
	for _, r := range rest {
		got := <-r
		mustFail(t, got.exchange, got.err, domain.ErrCodeUsed)
	}
	if p.calls() != 1 {
		t.Errorf("got %d calls, want 1", p.calls())
	}
}

func TestParallelRequestsShareTheError(t *testing.T) {
	for body, want := range map[string]error{
		`{"errcode":40029}`: domain.ErrCodeInvalid,
		`{"errcode":45011}`: domain.ErrRateLimited,
		"":                  domain.ErrPlatformUnavailable,
	} {
		p := holding(t, body)
		leader, rest := crowd(t.Context(), t, p, connect(t, p.URL), 5)
		close(p.release)
		for _, r := range append(rest, leader) {
			got := <-r
			mustFail(t, got.exchange, got.err, want)
			if errors.Is(got.err, domain.ErrCodeUsed) {
				t.Errorf("got %v, want no word of a used code", got.err)
			}
		}
		if p.calls() != 1 {
			t.Errorf("%v: got %d calls, want 1", want, p.calls())
		}
	}
}

func TestFollowerThatGoesAwayDisturbsNobody(t *testing.T) {
	p := holding(t, good)
	x := connect(t, p.URL)
	leader, _ := crowd(t.Context(), t, p, x, 0)
	ctx, cancel := context.WithCancel(t.Context())
	follower := begin(ctx, x, oneApp, loginCode)
	until(t, "the follower", func() bool { return following() == 1 })
	cancel()
	got := <-follower
	mustFail(t, got.exchange, got.err, domain.ErrPlatformUnavailable)
	if !errors.Is(got.err, context.Canceled) {
		t.Errorf("got %v, want %v in it", got.err, context.Canceled)
	}
	close(p.release)
	if got := <-leader; got.err != nil {
		t.Errorf("first: got %v, want no error", got.err)
	}
}

func TestCallIsNotLostWithTheRequestThatBeganIt(t *testing.T) {
	p := holding(t, good)
	ctx, cancel := context.WithCancel(t.Context())
	leader, rest := crowd(ctx, t, p, connect(t, p.URL), 3)
	cancel()
	close(p.release)
	if got := <-leader; got.err != nil || got.exchange.Identity.OpenID != "o1" {
		t.Errorf("first: got %+v and %v, want o1", got.exchange.Identity, got.err)
	}
	for _, r := range rest {
		got := <-r
		mustFail(t, got.exchange, got.err, domain.ErrCodeUsed)
	}
}

func TestOtherCodesAndOtherAppsHaveCallsOfTheirOwn(t *testing.T) {
	p := holding(t, good)
	x := connect(t, p.URL)
	all := []<-chan outcome{
		begin(t.Context(), x, oneApp, loginCode),
		begin(t.Context(), x, oneApp, loginCode+"2"),
		begin(t.Context(), x, otherApp, loginCode),
	}
	until(t, "three calls at once", func() bool { return p.calls() == 3 })
	close(p.release)
	for _, one := range all {
		if got := <-one; got.err != nil {
			t.Errorf("got %v, want no error", got.err)
		}
	}
}

func TestCodeIsForgottenWithItsCall(t *testing.T) {
	p := serve(t, saysInTurn(good, `{"errcode":40163}`, good))
	x := connect(t, p.URL)
	for i, want := range []error{nil, domain.ErrCodeUsed, nil} {
		if _, err := exchange(t, x, oneApp, loginCode); !errors.Is(err, want) {
			t.Errorf("call %d: got %v, want what WeChat says: %v", i, err, want)
		}
	}
	if p.calls() != 3 {
		t.Errorf("got %d calls, want 3", p.calls())
	}
}
