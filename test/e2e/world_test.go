package e2e

import (
	"testing"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

// The mini program of most tests.
const (
	appID     = "wx0123456789abcdef"
	appSecret = "e2e-app-secret-0123456789abcdef"
)

// bare are the settings that a service cannot do without, and a free port.
func bare(wechat, data string) settings {
	return settings{
		"WECHAT_APPS":     appID + ":" + appSecret,
		"WECHAT_BASE_URL": wechat,
		"DATA_DIR":        data,
		"LISTEN":          "127.0.0.1:0",
		"ADMIN_LISTEN":    "127.0.0.1:0",
	}
}

// hasty are settings for tests that log many people in and stop often.
var hasty = settings{"RATE_LIMITS": "off", "DRAIN_DELAY": "0s", "COMPAT_SCAFFOLD": "true", "COMPAT_WAFER": "true"}

// simulate runs a WeChat in the test, and returns it with its address.
func simulate(t testing.TB, adjust ...func(*wechatsim.Config)) (*wechatsim.Simulator, string) {
	t.Helper()
	cfg := config.Config{WeChat: config.WeChat{Apps: []config.App{{ID: appID, Secret: domain.NewSecret(appSecret)}}}}
	simulator := testkit.Simulate(t, &cfg, adjust...)
	return simulator, cfg.WeChat.BaseURL
}

// service is a running "wxlogin serve" with a client.
type service struct {
	*testkit.Client
	*process
}

// serve runs the service until it listens.
func serve(t testing.TB, env settings) service {
	t.Helper()
	p := start(t, t.TempDir(), env, "wxlogin", "serve")
	address := p.says(t, &p.err, `"msg":"serving","address":"([^"]+)"`)[1]
	return service{testkit.NewClient(t, "http://"+address), p}
}

// world is a service with a WeChat in the test and a store of its own.
type world struct {
	service
	wechat *wechatsim.Simulator
	env    settings
}

// inWorld starts a world on SQLite in a new directory.
func inWorld(t testing.TB, more settings) world {
	t.Helper()
	wechat, url := simulate(t)
	env := bare(url, t.TempDir()).with(hasty).with(more)
	return world{serve(t, env), wechat, env}
}

// again starts another process with the world's settings, changed.
func (w world) again(t testing.TB, more settings) world {
	t.Helper()
	env := w.env.with(more)
	return world{serve(t, env), w.wechat, env}
}

// code is what wx.login gives person's client.
func (w world) code(t testing.TB, person string) string {
	t.Helper()
	code, err := w.wechat.Code("", person)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// login logs person in.
func (w world) login(t testing.TB, person string) testkit.Login {
	t.Helper()
	return w.Post("/v1/login", map[string]any{"code": w.code(t, person)}).Login(t)
}

// wantStatus checks an answer's status and problem code.
func wantStatus(t testing.TB, what string, got testkit.Answer, status int, code string) {
	t.Helper()
	if got.Err != nil || got.Status != status || got.Code() != code {
		t.Errorf("%s: got %d %s %v, want %d %s", what, got.Status, got.Body, got.Err, status, code)
	}
}
