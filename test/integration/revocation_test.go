package integration

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"wxlogin/config"
	"wxlogin/test/testkit"
)

// known is how soon every replica must know of the end of a session.
const known = 2 * time.Second

// endings are the ways in which a person's first session ends before its access
// token does. Each is told the person's second session as well.
var endings = []struct {
	name string
	end  func(t *testing.T, w world, first, second testkit.Login) testkit.Answer
}{
	{"logout", func(_ *testing.T, w world, first, _ testkit.Login) testkit.Answer {
		return w.Post("/v1/logout", nil, testkit.Bearer(first.AccessToken))
	}},
	{"logout all", func(_ *testing.T, w world, _, second testkit.Login) testkit.Answer {
		return w.Post("/v1/logout/all", nil, testkit.Bearer(second.AccessToken))
	}},
	{"end session", func(_ *testing.T, w world, first, second testkit.Login) testkit.Answer {
		return w.Delete("/v1/sessions/"+first.Session.ID, second.AccessToken)
	}},
	{"revoke", func(_ *testing.T, w world, first, _ testkit.Login) testkit.Answer {
		return w.ask("/v1/token/revoke", first.RefreshToken)
	}},
	{"ban", func(t *testing.T, w world, first, _ testkit.Login) testkit.Answer {
		return testkit.Answer{Status: http.StatusOK, Err: ban(t, w, first.User.ID)}
	}},
}

// onThreeReplicas runs a test of three replicas with a store in common.
func onThreeReplicas(t *testing.T, test func(*testing.T, []world)) {
	t.Helper()
	for _, store := range stores[1:] {
		t.Run(store.name, func(t *testing.T) {
			cfg := testkit.Config(t)
			withClient(&cfg)
			store.use(t, &cfg)
			first := world{nil, testkit.Simulate(t, &cfg), cfg}
			test(t, []world{first.beside(t), first.beside(t), first.beside(t)})
		})
	}
}

// What was ended on one replica is refused on that one at once, and on the others
// within two seconds. Refresh knows it at once everywhere.
func TestEndOfASessionIsKnownEverywhereInTime(t *testing.T) { // 7.4.1, I-04
	onThreeReplicas(t, func(t *testing.T, replicas []world) {
		for _, e := range endings {
			t.Run(e.name, func(t *testing.T) {
				t.Parallel()
				var took []time.Duration
				for round := range 4 {
					here := replicas[round%len(replicas)]
					person := fmt.Sprint(e.name, " ", round)
					first, second := here.onDevice(t, person, "device-phone"), here.onDevice(t, person, "device-tablet")
					time.Sleep(time.Duration(round) * 230 * time.Millisecond) // at another moment of the others' reading
					if a := e.end(t, here, first, second); a.Err != nil || a.Status >= 300 {
						t.Fatalf("got %d %s %v", a.Status, a.Body, a.Err)
					}
					began := time.Now()
					if e.name != "ban" { // which another process made
						wantStatus(t, "here", here.Get("/v1/verify", first.AccessToken), 401, "session_revoked")
					}
					for _, w := range replicas {
						if a := w.refresh(first.RefreshToken); a.Status != 401 && a.Status != 403 {
							t.Errorf("refresh: got %d %s, want it refused", a.Status, a.Body)
						}
					}
					took = append(took, untilRefused(t, e.name, replicas, first.AccessToken, began)...)
				}
				wantInTime(t, took)
			})
		}
	})
}

func wantInTime(t *testing.T, took []time.Duration) {
	t.Helper()
	slices.Sort(took)
	least, middle, most := took[0], took[len(took)/2], took[len(took)-1]
	t.Logf("known on the others after %v at least, %v in the middle, %v at most",
		least.Round(time.Millisecond), middle.Round(time.Millisecond), most.Round(time.Millisecond))
	if most > known {
		t.Errorf("known after %v, want %v at most", most, known)
	}
}

// untilRefused waits until every replica refuses the token, and returns how long
// each of those took that did not do so at once.
func untilRefused(t *testing.T, what string, replicas []world, token string, began time.Time) []time.Duration {
	t.Helper()
	took := make([]time.Duration, len(replicas))
	var all sync.WaitGroup
	for i, w := range replicas {
		all.Go(func() {
			for time.Since(began) < 3*known {
				a := w.Get("/v1/verify", token)
				if took[i] = time.Since(began); a.Status != http.StatusOK {
					wantStatus(t, what, a, 401, "session_revoked")
					return
				}
				time.Sleep(5 * time.Millisecond)
			}
			t.Errorf("%s: replica %d accepts the token still", what, i)
		})
	}
	all.Wait()
	slices.Sort(took)
	return took[1:]
}

func TestReplicaThatStartsKnowsWhatWasRevokedBefore(t *testing.T) {
	onSharedStores(t, func(t *testing.T, w world) {
		login := w.login(t, "alice")
		wantStatus(t, "logout", w.Post("/v1/logout", nil, testkit.Bearer(login.AccessToken)), 204, "")
		late := w.beside(t)
		wantStatus(t, "verify on a new replica", late.Get("/v1/verify", login.AccessToken), 401, "session_revoked")
	})
}

func TestRFC7009_WhatIsNoTokenEndsNothing(t *testing.T) {
	w := inMemory(t, func(cfg *config.Config) { withClient(cfg) })
	login := w.login(t, "alice")
	for _, token := range []string{"wxr_" + login.RefreshToken[4:20] + "x", "nonsense", login.AccessToken + "x"} {
		wantStatus(t, "revoke "+token, w.ask("/v1/token/revoke", token), 200, "")
	}
	wantStatus(t, "verify", w.Get("/v1/verify", login.AccessToken), 200, "")
	wantStatus(t, "revoke without a client", w.Post("/v1/token/revoke", map[string]any{"token": login.RefreshToken}), 401, "invalid_client")
	if a := w.refresh(login.RefreshToken); a.Status != 200 {
		t.Errorf("refresh: got %d %s, want 200", a.Status, a.Body)
	}
}
