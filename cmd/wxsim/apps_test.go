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

func TestAppsGetWhatTheirMessagesAreSignedWith(t *testing.T) {
	key := strings.Repeat("k", 43)
	got := []wechatsim.App{{ID: "wx1", Secret: "one"}, {ID: "wx2", Secret: "two"}, {ID: "wx3", Secret: "three"}}
	err := addEvents(got, "wx3:tok3, wx1:tok1:"+key)
	want := []wechatsim.App{
		{ID: "wx1", Secret: "one", EventToken: "tok1", EventKey: key}, {ID: "wx2", Secret: "two"},
		{ID: "wx3", Secret: "three", EventToken: "tok3"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, apps (-want +got):\n%s", err, diff)
	}
	if err := addEvents(got[1:2], ""); err != nil || got[1].EventToken != "" {
		t.Errorf("without events: got %v and %+v", err, got[1])
	}
}

func TestUnreadableEventsAreRefusedWithoutWhatTheySignWith(t *testing.T) {
	for text, want := range map[string]string{
		"wx1": "-events is written", "wx1:": "-events is written", ":hush": "-events is written", "wx1:hush:": "-events is written",
		"wx1:hush:k:x": "-events is written", "wx1:hush,": "-events is written",
		"wx9:hush": "the app wx9, which is not in -apps", "wx1:hush,wx1:hush": "the app wx1 twice",
	} {
		err := addEvents([]wechatsim.App{{ID: "wx1", Secret: "one"}}, text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}
