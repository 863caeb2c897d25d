package config_test

import (
	"os"
	"testing"

	"wxlogin/config"
)

func TestSettingsAreCheckedTogether(t *testing.T) {
	const taken = "ADMIN_LISTEN: is the port of LISTEN too: give the operators' listener one of its own"
	set := func(pairs ...string) map[string]string {
		values := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			values[pairs[i]] = pairs[i+1]
		}
		return values
	}
	tests := []struct {
		name string
		mode config.Mode
		give map[string]string
		want string // empty: nothing is wrong
	}{
		{"serve without apps", config.Serve, nil, "WECHAT_APPS: must be set: AppID and AppSecret of your mini program, as wxid:secret"},
		{"dev for everybody", config.Dev, set("LISTEN", ":8080"), "LISTEN: dev listens on a loopback address only"},
		{"dev for the network", config.Dev, set("LISTEN", "192.168.0.2:8080"), "LISTEN: dev listens on a loopback address only"},
		{"dev on a loopback of IPv6", config.Dev, set("LISTEN", "[::1]:8080"), ""},
		{"dev on localhost", config.Dev, set("LISTEN", "localhost:0"), ""},
		{"metrics of dev for everybody", config.Dev, set("ADMIN_LISTEN", ":8082"), "ADMIN_LISTEN: dev listens on a loopback address only"},
		{"metrics of serve for everybody", config.Serve, set("WECHAT_APPS", "wx1:s1", "ADMIN_LISTEN", ":9090"), ""},
		{"metrics on the port of everybody's host", config.Serve, set("WECHAT_APPS", "wx1:s1", "LISTEN", ":8082"), taken},
		{"metrics on everybody's port", config.Serve, set("WECHAT_APPS", "wx1:s1", "ADMIN_LISTEN", "0.0.0.0:8080", "LISTEN", "10.0.0.1:8080"), taken},
		{"metrics on the same port of IPv6", config.Serve, set("WECHAT_APPS", "wx1:s1", "ADMIN_LISTEN", "[::1]:8080", "LISTEN", "[::]:08080"), taken},
		{"metrics on the same address of dev", config.Dev, set("ADMIN_LISTEN", "LOCALHOST:8080"), taken},
		{"metrics on the same name", config.Serve, set("WECHAT_APPS", "wx1:s1", "ADMIN_LISTEN", "Login.example:81", "LISTEN", "login.example:81"), taken},
		{"metrics on the same port of another host", config.Serve, set("WECHAT_APPS", "wx1:s1", "ADMIN_LISTEN", "127.0.0.1:8080", "LISTEN", "10.0.0.1:8080"), ""},
		{"both on free ports", config.Serve, set("WECHAT_APPS", "wx1:s1", "ADMIN_LISTEN", "127.0.0.1:0", "LISTEN", ":0"), ""},
		{"a LISTEN that is nonsense with the port", config.Serve, set("WECHAT_APPS", "wx1:s1", "LISTEN", "8082"), "LISTEN: want host:port, such as 127.0.0.1:8080 or :8080"},
		{"a tool listens on nothing", config.Tool, set("LISTEN", ":8082"), ""},
		{"a simulator for everybody", config.Dev, set("SIM_LISTEN", "0.0.0.0:8081"), "SIM_LISTEN: the simulator listens on a loopback address only"},
		{"dev with a LISTEN that is nonsense", config.Dev, set("LISTEN", "nonsense"), "LISTEN: want host:port, such as 127.0.0.1:8080 or :8080"},
		{"dev asks its simulator whatever is set", config.Dev, set("WECHAT_BASE_URL", "http://10.0.0.1"), ""},
		{"dev with a MongoDB elsewhere", config.Dev, set("MONGODB_URI", "mongodb://u:p@127.0.0.1:1,db.example/wxlogin"), "MONGODB_URI: dev stores what the simulator makes up: want a server on a loopback address"},
		{"dev with a MongoDB here", config.Dev, set("MONGODB_URI", "mongodb://u:p@127.0.0.1:1,localhost/wxlogin?a=b"), ""},
		{"idle longer than absolute", config.Tool, set("SESSION_IDLE_TTL", "2h", "SESSION_ABSOLUTE_TTL", "1h"), "SESSION_IDLE_TTL: is longer than SESSION_ABSOLUTE_TTL"},
		{"an absolute that is nonsense", config.Tool, set("SESSION_ABSOLUTE_TTL", "long"), "SESSION_ABSOLUTE_TTL: want a duration from 1s to 87600h0m0s"},
		{"a client of an app that is there", config.Serve, set("WECHAT_APPS", "wx1:s1,wx2:s2", "SERVICE_CLIENTS", "shop:"+shopHash+":wx2"), ""},
		{"a client of an app that is not", config.Serve, set("WECHAT_APPS", "wx1:s1", "SERVICE_CLIENTS", "shop:"+shopHash+":wx1+wx2"), "SERVICE_CLIENTS: shop names the app wx2, which is not in WECHAT_APPS"},
		{"a client of an app that dev has not", config.Dev, set("SERVICE_CLIENTS", "shop:"+shopHash+":wx1"), "SERVICE_CLIENTS: shop names the app wx1, which is not in WECHAT_APPS"},
		{"a tool does without the clients' apps", config.Tool, set("SERVICE_CLIENTS", "shop:"+shopHash+":wx1"), ""},
		{"clients of apps that are nonsense", config.Serve, set("WECHAT_APPS", "wx1", "SERVICE_CLIENTS", "shop:"+shopHash+":wx1"), "WECHAT_APPS: entry 1 is not of the form wxid:secret"},
		{"events of an app that is there", config.Serve, set("WECHAT_APPS", "wx1:s1,wx2:s2", "WECHAT_EVENTS", "wx2:abc"), ""},
		{"events of an app that is not", config.Serve, set("WECHAT_APPS", "wx1:s1", "WECHAT_EVENTS", "wx1:abc,wx2:abc"), "WECHAT_EVENTS: names the app wx2, which is not in WECHAT_APPS"},
		{"events of the simulator's app in serve", config.Serve, set("WECHAT_APPS", "wx1:s1", "WECHAT_EVENTS", config.DevAppID+":abc"), "WECHAT_EVENTS: names the app " + config.DevAppID + ", which is not in WECHAT_APPS"},
		{"events of an app that dev has not", config.Dev, set("WECHAT_EVENTS", "wx1:abc"), "WECHAT_EVENTS: names the app wx1, which is not in WECHAT_APPS"},
		{"a tool does without the events' apps", config.Tool, set("WECHAT_EVENTS", "wx1:abc"), ""},
		{"events of apps that are nonsense", config.Serve, set("WECHAT_APPS", "wx1", "WECHAT_EVENTS", "wx1:abc"), "WECHAT_APPS: entry 1 is not of the form wxid:secret"},
		{"session_key without the scaffold", config.Serve, set("WECHAT_APPS", "wx1:s1", "COMPAT_SCAFFOLD_SESSION_KEY", "true"), "COMPAT_SCAFFOLD_SESSION_KEY: means nothing without COMPAT_SCAFFOLD"},
		{"session_key with the scaffold", config.Serve, set("WECHAT_APPS", "wx1:s1", "COMPAT_SCAFFOLD", "true", "COMPAT_SCAFFOLD_SESSION_KEY", "true"), ""},
		{"dev without the scaffold", config.Dev, set("COMPAT_SCAFFOLD", "false"), ""},
		{"a scaffold that is nonsense", config.Tool, set("COMPAT_SCAFFOLD", "perhaps", "COMPAT_SCAFFOLD_SESSION_KEY", "true"), "COMPAT_SCAFFOLD: want one of 0, 1, false, off, on, true"},
		{"Cloud Run without its peers", config.Serve, set("WECHAT_APPS", "wx1:s1", "CLOUDRUN_TRUST", "true"), "CLOUDRUN_PEERS: must be set where CLOUDRUN_TRUST is true: else nobody's word would count"},
		{"Cloud Run in dev without its peers", config.Dev, set("CLOUDRUN_TRUST", "true"), "CLOUDRUN_PEERS: must be set where CLOUDRUN_TRUST is true: else nobody's word would count"},
		{"Cloud Run with its peers", config.Serve, set("WECHAT_APPS", "wx1:s1", "CLOUDRUN_TRUST", "true", "CLOUDRUN_PEERS", "10.0.0.0/8"), ""},
		{"peers of a Cloud Run that is not believed", config.Serve, set("WECHAT_APPS", "wx1:s1", "CLOUDRUN_PEERS", "10.0.0.0/8"), ""},
		{"peers that are everybody", config.Serve, set("WECHAT_APPS", "wx1:s1", "CLOUDRUN_TRUST", "true", "CLOUDRUN_PEERS", "0.0.0.0/0"), "CLOUDRUN_PEERS: 0.0.0.0/0 is a good part of the internet: want the addresses of Cloud Run's gateway, such as 10.0.0.0/8"},
		{"Cloud Run shared with an app that is there", config.Serve, set("WECHAT_APPS", "wx1:s1,wx2:s2", "CLOUDRUN_SHARED", "wx2"), ""},
		{"Cloud Run shared with an app that is not", config.Serve, set("WECHAT_APPS", "wx1:s1", "CLOUDRUN_SHARED", "wx1,wx2"), "CLOUDRUN_SHARED: names the app wx2, which is not in WECHAT_APPS"},
		{"a tool does without the apps of Cloud Run", config.Tool, set("CLOUDRUN_SHARED", "wx2"), ""},
		{"Cloud Run shared where apps are nonsense", config.Serve, set("WECHAT_APPS", "wx1", "CLOUDRUN_SHARED", "wx1"), "WECHAT_APPS: entry 1 is not of the form wxid:secret"},
		{
			"nothing on disk, and no keys given", config.Tool, set("DATA_DIR", ":memory:"),
			"TOKEN_KEYS_DIR: must be set where DATA_DIR keeps nothing\nSEALING_KEYS: must be set where DATA_DIR keeps nothing",
		},
		{"nothing on disk, and keys given", config.Tool, set("DATA_DIR", ":memory:", "TOKEN_KEYS_DIR", "/keys", "SEALING_KEYS", "k1:"+sealingKey), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if _, err := config.Load(tt.mode, env(tt.give)); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDevWithoutTheScaffoldHandsOutNoSessionKey(t *testing.T) {
	got := load(t, config.Dev, map[string]string{"COMPAT_SCAFFOLD": "false"})
	if got.Scaffold.Enabled || got.Scaffold.SessionKey || len(got.Warnings) != 0 {
		t.Errorf("got %+v and warnings %v, want neither", got.Scaffold, got.Warnings)
	}
}

func TestTheEnvironmentCanBeLookedUp(t *testing.T) {
	t.Setenv("WECHAT_APPS", "wx1:s1")
	if _, err := config.Load(config.Serve, os.LookupEnv); err != nil {
		t.Errorf("got %v, want os.LookupEnv to serve", err)
	}
}
