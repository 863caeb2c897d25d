package testkit

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"go.uber.org/fx"

	"wxlogin/adapters/jwttoken"
	"wxlogin/adapters/wechatsim"
	"wxlogin/cmd/compose"
	"wxlogin/config"
	"wxlogin/domain"
)

// Config returns a complete configuration for a test: the memory store, one app
// as the simulator knows it, a fresh signing key, free ports, no rate limits, no
// drain delay, the protocols of older clients switched on.
func Config(t testing.TB) config.Config {
	t.Helper()
	keys := filepath.Join(t.TempDir(), "keys")
	if _, _, err := jwttoken.GenerateKey(keys, "ES256", time.Now()); err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{
		"WECHAT_APPS":     config.DevAppID + ":" + config.DevAppSecret,
		"WECHAT_EVENTS":   config.DevAppID + ":" + config.DevEventsToken + ":" + config.DevEventsKey,
		"DATA_DIR":        config.InMemory,
		"LISTEN":          "127.0.0.1:0",
		"ADMIN_LISTEN":    "127.0.0.1:0",
		"RATE_LIMITS":     "off",
		"DRAIN_DELAY":     "0s",
		"TOKEN_KEYS_DIR":  keys,
		"SEALING_KEYS":    "test:" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), 32)),
		"COMPAT_SCAFFOLD": "true",
		"COMPAT_WAFER":    "true",
		"LOG_LEVEL":       "debug",
	}
	cfg, err := config.Load(config.Serve, func(name string) (string, bool) {
		value, ok := settings[name]
		return value, ok
	})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// Simulate starts a WeChat simulator for cfg's apps and points cfg at it. It ends
// with the test.
func Simulate(t testing.TB, cfg *config.Config, adjust ...func(*wechatsim.Config)) *wechatsim.Simulator {
	t.Helper()
	settings := wechatsim.Config{Apps: compose.SimulatedApps(*cfg)}
	for _, f := range adjust {
		f(&settings)
	}
	simulator, err := wechatsim.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	server, err := simulator.Start("127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := server.Stop(ctx); err != nil {
			t.Errorf("stop the simulator: %v", err)
		}
	})
	cfg.WeChat.BaseURL = server.APIURL
	return simulator
}

// Start runs the whole service as the binary composes it, with swaps in place of
// production adapters, and returns its base URL. It stops with the test, and a
// stop that fails fails the test. Started again with the same cfg it is another
// replica of the same service, unless its store is memory.
func Start(t testing.TB, cfg config.Config, options ...fx.Option) string {
	t.Helper()
	return StartBoth(t, cfg, options...).Base
}

// Addresses are the base URLs of a service's listeners.
type Addresses struct {
	Base  string // for everybody
	Admin string // for operators
}

// StartBoth does as Start, and tells both addresses.
func StartBoth(t testing.TB, cfg config.Config, options ...fx.Option) Addresses {
	t.Helper()
	var public compose.Address
	var admin compose.AdminAddress
	app := fx.New(compose.Service(cfg, Log(t, nil), options...), fx.Populate(&public, &admin))
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := app.Start(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), app.StopTimeout())
		defer cancel()
		if err := app.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return Addresses{"http://" + public(), "http://" + admin()}
}

// Swap plugs impl into the port P in place of the production adapter, which is
// then never built. The port must be named: Swap[ports.Clock](frozen). Without
// it P would be frozen's own type, which no one asks for, and fx would ignore
// the swap in silence.
func Swap[P any](impl P) fx.Option {
	if port := reflect.TypeFor[P](); port.Kind() != reflect.Interface {
		return fx.Error(fmt.Errorf("testkit.Swap: %v is not a port; name the port to swap", port))
	}
	return fx.Decorate(func() P { return impl })
}

// Log returns a logger at debug level that shows its lines only where the test
// fails, or writes them to into where that is given.
func Log(t testing.TB, into *Buffer) *slog.Logger {
	if into != nil {
		return slog.New(slog.NewJSONHandler(into, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// Buffer collects what many goroutines write.
type Buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (b *Buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String returns what was written so far.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// App returns the id of cfg's first app.
func App(cfg config.Config) domain.AppID { return cfg.WeChat.Apps[0].ID }
