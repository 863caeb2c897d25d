package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"wxlogin/adapters/httpapi"
	"wxlogin/domain"
	"wxlogin/ports"
)

// everywhere returns requests that hold text wherever a client may put some.
func everywhere(text string) []*http.Request {
	quoted := strings.NewReplacer("\n", `\n`, "\r", `\r`, `"`, `\"`, "\x1b", `\u001b`).Replace(text)
	escaped := url.PathEscape(text)
	headers := []string{"User-Agent", text, "Referer", text, "X-Request-Id", text, "Cookie", text, "X-Forwarded-For", text,
		"X-Real-Ip", text, "Accept-Language", text, "X-Wx-Openid", text}
	odd := httptest.NewRequest(http.MethodGet, "/v1/me", nil)
	odd.Method = text
	host := get("/v1/me")
	host.Host = text
	return []*http.Request{
		get("/"+escaped, headers...),
		get("/problems/"+escaped, headers...),
		httptest.NewRequest(http.MethodPost, "/problems/"+escaped, nil),
		get("/livez?q="+url.QueryEscape(text), headers...),
		get("/user/login?code="+url.QueryEscape(text), headers...),
		get("/v1/me", slices.Concat(headers, []string{"Authorization", "Bearer " + text})...),
		post(`{"code":"`+quoted+`","device":{"id":"12345678","name":"x"},"profile":{"encryptedData":"`+quoted+`","iv":"`+quoted+
			`","rawData":"`+quoted+`","signature":"`+quoted+`"}}`, headers...),
		post(`{"code":"x","device":{"id":"`+quoted+`","name":"`+quoted+`","platform":"`+quoted+`"}}`, headers...),
		post(`{"`+quoted+`":"x","device":{"`+quoted+`":1},"code":{"`+quoted+`":1}}`, headers...),
		post(quoted, headers...),
		post(`{"code":"x"}`, "Content-Type", text),
		odd, host,
		post(`{"code":"x"}`, "Idempotency-Key", text), post(`{"code":"x"}`, "Idempotency-Key", text+strings.Repeat("k", 16)),
		sends(http.MethodPost, "/v1/token/refresh", `{"refreshToken":"`+quoted+`"}`, headers...),
		sends(http.MethodPost, "/v1/token/refresh", `{"refreshToken":"`+quoted+strings.Repeat("x", 300)+`"}`, headers...),
		without(http.MethodDelete, "/v1/sessions/"+escaped, headers...),
		without(http.MethodDelete, "/v1/sessions/"+escaped, slices.Concat(headers, asAlice)...),
		without(http.MethodPost, "/v1/logout?q="+url.QueryEscape(text), slices.Concat(headers, asAlice)...),
		get("/v1/verify/"+escaped+"?q="+url.QueryEscape(text), slices.Concat(headers, asAlice)...),
		get("/v1/verify/"+escaped, "Authorization", "Bearer "+text, "X-Original-Url", text, "X-User-Id", text),
		sendsForm("/v1/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {text}}.Encode(), headers...),
		sendsForm("/v1/token", url.Values{"grant_type": {text}, "refresh_token": {text}, text: {text}}.Encode(), headers...),
		sendsForm("/v1/token", text+"=%zz", headers...),
		sendsForm(introspect, url.Values{"token": {text}, "token_type_hint": {text}, text: {text}}.Encode(), asShop...),
		sends(http.MethodPost, introspect, `{"token":"`+quoted+`","`+quoted+`":"x"}`, asShop...),
		sendsForm(revoke, url.Values{"token": {text}}.Encode(), asShop...),
		sendsForm(revoke, "token=x", basic(text, text)...),
		sendsForm(introspect, "token=x", "Authorization", "Basic "+text),
	}
}

var failure = map[bool]error{true: errors.New("mongodb: broken")}

// noisy logs whatever it can: every use case fails, or warns.
func noisy(log *journal, fail bool) *httpapi.Server {
	return build(world{
		log: log,
		login: func(context.Context, ports.LoginCommand) (ports.Login, error) {
			l := aliceLogin()
			l.Warnings = []error{fmt.Errorf("profile: %w", domain.ErrOpenDataInvalid)}
			if fail {
				return l, failure[fail]
			}
			return l, nil
		},
		caller: func(context.Context, domain.Secret) (domain.Caller, error) {
			if fail {
				return alice, fmt.Errorf("jwttoken: %w", domain.ErrTokenInvalid)
			}
			return alice, nil
		},
		refresh: func(ctx context.Context, token domain.Secret) (ports.Refreshed, error) {
			if fail {
				return ports.Refreshed{}, fmt.Errorf("refresh: %w: reused", domain.ErrRefreshInvalid)
			}
			return refreshesAlice(ctx, token)
		},
		logout: &logouts{err: failure[fail]},
		revoke: func(domain.ServiceClient, domain.Secret) error { return failure[fail] },
		mounts: []httpapi.Mount{{Method: http.MethodGet, Path: "/user/login", Handler: http.HandlerFunc(
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })}},
	})
}

func TestTheLogHoldsNothingThatAClientSent(t *testing.T) {
	for _, fail := range []bool{false, true} {
		var log journal
		s := noisy(&log, fail)
		for _, r := range everywhere(canary) {
			if id := r.Header.Get("X-Request-Id"); id != "" {
				r.Header.Set("X-Request-Id", id+" ") // a sane one would be kept
			}
			serve(s, r)
		}
		if text := log.String(); strings.Contains(text, canary) {
			t.Errorf("the log holds what a client sent:\n%s", text)
		}
		if n := strings.Count(log.String(), `"msg":"request"`); n != len(everywhere(canary)) {
			t.Errorf("got %d requests in the log, want %d", n, len(everywhere(canary)))
		}
	}
}

// T-30: line breaks, terminal codes and JSON, wherever text goes.
func TestNobodyWritesTheirOwnLogEntry(t *testing.T) {
	known := []string{"request", "request failed", "login has a warning"}
	for _, text := range []string{"\n" + `{"level":"ERROR","msg":"forged"}`, "\r\nforged", "\x1b[31mforged", `","msg":"forged`} {
		var log journal
		s := noisy(&log, true)
		for _, r := range everywhere(text) {
			serve(s, r)
		}
		for _, l := range log.lines(t) {
			if msg, _ := l["msg"].(string); !slices.Contains(known, msg) {
				t.Errorf("%q: got an entry %q", text, msg)
			}
		}
		if s := log.String(); strings.Contains(s, "forged") {
			t.Errorf("%q came into the log:\n%s", text, s)
		}
	}
}

func TestARequestIsLoggedByItsRoute(t *testing.T) {
	for name, tt := range map[string]struct {
		r      *http.Request
		method string
		route  string
		status int
	}{
		"a route":                  {post(`{"code":"a"}`), "POST", "/v1/login", 200},
		"a route with a parameter": {get("/problems/internal?x=1"), "GET", "/problems/:code", 200},
		"another method":           {httptest.NewRequest(http.MethodPut, "/problems/internal", nil), "PUT", "/problems/:code", 405},
		"a made-up method":         {httptest.NewRequest("BREW", "/livez", nil), "other", "/livez", 405},
		"no route":                 {get("/anything/else"), "GET", "", 404},
	} {
		t.Run(name, func(t *testing.T) {
			var log journal
			tt.r.Header.Set("X-Request-Id", "trace-1")
			serve(build(world{log: &log}), tt.r)
			l := log.only(t, "request")
			if l["method"] != tt.method || l["route"] != tt.route || l["status"] != float64(tt.status) ||
				l["request_id"] != "trace-1" || l["client"] != "192.0.2.1" || l["duration_ms"] == nil || l["level"] != "INFO" {
				t.Errorf("got %v", l)
			}
		})
	}
}

// A proxy has a log of its own.
func TestThatARequestMayPassIsToldToThoseWhoDebug(t *testing.T) {
	for name, tt := range map[string]struct {
		r     *http.Request
		level string
	}{
		"passed":                {get("/v1/verify", "Authorization", "Bearer "+goodToken), "DEBUG"},
		"passed, with its path": {get("/v1/verify/a/b", "Authorization", "Bearer "+goodToken), "DEBUG"},
		"refused":               {get("/v1/verify"), "INFO"},
		"refused, another way":  {without(http.MethodPut, "/v1/verify/a", "Authorization", "Bearer x"), "INFO"},
		"something else":        {get("/v1/me", "Authorization", "Bearer "+goodToken), "INFO"},
	} {
		var log journal
		serve(build(world{log: &log}), tt.r)
		if l := log.only(t, "request"); l["level"] != tt.level {
			t.Errorf("%s: got level %v, want %s", name, l["level"], tt.level)
		}
	}
}

func TestTheCauseOfAFailureIsInTheLogAlone(t *testing.T) {
	for _, tt := range []struct {
		err   error
		level string
	}{
		{fmt.Errorf("mongodb: %w: %w", domain.ErrStoreUnavailable, errors.New("no primary")), "ERROR"},
		{fmt.Errorf("wechatapi: %w: %w", domain.ErrCodeUsed, errors.New("no primary")), "INFO"},
		{errors.New("no primary"), "ERROR"},
	} {
		var log journal
		s := build(world{log: &log, login: func(context.Context, ports.LoginCommand) (ports.Login, error) { return ports.Login{}, tt.err }})
		a := ask(t, s, post(`{"code":"a"}`, "X-Request-Id", "trace-1"))
		l := log.only(t, "request failed")
		if cause, _ := l["cause"].(string); l["level"] != tt.level || l["request_id"] != "trace-1" || !strings.Contains(cause, "no primary") {
			t.Errorf("%v: got %v, want level %s", tt.err, l, tt.level)
		}
		if strings.Contains(string(a.body), "no primary") {
			t.Errorf("%v: the answer holds the cause: %s", tt.err, a.body)
		}
	}
}
