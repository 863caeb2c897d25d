package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/ports"
)

func TestReadinessFollowsTheStoreAndShowsTheRest(t *testing.T) {
	for name, tt := range map[string]struct {
		store           error
		wechat, current bool
		status          int
		checks          map[string]string
	}{
		"all is well":       {nil, true, true, http.StatusOK, map[string]string{"store": "up", "wechat": "up", "revocations": "current"}},
		"WeChat is down":    {nil, false, true, http.StatusOK, map[string]string{"store": "up", "wechat": "down", "revocations": "current"}},
		"no feed":           {nil, true, false, http.StatusOK, map[string]string{"store": "up", "wechat": "up", "revocations": "stale"}},
		"no store":          {errors.New("no primary at " + canary), true, true, http.StatusServiceUnavailable, map[string]string{"store": "down", "wechat": "up", "revocations": "current"}},
		"no store, no feed": {errors.New("no primary at " + canary), true, false, http.StatusServiceUnavailable, map[string]string{"store": "down", "wechat": "up", "revocations": "stale"}},
		"nothing":           {errors.New("no primary at " + canary), false, false, http.StatusServiceUnavailable, map[string]string{"store": "down", "wechat": "down", "revocations": "stale"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := build(world{store: func(context.Context) error { return tt.store }, wechat: func() bool { return tt.wechat },
				feed: func() ports.RevocationState { return ports.RevocationState{Current: tt.current, ReadAt: moment} }})
			a := ask(t, s, get("/readyz"))
			if a.status != tt.status || bytes.Contains(a.body, []byte(canary)) {
				t.Errorf("got %d %s, want %d", a.status, a.body, tt.status)
			}
			if a.status == http.StatusServiceUnavailable {
				p := a.problem(t)
				if diff := cmp.Diff(tt.checks, p.Checks); p.Code != "store_unavailable" || diff != "" {
					t.Errorf("got %s, checks differ (-want +got):\n%s", p.Code, diff)
				}
				return
			}
			want := `{"status":"ready","checks":{"revocations":"` + tt.checks["revocations"] + `","store":"up","wechat":"` + tt.checks["wechat"] + `"}}` + "\n"
			if diff := cmp.Diff(want, string(a.body)); diff != "" {
				t.Errorf("the body differs (-want +got):\n%s", diff)
			}
		})
	}
}

// A process that starts during an outage of the store knows of no logout before it.
func TestReadinessWaitsForTheFirstReadOfTheRevocations(t *testing.T) {
	var known ports.RevocationState
	s := build(world{feed: func() ports.RevocationState { return known }})
	a := ask(t, s, get("/readyz"))
	if a.status != http.StatusServiceUnavailable {
		t.Fatalf("before the first read: got %d %s, want 503", a.status, a.body)
	}
	p, want := a.problem(t), map[string]string{"store": "up", "wechat": "up", "revocations": "stale"}
	if diff := cmp.Diff(want, p.Checks); p.Code != "store_unavailable" || diff != "" {
		t.Errorf("before the first read: got %s, checks differ (-want +got):\n%s", p.Code, diff)
	}
	known = ports.RevocationState{Current: true, ReadAt: moment}
	if a := ask(t, s, get("/readyz")); a.status != http.StatusOK {
		t.Errorf("after it: got %d %s, want 200", a.status, a.body)
	}
	known.Current = false
	if a := ask(t, s, get("/readyz")); a.status != http.StatusOK {
		t.Errorf("where no more arrive: got %d %s, want 200", a.status, a.body)
	}
}

func TestLivenessAsksNobody(t *testing.T) {
	s := build(world{
		store:  func(context.Context) error { t.Error("the store was asked"); return errors.New("down") },
		wechat: func() bool { t.Error("WeChat was asked"); return false },
	})
	a := ask(t, s, get("/livez"))
	if diff := cmp.Diff(`{"status":"live"}`+"\n", string(a.body)); a.status != http.StatusOK || diff != "" {
		t.Errorf("got %d, body differs (-want +got):\n%s", a.status, diff)
	}
}

func TestReadinessAsksTheStoreOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		s := build(world{store: func(context.Context) error { asked++; return nil }, wechat: func() bool { return true }})
		for range 100 {
			ask(t, s, get("/readyz"))
		}
		if asked != 1 {
			t.Errorf("the store was asked %d times at once, want once", asked)
		}
		time.Sleep(time.Second)
		if ask(t, s, get("/readyz")); asked != 2 {
			t.Errorf("the store was asked %d times a second later, want twice", asked)
		}
	})
}
