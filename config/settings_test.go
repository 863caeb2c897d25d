package config_test

import (
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/config"
	"wxlogin/domain"
)

// settingTests say of each setting which values are good, what they become, and
// which are bad.
var settingTests = map[string]settingTest{
	"WECHAT_APPS": {
		func(c config.Config) any { return c.WeChat.Apps },
		map[string]any{
			"wx1:s1":               []config.App{app("wx1", "s1")},
			" wx1 : s1 , wx2:s:2 ": []config.App{app("wx1", "s1"), app("wx2", "s:2")},
			"wx1:s1\nwx2:s2":       []config.App{app("wx1", "s1"), app("wx2", "s2")},
			"wx1:s1,\r\n wx2:s2":   []config.App{app("wx1", "s1"), app("wx2", "s2")},
		},
		[]string{"wx1", "wx1:", ":s1", ":", "wx1:s1,", ",", "wx1:s1,wx1:s2", "wx 1:s1", "wx1:s 1", "wx/1:s1", strings.Repeat("w", 65) + ":s1"},
	},
	"WECHAT_BASE_URL": {
		func(c config.Config) any { return c.WeChat.BaseURL },
		map[string]any{
			"https://api.weixin.qq.com":  "https://api.weixin.qq.com",
			"https://proxy.example:8443": "https://proxy.example:8443",
			"https://api.weixin.qq.com/": "https://api.weixin.qq.com",
			"http://127.0.0.1:9000":      "http://127.0.0.1:9000",
			"http://127.8.9.10":          "http://127.8.9.10",
			"http://localhost:9000/":     "http://localhost:9000",
			"http://[::1]:9000":          "http://[::1]:9000",
			"http://[::1]":               "http://[::1]",
		},
		[]string{
			"http://api.weixin.qq.com", "http://10.0.0.1:9000", "http://0.0.0.0:9000", "http://localhost.example.com", "http://127.0.0.1.example.com",
			"http://[::]:9000", "http://wechat", "ftp://127.0.0.1", "api.weixin.qq.com", "//api.weixin.qq.com", "https://", "https://:443",
			"https://user@api.weixin.qq.com", "https://api.weixin.qq.com/path", "https://api.weixin.qq.com?", "https://api.weixin.qq.com/?a=b",
			"https://api.weixin.qq.com#a", "https://%zz", "https://h:port",
		},
	},
	"WECHAT_TIMEOUT": duration(func(c config.Config) any { return c.WeChat.Deadline },
		[]time.Duration{100 * time.Millisecond, 8 * time.Second}, "99ms", "9s"),
	"WECHAT_MAX_CONCURRENT": {
		func(c config.Config) any { return c.WeChat.MaxConcurrent },
		map[string]any{"1": uint(1), "10000": uint(10000)},
		[]string{"0", "10001", "-1", "1.5", "many", "99999999999999999999"},
	},
	"WECHAT_EVENTS": events,
	"MONGODB_URI": {
		func(c config.Config) any { return c.MongoDB.URI.Reveal() },
		map[string]any{
			"mongodb://db/wxlogin":                       "mongodb://db/wxlogin",
			"mongodb://u:p@a:1,b:2/wxlogin?replicaSet=r": "mongodb://u:p@a:1,b:2/wxlogin?replicaSet=r",
			"mongodb+srv://cluster.example/wxlogin":      "mongodb+srv://cluster.example/wxlogin",
		},
		[]string{"mongodb://db", "mongodb://db/", "mongodb://db/?a=b", "mongodb:///wxlogin", "postgres://db/wxlogin", "db/wxlogin", "mongodb://db/a/b"},
	},
	"DATA_DIR": {
		func(c config.Config) any { return c.SQLite.Dir },
		map[string]any{"/var/lib/wxlogin": "/var/lib/wxlogin", " here ": "here"}, nil,
	},
	"LISTEN": {
		func(c config.Config) any { return c.HTTP.Listen },
		map[string]any{":8080": ":8080", "127.0.0.1:0": "127.0.0.1:0", "[::1]:65535": "[::1]:65535", "0.0.0.0:80": "0.0.0.0:80"},
		[]string{"8080", "localhost", ":", ":http", ":65536", ":-1", "::1:80", "a:b:c"},
	},
	"TRUSTED_PROXIES": {
		func(c config.Config) any { return c.HTTP.TrustedProxies },
		map[string]any{
			"10.0.0.0/8":            prefixes("10.0.0.0/8"),
			"10.1.2.3/8 , fd00::/8": prefixes("10.0.0.0/8", "fd00::/8"),
		},
		[]string{"10.0.0.1", "10.0.0.0/33", "proxy.example", "10.0.0.0/8,", ","},
	},
	"RATE_LIMITS": {
		func(c config.Config) any { return c.HTTP.RateLimits },
		map[string]any{"on": true, "off": false, "OFF": false, "true": true, "0": false}, []string{"perhaps", "2", "yes"},
	},
	"DRAIN_DELAY": duration(func(c config.Config) any { return c.HTTP.DrainDelay },
		[]time.Duration{0, time.Minute}, "-1s", "61s"),
	"TOKEN_KEYS_DIR": {
		func(c config.Config) any { return c.Tokens.KeysDir },
		map[string]any{"/run/secrets/keys": "/run/secrets/keys"}, nil,
	},
	"TOKEN_ALG": {
		func(c config.Config) any { return c.Tokens.Alg },
		map[string]any{"ES256": "ES256", "EdDSA": "EdDSA", "RS256": "RS256", "HS256": "HS256", "es256": "ES256"},
		[]string{"none", "PS256"},
	},
	"TOKEN_ISSUER": {
		func(c config.Config) any { return c.Tokens.Issuer },
		map[string]any{"https://login.example.com": "https://login.example.com", "http://10.0.0.1:8080/a": "http://10.0.0.1:8080/a"},
		[]string{"login.example.com", "ftp://login.example.com", "https://", "https://h?", "https://h?a=b", "https://h#a", "https://u:p@h"},
	},
	"TOKEN_AUDIENCE": {
		func(c config.Config) any { return c.Tokens.Audience },
		map[string]any{"shop": "shop", "https://api.example.com": "https://api.example.com"}, nil,
	},
	"SEALING_KEYS": {
		func(c config.Config) any { return c.Sealing.Keys },
		map[string]any{
			"k1:" + sealingKey: []config.SealingKey{key("k1")},
			" 2026-01_B:" + sealingKey + " , k1:" + sealingKey: []config.SealingKey{key("2026-01_B"), key("k1")},
		},
		[]string{
			"k1", "k1:", sealingKey, ":" + sealingKey, "k1:AAAA", "k1:" + sealingKey[1:], "k1:" + sealingKey + sealingKey, "k 1:" + sealingKey,
			strings.Repeat("k", 17) + ":" + sealingKey, "k1:" + sealingKey + ",", "k1:" + sealingKey + ",k1:" + sealingKey,
		},
	},
	"AVATAR_DIR": {
		func(c config.Config) any { return c.Avatars.Dir },
		map[string]any{"/srv/avatars": "/srv/avatars", " here ": "here"}, nil,
	},
	"ACCESS_TOKEN_TTL": duration(func(c config.Config) any { return c.Sessions.AccessToken },
		[]time.Duration{time.Second, time.Hour}, "999ms", "61m"),
	"SESSION_IDLE_TTL": duration(func(c config.Config) any { return c.Sessions.Idle },
		[]time.Duration{time.Second, 4320 * time.Hour}, "0s", "4321h", "87601h"),
	"SESSION_ABSOLUTE_TTL": duration(func(c config.Config) any { return c.Sessions.Absolute },
		[]time.Duration{720 * time.Hour, 87600 * time.Hour}, "0s", "719h", "87601h"),
	"REFRESH_GRACE": duration(func(c config.Config) any { return c.Sessions.RefreshGrace },
		[]time.Duration{5 * time.Second, 5 * time.Minute}, "0s", "4999ms", "301s"),
	"SERVICE_CLIENTS": clients,
	"LINK_UNIONID": {
		func(c config.Config) any { return c.Accounts.LinkUnionIDs },
		map[string]any{"true": true, "false": false, "off": false}, []string{"yes", "2"},
	},
	"ACCOUNT_COOLING_OFF": duration(func(c config.Config) any { return c.Accounts.CoolingOff },
		[]time.Duration{0, 2160 * time.Hour}, "-1s", "2161h"),
	"ADMIN_LISTEN": {
		func(c config.Config) any { return c.Admin.Listen },
		map[string]any{":9090": ":9090", "127.0.0.1:0": "127.0.0.1:0", "[::1]:65535": "[::1]:65535"},
		[]string{"9090", "localhost", ":65536"},
	},
	"OPEN_DATA_MAX_AGE": duration(func(c config.Config) any { return c.Sessions.OpenDataAge },
		[]time.Duration{time.Second, 24 * time.Hour}, "0s", "25h"),
	"COMPAT_SCAFFOLD": {
		func(c config.Config) any { return c.Scaffold },
		map[string]any{"true": config.Scaffold{Enabled: true}, "false": config.Scaffold{}, "1": config.Scaffold{Enabled: true}, "TRUE": config.Scaffold{Enabled: true}}, []string{"yes", "2"},
	},
	"COMPAT_SCAFFOLD_SESSION_KEY": {
		func(c config.Config) any { return c.Scaffold.SessionKey },
		map[string]any{"false": false}, []string{"true", "yes"}, // true needs COMPAT_SCAFFOLD
	},
	"COMPAT_WAFER": {
		func(c config.Config) any { return c.Wafer },
		map[string]any{"true": config.Wafer{Enabled: true}, "false": config.Wafer{}, "1": config.Wafer{Enabled: true}, "TRUE": config.Wafer{Enabled: true}}, []string{"yes", "2"},
	},
	"CLOUDRUN_TRUST": {
		func(c config.Config) any { return c.HTTP.CloudRun },
		map[string]any{"true": config.CloudRun{Trust: true}, "false": config.CloudRun{}, "on": config.CloudRun{Trust: true}}, []string{"yes", "2"},
	},
	"CLOUDRUN_PEERS": cloudRunPeers,
	"CLOUDRUN_UNIONID": {
		func(c config.Config) any { return c.HTTP.CloudRun },
		map[string]any{"true": config.CloudRun{UnionIDs: true}, "false": config.CloudRun{}, "on": config.CloudRun{UnionIDs: true}}, []string{"yes", "2"},
	},
	"CLOUDRUN_SHARED": {
		func(c config.Config) any { return c.HTTP.CloudRun },
		map[string]any{
			"wx2":         config.CloudRun{Shared: []domain.AppID{"wx2"}},
			"wx2 , wx3_-": config.CloudRun{Shared: []domain.AppID{"wx2", "wx3_-"}},
		},
		[]string{"wx 2", "wx2,", ",", "wx2:s2", "wx2,wx2", "*", strings.Repeat("a", 65)},
	},
	"LOG_LEVEL": {
		func(c config.Config) any { return c.Log.Level },
		map[string]any{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError, "DEBUG": slog.LevelDebug},
		[]string{"trace", "-4"},
	},
	"LOG_FORMAT": {
		func(c config.Config) any { return c.Log.Format },
		map[string]any{"auto": "auto", "text": "text", "json": "json", "JSON": "json"}, []string{"xml"},
	},
	"SIM_LISTEN": {
		func(c config.Config) any { return c.Simulator.ManageListen },
		map[string]any{"127.0.0.1:8082": "127.0.0.1:8082"}, []string{"8082", "127.0.0.1"},
	},
}

type settingTest struct {
	get  func(config.Config) any
	good map[string]any
	bad  []string
}

// duration is the test of a setting with the ends of its range.
func duration(get func(config.Config) any, ends []time.Duration, bad ...string) settingTest {
	good := map[string]any{}
	for _, d := range ends {
		good[d.String()] = d
	}
	return settingTest{get, good, append(bad, "15", "soon", "1h1x", "9999999999h")}
}

func TestEverySettingTakesGoodValuesAndRefusesBadOnes(t *testing.T) {
	for _, s := range config.Settings() {
		t.Run(s.Name, func(t *testing.T) {
			tests, ok := settingTests[s.Name]
			if !ok {
				t.Fatal("no test of this setting, want one")
			}
			for value, want := range tests.good {
				got, err := config.Load(config.Tool, env(map[string]string{s.Name: value}))
				if err != nil {
					t.Errorf("%q: got %v, want no error", value, err)
				} else if diff := cmp.Diff(want, tests.get(got), show, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
					t.Errorf("%q (-want +got):\n%s", value, diff)
				}
			}
			for _, value := range tests.bad {
				_, err := config.Load(config.Tool, env(map[string]string{s.Name: value}))
				if text := fmt.Sprint(err); err == nil || strings.Contains(text, "\n") {
					t.Errorf("%q: got %q, want one fault", value, text)
				}
			}
		})
	}
}
