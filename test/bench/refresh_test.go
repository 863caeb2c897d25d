package bench

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"wxlogin/test/testkit"
)

// refreshes are sessions of which each is refreshed by one phone at a time, with
// the token that it got last.
type refreshes struct {
	world
	sessions []struct {
		sync.Mutex
		token string
	}
}

func (w world) refreshing(tb testing.TB, sessions int) *refreshes {
	tb.Helper()
	r := &refreshes{world: w}
	r.sessions = make([]struct {
		sync.Mutex
		token string
	}, sessions)
	for i := range r.sessions {
		answer, err := w.login(int64(i))
		if err != nil {
			tb.Fatal(err)
		}
		r.sessions[i].token = answer.Login(tb).RefreshToken
	}
	return r
}

// refresh is the n-th refresh.
func (r *refreshes) refresh(n int64) (access string, err error) {
	s := &r.sessions[n%int64(len(r.sessions))]
	s.Lock()
	defer s.Unlock()
	a := r.Post("/v1/token/refresh", map[string]any{"refreshToken": s.token})
	if err := answered(a); err != nil {
		return "", err
	}
	var got testkit.Login
	if err := json.Unmarshal(a.Body, &got); err != nil {
		return "", err
	}
	if got.RefreshToken == "" || got.RefreshToken == s.token {
		return "", fmt.Errorf("got %s, want another refresh token", a.Body)
	}
	s.token = got.RefreshToken
	return got.AccessToken, nil
}

// BenchmarkHTTPRefresh renews sessions over HTTP, by many phones at a time.
func BenchmarkHTTPRefresh(b *testing.B) {
	for _, store := range stores {
		for _, server := range servers {
			b.Run(store.name+"/"+server.name, func(b *testing.B) {
				r := newWorld(b, store.use, server.start).refreshing(b, 100)
				var n atomic.Int64
				inParallel(b, store.phones, func() error {
					_, err := r.refresh(n.Add(1))
					return err
				})
			})
		}
	}
}

// TestBareServerRenewsForReal keeps that comparison honest: on every server a
// session is renewed with the token that it got last, and the access token that
// comes of it is believed.
func TestBareServerRenewsForReal(t *testing.T) {
	for _, store := range stores {
		for _, server := range servers {
			t.Run(store.name+"/"+server.name, func(t *testing.T) {
				r := newWorld(t, store.use, server.start).refreshing(t, 1)
				for range 3 {
					access, err := r.refresh(0)
					if err != nil {
						t.Fatal(err)
					}
					if err := answered(r.Get("/v1/me", access)); err != nil {
						t.Errorf("me: %v", err)
					}
				}
			})
		}
	}
}

// TestWhatTheBareServerRenewsIsStored: on the same database wxlogin finds claim
// and sealed child of the one session, and renews the other, which it would not if
// that were still where it was.
func TestWhatTheBareServerRenewsIsStored(t *testing.T) {
	for _, store := range stores[1:] { // nothing is left of memory
		t.Run(store.name, func(t *testing.T) {
			cfg := testkit.Config(t)
			store.use(t, &cfg)
			wechat := testkit.Simulate(t, &cfg)
			var parents, children [2]string
			t.Run("renewed", func(t *testing.T) { // and closed
				r := world{testkit.NewClient(t, startBare(t, cfg)), wechat, cfg}.refreshing(t, len(parents))
				for i := range parents {
					parents[i] = r.sessions[i].token
					if _, err := r.refresh(int64(i)); err != nil {
						t.Fatal(err)
					}
					children[i] = r.sessions[i].token
				}
			})
			phone := testkit.NewClient(t, startService(t, cfg))
			repeated := phone.Post("/v1/token/refresh", map[string]any{"refreshToken": parents[0]})
			if got := repeated.Login(t).RefreshToken; got != children[0] {
				t.Errorf("got %s, want the bare server's child of the token", repeated.Body)
			}
			if err := answered(phone.Post("/v1/token/refresh", map[string]any{"refreshToken": children[1]})); err != nil {
				t.Errorf("the child renews nothing: %v", err)
			}
		})
	}
}
