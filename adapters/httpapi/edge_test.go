package httpapi_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

func TestEveryAnswerHasTheHeadersThatProtectIt(t *testing.T) {
	s := build(world{})
	for _, r := range []*http.Request{
		post(`{"code":"a"}`), post(`{}`), get("/v1/me"), get("/v1/me", "Authorization", "Bearer "+goodToken), get("/nothing"),
		sends("POST", "/v1/token/refresh", `{"refreshToken":"x"}`), sendsForm("/v1/token", ""), get("/v1/sessions"), get("/v1/verify"),
		get("/v1/verify", asAlice...), without("POST", "/v1/logout", asAlice...), sendsForm(introspect, "token=x"), sendsForm(revoke, "token=x", asShop...),
		get("/v1/login"), get("/livez"), get("/readyz"), get("/.well-known/oauth-authorization-server"), get("/openapi.yaml"), get("/.well-known/jwks.json"), get("/problems/internal"),
		httptest.NewRequest(http.MethodOptions, "/v1/login", nil),
	} {
		a := serve(s, r)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Request-Id": freshID,
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s %s: got %s %q, want %q", r.Method, r.URL.Path, name, got, want)
			}
		}
		if policy := a.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") ||
			!strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "script-src") {
			t.Errorf("%s %s: got Content-Security-Policy %q", r.Method, r.URL.Path, policy)
		}
		for _, name := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin", "Set-Cookie"} {
			if got := a.header.Get(name); got != "" {
				t.Errorf("%s %s: got %s %q, want none", r.Method, r.URL.Path, name, got)
			}
		}
	}
}

func TestOnlyWhatIsTheSameForEveryoneIsCached(t *testing.T) {
	s := build(world{})
	for _, r := range []*http.Request{post(`{"code":"a"}`), post(`{}`), get("/v1/me", "Authorization", "Bearer "+goodToken),
		get("/v1/me"), get("/nothing"), get("/problems/nothing"), get("/livez"), get("/readyz"),
		sends("POST", "/v1/token/refresh", `{"refreshToken":"x"}`), sendsForm("/v1/token", "grant_type=refresh_token&refresh_token=x"),
		sendsForm("/v1/token", ""), get("/v1/sessions", asAlice...), get("/v1/verify"), get("/v1/verify", asAlice...),
		without("POST", "/v1/logout", asAlice...), sendsForm(introspect, "token="+goodToken, asShop...), sendsForm(revoke, "token=x", asShop...)} {
		if got := ask(t, s, r).header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s %s: got Cache-Control %q, want no-store", r.Method, r.URL.Path, got)
		}
	}
	for path, want := range map[string]string{"/openapi.yaml": "public, max-age=300", "/.well-known/jwks.json": "public, max-age=300",
		"/.well-known/oauth-authorization-server": "public, max-age=300",
		"/problems/internal":                      "public, max-age=3600"} {
		if got := ask(t, s, get(path)).header.Get("Cache-Control"); got != want {
			t.Errorf("%s: got Cache-Control %q, want %q", path, got, want)
		}
	}
}

func TestASaneRequestIDIsKeptAndAnyOtherReplaced(t *testing.T) {
	s := build(world{})
	for _, sane := range []string{"a", "req-1", "A_b.c-9", freshID, strings.Repeat("x", 64)} {
		a := ask(t, s, post(`{}`, "X-Request-Id", sane))
		if got := a.header.Get("X-Request-Id"); got != sane || a.problem(t).RequestID != sane {
			t.Errorf("got %q, want %q", got, sane)
		}
	}
	for _, insane := range []string{"", " ", "a b", "a\r\nSet-Cookie: x=1", "a\nb", "\x1b[31m", strings.Repeat("x", 65), "größe", `"a"`, "a,b",
		"<script>", "{$ne}", "a\x00"} {
		a := ask(t, s, post(`{}`, "X-Request-Id", insane))
		if got := a.header.Get("X-Request-Id"); got != freshID || a.problem(t).RequestID != freshID {
			t.Errorf("%q: got %q, want a new one", insane, got)
		}
	}
}

func TestATokenIsLookedForInOnePlace(t *testing.T) {
	s := build(world{})
	for name, r := range map[string]*http.Request{
		"none":               get("/v1/me"),
		"two headers":        get("/v1/me", "Authorization", "Bearer "+goodToken, "Authorization", "Bearer "+goodToken),
		"another scheme":     get("/v1/me", "Authorization", "Basic "+goodToken),
		"no scheme":          get("/v1/me", "Authorization", goodToken),
		"a scheme alone":     get("/v1/me", "Authorization", "Bearer"),
		"a scheme and blank": get("/v1/me", "Authorization", "Bearer  "),
		"the query":          get("/v1/me?access_token=" + goodToken + "&token=" + goodToken + "&Authorization=Bearer+" + goodToken),
		"a cookie":           get("/v1/me", "Cookie", "access_token="+goodToken),
		"another header":     get("/v1/me", "X-Access-Token", goodToken, "Proxy-Authorization", "Bearer "+goodToken),
		"the body": with(httptest.NewRequest(http.MethodGet, "/v1/me", strings.NewReader("access_token="+goodToken)),
			"Content-Type", "application/x-www-form-urlencoded"),
	} {
		a := ask(t, s, r)
		if p := a.problem(t); a.status != http.StatusUnauthorized || p.Code != domain.ErrTokenMissing.Code {
			t.Errorf("%s: got %d %s, want 401 token_missing", name, a.status, p.Code)
		}
	}
	for _, header := range []string{"Bearer " + goodToken, "bearer " + goodToken, "BEARER  " + goodToken} {
		if a := ask(t, s, get("/v1/me", "Authorization", header)); a.status != http.StatusOK {
			t.Errorf("%q: got %d, want 200", header, a.status)
		}
	}
}

// RFC 6750 section 3: a request without credentials gets no error code.
func TestARefusedTokenGetsItsChallenge(t *testing.T) {
	for _, err := range everyError() {
		a := answerTo(err)
		want := ""
		switch {
		case errors.Is(err, domain.ErrClientInvalid): // RFC 7617
			want = `Basic realm="wxlogin"`
		case errors.Is(err, domain.ErrTokenInvalid), errors.Is(err, domain.ErrTokenExpired), errors.Is(err, domain.ErrSessionRevoked):
			want = `Bearer realm="wxlogin", error="invalid_token", error_description="` + err.Error() + `"`
		case a.status == http.StatusUnauthorized:
			want = `Bearer realm="wxlogin"`
		}
		if got := a.header.Get("WWW-Authenticate"); got != want {
			t.Errorf("%v: got WWW-Authenticate %q, want %q", err, got, want)
		}
	}
}

// Header values that answers share stay what they are when one answer has others.
func TestOneAnswersHeadersAreNotAnothers(t *testing.T) {
	s := build(world{})
	first := serve(s, get("/livez")).header
	for _, r := range []*http.Request{get("/problems/internal"), get("/openapi.yaml"), get("/v1/me"), get("/v1/verify", asAlice...)} {
		serve(s, r)
	}
	if diff := cmp.Diff(first, serve(s, get("/livez")).header); diff != "" {
		t.Errorf("headers differ (-before +after):\n%s", diff)
	}
}
