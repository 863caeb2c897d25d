package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/test/testkit"
)

func TestGeneratedClientIsWhatTheSettingTakes(t *testing.T) {
	form := regexp.MustCompile(`^secret (wxs_[A-Za-z0-9_-]{43})\nSERVICE_CLIENTS entry (\S+)\n$`)
	secrets := map[string]bool{}
	for range 3 {
		code, out, err := command(t, nil, "clients", "generate", "--id", "orders", "--apps", "wx1,"+appID)
		made := form.FindStringSubmatch(out)
		if code != 0 || made == nil || err != "" {
			t.Fatalf("got exit code %d and %s%s, want a secret and an entry", code, out, err)
		}
		secrets[made[1]] = true
		hash := sha256.Sum256([]byte(made[1]))
		setting := map[string]string{"SERVICE_CLIENTS": made[2]}
		cfg, lerr := config.Load(config.Tool, func(name string) (string, bool) { text, ok := setting[name]; return text, ok })
		want := []config.Client{{ID: "orders", SecretHash: hex.EncodeToString(hash[:]), Apps: []domain.AppID{"wx1", appID}}}
		if diff := cmp.Diff(want, cfg.Clients.All); diff != "" {
			t.Errorf("%s: %v: the client differs (-want +got):\n%s", made[2], lerr, diff)
		}
	}
	if len(secrets) != 3 {
		t.Errorf("got %d different secrets, want 3", len(secrets))
	}
}

func TestGeneratedClientMayIntrospect(t *testing.T) {
	_, out, _ := command(t, nil, "clients", "generate", "--id", "orders", "--apps", appID)
	fields := strings.Fields(out)
	w := inWorld(t, settings{"SERVICE_CLIENTS": fields[len(fields)-1]})
	form := map[string][]string{"token": {w.login(t, "alice").AccessToken}}
	if got := w.PostForm("/v1/token/introspect", form, testkit.Basic("orders", fields[1])); got.Status != 200 || !strings.Contains(string(got.Body), `"active":true`) {
		t.Errorf("got %d %s %v, want an active token", got.Status, got.Body, got.Err)
	}
	if got := w.PostForm("/v1/token/introspect", form, testkit.Basic("orders", "wxs_guessed")); got.Status != 401 {
		t.Errorf("got %d %s, want a wrong secret refused", got.Status, got.Body)
	}
	w.stops(t)
}

func TestClientThatTheSettingRefusesIsNotMade(t *testing.T) {
	for _, args := range [][]string{
		{"clients"}, {"clients", "make"}, {"clients", "generate"}, {"clients", "generate", "--id", "a"}, {"clients", "generate", "--apps", "wx1"},
		{"clients", "generate", "--id", "a b", "--apps", "wx1"}, {"clients", "generate", "--id", "a:b", "--apps", "wx1"},
		{"clients", "generate", "--id", "a", "--apps", "wx1,"}, {"clients", "generate", "--id", "a", "--apps", "wx1, wx2"},
		{"clients", "generate", "--id", "a,b", "--apps", "wx1"}, {"clients", "generate", "--id", "a", "--apps", "wx1", "wx2"},
	} {
		if code, out, err := command(t, nil, args...); code != 2 || out != "" || err == "" {
			t.Errorf("%v: got exit code %d and %s%s, want 2 and why", args, code, out, err)
		}
	}
}
