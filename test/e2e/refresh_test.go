package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

// renewed is what a client takes from the answer to a refresh.
type renewed struct{ AccessToken, RefreshToken string }

func refresh(s service, token string) (testkit.Answer, renewed) {
	a := s.Post("/v1/token/refresh", map[string]any{"refreshToken": token})
	var r renewed
	if a.Err == nil && a.Status == http.StatusOK {
		a.Err = json.Unmarshal(a.Body, &r)
	}
	return a, r
}

func TestRefreshAcrossTwoProcesses(t *testing.T) { // I-08, 7.4.1
	w := inWorld(t, nil)
	processes := []service{w.service, w.again(t, nil).service}
	token := w.login(t, "alice").RefreshToken
	var last renewed
	for range 5 {
		children := map[string]bool{}
		gate := make(chan struct{})
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				<-gate
				a, r := refresh(processes[i%2], token)
				mu.Lock()
				defer mu.Unlock()
				wantStatus(t, "refresh", a, 200, "")
				children[r.RefreshToken], last = true, r
			})
		}
		close(gate)
		all.Wait()
		if len(children) != 1 || t.Failed() {
			t.Fatalf("got %d children, want one", len(children))
		}
		token = last.RefreshToken
	}
	wantStatus(t, "logout", processes[1].Post("/v1/logout", nil, testkit.Bearer(last.AccessToken)), 204, "")
	began := time.Now()
	a, _ := refresh(processes[0], token)
	wantStatus(t, "refresh after the logout", a, 401, "refresh_invalid")
	w.eventually(t, "the logout on the other process", func() bool {
		return processes[0].Get("/v1/verify", last.AccessToken).Code() == "session_revoked"
	})
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the logout was known after %v, want 2s at most", took)
	}
}

// holder is an honest client: it refreshes with what it was given last.
type holder struct {
	token   string
	renewed int
}

// hold keeps refreshing until the service is gone.
func (h *holder) hold(t *testing.T, s service, renewals *atomic.Int64) {
	for {
		a, r := refresh(s, h.token)
		if a.Err != nil {
			return // killed: the outcome is unknown, and the old token is all there is
		}
		if a.Status != http.StatusOK {
			t.Errorf("refresh: got %d %s, want 200", a.Status, a.Body)
			return
		}
		h.token = r.RefreshToken
		h.renewed++
		renewals.Add(1)
	}
}

func TestF02_KilledServiceLeavesEveryClientAbleToRefresh(t *testing.T) { // I-03, I-08
	const clients = 16
	rounds, seed := number(t, "KILL_ROUNDS", 15), uint64(number(t, "KILL_SEED", int(time.Now().UnixNano()%1e9)))
	t.Logf("KILL_SEED=%d", seed)
	moments := rand.New(rand.NewPCG(seed, 0))
	w := inWorld(t, nil)
	holders := make([]*holder, clients)
	for i := range holders {
		holders[i] = &holder{token: w.login(t, fmt.Sprint("person-", i)).RefreshToken}
	}
	var renewals atomic.Int64
	for round := range rounds {
		before := renewals.Load()
		var all sync.WaitGroup
		for _, h := range holders {
			all.Go(func() { h.hold(t, w.service, &renewals) })
		}
		w.eventually(t, "a refresh", func() bool { return renewals.Load() > before })
		time.Sleep(time.Duration(moments.Int64N(int64(longestRound))))
		w.kill()
		all.Wait()
		w = w.again(t, nil)
		for i, h := range holders {
			a, r := refresh(w.service, h.token)
			wantStatus(t, fmt.Sprintf("client %d tries again", i), a, 200, "")
			b, same := refresh(w.service, h.token)
			if wantStatus(t, "and again", b, 200, ""); same.RefreshToken != r.RefreshToken {
				t.Errorf("client %d: got another child the second time", i)
			}
			wantStatus(t, "verify", w.Get("/v1/verify", r.AccessToken), 200, "")
			h.token = r.RefreshToken
		}
		if t.Failed() {
			t.Fatalf("in round %d of KILL_SEED=%d", round, seed)
		}
	}
	for i, h := range holders {
		if h.renewed == 0 {
			t.Errorf("client %d never got to refresh", i)
		}
	}
	t.Logf("%d acknowledged refreshes, %d kills", renewals.Load(), rounds)
}
