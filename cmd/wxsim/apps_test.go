package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/wechatsim"
)

func TestAppsAreReadWithAndWithoutAccount(t *testing.T) {
	got, err := parseApps("wx1:one, wx2:tw@o:2@acme")
	want := []wechatsim.App{{ID: "wx1", Secret: "one"}, {ID: "wx2", Secret: "tw@o:2", Account: "acme"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, apps (-want +got):\n%s", err, diff)
	}
}

func TestUnreadableAppsAreRefusedWithoutTheirSecret(t *testing.T) {
	for _, text := range []string{"", "wx1", "wx1:", ":hush", "wx1:hush,", "wx1:@acme"} {
		if _, err := parseApps(text); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
