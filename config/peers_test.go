package config_test

import (
	"fmt"
	"strings"
	"testing"

	"wxlogin/config"
)

var cloudRunPeers = settingTest{
	func(c config.Config) any { return c.HTTP.CloudRun },
	map[string]any{
		"10.0.0.0/8":               config.CloudRun{Peers: prefixes("10.0.0.0/8")},
		"172.16.0.0/12":            config.CloudRun{Peers: prefixes("172.16.0.0/12")},
		"192.168.0.0/16":           config.CloudRun{Peers: prefixes("192.168.0.0/16")},
		"100.64.0.0/10":            config.CloudRun{Peers: prefixes("100.64.0.0/10")},
		"127.0.0.0/8":              config.CloudRun{Peers: prefixes("127.0.0.0/8")},
		"169.254.0.0/16, fd00::/8": config.CloudRun{Peers: prefixes("169.254.0.0/16", "fd00::/8")},
		"127.0.0.1/32 , ::1/128":   config.CloudRun{Peers: prefixes("127.0.0.1/32", "::1/128")},
		"198.51.0.0/16":            config.CloudRun{Peers: prefixes("198.51.0.0/16")},
		"fc00::/7":                 config.CloudRun{Peers: prefixes("fc00::/7")},
		"2001:db8::/32":            config.CloudRun{Peers: prefixes("2001:db8::/32")},
	},
	[]string{
		"0.0.0.0/0", "::/0", "10.0.0.0/8,0.0.0.0/0", "0.0.0.0/1,128.0.0.0/1", "10.0.0.1", "10.0.0.0/33", "gateway.example",
		"10.0.0.0/8,", ",", "*", "all",
	},
}

func TestPeersThatMayBeAnybodyAreRefused(t *testing.T) {
	for fault, all := range map[string][]string{
		"is a good part of the internet": {
			"8.0.0.0/7", "198.0.0.0/8", "198.50.0.0/15", "10.0.0.0/7", "172.0.0.0/8", "172.0.0.0/11", "192.168.0.0/15", "100.0.0.0/9", "126.0.0.0/7", "169.254.0.0/15",
			"2000::/3", "2400::/8", "2001:da8::/31", "fc00::/6", "8000::/1", "::/8",
		},
		"may mean two things":                   {"10.1.2.3/8", "127.0.0.1/8", "fd00::1/8", "2001:db8::1/64"},
		"has addresses of IPv4 in another form": {"64:ff9b::/96", "64:ff9b::/32", "64:ff9b::a00:0/104", "64:ff9b:1::/48", "64:ff9b:1:2::/64", "2002:a00::/32", "2001::/32", "2001:0:a00::/48"},
		"is link-local":                         {"fe80::/64", "fe80::1/128", "febf:ffff::/32"},
		"want an IPv4 network as such, ":        {"::ffff:0.0.0.0/96", "::ffff:10.0.0.0/104", "::ffff:10.1.2.3/128"},
	} {
		for _, peers := range all {
			_, err := config.Load(config.Tool, env(map[string]string{"CLOUDRUN_PEERS": peers}))
			if text := fmt.Sprint(err); !strings.Contains(text, fault) || strings.Contains(text, "\n") {
				t.Errorf("%s: got %q, want that it %s", peers, text, fault)
			}
		}
	}
}

func TestPeersOfTwoReadingsAreNamedBoth(t *testing.T) {
	_, err := config.Load(config.Tool, env(map[string]string{"CLOUDRUN_PEERS": "10.1.2.3/8"}))
	want := "CLOUDRUN_PEERS: 10.1.2.3/8 may mean two things: want 10.0.0.0/8 for the network, or 10.1.2.3/32 for the address"
	if got := fmt.Sprint(err); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
