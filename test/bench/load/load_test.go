package main

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
)

// A load of the smallest size keeps the program working; it says nothing of speed.
func TestLoadRunsToItsEnd(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	o := options{jobs: jobNames(), stores: []string{"memory"}, rounds: 1, requests: 20, connections: 2, people: 5, dir: t.TempDir()}
	if err := run(t.Context(), o); err != nil {
		t.Error(err)
	}
}

// serve answers everything alike, and returns its address.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func newWeChat(t *testing.T) *wechatsim.Simulator {
	t.Helper()
	wechat, err := wechatsim.New(wechatsim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return wechat
}

func TestLoadEndsAtALoginThatFails(t *testing.T) {
	wechat := newWeChat(t)
	people, err := logins(t.Context(), &world{wechat: wechat}, nil, options{people: 10})
	if err != nil {
		t.Fatal(err)
	}
	answered := 0
	address := serve(t, func(w http.ResponseWriter, r *http.Request) { answered++; http.NotFound(w, r) })
	_, err = drive(t.Context(), address, 1000, 1, people.ask)
	if err == nil || !strings.Contains(err.Error(), "got 404") {
		t.Errorf("got %v, want the login's 404", err)
	}
	if answered != 1 {
		t.Errorf("%d logins were tried, want 1", answered)
	}
	if calls := len(wechat.Calls()); calls != 0 {
		t.Errorf("WeChat was called %d times, want 0", calls)
	}
}

// Figures of a server that does less than it should would be worth nothing.
func TestEveryAnswerIsLookedAt(t *testing.T) {
	w, g := &world{wechat: newWeChat(t)}, grant{Access: "a", Refresh: "wxr_1"}
	g.User.ID, g.Session.ID = "u1", "s1"
	asks := map[string]func(c *connection) (time.Duration, error){
		"login":      func(c *connection) (time.Duration, error) { _, took, err := w.logIn(c, 1); return took, err },
		"refresh":    func(c *connection) (time.Duration, error) { return (&session{token: g.Refresh}).refresh(c) },
		"verify":     func(c *connection) (time.Duration, error) { return verify(c, g, false) },
		"introspect": func(c *connection) (time.Duration, error) { return introspect(c, g, false) },
	}
	for _, c := range []struct{ ask, user, session, body, want string }{
		{"login", "", "", `{"accessToken":"a","refreshToken":"wxr_1","user":{"id":"u1"},"session":{"id":"s1"}}`, ""},
		{"login", "", "", `{"accessToken":"a","user":{"id":"u1"},"session":{"id":"s1"}}`, "got no tokens"},
		{"refresh", "", "", `{"accessToken":"a","refreshToken":"wxr_2"}`, ""},
		{"refresh", "", "", `{"accessToken":"a","refreshToken":"wxr_1"}`, "got no new tokens"},
		{"refresh", "", "", `{"refreshToken":"wxr_2"}`, "got no new tokens"},
		{"verify", "u1", "s1", "", ""},
		{"verify", "u2", "s1", "", "want user u1"},
		{"verify", "u1", "s2", "", "want user u1"},
		{"introspect", "", "", `{"active":true,"sub":"u1","sid":"s1"}`, ""},
		{"introspect", "", "", `{"active":false,"sub":"u1","sid":"s1"}`, "want user u1"},
		{"introspect", "", "", `{"active":true,"sub":"u2","sid":"s1"}`, "want user u1"},
	} {
		address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-User-Id", c.user)
			w.Header().Set("X-Session-Id", c.session)
			w.Header().Set("X-App-Id", "wxsimulator000001")
			_, _ = w.Write([]byte(c.body))
		})
		_, err := drive(t.Context(), address, 1, 1, func(conn *connection, _ int) (time.Duration, error) { return asks[c.ask](conn) })
		if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, answered %s: got %v, want %q", c.ask, c.body, err, c.want)
		}
	}
}
