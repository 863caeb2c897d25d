package testkit_test

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/fx"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

func TestServicesOfOneConfigurationAreReplicas(t *testing.T) {
	stores := map[string]func(*testing.T, *config.Config){
		"sqlite":  func(t *testing.T, cfg *config.Config) { cfg.SQLite.Dir, cfg.Avatars.Dir = t.TempDir(), t.TempDir() },
		"mongodb": func(t *testing.T, cfg *config.Config) { cfg.MongoDB.URI = domain.NewSecret(testkit.MongoDB(t)) },
	}
	for name, use := range stores {
		t.Run(name, func(t *testing.T) {
			cfg := testkit.Config(t)
			use(t, &cfg)
			wechat := testkit.Simulate(t, &cfg)
			var revocations ports.Revocations
			one, two := testkit.StartBoth(t, cfg, fx.Populate(&revocations)), testkit.StartBoth(t, cfg)

			code, err := wechat.Code(string(testkit.App(cfg)), "alice")
			if err != nil {
				t.Fatal(err)
			}
			login := testkit.NewClient(t, one.Base).Post("/v1/login", map[string]string{"code": code}).Login(t)
			elsewhere := testkit.NewClient(t, two.Base)
			if got := elsewhere.Get("/v1/me", login.AccessToken); got.Status != 200 {
				t.Fatalf("elsewhere: got %d %s, want 200", got.Status, got.Body)
			}
			wantMetric(t, two, "wxlogin_revocations_known 0")

			now := time.Now()
			if err := revocations.Revoke(t.Context(), domain.Revocation{SessionID: domain.SessionID(login.Session.ID), At: now, Until: now.Add(time.Hour)}); err != nil {
				t.Fatal(err)
			}
			for elsewhere.Get("/v1/me", login.AccessToken).Status == 200 && time.Since(now) < 3*time.Second {
				time.Sleep(5 * time.Millisecond)
			}
			took := time.Since(now)
			t.Logf("refused elsewhere after %v", took.Round(time.Millisecond))
			if got := elsewhere.Get("/v1/me", login.AccessToken); got.Status != 401 || took >= 2*time.Second {
				t.Errorf("elsewhere: got %d %s after %v, want 401 within 2s", got.Status, got.Code(), took)
			}
			for _, replica := range []testkit.Addresses{one, two} {
				wantMetric(t, replica, "wxlogin_revocations_known 1")
				wantMetric(t, replica, "wxlogin_revocations_current 1")
			}
		})
	}
}

// wantMetric checks that the operators' listener serves the line.
func wantMetric(t *testing.T, service testkit.Addresses, line string) {
	t.Helper()
	got := testkit.NewClient(t, service.Admin).Get("/metrics", "")
	if got.Status != 200 || !strings.Contains(string(got.Body), "\n"+line+"\n") {
		t.Errorf("got %d without %q", got.Status, line)
	}
}
