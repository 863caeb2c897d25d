package backends

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/jwttoken"
	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// patience is how long anything may take on a machine that is busy.
const patience = 30 * time.Second

// logoutKnown is by when everybody who asks wxlogin hears of a logout.
const logoutKnown = 2 * time.Second

// The service client that every service of these tests knows.
const (
	clientID     = "orders"
	clientSecret = "wxs_0123456789abcdef0123456789abcdef0123456789a"
)

// world is a running service, with a gate before it whose address is the issuer.
type world struct {
	*testkit.Client // past the gate
	gate            *gate
	wechat          *wechatsim.Simulator
	cfg             config.Config
	key             string // the PEM file that signs
}

// inWorld starts a service that signs with alg.
func inWorld(t testing.TB, alg string, adjust ...func(*config.Config)) *world {
	t.Helper()
	cfg := testkit.Config(t)
	for _, f := range adjust {
		f(&cfg)
	}
	wechat := testkit.Simulate(t, &cfg)
	w := &world{gate: newGate(t), wechat: wechat, cfg: cfg}
	hash := sha256.Sum256([]byte(clientSecret))
	w.cfg.Clients.All = []config.Client{{ID: clientID, SecretHash: hex.EncodeToString(hash[:]), Apps: []domain.AppID{testkit.App(cfg)}}}
	w.cfg.Tokens.Alg, w.cfg.Tokens.Issuer = alg, w.gate.URL
	w.cfg.Tokens.KeysDir = filepath.Join(t.TempDir(), "keys")
	w.newKey(t, time.Now().Add(-time.Hour))
	w.Client = testkit.NewClient(t, testkit.Start(t, w.cfg))
	w.gate.leadTo(t, w.Base)
	return w
}

// newKey puts a key into the directory that signs from then on.
func (w *world) newKey(t testing.TB, from time.Time) {
	t.Helper()
	var err error
	if w.key, _, err = jwttoken.GenerateKey(w.cfg.Tokens.KeysDir, w.cfg.Tokens.Alg, from); err != nil {
		t.Fatal(err)
	}
}

// login logs alice in on a device.
func (w *world) login(t testing.TB) testkit.Login {
	t.Helper()
	code, err := w.wechat.Code("", "alice")
	if err != nil {
		t.Fatal(err)
	}
	return w.Post("/v1/login", map[string]any{"code": code, "device": map[string]any{"id": "phone-0001"}}).Login(t)
}

// rotate makes a new key and returns a login that it signed.
func (w *world) rotate(t testing.TB) testkit.Login {
	t.Helper()
	former := header(t, w.login(t).AccessToken)["kid"]
	w.newKey(t, time.Now())
	var login testkit.Login
	eventually(t, "a token of the new key", func() bool {
		login = w.login(t)
		return header(t, login.AccessToken)["kid"] != former
	})
	return login
}

// logout ends the session of an access token.
func (w *world) logout(t testing.TB, token string) {
	t.Helper()
	if a := w.Post("/v1/logout", nil, testkit.Bearer(token)); a.Status != http.StatusNoContent {
		t.Fatalf("logout: got %d %s %v, want 204", a.Status, a.Body, a.Err)
	}
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	within(t, patience, what, holds)
}

// within waits until something holds, which must be soon.
func within(t testing.TB, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(limit); !holds(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, limit)
		}
	}
}

// gate stands between backends and a service. It counts how often the keys are
// asked for, and to shut it is to stop the service, for all that they see.
type gate struct {
	*httptest.Server
	to   atomic.Pointer[httputil.ReverseProxy]
	keys atomic.Int64
}

func newGate(t testing.TB) *gate {
	t.Helper()
	g := &gate{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/jwks.json") {
			g.keys.Add(1)
		}
		g.to.Load().ServeHTTP(w, r)
	}))
	t.Cleanup(g.shut)
	return g
}

func (g *gate) leadTo(t testing.TB, base string) {
	t.Helper()
	target, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = transport
	g.to.Store(proxy)
}

func (g *gate) shut() {
	g.CloseClientConnections()
	g.Close()
}
