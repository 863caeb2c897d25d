package wechatsim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wxlogin/adapters/wechatsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	shop, shopSecret   = "wxshop", "shop-secret"     // of account "acme"
	game, gameSecret   = "wxgame", "game-secret"     // of account "acme"
	other, otherSecret = "wxother", "other-secret"   // of account "rival"
	loner, lonerSecret = "wxloner", "loner-sec@ret:" // of none

	loginPath  = "/sns/jscode2session"
	tokenPath  = "/cgi-bin/token"
	stablePath = "/cgi-bin/stable_token"
	phonePath  = "/wxa/business/getuserphonenumber"
	checkPath  = "/wxa/checksession"
	resetPath  = "/wxa/resetusersessionkey"
)

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a simulator that listens, and a client of it.
type world struct {
	*wechatsim.Simulator
	t      *testing.T
	server *wechatsim.Server
	clock  *clock
	client *http.Client
}

func start(t *testing.T, change ...func(*wechatsim.Config)) *world {
	t.Helper()
	c := &clock{now: time.Unix(1_800_000_000, 0)}
	cfg := wechatsim.Config{Now: c.Now, Apps: []wechatsim.App{
		{ID: shop, Secret: shopSecret, Account: "acme"}, {ID: game, Secret: gameSecret, Account: "acme"},
		{ID: other, Secret: otherSecret, Account: "rival"}, {ID: loner, Secret: lonerSecret},
	}}
	for _, f := range change {
		f(&cfg)
	}
	sim, err := wechatsim.New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	server, err := sim.Start("127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	w := &world{sim, t, server, c, &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}}
	t.Cleanup(func() {
		w.client.CloseIdleConnections()
		if err := server.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("Stop: %v", err)
		}
	})
	return w
}

// reply is a response that was read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

func (w *world) send(method, address, body string, header ...string) (reply, error) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	resp, err := w.client.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header, string(text)}, err
}

// call is send to the platform for an answer that is expected to be JSON.
func (w *world) call(method, path string, query url.Values, body string) map[string]any {
	w.t.Helper()
	got, err := w.send(method, w.server.APIURL+path+"?"+query.Encode(), body)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	if got.status != http.StatusOK {
		w.t.Errorf("%s %s: status %d, want 200 whatever went wrong", method, path, got.status)
	}
	return w.object(got.body)
}

func (w *world) object(text string) map[string]any {
	w.t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		w.t.Fatalf("%v in %q", err, text)
	}
	return object
}

// values makes a query of pairs, and leaves out what is empty.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v
}

func login(app, secret, code string) url.Values {
	return values("appid", app, "secret", secret, "js_code", code, "grant_type", "authorization_code")
}

func (w *world) login(app, secret, code string) map[string]any {
	w.t.Helper()
	return w.call(http.MethodGet, loginPath, login(app, secret, code), "")
}

func (w *world) code(app, person string) string {
	w.t.Helper()
	code, err := w.Code(app, person)
	if err != nil {
		w.t.Fatalf("Code: %v", err)
	}
	return code
}

func (w *world) accessToken(app, secret string) string {
	w.t.Helper()
	got := w.call(http.MethodGet, tokenPath, values("appid", app, "secret", secret, "grant_type", "client_credential"), "")
	token, _ := got["access_token"].(string)
	if token == "" {
		w.t.Fatalf("no access token in %v", got)
	}
	return token
}

// wantCode holds an answer to an errcode, and to WeChat's form of an error.
func wantCode(t *testing.T, got map[string]any, want int) {
	t.Helper()
	code, _ := got["errcode"].(float64)
	if int(code) != want {
		t.Fatalf("got %v, want errcode %d", got, want)
	}
	if text, _ := got["errmsg"].(string); want != 0 && !ridForm.MatchString(text) {
		t.Errorf("errmsg %q does not end in a rid", text)
	}
}
