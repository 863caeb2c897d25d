package main

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"wxlogin/adapters/wechatsim"
)

// A load of the smallest size keeps the program working; it says nothing of speed.
func TestLoadRunsToItsEnd(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	o := options{stores: []string{"memory"}, rounds: 1, logins: 20, phones: 2, people: 5, dir: t.TempDir()}
	if err := run(t.Context(), o); err != nil {
		t.Error(err)
	}
}

func TestLoadEndsAtALoginThatFails(t *testing.T) {
	broken := httptest.NewServer(http.NotFoundHandler())
	defer broken.Close()
	wechat, err := wechatsim.New(wechatsim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{wechat: wechat}
	_, err = w.drive(t.Context(), strings.TrimPrefix(broken.URL, "http://"), 1000, options{phones: 4, people: 10})
	if err == nil || !strings.Contains(err.Error(), "got 404") {
		t.Errorf("got %v, want the login's 404", err)
	}
	if calls := len(wechat.Calls()); calls != 0 {
		t.Errorf("WeChat was called %d times, want 0", calls)
	}
}
