package integration

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"wxlogin/test/testkit"
)

// keyed logs in with a code and an Idempotency-Key.
func (w world) keyed(code, key string) testkit.Answer {
	body := map[string]any{"code": code, "device": map[string]any{"id": "device-1"}}
	if key == "" {
		return w.Post("/v1/login", body)
	}
	return w.Post("/v1/login", body, testkit.With("Idempotency-Key", key))
}

const loginKey = "0123456789abcdef-of-the-client"

func TestLoginIsRepeatedOnAnyReplica(t *testing.T) {
	onSharedStores(t, func(t *testing.T, w world) {
		other, code := w.beside(t), w.code(t, "alice")
		first := w.keyed(code, loginKey).Login(t)
		for _, replica := range []world{other, w, other} {
			again := replica.keyed(code, loginKey).Login(t)
			if again.Session.ID != first.Session.ID || again.RefreshToken != first.RefreshToken || again.NewUser != first.NewUser {
				t.Errorf("got session %s, want %s with the same refresh token", again.Session.ID, first.Session.ID)
			}
			if again.AccessToken == first.AccessToken {
				t.Error("got the same access token, want a new one")
			}
			wantStatus(t, "me", replica.Get("/v1/me", again.AccessToken), 200, "")
		}
		wantStatus(t, "another key", other.keyed(code, loginKey+"!"), 401, "code_used")
		wantStatus(t, "no key", other.keyed(code, ""), 401, "code_used")
		if a := other.refresh(first.RefreshToken); a.Status != 200 {
			t.Errorf("refresh: got %d %s, want 200", a.Status, a.Body)
		}
		wantStatus(t, "after a refresh", w.keyed(code, loginKey), 401, "code_used")
	})
}

func TestParallelTriesOfOneLoginGetOneSession(t *testing.T) {
	test := func(t *testing.T, services ...world) {
		t.Helper()
		const tries = 16
		for round := range 3 {
			person := fmt.Sprint("person-", round)
			code := services[0].code(t, person)
			answers := make([]testkit.Answer, tries)
			gate := make(chan struct{})
			var all sync.WaitGroup
			for i := range tries {
				all.Go(func() {
					<-gate
					answers[i] = services[i%len(services)].keyed(code, loginKey)
				})
			}
			close(gate)
			all.Wait()
			sessions, tokens := map[string]bool{}, map[string]bool{}
			for _, a := range answers {
				login := a.Login(t)
				sessions[login.Session.ID], tokens[login.RefreshToken] = true, true
			}
			if len(sessions) != 1 || len(tokens) != 1 {
				t.Errorf("%s: got %d sessions and %d refresh tokens, want one of each", person, len(sessions), len(tokens))
			}
			var list struct{ Sessions []struct{ ID string } }
			if err := json.Unmarshal(services[0].Get("/v1/sessions", answers[0].Login(t).AccessToken).Body, &list); err != nil || len(list.Sessions) != 1 {
				t.Errorf("%s: got sessions %v (%v), want one", person, list, err)
			}
		}
	}
	t.Run("one service", func(t *testing.T) { onEveryStore(t, func(t *testing.T, w world) { test(t, w) }) })
	t.Run("two services", func(t *testing.T) { onSharedStores(t, func(t *testing.T, w world) { test(t, w, w.beside(t)) }) })
}
