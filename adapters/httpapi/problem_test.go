package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"wxlogin/adapters/httpapi"
	"wxlogin/domain"
	"wxlogin/ports"
)

const canary = "CANARY-7f3a"

func failing(err error) *httpapi.Server {
	return build(world{
		login:   func(context.Context, ports.LoginCommand) (ports.Login, error) { return ports.Login{}, err },
		account: func(context.Context, domain.Caller) (ports.Account, error) { return ports.Account{}, err },
		store:   func(context.Context) error { return err },
	})
}

func TestEveryFailureIsAProblemDocument(t *testing.T) {
	for _, err := range everyError() {
		wrapped := fmt.Errorf("mongodb at 10.0.0.7: %w: %w", err, errors.New(canary))
		status, code, _ := httpapi.Describe(err)
		a := answerTo(wrapped, "X-Request-Id", "trace-1")
		p := a.problem(t)
		if a.status != status || p.Status != status || p.Code != code || p.Type != "/problems/"+code || p.RequestID != "trace-1" {
			t.Errorf("%v: got %d %+v", err, a.status, p)
		}
		if bytes.Contains(a.body, []byte(canary)) || bytes.Contains(a.body, []byte("10.0.0.7")) {
			t.Errorf("%v: the answer holds its cause: %s", err, a.body)
		}
	}
}

func TestAFailureThatNobodyPromisedSaysNothing(t *testing.T) {
	for _, err := range []error{errors.New(canary), context.DeadlineExceeded, fmt.Errorf("x: %w", errors.Join(errors.New(canary)))} {
		s := failing(err)
		for _, r := range []*http.Request{post(`{"code":"a"}`), get("/v1/me", "Authorization", "Bearer "+goodToken)} {
			a := ask(t, s, r)
			if p := a.problem(t); a.status != http.StatusInternalServerError || p.Code != "internal" || bytes.Contains(a.body, []byte(canary)) {
				t.Errorf("%v: got %d %s", err, a.status, a.body)
			}
		}
	}
}

func TestARetryIsWorthItAfterRetryAfter(t *testing.T) {
	for _, err := range everyError() {
		a := answerTo(err)
		seconds, invalid := strconv.Atoi(a.header.Get("Retry-After"))
		later := a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable
		if later != (invalid == nil && seconds > 0) {
			t.Errorf("%d %v: got Retry-After %q", a.status, err, a.header.Get("Retry-After"))
		}
	}
}

// T-39: a panic, with a value worth hiding, behind every port.
func TestAPanicIsAnAnswerLikeAnyOther(t *testing.T) {
	var log journal
	s := build(world{
		log:     &log,
		login:   func(context.Context, ports.LoginCommand) (ports.Login, error) { panic(canary) },
		account: func(context.Context, domain.Caller) (ports.Account, error) { panic(errors.New(canary)) },
		store:   func(context.Context) error { panic([]string{canary}) },
		refresh: func(context.Context, domain.Secret) (ports.Refreshed, error) { panic(canary) },
		list:    func(context.Context, domain.Caller) ([]domain.Session, error) { panic(canary) },
		inspect: func(domain.ServiceClient, domain.Secret) (domain.AccessToken, bool) { panic(canary) },
		revoke:  func(domain.ServiceClient, domain.Secret) error { panic(canary) },
		mounts: []httpapi.Mount{{Method: http.MethodGet, Path: "/home/test", Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			panic(fmt.Sprintf("%s: %d", canary, 1))
		})}},
	})
	requests := []*http.Request{
		post(`{"code":"a"}`), get("/v1/me", "Authorization", "Bearer "+goodToken), get("/readyz"), get("/home/test"),
		sends("POST", "/v1/token/refresh", `{"refreshToken":"x"}`), sendsForm("/v1/token", "grant_type=refresh_token&refresh_token=x"),
		get("/v1/sessions", asAlice...), sendsForm(introspect, "token=x", asShop...), sendsForm(revoke, "token=x", asShop...),
	}
	for _, r := range requests {
		a := serve(s, r)
		if p := a.problem(t); a.status != http.StatusInternalServerError || p.Code != "internal" || p.RequestID != freshID {
			t.Errorf("%s: got %d %s", r.URL.Path, a.status, a.body)
		}
		if bytes.Contains(a.body, []byte(canary)) || bytes.Contains(a.body, []byte("goroutine")) {
			t.Errorf("%s: the answer holds the panic: %s", r.URL.Path, a.body)
		}
	}
	if text := log.String(); strings.Contains(text, canary) || strings.Count(text, `"panic in a handler"`) != len(requests) {
		t.Errorf("got log %s, want %d panics without their values", text, len(requests))
	}
}

func TestAMountedPanicHasItsProtocolsForm(t *testing.T) { // T-39
	var log journal
	var refused []string
	refuse := func(w http.ResponseWriter, _ *http.Request, err error) {
		_, code, _ := httpapi.Describe(err)
		refused = append(refused, code)
		_, _ = fmt.Fprint(w, "refused: ", code)
	}
	panics := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/halfway" {
			_, _ = fmt.Fprint(w, "half")
		}
		panic(canary)
	})
	s := build(world{log: &log, mounts: []httpapi.Mount{
		{Method: http.MethodGet, Path: "/own", Handler: panics, Refuse: refuse},
		{Method: http.MethodGet, Path: "/login", Handler: panics, Limited: true, Refuse: refuse},
		{Method: http.MethodGet, Path: "/halfway", Handler: panics, Refuse: refuse},
	}})
	for path, want := range map[string]string{"/own": "refused: internal", "/login": "refused: internal", "/halfway": "half"} {
		if a := serve(s, get(path)); a.status != http.StatusOK || string(a.body) != want {
			t.Errorf("%s: got %d %q, want %q", path, a.status, a.body, want)
		}
	}
	if len(refused) != 2 || strings.Contains(log.String(), canary) || strings.Count(log.String(), `"panic in a handler"`) != 3 {
		t.Errorf("got refusals %v and log %s, want two, and three panics without their values", refused, log.String())
	}
}

func TestAnAbortedAnswerIsLeftToTheServer(t *testing.T) {
	s := build(world{mounts: []httpapi.Mount{{Method: http.MethodGet, Path: "/x", Handler: http.HandlerFunc(
		func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })}}})
	defer func() {
		if got := recover(); got != http.ErrAbortHandler { //nolint:errorlint // a sentinel of panics
			t.Errorf("got %v, want http.ErrAbortHandler", got)
		}
	}()
	serve(s, get("/x"))
}

func TestWhatIsNotThereIsAProblemToo(t *testing.T) {
	s := build(world{})
	for _, path := range []string{"/", "/v1", "/v1/", "/v1/login/", "/v1/LOGIN", "//v1/login", "/admin/", "/metrics", "/debug/pprof/",
		"/user/login", "/v1/token/", "/v1/logout/", "/v1/sessions/", "/v1/token/refresh/x", "/.well-known/openid-configuration", "/playground.js", "/%2e%2e/etc/passwd", "/v1/me/x", "/problems/", "/problems/nothing", "/problems/a%2Fb", "/" + strings.Repeat("x", 4000)} {
		a := ask(t, s, get(path))
		if p := a.problem(t); a.status != http.StatusNotFound || p.Code != "not_found" || strings.Contains(string(a.body), "etc") {
			t.Errorf("%s: got %d %s", path, a.status, a.body)
		}
	}
}

func TestAnotherMethodIsRefusedWithTheRightOnes(t *testing.T) {
	s := build(world{})
	for path, right := range map[string]string{"/v1/token/refresh": "POST", "/v1/token": "POST", introspect: "POST", revoke: "POST",
		"/v1/logout": "POST", "/v1/logout/all": "POST", "/v1/sessions": "GET", "/v1/sessions/x": "DELETE",
		"/.well-known/oauth-authorization-server": "GET", "/v1/login": http.MethodPost, "/v1/me/export": http.MethodGet, "/v1/me/profile": http.MethodPut, "/livez": http.MethodGet,
		"/problems/internal": http.MethodGet, "/.well-known/jwks.json": http.MethodGet} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "BREW"} {
			if method == right {
				continue
			}
			a := ask(t, s, httptest.NewRequest(method, path, nil))
			if p := a.problem(t); a.status != http.StatusMethodNotAllowed || p.Code != "method_not_allowed" {
				t.Errorf("%s %s: got %d %s", method, path, a.status, a.body)
			}
			if allow := a.header.Get("Allow"); !strings.Contains(allow, right) {
				t.Errorf("%s %s: got Allow %q, want %s in it", method, path, allow, right)
			}
		}
	}
}
