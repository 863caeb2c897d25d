package config_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"wxlogin/config"
)

func TestNoSecretIsInAnyErrorOrPrint(t *testing.T) {
	const hush, hushToken = "hush-hush-9c3b", "hushhush9c3b"
	secret := map[string]string{
		"WECHAT_APPS": "wx1:" + hush, "MONGODB_URI": "mongodb://root:" + hush + "@db/wxlogin", "SEALING_KEYS": "k1:" + sealingKey,
		"WECHAT_EVENTS": "wx1:" + hushToken + ":" + eventsKey,
	}
	cfg := load(t, config.Serve, secret)
	encoded, err := json.Marshal(cfg)
	if err != nil {
		t.Fatalf("Marshal: got %v, want no error", err)
	}
	printed := []string{string(encoded)}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		printed = append(printed, fmt.Sprintf(format, cfg), fmt.Sprintf(format, &cfg), fmt.Sprintf(format, cfg.WeChat), fmt.Sprintf(format, cfg.Events))
	}
	for _, broken := range []map[string]string{
		{"WECHAT_APPS": hush}, {"WECHAT_APPS": "wx1:" + hush + ",wx1:" + hush}, {"WECHAT_APPS": hush + ":wx1," + hush + ":wx2"},
		{"WECHAT_APPS": "wx 1:" + hush}, {"WECHAT_APPS_FILE": hush}, {"MONGODB_URI": "mongodb://root:" + hush + "@db"},
		{"MONGODB_URI_FILE": "/" + hush}, {"SEALING_KEYS": hush}, {"SEALING_KEYS": "k1:" + hush},
		{"SEALING_KEYS": hush + ":" + sealingKey + "," + hush + ":" + sealingKey}, {"WECHAT_BASE_URL": "https://root:" + hush + "@x.example"},
		{"TOKEN_ISSUER": "https://root:" + hush + "@x.example"},
		{"WECHAT_EVENTS": "wx1:" + hush}, {"WECHAT_EVENTS": hushToken + ":" + hushToken}, {"WECHAT_EVENTS": "wx1:" + hushToken + ":" + hush},
		{"WECHAT_EVENTS": "wx1:" + hushToken + ",wx1:" + hushToken + ":" + eventsKey}, {"WECHAT_EVENTS_FILE": hush},
		{"SERVICE_CLIENTS": "shop:" + hush + ":wx1"}, {"SERVICE_CLIENTS": hush}, {"SERVICE_CLIENTS_FILE": hush},
	} {
		_, err := config.Load(config.Serve, env(broken))
		if err == nil {
			t.Errorf("%v: got no error, want one", broken)
		}
		printed = append(printed, fmt.Sprintf("%v", err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err))
	}
	for _, text := range printed {
		if strings.Contains(text, hush) || strings.Contains(text, hushToken) || strings.Contains(text, sealingKey) || strings.Contains(text, eventsKey) {
			t.Errorf("got %s, want no secret in it", text)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("dev", "WECHAT_APPS", "wx1:s1", "LISTEN", "[::1]:8080")
	f.Add("serve", "MONGODB_URI", "mongodb+srv://u:p@h/d?x=y", "SEALING_KEYS", "k1:"+sealingKey)
	f.Add("tool", "TRUSTED_PROXIES", "10.0.0.0/8,::/0", "SESSION_IDLE_TTL", "-1h")
	f.Add("serve", "WECHAT_BASE_URL", "http://[::1%25x]:80", "TOKEN_ISSUER", "https://h/%zz")
	f.Fuzz(func(t *testing.T, mode, name1, value1, name2, value2 string) {
		if strings.HasSuffix(name1, "_FILE") || strings.HasSuffix(name2, "_FILE") {
			t.Skip("would read any file of this machine")
		}
		values := map[string]string{"WECHAT_APPS": "wx1:s1", name1: value1, name2: value2}
		cfg, err := config.Load(config.Mode(mode), env(values))
		if err == nil && (cfg.WeChat.Deadline <= 0 || cfg.WeChat.MaxConcurrent == 0 || cfg.Sessions.Idle > cfg.Sessions.Absolute) {
			t.Errorf("got %+v, want a config that can be used", cfg)
		}
	})
}
