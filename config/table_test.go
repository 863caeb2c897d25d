package config_test

import (
	"strings"
	"testing"

	"wxlogin/config"
)

func TestTableHasEachSettingOnce(t *testing.T) {
	table := config.Table()
	rows := strings.Split(strings.TrimSpace(table), "\n")
	if got, want := len(rows), len(config.Settings())+2; got != want {
		t.Errorf("got %d rows, want %d", got, want)
	}
	for _, s := range config.Settings() {
		if got := strings.Count(table, "\n| `"+s.Name+"` | "); got != 1 {
			t.Errorf("%s: got %d rows, want 1", s.Name, got)
		}
		if s.Meaning == "" || s.Form == "" {
			t.Errorf("%s: got no form or meaning, want both", s.Name)
		}
	}
	for _, row := range rows {
		if got := strings.Count(row, "|"); got != 5 {
			t.Errorf("%s: got %d bars, want 5", row, got)
		}
	}
}

func TestTableShowsTheDefaults(t *testing.T) {
	for _, want := range []string{
		"| `WECHAT_APPS` | `wxid:secret[,wxid2:secret2]` | dev: `" + config.DevAppID + ":" + config.DevAppSecret + "` |",
		"| `LISTEN` | `host:port` | `:8080`, dev: `127.0.0.1:8080` |",
		"| `MONGODB_URI` | `mongodb://…/name` |  |",
		"| `TOKEN_ALG` | `ES256`, `EdDSA`, `RS256`, `HS256` | `ES256` |",
	} {
		if !strings.Contains(config.Table(), want) {
			t.Errorf("got no row that begins %s", want)
		}
	}
}

func TestSettingsCannotBeChangedThroughTheList(t *testing.T) {
	config.Settings()[0].Name = "X"
	if got := config.Settings()[0].Name; got == "X" {
		t.Error("got the list itself, want a copy")
	}
}
