package wechatapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wxlogin/adapters/wechatapi"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What must be in no error, and the apps that the tests know.
const (
	appSecret  = "hush-appsecret-5d10"
	loginCode  = "hush-code-77aa"
	sessionKey = "aHVzaC1zZXNzaW9ua2V5IQ=="

	oneApp   domain.AppID = "wx0123456789abcdef"
	otherApp domain.AppID = "wxfedcba9876543210"
)

const good = `{"openid":"o1","session_key":"` + sessionKey + `"}`

// platform is a WeChat whose every answer a test decides.
type platform struct {
	*httptest.Server
	mu   sync.Mutex
	seen []url.Values
}

func serve(t testing.TB, answer http.HandlerFunc) *platform {
	p := &platform{}
	p.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.seen = append(p.seen, r.URL.Query())
		p.mu.Unlock()
		answer(w, r)
	}))
	p.Config.ErrorLog = log.New(io.Discard, "", 0)
	p.Start()
	t.Cleanup(p.Close)
	return p
}

// saying is an answer with the body.
func saying(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// calls returns how often the platform was asked.
func (p *platform) calls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.seen)
}

// wechat is every adapter that asks WeChat, of one platform.
type wechat struct {
	*wechatapi.Platform
	*wechatapi.CodeExchanger
	*wechatapi.PlatformTokens
	*wechatapi.PhoneCodeExchanger
	*wechatapi.SessionKeyChecker
	clock *clock
	meter *meter
}

// connect makes the adapters for the platform at base.
func connect(t testing.TB, base string, changes ...func(*config.WeChat)) *wechat {
	cfg := config.WeChat{
		Apps: []config.App{
			{ID: oneApp, Secret: domain.NewSecret(appSecret)},
			{ID: otherApp, Secret: domain.NewSecret("other-" + appSecret)},
		},
		BaseURL: base, Deadline: 5 * time.Second, MaxConcurrent: 256,
	}
	for _, change := range changes {
		change(&cfg)
	}
	x := &wechat{clock: &clock{now: time.Unix(1_800_000_000, 0).UTC()}, meter: &meter{counts: map[string]int{}}}
	x.Platform = wechatapi.NewPlatform(cfg, x.meter)
	x.CodeExchanger = wechatapi.NewCodeExchanger(x.Platform)
	x.PlatformTokens = wechatapi.NewPlatformTokens(x.Platform, x.clock)
	x.PhoneCodeExchanger = wechatapi.NewPhoneCodeExchanger(x.Platform, x)
	x.SessionKeyChecker = wechatapi.NewSessionKeyChecker(x.Platform, x)
	t.Cleanup(func() {
		if err := x.Close(context.Background()); err != nil {
			t.Errorf("Close: got %v, want no error", err)
		}
	})
	return x
}

func deadline(d time.Duration) func(*config.WeChat) { return func(c *config.WeChat) { c.Deadline = d } }

func concurrent(n uint) func(*config.WeChat) { return func(c *config.WeChat) { c.MaxConcurrent = n } }

func exchange(t *testing.T, x *wechat, app domain.AppID, code string) (ports.CodeExchange, error) {
	t.Helper()
	return x.ExchangeCode(t.Context(), app, domain.NewSecret(code))
}

// mustFail checks that an exchange failed with want, gave nothing, and that the
// error tells no secret.
func mustFail(t *testing.T, got ports.CodeExchange, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
	if got.Identity != (domain.WeChatIdentity{}) || !got.SessionKey.Empty() {
		t.Errorf("got %+v beside the error, want nothing", got)
	}
	mustHide(t, err)
}

func mustHide(t *testing.T, err error) {
	t.Helper()
	for _, format := range []string{"%v", "%+v", "%#v", "%q"} {
		text := fmt.Sprintf(format, err)
		for _, secret := range []string{appSecret, loginCode, sessionKey, platformToken, phoneCode, phoneDigits, "aHVzaC1", "hush", "js_code", "access_token=", "signature", "session?"} {
			if strings.Contains(text, secret) {
				t.Errorf("by %s: got %s, want no %s in it", format, text, secret)
			}
		}
	}
	if err != nil && !strings.HasPrefix(err.Error(), "wechatapi: ") {
		t.Errorf("got %q, want the package's name before it", err)
	}
}

// until waits for something to come true that tells nobody when it does.
func until(t *testing.T, what string, true func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !true(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// following returns how many requests wait for a parallel one with their code,
// waiting how many wait for a seat.
func following() int { return within("(*flight).follow(") }
func waiting() int   { return within(").AcquirePermitWithMaxWait(") }

// within returns how many goroutines are in the function.
func within(function string) int {
	stacks := make([]byte, 1<<20)
	return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), function)
}
