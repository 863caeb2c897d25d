package integration

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// beside starts another replica of w's service.
func (w world) beside(t *testing.T) world {
	t.Helper()
	return world{testkit.NewClient(t, testkit.Start(t, w.cfg)), w.wechat, w.cfg}
}

// client is a backend that may ask about tokens, with its secret.
const (
	clientID     = "backend"
	clientSecret = "integration-client-secret"
)

// withClient configures the backend, for all of cfg's apps and some more.
func withClient(cfg *config.Config, more ...domain.AppID) {
	sum := sha256.Sum256([]byte(clientSecret))
	c := config.Client{ID: clientID, SecretHash: hex.EncodeToString(sum[:]), Apps: more}
	for _, app := range cfg.WeChat.Apps {
		c.Apps = append(c.Apps, app.ID)
	}
	cfg.Clients.All = append(cfg.Clients.All, c)
}

// ask calls one of the endpoints for backends.
func (w world) ask(path, token string) testkit.Answer {
	return w.PostForm(path, url.Values{"token": {token}}, testkit.Basic(clientID, clientSecret))
}

func (w world) refresh(token string) testkit.Answer {
	return w.Post("/v1/token/refresh", map[string]any{"refreshToken": token})
}

// onDevice logs person in on a device.
func (w world) onDevice(t *testing.T, person, device string) testkit.Login {
	t.Helper()
	return w.Post("/v1/login", map[string]any{"code": w.code(t, person), "device": map[string]any{"id": device}}).Login(t)
}

// devices returns the devices of the caller's sessions, and the current one.
func (w world) devices(t *testing.T, token string) (all map[string]bool, current string) {
	t.Helper()
	var body struct {
		Sessions []struct {
			ID      string
			Device  struct{ ID string }
			Current bool
		}
	}
	a := w.Get("/v1/sessions", token)
	if err := json.Unmarshal(a.Body, &body); err != nil || a.Status != http.StatusOK {
		t.Fatalf("sessions: got %d %s, want 200", a.Status, a.Body)
	}
	all = map[string]bool{}
	for _, s := range body.Sessions {
		if all[s.Device.ID] = true; s.Current {
			current = s.Device.ID
		}
	}
	return all, current
}

func wantStatus(t *testing.T, what string, got testkit.Answer, status int, code string) {
	t.Helper()
	if got.Err != nil || got.Status != status || got.Code() != code {
		t.Errorf("%s: got %d %s %v, want %d %s", what, got.Status, got.Body, got.Err, status, code)
	}
}

func TestUserSeesAndEndsSessions(t *testing.T) { // 7.4.5, 7.5.2
	onEveryStore(t, func(t *testing.T, w world) {
		phone, tablet := w.onDevice(t, "alice", "device-phone"), w.onDevice(t, "alice", "device-tablet")
		other := w.onDevice(t, "bob", "device-phone")
		all, current := w.devices(t, phone.AccessToken)
		if len(all) != 2 || !all["device-tablet"] || current != "device-phone" {
			t.Errorf("got %v with %s current, want phone and tablet, the phone", all, current)
		}
		wantStatus(t, "another's session", w.Delete("/v1/sessions/"+other.Session.ID, phone.AccessToken), 404, "not_found")
		wantStatus(t, "what is no text", w.Delete("/v1/sessions/%FF%00$", phone.AccessToken), 404, "not_found")
		wantStatus(t, "the tablet's session", w.Delete("/v1/sessions/"+tablet.Session.ID, phone.AccessToken), 204, "")
		wantStatus(t, "verify with the tablet's token", w.Get("/v1/verify", tablet.AccessToken), 401, "session_revoked")
		wantStatus(t, "refresh with the tablet's token", w.refresh(tablet.RefreshToken), 401, "refresh_invalid")
		phone = w.onDevice(t, "alice", "device-phone") // replaces the session of before
		w.onDevice(t, "alice", "device-watch")
		if all, _ := w.devices(t, phone.AccessToken); len(all) != 2 {
			t.Errorf("got %v, want phone and watch", all)
		}
		wantStatus(t, "logout all", w.Post("/v1/logout/all", nil, testkit.Bearer(phone.AccessToken)), 204, "")
		wantStatus(t, "verify", w.Get("/v1/verify", phone.AccessToken), 401, "session_revoked")
		wantStatus(t, "refresh", w.refresh(phone.RefreshToken), 401, "refresh_invalid")
		wantStatus(t, "another user", w.Get("/v1/verify", other.AccessToken), 200, "")
	})
}

// children refreshes with one token, many times at once, on all services.
func children(token string, services ...world) (counts map[string]int) {
	const clients = 100
	counts = map[string]int{}
	gate := make(chan struct{})
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			<-gate
			a := services[i%len(services)].refresh(token)
			var body struct{ RefreshToken string }
			_ = json.Unmarshal(a.Body, &body) // what is no token counts as the status alone
			mu.Lock()
			defer mu.Unlock()
			counts[fmt.Sprint(a.Status, " ", body.RefreshToken)]++
		})
	}
	close(gate)
	all.Wait()
	return counts
}

func TestI08_ParallelRefreshesGiveEqualChildren(t *testing.T) {
	test := func(t *testing.T, services ...world) {
		t.Helper()
		token := services[0].onDevice(t, "alice", "device-1").RefreshToken
		for range 5 {
			counts := children(token, services...)
			for child := range counts {
				if len(counts) != 1 || len(child) != len("200 wxr_")+43 {
					t.Fatalf("got %v, want one child for all", counts)
				}
				token = child[len("200 "):]
			}
		}
		time.Sleep(10 * time.Millisecond)
		wantStatus(t, "the last child", services[0].refresh(token), 200, "")
	}
	t.Run("one service", func(t *testing.T) { onEveryStore(t, func(t *testing.T, w world) { test(t, w) }) })
	t.Run("two services", func(t *testing.T) { onSharedStores(t, func(t *testing.T, w world) { test(t, w, w.beside(t)) }) })
}

func TestT08_ReuseEndsTheSessionOnEveryStore(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		first := w.onDevice(t, "alice", "device-1")
		var second, third struct{ AccessToken, RefreshToken string }
		for from, to := range map[string]any{first.RefreshToken: &second} {
			if err := json.Unmarshal(w.refresh(from).Body, to); err != nil {
				t.Fatal(err)
			}
		}
		if err := json.Unmarshal(w.refresh(second.RefreshToken).Body, &third); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, "a grandparent within the grace", w.refresh(first.RefreshToken), 401, "refresh_invalid")
		for what, token := range map[string]string{"parent": second.RefreshToken, "child": third.RefreshToken} {
			wantStatus(t, what, w.refresh(token), 401, "refresh_invalid")
		}
		wantStatus(t, "the access token", w.Get("/v1/verify", third.AccessToken), 401, "session_revoked")
	})
}
