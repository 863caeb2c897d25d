package main

import (
	"bytes"
	"context"
	"net"
	"strings"
	"testing"

	"wxlogin/config"
)

// runWith runs one command line with these settings.
func runWith(ctx context.Context, settings map[string]string, args ...string) (code int, out, err string) {
	var stdout, stderr bytes.Buffer
	lookup := func(name string) (string, bool) {
		text, ok := settings[name]
		return text, ok
	}
	code = run(ctx, environment{lookup, &stdout, &stderr}, args)
	return code, stdout.String(), stderr.String()
}

func TestAuditSaysHowManyItLists(t *testing.T) {
	for _, limit := range []string{"0", "-1", "10001", "100000"} {
		code, out, err := runWith(t.Context(), nil, "audit", "--limit", limit)
		if code != exitUsage || out != "" || !strings.HasPrefix(err, "wxlogin: --limit is 1 to 10000\nusage: wxlogin audit") {
			t.Errorf("%s: got exit code %d and %s%s, want 2 and the bounds", limit, code, out, err)
		}
	}
	settings := map[string]string{"DATA_DIR": t.TempDir()}
	for _, limit := range []string{"1", "10000"} {
		if code, _, err := runWith(t.Context(), settings, "audit", "--limit", limit); code != 0 {
			t.Errorf("%s: got exit code %d and %s, want 0", limit, code, err)
		}
	}
}

func TestNumberOfNobodyIsNotFound(t *testing.T) {
	const key = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	settings := map[string]string{"DATA_DIR": t.TempDir(), "SEALING_KEYS": key}
	code, out, err := runWith(t.Context(), settings, "users", "find", "+8613580006666")
	if code != exitFailed || out != "" || err != "wxlogin: nobody has this number\n" {
		t.Errorf("got exit code %d, %q and %q, want 1 and that nobody has it", code, out, err)
	}
}

func TestServeWarnsOfPlainEventsBeforeItStarts(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	settings := map[string]string{
		"DATA_DIR": t.TempDir(), "LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "127.0.0.1:0",
		"WECHAT_APPS": "wx1:s1", "WECHAT_EVENTS": "wx1:abc",
	}
	_, _, err := runWith(ended, settings, "serve")
	if !strings.Contains(err, `"level":"WARN","msg":"WECHAT_EVENTS has no EncodingAESKey for wx1:`) {
		t.Errorf("got %s, want a warning of plain events", err)
	}
}

func TestDevNamesTheListenerThatItCannotHave(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	settings := map[string]string{"DATA_DIR": t.TempDir(), "LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "127.0.0.1:0", "SIM_LISTEN": taken.Addr().String()}
	code, _, told := runWith(t.Context(), settings, "dev")
	if code != exitFailed || !strings.Contains(told, "SIM_LISTEN: ") || !strings.Contains(told, taken.Addr().String()) {
		t.Errorf("got exit code %d and %s, want 1, the setting and the address", code, told)
	}
}

func TestBannersLoginNamesTheAppWhereThereAreSeveral(t *testing.T) {
	const tail = `\"code\":\"$(curl -s -X POST http://127.0.0.1:81/sim/code)\"}"`
	cfg := config.Config{WeChat: config.WeChat{Apps: []config.App{{ID: "wx1"}}}}
	if got, want := loginLine(cfg, "127.0.0.1:80", "http://127.0.0.1:81"), `-d "{`+tail; !strings.HasSuffix(got, want) {
		t.Errorf("one app: got %s, want it to end %s", got, want)
	}
	cfg.WeChat.Apps = append(cfg.WeChat.Apps, config.App{ID: "wx2"})
	if got, want := loginLine(cfg, "127.0.0.1:80", "http://127.0.0.1:81"), `-d "{\"appId\":\"wx1\",`+tail; !strings.HasSuffix(got, want) {
		t.Errorf("two apps: got %s, want it to end %s", got, want)
	}
}
