package integration

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/test/testkit"
)

// withBroker gives the backend the right to have access_tokens.
func withBroker(cfg *config.Config) {
	withClient(cfg)
	cfg.Clients.All[len(cfg.Clients.All)-1].AccessTokens = true
}

// platformToken asks for WeChat's access_token as the backend does.
func (w world) platformToken(refused string) testkit.Answer {
	path, backend := "/v1/apps/"+string(testkit.App(w.cfg))+"/access-token", testkit.Basic(clientID, clientSecret)
	if refused == "" {
		return w.Post(path, nil, backend)
	}
	return w.Post(path, map[string]string{"refused": refused}, backend)
}

func tokenIn(t *testing.T, a testkit.Answer) string {
	t.Helper()
	var body struct {
		AccessToken string
		ExpiresIn   int
	}
	if err := json.Unmarshal(a.Body, &body); err != nil || a.Status != http.StatusOK || body.AccessToken == "" || body.ExpiresIn < 1 {
		t.Fatalf("got %d %s, want a token", a.Status, a.Body)
	}
	return body.AccessToken
}

// calls is how often an endpoint of WeChat's was called.
func (w world) calls(endpoint string) int {
	n := 0
	for _, c := range w.wechat.Calls() {
		if c.Endpoint == endpoint {
			n++
		}
	}
	return n
}

const stableToken = "/cgi-bin/stable_token"

func TestAThousandCallersCostOneTokenForEachReplica(t *testing.T) { // T-19, R-OPS-5
	w := inMemory(t, withBroker)
	replicas := []world{w, w.beside(t)}
	ask := func(refused string) map[string]bool {
		var all sync.WaitGroup
		var mu sync.Mutex
		got := map[string]bool{}
		for i := range 1000 {
			all.Go(func() {
				a := replicas[i%2].platformToken(refused)
				mu.Lock()
				defer mu.Unlock()
				got[string(a.Body)] = true
				if a.Status != http.StatusOK {
					t.Errorf("got %d %s", a.Status, a.Body)
				}
			})
		}
		all.Wait()
		return got
	}
	ask("")
	if n := w.calls(stableToken); n != 2 {
		t.Errorf("WeChat was asked %d times, want once by each replica", n)
	}
	first := tokenIn(t, w.platformToken(""))
	must(t, w.wechat.RevokeTokens(""))
	ask(first)
	if n := w.calls(stableToken); n != 4 {
		t.Errorf("after a token that WeChat ended early: asked %d times in all, want once more by each replica", n)
	}
	if again := tokenIn(t, w.platformToken("")); again == first {
		t.Error("the token that WeChat refuses is handed out again")
	}
}

func TestTokenThatEndsEarlyCostsOneMoreAndNoUserNotices(t *testing.T) {
	w := inMemory(t)
	login := w.login(t, "alice")
	w.bind(t, login, w.phoneCode(t, "alice")).User(t)
	must(t, w.wechat.RevokeTokens(""))
	var all sync.WaitGroup
	for range 50 {
		code := w.phoneCode(t, "alice")
		all.Go(func() {
			if a := w.bind(t, login, code); a.Status != http.StatusOK {
				t.Errorf("got %d %s", a.Status, a.Body)
			}
		})
	}
	all.Wait()
	if n := w.calls(stableToken); n != 2 {
		t.Errorf("WeChat was asked for a token %d times, want twice in all", n)
	}
}

func TestLoginDoesNotDependOnTheToken(t *testing.T) { // R-OPS-5
	w := inMemory(t, withBroker)
	for _, errcode := range []int{40164, 45009, 40125} {
		must(t, w.wechat.SetFault(wechatsim.Fault{Kind: "errcode", ErrCode: errcode, Endpoint: "stable_token"}))
		w.login(t, "alice")
		if a := w.platformToken(""); a.Status != 503 && a.Status != 429 {
			t.Errorf("%d: the broker says %d %s", errcode, a.Status, a.Body)
		}
		w.wechat.ClearFaults()
	}
	must(t, w.wechat.SetFault(wechatsim.Fault{Kind: "hang", Endpoint: "stable_token"}))
	login := w.Post("/v1/login", map[string]any{"code": w.code(t, "alice"), "phoneCode": w.phoneCode(t, "alice")}).Login(t)
	if len(login.Warnings) != 1 {
		t.Errorf("got %v, want a warning", login.Warnings)
	}
}

func TestBackendWithoutTheRightGetsNoToken(t *testing.T) { // T-36
	w := inMemory(t, func(cfg *config.Config) { withClient(cfg) })
	wantStatus(t, "a client without the right", w.platformToken(""), 403, "access_denied")
	entitled := inMemory(t, withBroker)
	other := entitled.Post("/v1/apps/wxanother/access-token", nil, testkit.Basic(clientID, clientSecret))
	wantStatus(t, "another app", other, 403, "access_denied")
	wantStatus(t, "nobody", entitled.Post("/v1/apps/wxanother/access-token", nil), 401, "invalid_client")
	if n := w.calls(stableToken) + entitled.calls(stableToken); n != 0 {
		t.Errorf("WeChat was asked %d times", n)
	}
}
