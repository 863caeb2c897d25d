package e2e

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"wxlogin/config"
)

// The word that must not be printed, and one bad value for each setting that can
// have one.
const canary = "canary-5ecret"

var bad = settings{
	"WECHAT_APPS":                 "wx no app id:" + canary,
	"WECHAT_BASE_URL":             "http://someone:" + canary + "@wechat.example.com",
	"WECHAT_TIMEOUT":              "soon",
	"WECHAT_MAX_CONCURRENT":       "0",
	"WECHAT_EVENTS":               appID + ":" + canary,
	"MONGODB_URI":                 "mongodb://someone:" + canary + "@127.0.0.1",
	"LISTEN":                      "8080",
	"TRUSTED_PROXIES":             "everybody",
	"RATE_LIMITS":                 "sometimes",
	"DRAIN_DELAY":                 "-1s",
	"TOKEN_ALG":                   "none",
	"TOKEN_ISSUER":                "https://someone:" + canary + "@login.example.com",
	"SEALING_KEYS":                "k1:" + canary,
	"ACCESS_TOKEN_TTL":            "900",
	"SESSION_IDLE_TTL":            "0s",
	"SESSION_ABSOLUTE_TTL":        "for ever",
	"REFRESH_GRACE":               "-30s",
	"LINK_UNIONID":                "yes",
	"ACCOUNT_COOLING_OFF":         "7 days",
	"SERVICE_CLIENTS":             "shop:" + canary + ":" + appID,
	"ADMIN_LISTEN":                "9090",
	"OPEN_DATA_MAX_AGE":           "48h",
	"COMPAT_SCAFFOLD":             "yes",
	"COMPAT_SCAFFOLD_SESSION_KEY": "yes",
	"COMPAT_WAFER":                "yes",
	"CLOUDRUN_TRUST":              "yes",
	"CLOUDRUN_PEERS":              "0.0.0.0/0",
	"CLOUDRUN_UNIONID":            "yes",
	"CLOUDRUN_SHARED":             "wx no app id",
	"LOG_LEVEL":                   "chatty",
	"LOG_FORMAT":                  "xml",
	"SIM_LISTEN":                  "here",
}

func TestServeNamesEveryBadSettingAtOnceAndNoSecret(t *testing.T) {
	code, out, err := command(t, bad, "serve")
	if code != 2 || out != "" {
		t.Errorf("got exit code %d and output %q, want 2 and none", code, out)
	}
	for _, setting := range config.Settings() {
		switch setting.Name {
		case "DATA_DIR", "AVATAR_DIR", "TOKEN_KEYS_DIR", "TOKEN_AUDIENCE": // any text will do
			continue
		}
		if !strings.Contains(err, "\n"+setting.Name+": ") {
			t.Errorf("%s=%q is not complained of", setting.Name, bad[setting.Name])
		}
	}
	if strings.Contains(err, canary) {
		t.Error("a secret was printed")
	}
	if t.Failed() {
		t.Log(err)
	}
}

func TestServeRefusesUnsafeSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "apps")
	if err := os.WriteFile(file, []byte(appID+":"+canary), 0o600); err != nil {
		t.Fatal(err)
	}
	good := bare("http://127.0.0.1:1", t.TempDir())
	tests := []struct {
		name string
		env  settings
		want string
	}{
		{"no app at all", settings{}, "WECHAT_APPS: must be set"},
		{"the secret in clear over the network", good.with(settings{"WECHAT_BASE_URL": "http://wechat.example.com"}), "WECHAT_BASE_URL: .*https"},
		{"a name that only looks like loopback", good.with(settings{"WECHAT_BASE_URL": "http://127.0.0.1.example.com"}), "WECHAT_BASE_URL: .*https"},
		{"a value and a file", good.with(settings{"WECHAT_APPS_FILE": file}), "WECHAT_APPS: WECHAT_APPS_FILE is set too"},
		{"a file that is not there", settings{"WECHAT_APPS_FILE": file + "x"}, "WECHAT_APPS: WECHAT_APPS_FILE.*no such file"},
		{"keys kept nowhere", good.with(settings{"DATA_DIR": ":memory:"}), "TOKEN_KEYS_DIR: (.|\n)*SEALING_KEYS: "},
		{"a key for nobody", good.with(settings{"COMPAT_SCAFFOLD_SESSION_KEY": "true"}), "COMPAT_SCAFFOLD_SESSION_KEY: "},
	}
	for _, tt := range tests {
		code, _, err := command(t, tt.env, "serve")
		if code != 2 || !regexp.MustCompile(tt.want).MatchString(err) || strings.Contains(err, canary) {
			t.Errorf("%s: got exit code %d and %s, want 2 and %s", tt.name, code, err, tt.want)
		}
	}
}

func TestDevRefusesToBeReachedFromElsewhere(t *testing.T) {
	code, _, err := command(t, settings{"LISTEN": "0.0.0.0:0", "ADMIN_LISTEN": ":0", "SIM_LISTEN": ":0"}, "dev")
	for _, name := range []string{"LISTEN", "ADMIN_LISTEN", "SIM_LISTEN"} {
		if code != 2 || !strings.Contains(err, "\n"+name+": ") {
			t.Errorf("got exit code %d and %s, want 2 and %s", code, err, name)
		}
	}
}

func TestAddressInUseIsSaidInOneLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	address := taken.Addr().String()
	env := bare("http://127.0.0.1:1", t.TempDir()).with(settings{"LISTEN": address, "LOG_LEVEL": "error"})
	code, out, printed := command(t, env, "serve")
	if code != 1 || out != "" {
		t.Errorf("got exit code %d and output %q, want 1 and none", code, out)
	}
	line := strings.TrimSuffix(printed, "\n")
	if strings.Contains(line, "\n") || len(line) > 250 || !strings.Contains(line, address) || !strings.Contains(line, "address already in use") {
		t.Errorf("got %s, want a short line with the address", printed)
	}
	if regexp.MustCompile(`\b(fx|dig|goroutine|function|module)\b`).MatchString(line) {
		t.Errorf("got %s, want no talk of wiring", printed)
	}
}

func TestServiceWhoseStoreIsAwayNeverListens(t *testing.T) { // seed defect 24
	env := bare("http://127.0.0.1:1", t.TempDir()).with(settings{"MONGODB_URI": "mongodb://someone:" + canary + "@127.0.0.1:1/name"})
	code, _, printed := command(t, env, "serve")
	if code != 1 || strings.Contains(printed, `"serving"`) || strings.Contains(printed, canary) || !strings.Contains(printed, "store_unavailable") {
		t.Errorf("got exit code %d and %s, want 1 and the cause", code, printed)
	}
}

func TestServiceThatWaitsForItsStoreEndsWhenTold(t *testing.T) {
	env := bare("http://127.0.0.1:1", t.TempDir()).with(settings{"MONGODB_URI": "mongodb://127.0.0.1:1/name"})
	p := start(t, t.TempDir(), env, "wxlogin", "serve")
	p.says(t, &p.err, `"made a key".*sealing`)
	told := time.Now()
	p.terminate(t)
	if code, took := p.exits(t, patience), time.Since(told); code != 1 || took > 5*time.Second {
		t.Errorf("got exit code %d after %v, want 1 at once", code, took)
	}
}
