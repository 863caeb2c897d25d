// Package integration starts the whole service as the binary composes it, on
// every store, against the WeChat simulator.
package integration

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

func TestMain(m *testing.M) {
	code := m.Run()
	testkit.StopMongoDB()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			_, _ = os.Stderr.WriteString("goroutines are left: " + err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}

// world is a running service with its WeChat.
type world struct {
	*testkit.Client
	wechat *wechatsim.Simulator
	cfg    config.Config
}

// stores prepares a configuration for each store.
var stores = []struct {
	name string
	use  func(*testing.T, *config.Config)
}{
	{"memory", func(*testing.T, *config.Config) {}},
	{"sqlite", func(t *testing.T, cfg *config.Config) { cfg.SQLite.Dir, cfg.Avatars.Dir = t.TempDir(), t.TempDir() }},
	{"mongodb", func(t *testing.T, cfg *config.Config) { cfg.MongoDB.URI = domain.NewSecret(testkit.MongoDB(t)) }},
}

// onEveryStore runs a test of the whole service once for each store.
func onEveryStore(t *testing.T, test func(*testing.T, world)) {
	t.Helper()
	onStores(t, 0, test)
}

// onSharedStores leaves out the memory store, which only one process sees.
func onSharedStores(t *testing.T, test func(*testing.T, world)) {
	t.Helper()
	onStores(t, 1, test)
}

func onStores(t *testing.T, from int, test func(*testing.T, world)) {
	t.Helper()
	for _, store := range stores[from:] {
		t.Run(store.name, func(t *testing.T) {
			cfg := testkit.Config(t)
			store.use(t, &cfg)
			wechat := testkit.Simulate(t, &cfg)
			test(t, world{testkit.NewClient(t, testkit.Start(t, cfg)), wechat, cfg})
		})
	}
}

// inMemory is a world on the memory store, adjusted.
func inMemory(t *testing.T, adjust ...func(*config.Config)) world {
	t.Helper()
	cfg := testkit.Config(t)
	for _, f := range adjust {
		f(&cfg)
	}
	wechat := testkit.Simulate(t, &cfg)
	return world{testkit.NewClient(t, testkit.Start(t, cfg)), wechat, cfg}
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
