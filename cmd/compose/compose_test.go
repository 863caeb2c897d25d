package compose_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/goleak"

	"wxlogin/cmd/compose"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServiceIsCompleteForEveryConfiguration(t *testing.T) {
	for name, set := range map[string]func(*config.Config){
		"memory":  func(*config.Config) {},
		"sqlite":  func(c *config.Config) { c.SQLite.Dir, c.Avatars.Dir = t.TempDir(), t.TempDir() },
		"mongodb": func(c *config.Config) { c.MongoDB.URI = domain.NewSecret("mongodb://127.0.0.1:1/name") },
		"mongodb and a directory for avatars": func(c *config.Config) {
			c.MongoDB.URI, c.Avatars.Dir = domain.NewSecret("mongodb://127.0.0.1:1/name"), t.TempDir()
		},
		"memory and a directory for avatars": func(c *config.Config) { c.Avatars.Dir = t.TempDir() },
		"without events":                     func(c *config.Config) { c.Events = config.Events{} },
		"without the scaffold":               func(c *config.Config) { c.Scaffold = config.Scaffold{} },
		"without wafer":                      func(c *config.Config) { c.Wafer = config.Wafer{} },
	} {
		cfg := testkit.Config(t)
		set(&cfg)
		if err := fx.ValidateApp(compose.Service(cfg, slog.New(slog.DiscardHandler))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestToolsListenNowhere(t *testing.T) {
	cfg := testkit.Config(t)
	taken := listen(t)
	cfg.HTTP.Listen, cfg.Admin.Listen = taken, taken
	var bans ports.BanUseCase
	app := fx.New(compose.Core(cfg, slog.New(slog.DiscardHandler)), fx.Populate(&bans))
	if err := app.Start(t.Context()); err != nil {
		t.Errorf("got %v, want a tool beside a service that runs", err)
	}
	if err := app.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAdminPortThatIsTakenEndsTheStartCleanly(t *testing.T) {
	cfg := testkit.Config(t)
	cfg.Admin.Listen = listen(t)
	var address compose.Address
	app := fx.New(compose.Service(cfg, slog.New(slog.DiscardHandler)), fx.Populate(&address))
	err := app.Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "ADMIN_LISTEN") || !strings.Contains(err.Error(), cfg.Admin.Listen) {
		t.Errorf("got %v, want an error with the setting and the address", err)
	}
	if got := address(); got != "" {
		t.Errorf("got the public listener at %s, want none", got)
	}
}

func TestPublicPortThatIsTakenIsNamed(t *testing.T) {
	cfg := testkit.Config(t)
	cfg.HTTP.Listen = listen(t)
	err := fx.New(compose.Service(cfg, slog.New(slog.DiscardHandler))).Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), ": LISTEN: ") || !strings.Contains(err.Error(), cfg.HTTP.Listen) {
		t.Errorf("got %v, want an error with the setting and the address", err)
	}
}

func TestNumbersCanBeReadWhileTheServiceDrains(t *testing.T) {
	cfg := testkit.Config(t)
	cfg.HTTP.DrainDelay = 400 * time.Millisecond
	var admin compose.AdminAddress
	app := fx.New(compose.Service(cfg, slog.New(slog.DiscardHandler)), fx.Populate(&admin))
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error)
	go func() { stopped <- app.Stop(context.WithoutCancel(t.Context())) }()
	client := testkit.NewClient(t, "http://"+admin())
	time.Sleep(cfg.HTTP.DrainDelay / 2)
	if got := client.Get("/metrics", ""); got.Status != http.StatusOK {
		t.Errorf("while it drains: got %d %v, want 200", got.Status, got.Err)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if got := client.Get("/metrics", ""); got.Err == nil {
		t.Errorf("after the end: got %d, want nobody there", got.Status)
	}
}

// listen takes a port until the test ends.
func listen(t *testing.T) string {
	t.Helper()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	return taken.Addr().String()
}
