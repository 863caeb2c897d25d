package config_test

import (
	"fmt"
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/config"
	"wxlogin/domain"
)

const sealingKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// env looks names up in a map, as os.LookupEnv does in the environment.
func env(values map[string]string) config.Lookup {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

// show compares secrets by what they hide.
var show = cmp.Transformer("Reveal", func(s domain.Secret) string { return s.Reveal() })

func load(t *testing.T, mode config.Mode, values map[string]string) config.Config {
	t.Helper()
	cfg, err := config.Load(mode, env(values))
	if err != nil {
		t.Fatalf("Load: got %v, want no error", err)
	}
	return cfg
}

func app(id domain.AppID, secret string) config.App {
	return config.App{ID: id, Secret: domain.NewSecret(secret)}
}

func key(id string) config.SealingKey {
	return config.SealingKey{ID: id, Key: domain.NewSecret(sealingKey)}
}

func prefixes(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, t := range texts {
		all = append(all, netip.MustParsePrefix(t))
	}
	return all
}

// common is what all modes have where nothing is set.
func common() config.Config {
	return config.Config{
		WeChat: config.WeChat{Deadline: 4 * time.Second, MaxConcurrent: 256},
		SQLite: config.SQLite{Dir: "data"},
		Tokens: config.Tokens{KeysDir: filepath.Join("data", "keys"), OwnKeys: true, Audience: "wxlogin", Alg: "ES256"},
		Sealing: config.Sealing{
			File: filepath.Join("data", "sealing.key"),
		},
		HTTP:     config.HTTP{RateLimits: true, Stop: 10 * time.Second},
		Accounts: config.Accounts{CoolingOff: 168 * time.Hour, LinkUnionIDs: true},
		Avatars:  config.Avatars{Dir: filepath.Join("data", "avatars")},
		Sessions: config.Sessions{
			AccessToken: 15 * time.Minute, Idle: 720 * time.Hour, Absolute: 4320 * time.Hour,
			RefreshGrace: 30 * time.Second, OpenDataAge: 5 * time.Minute,
		},
		Log: config.Log{Level: slog.LevelInfo, Format: "auto"},
	}
}

func TestDevNeedsNoSettings(t *testing.T) {
	want := common()
	want.WeChat.Apps = []config.App{{ID: config.DevAppID, Secret: domain.NewSecret(config.DevAppSecret)}}
	want.Events.Apps = []config.EventsApp{pushed(config.DevAppID, config.DevEventsToken, config.DevEventsKey)}
	want.HTTP.Listen, want.Admin.Listen = "127.0.0.1:8080", "127.0.0.1:8082"
	want.Tokens.Issuer = "http://127.0.0.1:8080"
	want.Scaffold = config.Scaffold{Enabled: true, AppID: config.DevAppID, SessionKey: true}
	want.Wafer = config.Wafer{Enabled: true, AppID: config.DevAppID}
	want.Simulator = config.Simulator{Enabled: true, ManageListen: "127.0.0.1:8081"}
	if diff := cmp.Diff(want, load(t, config.Dev, nil), show); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
}

func TestServeNeedsTheAppsAlone(t *testing.T) {
	const proxies, issuer, keys, scaffold = "TRUSTED_PROXIES ", "TOKEN_ISSUER ", "signing or sealing keys ", "COMPAT_SCAFFOLD_SESSION_KEY "
	want := common()
	want.WeChat.Apps = []config.App{{ID: "wx1", Secret: domain.NewSecret("s1")}}
	want.WeChat.BaseURL = "https://api.weixin.qq.com"
	want.HTTP.Listen, want.HTTP.DrainDelay = ":8080", 3*time.Second
	want.Admin.Listen = "127.0.0.1:8082"
	want.Scaffold.AppID, want.Wafer.AppID = "wx1", "wx1"
	want.Tokens.Issuer = "http://localhost:8080"
	tests := []struct {
		name         string
		give         map[string]string
		want         func(*config.Config)
		wantWarnings []string
	}{
		{"over SQLite", map[string]string{"WECHAT_APPS": "wx1:s1"}, func(*config.Config) {}, []string{proxies, issuer}},
		{"over SQLite elsewhere", map[string]string{"WECHAT_APPS": "wx1:s1", "DATA_DIR": "/var/lib/wxlogin"}, func(c *config.Config) {
			c.SQLite.Dir = "/var/lib/wxlogin"
			c.Tokens.KeysDir, c.Sealing.File = "/var/lib/wxlogin/keys", "/var/lib/wxlogin/sealing.key"
			c.Avatars.Dir = "/var/lib/wxlogin/avatars"
		}, []string{proxies, issuer}},
		{"over MongoDB", map[string]string{"WECHAT_APPS": "wx1:s1", "MONGODB_URI": "mongodb://db/wxlogin"}, func(c *config.Config) {
			c.MongoDB.URI = domain.NewSecret("mongodb://db/wxlogin")
			c.Avatars.Dir = ""
		}, []string{proxies, keys, issuer}},
		{"with metrics for everybody", map[string]string{"WECHAT_APPS": "wx1:s1", "ADMIN_LISTEN": ":9090"}, func(c *config.Config) {
			c.Admin.Listen = ":9090"
		}, []string{proxies, "ADMIN_LISTEN ", issuer}},
		{"with the scaffold's worst habit", map[string]string{"WECHAT_APPS": "wx1:s1", "COMPAT_SCAFFOLD": "true", "COMPAT_SCAFFOLD_SESSION_KEY": "true"}, func(c *config.Config) {
			c.Scaffold = config.Scaffold{Enabled: true, AppID: "wx1", SessionKey: true}
		}, []string{proxies, scaffold, issuer}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, want := load(t, config.Serve, tt.give), want
			tt.want(&want)
			if !slices.EqualFunc(got.Warnings, tt.wantWarnings, strings.HasPrefix) {
				t.Errorf("warnings: got %q, want them to begin %q", got.Warnings, tt.wantWarnings)
			}
			got.Warnings = nil
			if diff := cmp.Diff(want, got, show); diff != "" {
				t.Errorf("Load (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPicturesGoWhereTheUsersAreUnlessToldElsewhere(t *testing.T) {
	const mongo = "mongodb://127.0.0.1/wxlogin"
	memory := map[string]string{"DATA_DIR": ":memory:", "TOKEN_KEYS_DIR": "/keys", "SEALING_KEYS": "k1:" + sealingKey}
	tests := []struct {
		name string
		give map[string]string
		want string
	}{
		{"SQLite", map[string]string{"DATA_DIR": "/data"}, "/data/avatars"},
		{"SQLite, and elsewhere", map[string]string{"DATA_DIR": "/data", "AVATAR_DIR": "/pictures"}, "/pictures"},
		{"MongoDB", map[string]string{"MONGODB_URI": mongo, "DATA_DIR": "/data"}, ""},
		{"MongoDB, and elsewhere", map[string]string{"MONGODB_URI": mongo, "AVATAR_DIR": "/pictures"}, "/pictures"},
		{"memory", memory, ""},
	}
	for _, tt := range tests {
		if got := load(t, config.Tool, tt.give).Avatars.Dir; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestToolsNeedNoApps(t *testing.T) {
	got := load(t, config.Tool, map[string]string{"MONGODB_URI": "mongodb://db/wxlogin"})
	if len(got.WeChat.Apps) != 0 || !got.MongoDB.Used() || got.Simulator.Enabled {
		t.Errorf("got %+v, want MongoDB, no apps and no simulator", got)
	}
}

func TestAWholeProductionSetupWarnsOfNothing(t *testing.T) {
	got := load(t, config.Serve, map[string]string{
		"WECHAT_APPS": "wx1:s1", "MONGODB_URI": "mongodb://db/wxlogin", "TOKEN_KEYS_DIR": "/keys",
		"SEALING_KEYS": "k1:" + sealingKey, "TOKEN_ISSUER": "https://login.example.com", "TRUSTED_PROXIES": "10.0.0.0/8",
	})
	if len(got.Warnings) != 0 || got.Tokens.OwnKeys || got.Sealing.File != "" {
		t.Errorf("got warnings %v, own keys %v, file %q; want none", got.Warnings, got.Tokens.OwnKeys, got.Sealing.File)
	}
}

func TestEveryFaultIsReportedAtOnce(t *testing.T) {
	values := map[string]string{}
	for _, s := range config.Settings() {
		values[s.Name] = "\x00"
	}
	values["COMPAT_SCAFFOLD"] = "perhaps"
	delete(values, "DATA_DIR")       // any text names a directory
	delete(values, "TOKEN_KEYS_DIR") // as above
	delete(values, "AVATAR_DIR")
	delete(values, "TOKEN_AUDIENCE") // any text will do
	_, err := config.Load(config.Serve, env(values))
	lines := strings.Split(fmt.Sprint(err), "\n")
	for name := range values {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, name+": ") }) {
			t.Errorf("got %q, want a line on %s", lines, name)
		}
	}
	if len(lines) != len(values) {
		t.Errorf("got %d lines, want %d: one each", len(lines), len(values))
	}
}

func TestFaultyConfigIsNotReturned(t *testing.T) {
	got, err := config.Load(config.Serve, env(map[string]string{"WECHAT_APPS": "wx1:s1", "LOG_LEVEL": "loud"}))
	if diff := cmp.Diff(config.Config{}, got, show); err == nil || diff != "" {
		t.Errorf("got error %v, config (-want +got):\n%s", err, diff)
	}
}
