package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

var asAlice = []string{"Authorization", "Bearer " + goodToken}

func TestSessionsAreListedWithTheCurrentOneMarked(t *testing.T) {
	other := domain.Session{
		ID: "session-2", UserID: alice.UserID, AppID: alice.AppID, Device: domain.Device{ID: "device-2", Name: "iPad", Platform: "ios"},
		CreatedAt: moment.Add(-time.Hour), ExpiresAt: moment.Add(time.Hour), Refresh: "hash-of-the-refresh-token", Key: "sealed-session-key",
	}
	s := build(world{list: func(_ context.Context, c domain.Caller) ([]domain.Session, error) {
		if c != alice {
			t.Errorf("got caller %+v, want %+v", c, alice)
		}
		return []domain.Session{aliceLogin().Session, other}, nil
	}})
	a := ask(t, s, get("/v1/sessions", asAlice...))
	want := compact(t, `{"sessions":[
		{"id":"session-1","createdAt":"2026-03-03T21:06:07.089Z","expiresAt":"2026-04-02T21:06:07.089Z","current":true},
		{"id":"session-2","device":{"id":"device-2","name":"iPad","platform":"ios"},
			"createdAt":"2026-03-03T20:06:07.089Z","expiresAt":"2026-03-03T22:06:07.089Z","current":false}]}`) + "\n"
	if diff := cmp.Diff(want, string(a.body)); a.status != http.StatusOK || diff != "" {
		t.Errorf("got %d, body differs (-want +got):\n%s", a.status, diff)
	}
}

func TestAListWithoutSessionsIsAList(t *testing.T) {
	s := build(world{list: func(context.Context, domain.Caller) ([]domain.Session, error) { return nil, nil }})
	if a := ask(t, s, get("/v1/sessions", asAlice...)); string(a.body) != `{"sessions":[]}`+"\n" {
		t.Errorf("got %s", a.body)
	}
}

// ends are the requests that end sessions, each with what the use case gets.
var ends = []struct{ method, path, done string }{
	{"POST", "/v1/logout", "own session-1"},
	{"POST", "/v1/logout/all", "all of user-1"},
	{"DELETE", "/v1/sessions/session-9", "session-9 of user-1"},
}

// Clients may send what they like to along: wx.request always sends a body.
func TestEndingASessionNeedsNoBody(t *testing.T) {
	for _, e := range ends {
		for name, r := range map[string]*http.Request{
			"no body":        without(e.method, e.path, asAlice...),
			"an empty form":  with(without(e.method, e.path, asAlice...), "Content-Type", "application/x-www-form-urlencoded"),
			"a body":         sends(e.method, e.path, `{}`, asAlice...),
			"what is no use": with(sends(e.method, e.path, strings.Repeat("{", 100_000), asAlice...), "Content-Type", "x"),
		} {
			log := &logouts{}
			a := ask(t, build(world{logout: log}), r)
			if a.status != http.StatusNoContent || len(a.body) > 0 || a.header.Get("Content-Type") != "" {
				t.Errorf("%s %s with %s: got %d %q", e.method, e.path, name, a.status, a.body)
			}
			if diff := cmp.Diff([]string{e.done}, log.done); diff != "" {
				t.Errorf("%s %s with %s: differs (-want +got):\n%s", e.method, e.path, name, diff)
			}
		}
	}
}

func TestNobodyEndsASessionWithoutAToken(t *testing.T) {
	for _, e := range append(ends, struct{ method, path, done string }{"GET", "/v1/sessions", ""}) {
		for _, revoked := range []bool{false, true} {
			log := &logouts{}
			w := world{logout: log}
			var headers []string
			code := "token_missing"
			if revoked {
				w.caller = func(context.Context, domain.Secret) (domain.Caller, error) {
					return domain.Caller{}, domain.ErrSessionRevoked
				}
				headers, code = asAlice, "session_revoked"
			}
			a := ask(t, build(w), without(e.method, e.path, headers...))
			if p := a.problem(t); a.status != http.StatusUnauthorized || p.Code != code || len(log.done) > 0 {
				t.Errorf("%s %s: got %d %s, and ended %v; want 401 %s", e.method, e.path, a.status, p.Code, log.done, code)
			}
		}
	}
}

func TestAnEndThatFailsIsTold(t *testing.T) {
	for err, want := range map[error]int{
		domain.ErrStoreUnavailable: http.StatusServiceUnavailable,
		context.DeadlineExceeded:   http.StatusInternalServerError,
	} {
		for _, e := range ends {
			s := build(world{logout: &logouts{err: fmt.Errorf("logout: %w", err)}})
			if a := ask(t, s, without(e.method, e.path, asAlice...)); a.status != want {
				t.Errorf("%s %s, %v: got %d, want %d", e.method, e.path, err, a.status, want)
			}
		}
	}
}

// Another user's session is as unknown as one that nobody has: the use case has
// one error, and the answer says nothing of the name.
func TestASessionOfNobodysIsNotFound(t *testing.T) {
	s := build(world{logout: &logouts{err: fmt.Errorf("end session: %w", domain.ErrNotFound)}})
	var first *answer
	for _, id := range []string{"session-of-bob", "nothing", "..", "a b", "$ne", strings.Repeat("x", 2000)} {
		a := serve(s, without("DELETE", "/v1/sessions/"+strings.ReplaceAll(id, " ", "%20"), asAlice...))
		if first == nil {
			first = &a
		}
		if diff := cmp.Diff(*first, a, cmp.AllowUnexported(answer{})); a.status != http.StatusNotFound || diff != "" {
			t.Errorf("%.40q: got %d, differs (-first +this):\n%s", id, a.status, diff)
		}
	}
}
