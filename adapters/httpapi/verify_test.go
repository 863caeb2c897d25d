package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

// Methods that a proxy may hand on, those that nobody has heard of included.
var anyMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "TRACE", "BREW"}

var verifyPaths = []string{"/v1/verify", "/v1/verify/", "/v1/verify/a", "/v1/verify/a/b", "/v1/verify/a%2Fb?c=d", "/v1/verify//..%2f"}

// verdict is what a proxy hands on of an answer.
func verdict(a answer) map[string][]string {
	told := map[string][]string{}
	for _, name := range []string{"X-User-Id", "X-Session-Id", "X-App-Id"} {
		if values := a.header.Values(name); values != nil {
			told[name] = values
		}
	}
	return told
}

var alicesVerdict = map[string][]string{
	"X-User-Id": {string(alice.UserID)}, "X-Session-Id": {string(alice.SessionID)}, "X-App-Id": {string(alice.AppID)},
}

func TestAProxyIsToldWhoseARequestIs(t *testing.T) {
	s := build(world{})
	for _, method := range anyMethods {
		for _, path := range verifyPaths {
			a := serve(s, without(method, path, "Authorization", "Bearer "+goodToken))
			if diff := cmp.Diff(alicesVerdict, verdict(a)); a.status != http.StatusOK || len(a.body) != 0 || diff != "" {
				t.Errorf("%s %s: got %d %q, the headers differ (-want +got):\n%s", method, path, a.status, a.body, diff)
			}
		}
	}
}

func TestAProxyIsToldThatARequestIsNobodys(t *testing.T) {
	s := build(world{})
	for _, method := range anyMethods {
		for _, path := range verifyPaths {
			a := serve(s, without(method, path, "Authorization", "Bearer "+canary))
			if p := a.problem(t); a.status != http.StatusUnauthorized || p.Code != "token_invalid" || a.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s: got %d %s", method, path, a.status, a.body)
			}
			if told := verdict(a); len(told) != 0 {
				t.Errorf("%s %s: the refusal tells %v", method, path, told)
			}
		}
	}
}

func TestEveryRefusalOfATokenIsOneForAProxyToo(t *testing.T) {
	for err, want := range map[error]string{
		domain.ErrTokenMissing:   `Bearer realm="wxlogin"`,
		domain.ErrTokenInvalid:   `Bearer realm="wxlogin", error="invalid_token", error_description="token_invalid"`,
		domain.ErrTokenExpired:   `Bearer realm="wxlogin", error="invalid_token", error_description="token_expired"`,
		domain.ErrSessionRevoked: `Bearer realm="wxlogin", error="invalid_token", error_description="session_revoked"`,
	} {
		s := build(world{caller: func(context.Context, domain.Secret) (domain.Caller, error) {
			return alice, fmt.Errorf("authenticate: %w", err) // a caller that must not count
		}})
		for _, path := range []string{"/v1/verify", "/v1/verify/a", "/v1/me"} {
			a := ask(t, s, get(path, "Authorization", "Bearer x"))
			if p := a.problem(t); a.status != http.StatusUnauthorized || p.Code != err.Error() || a.header.Get("WWW-Authenticate") != want {
				t.Errorf("%s, %v: got %d %s, WWW-Authenticate %q", path, err, a.status, p.Code, a.header.Get("WWW-Authenticate"))
			}
			if told := verdict(a); len(told) != 0 {
				t.Errorf("%s, %v: the refusal tells %v", path, err, told)
			}
		}
	}
}

// A service that cannot tell lets nobody pass.
func TestAFaultIsNoVerdict(t *testing.T) {
	for name, fault := range map[string]callerFunc{
		"an error": func(context.Context, domain.Secret) (domain.Caller, error) { return alice, errors.New(canary) },
		"a panic":  func(context.Context, domain.Secret) (domain.Caller, error) { panic(canary) },
	} {
		a := ask(t, build(world{caller: fault}), get("/v1/verify", "Authorization", "Bearer "+goodToken))
		if a.status != http.StatusInternalServerError || a.problem(t).Code != "internal" || len(verdict(a)) != 0 {
			t.Errorf("%s: got %d %s, telling %v", name, a.status, a.body, verdict(a))
		}
	}
}

// What a client says that it is never comes back as what it is.
func TestAClientsOwnClaimsAreNotEchoed(t *testing.T) {
	s := build(world{})
	claims := []string{"X-User-Id", "eve", "X-Session-Id", "eve's", "X-App-Id", "wxeve", "x-user-id", "root", "X-User-Id", ""}
	a := ask(t, s, get("/v1/verify", append(claims, "Authorization", "Bearer "+goodToken)...))
	if diff := cmp.Diff(alicesVerdict, verdict(a)); diff != "" {
		t.Errorf("with a token, the headers differ (-want +got):\n%s", diff)
	}
	if a := ask(t, s, get("/v1/verify", claims...)); a.status != http.StatusUnauthorized || len(verdict(a)) != 0 {
		t.Errorf("without one: got %d, telling %v", a.status, verdict(a))
	}
}

func TestAVerdictHasOneSourceOnly(t *testing.T) {
	s := build(world{})
	for name, r := range map[string]*http.Request{
		"two headers":    get("/v1/verify", "Authorization", "Bearer "+goodToken, "Authorization", "Bearer "+goodToken),
		"another scheme": get("/v1/verify", basic("shop", goodToken)...),
		"the query":      get("/v1/verify?access_token=" + goodToken),
		"the path":       get("/v1/verify/" + goodToken),
		"a cookie":       get("/v1/verify", "Cookie", "access_token="+goodToken),
		"what a proxy says of the request": get("/v1/verify", "X-Original-URL", "/?access_token="+goodToken,
			"X-Forwarded-Uri", "/?access_token="+goodToken, "X-Original-Authorization", "Bearer "+goodToken),
	} {
		if a := ask(t, s, r); a.status != http.StatusUnauthorized || a.problem(t).Code != "token_missing" {
			t.Errorf("%s: got %d %s, want 401 token_missing", name, a.status, a.body)
		}
	}
}

// unreadable is a body that a test must not touch.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestAVerdictNeedsNoBody(t *testing.T) {
	s := build(world{})
	for _, token := range []string{goodToken, "x"} {
		r := httptest.NewRequest(http.MethodPost, "/v1/verify/upload", unreadable{t})
		serve(s, with(r, "Authorization", "Bearer "+token, "Content-Type", "application/json"))
	}
}

// A verdict is asked for with every request of every backend; it waits for
// nothing, so it needs no clock that ends it. All else has one.
func TestAVerdictCostsNoTimer(t *testing.T) {
	bounded := map[string]bool{}
	path := ""
	s := build(world{caller: func(ctx context.Context, _ domain.Secret) (domain.Caller, error) {
		_, bounded[path] = ctx.Deadline()
		return alice, nil
	}})
	for _, path = range []string{"/v1/verify", "/v1/verify/a", "/v1/me", "/v1/sessions"} {
		serve(s, get(path))
	}
	want := map[string]bool{"/v1/verify": false, "/v1/verify/a": false, "/v1/me": true, "/v1/sessions": true}
	if diff := cmp.Diff(want, bounded); diff != "" {
		t.Errorf("what has a deadline differs (-want +got):\n%s", diff)
	}
}

// HEAD is answered as GET, without the body: net/http sees to that.
func TestAVerdictByHEADHasNoBody(t *testing.T) {
	server := httptest.NewServer(build(world{}).Handler())
	defer server.Close()
	for token, want := range map[string]int{goodToken: http.StatusOK, "x": http.StatusUnauthorized} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, server.URL+"/v1/verify/a", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := server.Client().Do(with(r, "Authorization", "Bearer "+token))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || len(body) != 0 || res.StatusCode != want || (want == http.StatusUnauthorized) != (res.Header.Get("WWW-Authenticate") != "") {
			t.Errorf("%s: got %d %q %v, %v", token, res.StatusCode, body, res.Header, err)
		}
	}
}
