package integration

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/fx"

	"wxlogin/adapters/wechatsim"
	"wxlogin/cmd/compose"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

func TestPlatformInTroubleIs503WithinTheDeadline(t *testing.T) { // F-10 to F-14
	w := inMemory(t, func(cfg *config.Config) { cfg.WeChat.Deadline = 500 * time.Millisecond })
	for _, kind := range []string{"hang", "slow", "reset", "status", "html", "empty", "truncated", "huge", "no_openid", "no_session_key", "array"} {
		t.Run(kind, func(t *testing.T) {
			code := w.code(t, "alice")
			if err := w.wechat.SetFault(wechatsim.Fault{Kind: kind, Endpoint: "jscode2session", Times: 1}); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			got := w.Post("/v1/login", map[string]any{"code": code})
			if got.Status != 503 || got.Code() != "platform_unavailable" || got.Header.Get("Retry-After") == "" {
				t.Errorf("got %d %s, want 503 platform_unavailable with Retry-After", got.Status, got.Body)
			}
			// The deadline, and room for a machine that is busy.
			if took := time.Since(start); took > w.cfg.WeChat.Deadline+2*time.Second {
				t.Errorf("took %v with a deadline of %v", took, w.cfg.WeChat.Deadline)
			}
			if n := w.wechat.CallsOf(code); n != 1 {
				t.Errorf("WeChat was asked %d times, want once", n)
			}
		})
	}
	w.login(t, "alice") // and fine weather is fine again
}

func TestEveryReturnCodeHasItsAnswer(t *testing.T) { // F-15, F-17
	tests := []struct {
		errcode int
		status  int
		code    string
	}{
		{40029, 401, "code_invalid"}, {41008, 401, "code_invalid"}, {42003, 401, "code_invalid"},
		{40163, 401, "code_used"}, {40226, 403, "login_blocked"},
		{45011, 429, "rate_limited"}, {45009, 429, "rate_limited"},
		{40013, 503, "app_misconfigured"}, {40125, 503, "app_misconfigured"}, {40164, 503, "app_misconfigured"},
		{40243, 503, "app_misconfigured"}, {41002, 503, "app_misconfigured"}, {41004, 503, "app_misconfigured"},
		{99999, 503, "platform_unavailable"},
	}
	w := inMemory(t)
	for _, tt := range tests {
		for _, quoted := range []bool{false, true} {
			if err := w.wechat.SetFault(wechatsim.Fault{Kind: "errcode", ErrCode: tt.errcode, Quoted: quoted, Times: 1}); err != nil {
				t.Fatal(err)
			}
			got := w.Post("/v1/login", map[string]any{"code": w.code(t, "alice")})
			if got.Status != tt.status || got.Code() != tt.code {
				t.Errorf("errcode %d: got %d %s, want %d %s", tt.errcode, got.Status, got.Body, tt.status, tt.code)
			}
		}
	}
}

func TestBusyPlatformIsAskedOnceMore(t *testing.T) { // F-16
	w := inMemory(t)
	if err := w.wechat.SetFault(wechatsim.Fault{Kind: "errcode", ErrCode: -1, Times: 1}); err != nil {
		t.Fatal(err)
	}
	code := w.code(t, "alice")
	w.Post("/v1/login", map[string]any{"code": code}).Login(t)
	if n := w.wechat.CallsOf(code); n != 2 {
		t.Errorf("WeChat was asked %d times, want twice", n)
	}
}

// lostAnswer does the work and then loses the answer, as a timeout does.
type lostAnswer struct{ ports.SessionRepository }

func (r lostAnswer) Save(ctx context.Context, s domain.Session) error {
	return errors.Join(r.SessionRepository.Save(ctx, s), domain.ErrStoreUnavailable)
}

// withLostAnswers wraps whatever session store is composed.
func withLostAnswers() fx.Option {
	return fx.Decorate(func(r ports.SessionRepository) ports.SessionRepository { return lostAnswer{r} })
}

func TestLostWriteIs503AndLosesNothing(t *testing.T) {
	for _, store := range stores[1:] { // a second service would not see the first one's memory
		t.Run(store.name, func(t *testing.T) {
			cfg := testkit.Config(t)
			store.use(t, &cfg)
			wechat := testkit.Simulate(t, &cfg)
			broken := world{testkit.NewClient(t, testkit.Start(t, cfg, withLostAnswers())), wechat, cfg}
			got := broken.Post("/v1/login", map[string]any{"code": broken.code(t, "alice")})
			if got.Status != 503 || got.Code() != "store_unavailable" || strings.Contains(string(got.Body), "accessToken") {
				t.Errorf("got %d %s, want 503 store_unavailable and no token", got.Status, got.Body)
			}
			sound := world{testkit.NewClient(t, testkit.Start(t, cfg)), wechat, cfg}
			if again := sound.login(t, "alice"); again.NewUser {
				t.Error("the user of the failed login was lost")
			}
		})
	}
}

func TestSwappedAdapterIsUsed(t *testing.T) {
	cfg := testkit.Config(t)
	cfg.WeChat.BaseURL = "http://127.0.0.1:1" // nobody is there
	exchange := func(context.Context, domain.AppID, domain.Secret) (ports.CodeExchange, error) {
		return ports.CodeExchange{Identity: domain.WeChatIdentity{AppID: testkit.App(cfg), OpenID: "o-swapped"}, SessionKey: domain.NewSecret("tiihtNczf5v6AKRyjwEUhQ==")}, nil
	}
	c := testkit.NewClient(t, testkit.Start(t, cfg, testkit.Swap[ports.CodeExchanger](exchanger(exchange))))
	if login := c.Post("/v1/login", map[string]any{"code": "any"}).Login(t); !login.NewUser {
		t.Errorf("got %+v, want a new user", login)
	}
}

type exchanger func(context.Context, domain.AppID, domain.Secret) (ports.CodeExchange, error)

func (f exchanger) ExchangeCode(ctx context.Context, app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
	return f(ctx, app, code)
}

func TestSwapRefusesWhatIsNoPort(t *testing.T) {
	cfg := testkit.Config(t)
	app := fx.New(compose.Service(cfg, testkit.Log(t, nil)), testkit.Swap(&frozen{}))
	if app.Err() == nil || !strings.Contains(app.Err().Error(), "is not a port") {
		t.Errorf("got %v, want a refusal", app.Err())
	}
}

func TestGraphIsCompleteForEveryStore(t *testing.T) {
	for name, adjust := range map[string]func(*config.Config){
		"memory":  func(*config.Config) {},
		"sqlite":  func(cfg *config.Config) { cfg.SQLite.Dir, cfg.Avatars.Dir = "unused", "unused" },
		"mongodb": func(cfg *config.Config) { cfg.MongoDB.URI = domain.NewSecret("mongodb://127.0.0.1:1/unused") },
		"plain":   func(cfg *config.Config) { cfg.Scaffold.Enabled = false },
	} {
		cfg := testkit.Config(t)
		adjust(&cfg)
		if err := fx.ValidateApp(compose.Service(cfg, testkit.Log(t, nil))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBannedUserIsRefusedEverywhere(t *testing.T) { // T-41, seed defect 32
	onSharedStores(t, func(t *testing.T, w world) {
		login := w.login(t, "alice")
		if err := ban(t, w, login.User.ID); err != nil {
			t.Fatal(err)
		}
		if got := w.Post("/v1/login", map[string]any{"code": w.code(t, "alice")}); got.Status != 403 || got.Code() != "user_banned" {
			t.Errorf("login: got %d %s, want 403 user_banned", got.Status, got.Body)
		}
		// Until the service hears that the session was revoked, it reads the user.
		if got := w.Get("/v1/me", login.AccessToken); got.Code() != "user_banned" && got.Code() != "session_revoked" {
			t.Errorf("me: got %d %s, want user_banned or session_revoked", got.Status, got.Body)
		}
		wantStatus(t, "refresh", w.refresh(login.RefreshToken), 403, "user_banned")
		untilRefused(t, "verify", []world{w}, login.AccessToken, time.Now())
		if got := w.Get("/home/test", login.AccessToken); got.Status != 401 {
			t.Errorf("home/test: got %d %s, want 401", got.Status, got.Body)
		}
	})
}

// ban does what "wxlogin users ban" does, beside the running service.
func ban(t *testing.T, w world, id string) error {
	var bans ports.BanUseCase
	app := fx.New(compose.Core(w.cfg, testkit.Log(t, nil)), fx.Populate(&bans))
	if err := app.Start(t.Context()); err != nil {
		return err
	}
	_, err := bans.Ban(t.Context(), domain.UserID(id))
	return errors.Join(err, app.Stop(t.Context()))
}

func TestStoreThatIsAwayIsSaid(t *testing.T) { // F-04
	cfg := testkit.Config(t)
	wechat := testkit.Simulate(t, &cfg)
	away := awayStore{}
	w := world{testkit.NewClient(t, testkit.Start(t, cfg, testkit.Swap[ports.Probe](away), testkit.Swap[ports.UserRepository](away))), wechat, cfg}
	if got := w.Get("/readyz", ""); got.Status != 503 || !strings.Contains(string(got.Body), `"store":"down"`) {
		t.Errorf("readyz: got %d %s, want 503 with the store down", got.Status, got.Body)
	}
	if got := w.Get("/livez", ""); got.Status != 200 {
		t.Errorf("livez: got %d, want 200", got.Status)
	}
	if got := w.Post("/v1/login", map[string]any{"code": w.code(t, "alice")}); got.Status != 503 || got.Code() != "store_unavailable" {
		t.Errorf("login: got %d %s, want 503 store_unavailable", got.Status, got.Body)
	}
}

type awayStore struct{ ports.UserRepository }

func (awayStore) Check(context.Context) error { return domain.ErrStoreUnavailable }

func (awayStore) RecordLogin(context.Context, domain.WeChatUser) (domain.WeChatUser, bool, error) {
	return domain.WeChatUser{}, false, domain.ErrStoreUnavailable
}
