package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/config"
	"wxlogin/domain"
)

// eventsKey is an EncodingAESKey whose last character holds bits beyond the 32
// bytes, as three of four do.
const eventsKey = "AbcdefghijklmnopqrstuvwxyzABCDEF0123456789/"

func pushed(id domain.AppID, token, key string) config.EventsApp {
	app := config.EventsApp{ID: id, Token: domain.NewSecret(token)}
	if key != "" {
		app.Key = domain.NewSecret(key)
	}
	return app
}

// events is the test of WECHAT_EVENTS by itself.
var events = settingTest{
	func(c config.Config) any { return c.Events.Apps },
	map[string]any{
		"wx1:abc":                             []config.EventsApp{pushed("wx1", "abc", "")},
		"wx1:Token1:" + eventsKey:             []config.EventsApp{pushed("wx1", "Token1", eventsKey)},
		"wx1:" + strings.Repeat("t", 32):      []config.EventsApp{pushed("wx1", strings.Repeat("t", 32), "")},
		"wx1:abc:" + strings.Repeat("A", 43):  []config.EventsApp{pushed("wx1", "abc", strings.Repeat("A", 43))},
		" wx1:abc , wx2:def:" + eventsKey:     []config.EventsApp{pushed("wx1", "abc", ""), pushed("wx2", "def", eventsKey)},
		"wx1:abc:" + eventsKey + "\nwx2:abc":  []config.EventsApp{pushed("wx1", "abc", eventsKey), pushed("wx2", "abc", "")},
		"wx_-1:abc,\r\nwx2:abc:" + eventsKey:  []config.EventsApp{pushed("wx_-1", "abc", ""), pushed("wx2", "abc", eventsKey)},
		strings.Repeat("w", 64) + ":abc":      []config.EventsApp{pushed(domain.AppID(strings.Repeat("w", 64)), "abc", "")},
		"wx1:abc:+" + strings.Repeat("/", 42): []config.EventsApp{pushed("wx1", "abc", "+"+strings.Repeat("/", 42))},
	},
	[]string{
		"wx1", "wx1:", ":abc", ":", "wx1:ab", "wx1:" + strings.Repeat("t", 33), "wx1:a-c", "wx1:a c", "wx1:tökén", "wx1 :abc", "wx/1:abc",
		"wx1:abc:", "wx1:abc:" + eventsKey[1:], "wx1:abc:" + eventsKey + "A", "wx1:abc:" + eventsKey[1:] + "=", "wx1:abc:" + eventsKey[1:] + "-",
		"wx1:abc:" + eventsKey + ":x", "wx1:abc:" + eventsKey + ":", "wx1:abc: " + eventsKey, "wx1:abc,", ",", "wx1:abc,wx1:def",
		"wx1:abc,wx1:abc:" + eventsKey, strings.Repeat("w", 65) + ":abc", eventsKey,
	},
}

func TestEventsAreReadFromAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "events")
	if err := os.WriteFile(path, []byte("wx1:abc\nwx2:def:"+eventsKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := load(t, config.Serve, map[string]string{"WECHAT_APPS": "wx1:s1,wx2:s2", "WECHAT_EVENTS_FILE": path})
	want := []config.EventsApp{pushed("wx1", "abc", ""), pushed("wx2", "def", eventsKey)}
	if diff := cmp.Diff(want, got.Events.Apps, show); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestFaultyEventsAreNamedByTheirPlace(t *testing.T) {
	tests := []struct{ give, want string }{
		{"wx1:abc,wx2", "WECHAT_EVENTS: entry 2 is not of the form wxid:token[:EncodingAESKey]: a token has 3 to 32 letters and digits, a key 43 characters"},
		{"wx1:abc,wx1:def", "WECHAT_EVENTS: entry 2 names an app that is there already"},
	}
	for _, tt := range tests {
		_, err := config.Load(config.Tool, env(map[string]string{"WECHAT_EVENTS": tt.give}))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q: got %v, want %s", tt.give, err, tt.want)
		}
	}
}

func TestDevExpectsTheSimulatorsEventsWhereItHasTheApp(t *testing.T) {
	simulators := []config.EventsApp{pushed(config.DevAppID, config.DevEventsToken, config.DevEventsKey)}
	for _, tt := range []struct {
		apps, events string
		want         []config.EventsApp
	}{
		{"", "", simulators},
		{config.DevAppID + ":s,wx1:s1", "", simulators},
		{"wx1:s1", "", nil},
		{"wx1:s1", "wx1:abc", []config.EventsApp{pushed("wx1", "abc", "")}},
		{"", config.DevAppID + ":abc", []config.EventsApp{pushed(config.DevAppID, "abc", "")}},
	} {
		got := load(t, config.Dev, map[string]string{"WECHAT_APPS": tt.apps, "WECHAT_EVENTS": tt.events})
		if diff := cmp.Diff(append([]config.EventsApp{}, tt.want...), append([]config.EventsApp{}, got.Events.Apps...), show); diff != "" {
			t.Errorf("apps %q, events %q (-want +got):\n%s", tt.apps, tt.events, diff)
		}
	}
}
