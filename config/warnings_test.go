package config_test

import (
	"slices"
	"strings"
	"testing"

	"wxlogin/config"
)

func TestPlainEventsAreWarnedOfByApp(t *testing.T) {
	got := load(t, config.Serve, map[string]string{
		"WECHAT_APPS": "wx1:s1,wx2:s2,wx3:s3", "WECHAT_EVENTS": "wx1:abc,wx2:abc:" + eventsKey + ",wx3:def",
	})
	for app, want := range map[string]bool{"wx1": true, "wx2": false, "wx3": true} {
		warned := slices.ContainsFunc(got.Warnings, func(w string) bool {
			return strings.HasPrefix(w, "WECHAT_EVENTS has no EncodingAESKey for "+app+":")
		})
		if warned != want {
			t.Errorf("%s: got warnings %q, want one of it: %t", app, got.Warnings, want)
		}
	}
}

func TestCloudRunIsWarnedOfWhereItIsBelieved(t *testing.T) {
	for trust, want := range map[string]bool{"true": true, "false": false} {
		got := load(t, config.Serve, map[string]string{"WECHAT_APPS": "wx1:s1", "CLOUDRUN_TRUST": trust, "CLOUDRUN_PEERS": "10.0.0.0/8"})
		warned := slices.ContainsFunc(got.Warnings, func(w string) bool { return strings.HasPrefix(w, "CLOUDRUN_TRUST ") })
		if warned != want {
			t.Errorf("%s: got warnings %q, want one of it: %t", trust, got.Warnings, want)
		}
	}
}

func TestUnionIDsOfCloudRunAreWarnedOfWhereTheyLink(t *testing.T) {
	for _, tt := range []struct {
		trust, union, link string
		want               bool
	}{{"true", "true", "true", true}, {"true", "false", "true", false}, {"false", "true", "true", false}, {"true", "true", "false", false}} {
		got := load(t, config.Serve, map[string]string{
			"WECHAT_APPS": "wx1:s1", "CLOUDRUN_TRUST": tt.trust, "CLOUDRUN_PEERS": "10.0.0.0/8", "CLOUDRUN_UNIONID": tt.union, "LINK_UNIONID": tt.link,
		})
		warned := slices.ContainsFunc(got.Warnings, func(w string) bool { return strings.HasPrefix(w, "CLOUDRUN_UNIONID ") })
		if warned != tt.want {
			t.Errorf("%+v: got warnings %q", tt, got.Warnings)
		}
	}
}
