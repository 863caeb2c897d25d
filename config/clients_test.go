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

// The SHA-256 of two secrets.
const (
	shopHash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
	postHash = "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7"
)

func client(id, hash string, apps ...domain.AppID) config.Client {
	return config.Client{ID: id, SecretHash: hash, Apps: apps}
}

// clients is the test of SERVICE_CLIENTS by itself.
var clients = settingTest{
	func(c config.Config) any { return c.Clients.All },
	map[string]any{
		"shop:" + shopHash + ":wx1":                                  []config.Client{client("shop", shopHash, "wx1")},
		"shop:" + strings.ToUpper(shopHash) + ":wx1":                 []config.Client{client("shop", shopHash, "wx1")},
		"Sh0p_-.1:" + shopHash + ":wx1+wx2":                          []config.Client{client("Sh0p_-.1", shopHash, "wx1", "wx2")},
		" shop:" + shopHash + ":wx1 , post:" + postHash + ":wx1+wx2": []config.Client{client("shop", shopHash, "wx1"), client("post", postHash, "wx1", "wx2")},
		"shop:" + shopHash + ":wx1\npost:" + shopHash + ":wx1":       []config.Client{client("shop", shopHash, "wx1"), client("post", shopHash, "wx1")},
		"shop:" + shopHash + ":wx1:access-tokens":                    []config.Client{{ID: "shop", SecretHash: shopHash, Apps: []domain.AppID{"wx1"}, AccessTokens: true}},
		strings.Repeat("i", 64) + ":" + shopHash + ":wx1":            []config.Client{client(strings.Repeat("i", 64), shopHash, "wx1")},
	},
	[]string{
		"shop", "shop:" + shopHash, "shop:" + shopHash + ":", ":" + shopHash + ":wx1", "shop::wx1", "shop:secret:wx1",
		"shop:" + shopHash[1:] + ":wx1", "shop:" + shopHash + "0:wx1", "shop:" + strings.Replace(shopHash, "2", "g", 1) + ":wx1",
		"shop:" + shopHash + ":wx1+", "shop:" + shopHash + ":+wx1", "shop:" + shopHash + ":wx1 wx2", "shop:" + shopHash + ":wx1:wx2",
		"shop:" + shopHash + ":wx1:access-tokens:x", "shop:" + shopHash + ":wx1:",
		"sh op:" + shopHash + ":wx1", "shöp:" + shopHash + ":wx1", strings.Repeat("i", 65) + ":" + shopHash + ":wx1",
		"shop:" + shopHash + ":wx1,", ",", "shop:" + shopHash + ":wx1,shop:" + postHash + ":wx1",
	},
}

func TestServiceClientsAreReadFromAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clients")
	if err := os.WriteFile(path, []byte("shop:"+shopHash+":wx1\npost:"+postHash+":wx1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := load(t, config.Serve, map[string]string{"WECHAT_APPS": "wx1:s1", "SERVICE_CLIENTS_FILE": path})
	want := []config.Client{client("shop", shopHash, "wx1"), client("post", postHash, "wx1")}
	if diff := cmp.Diff(want, got.Clients.All); diff != "" {
		t.Errorf("clients (-want +got):\n%s", diff)
	}
}

func TestAFaultyClientIsNamedByItsPlace(t *testing.T) {
	tests := []struct{ give, want string }{
		{"shop:" + shopHash + ":wx1,post:wx1", "SERVICE_CLIENTS: entry 2 is not of the form id:SHA-256 in hexadecimal:wxid[+wxid2][:access-tokens]"},
		{"shop:" + shopHash + ":wx1,shop:" + postHash + ":wx2", "SERVICE_CLIENTS: entry 2 names a client that is there already"},
	}
	for _, tt := range tests {
		_, err := config.Load(config.Tool, env(map[string]string{"SERVICE_CLIENTS": tt.give}))
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q: got %v, want %s", tt.give, err, tt.want)
		}
	}
}
