// Package bench measures the service with Go's benchmarks: as ratios to a server
// that does the same calls and checks nothing, taken in one run. README.md says
// how to read them. They assert no time; a test runs each of them once, so that
// they keep working.
package bench

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"testing"

	"go.uber.org/fx"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/bench/bareserver"
	"wxlogin/test/testkit"
)

func TestMain(m *testing.M) {
	code := m.Run()
	testkit.StopMongoDB()
	os.Exit(code)
}

// stores prepares a configuration for each store. The stand-in for MongoDB takes
// few phones at a time.
var stores = []struct {
	name   string
	phones int // a processor
	use    func(testing.TB, *config.Config)
}{
	{"memory", 16, func(testing.TB, *config.Config) {}},
	{"sqlite", 16, func(tb testing.TB, cfg *config.Config) { cfg.SQLite.Dir, cfg.Avatars.Dir = tb.TempDir(), tb.TempDir() }},
	{"mongodb", 2, func(tb testing.TB, cfg *config.Config) { cfg.MongoDB.URI = domain.NewSecret(testkit.MongoDB(tb)) }},
}

// servers start what is compared, and return its base URL.
var servers = []struct {
	name  string
	start func(testing.TB, config.Config) string
}{{"wxlogin", startService}, {"bare", startBare}}

// startService starts the service as it ships. Its log is written, to nowhere.
func startService(tb testing.TB, cfg config.Config) string {
	log := slog.New(slog.NewJSONHandler(io.Discard, nil)) //nolint:sloglint // lines that are made cost what they cost
	return testkit.Start(tb, cfg, fx.Decorate(func() *slog.Logger { return log }))
}

func startBare(tb testing.TB, cfg config.Config) string {
	tb.Helper()
	stores, closeStores, err := bareserver.OpenStores(tb.Context(), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := closeStores(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	handler, err := bareserver.New(cfg, stores)
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	return server.URL
}

// world is a server with its WeChat.
type world struct {
	*testkit.Client
	wechat *wechatsim.Simulator
	cfg    config.Config
}

func newWorld(tb testing.TB, store func(testing.TB, *config.Config), start func(testing.TB, config.Config) string) world {
	tb.Helper()
	cfg := testkit.Config(tb)
	store(tb, &cfg)
	withClient(&cfg)
	wechat := testkit.Simulate(tb, &cfg)
	return world{testkit.NewClient(tb, start(tb, cfg)), wechat, cfg}
}
