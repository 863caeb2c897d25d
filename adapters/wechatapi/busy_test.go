package wechatapi_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"wxlogin/domain"
)

const busy = `{"errcode":-1,"errmsg":"system error"}`

// saysInTurn answers with one body after the other, and the last one for ever.
func saysInTurn(bodies ...string) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		body := bodies[0]
		bodies = bodies[min(1, len(bodies)-1):]
		mu.Unlock()
		saying(body)(w, r)
	}
}

func TestBusyWeChatIsAskedOnceMore(t *testing.T) {
	tests := []struct {
		name      string
		give      []string
		want      error
		wantCalls int
	}{
		{"and answers", []string{busy, good}, nil, 2},
		{"quoted, and answers", []string{`{"errcode":"-1"}`, good}, nil, 2},
		{"and has used the code up", []string{busy, `{"errcode":40163}`}, domain.ErrCodeUsed, 2},
		{"and is busy still", []string{busy}, domain.ErrPlatformUnavailable, 2},
		{"and is silent", []string{busy, ""}, domain.ErrPlatformUnavailable, 2},
		{"but not where it refused", []string{`{"errcode":45011}`, good}, domain.ErrRateLimited, 1},
		{"nor where it said nothing", []string{"", good}, domain.ErrPlatformUnavailable, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := serve(t, saysInTurn(tt.give...))
			got, err := exchange(t, connect(t, p.URL), oneApp, loginCode)
			if tt.want != nil {
				mustFail(t, got, err, tt.want)
			} else if err != nil || got.Identity.OpenID != "o1" {
				t.Errorf("got %+v and %v, want o1", got.Identity, err)
			}
			if p.calls() != tt.wantCalls {
				t.Errorf("got %d calls, want %d", p.calls(), tt.wantCalls)
			}
		})
	}
}

func TestBusyWeChatIsNotAskedAgainPastTheDeadline(t *testing.T) {
	const whole, rest = 500 * time.Millisecond, 40 * time.Millisecond // the pause before a second try is longer
	p := serve(t, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(whole - rest)
		saying(busy)(w, r)
	})
	begin := time.Now()
	got, err := exchange(t, connect(t, p.URL, deadline(whole)), oneApp, loginCode)
	mustFail(t, got, err, domain.ErrPlatformUnavailable)
	if took := time.Since(begin); took > 4*whole || p.calls() != 1 {
		t.Errorf("took %v and %d calls, want about %v and 1", took, p.calls(), whole)
	}
}

func TestSecondTriesAreBounded(t *testing.T) {
	const requests = 100
	p := serve(t, saying(busy))
	x := connect(t, p.URL)
	var all sync.WaitGroup
	for i := range requests {
		all.Go(func() {
			_, err := exchange(t, x, oneApp, fmt.Sprint("code-", i))
			mustHide(t, err)
		})
	}
	all.Wait()
	if most := requests + requests/10 + 10; p.calls() > most || p.calls() < requests+10 {
		t.Errorf("got %d calls, want %d to %d", p.calls(), requests+10, most)
	}
	if !x.PlatformReachable() {
		t.Error("got unreachable, want the breaker closed: WeChat answers")
	}
}
