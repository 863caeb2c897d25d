package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

// refreshesWith is a refresh that fails with err.
func refreshesWith(err error) refreshFunc {
	return func(context.Context, domain.Secret) (ports.Refreshed, error) { return ports.Refreshed{}, err }
}

// refusesRefreshes is a refresh that must not be asked for.
func refusesRefreshes(t *testing.T) refreshFunc {
	return func(context.Context, domain.Secret) (ports.Refreshed, error) {
		t.Error("the use case was called")
		return ports.Refreshed{}, domain.ErrRefreshInvalid
	}
}

func TestARefreshIsAnsweredWithTokensAlone(t *testing.T) {
	a := ask(t, build(world{}), sends("POST", "/v1/token/refresh", `{"refreshToken":"wxr_old"}`))
	want := compact(t, `{"accessToken":"access.token.text","tokenType":"Bearer","expiresIn":900,
		"refreshToken":"wxr_rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr","refreshExpiresIn":2592000}`) + "\n"
	if diff := cmp.Diff(want, string(a.body)); a.status != http.StatusOK || diff != "" {
		t.Errorf("got %d, body differs (-want +got):\n%s", a.status, diff)
	}
}

// Whatever may be a token is the use case's to judge, which refuses it like any
// other: 401, never 400.
func TestARefreshTokenReachesTheUseCaseAsItIs(t *testing.T) {
	for _, token := range []string{"x", "wxr_", "WXR_" + strings.Repeat("r", 43), " wxr_r ", "é名😀", "a.b.c", strings.Repeat("名", 256)} {
		var got string
		s := build(world{refresh: func(_ context.Context, token domain.Secret) (ports.Refreshed, error) {
			got = token.Reveal()
			return ports.Refreshed{}, domain.ErrRefreshInvalid
		}})
		a := ask(t, s, sends("POST", "/v1/token/refresh", `{"refreshToken":"`+token+`"}`))
		if p := a.problem(t); got != token || a.status != http.StatusUnauthorized || p.Code != "refresh_invalid" {
			t.Errorf("%.40q: got %d %s, and %.40q in the use case", token, a.status, p.Code, got)
		}
	}
}

func TestABodyThatIsNoRefreshIsRefused(t *testing.T) {
	s, schema := build(world{refresh: refusesRefreshes(t)}), openAPI(t).Components.Schemas["RefreshRequest"].Value
	for body, want := range map[string]fault{
		`{}`:                                {"refreshToken", "required"},
		`{"refreshToken":""}`:               {"refreshToken", "required"},
		`{"refreshToken":null}`:             {"refreshToken", "type"},
		`{"refreshToken":1}`:                {"refreshToken", "type"},
		`{"refreshToken":{"$ne":null}}`:     {"refreshToken", "type"},
		`{"RefreshToken":"x"}`:              {"RefreshToken", "unknown"},
		`{"refreshToken":"x","userId":"y"}`: {"userId", "unknown"},
		`{"refreshToken":"` + strings.Repeat("x", 257) + `"}`: {"refreshToken", "max"},
		`{"refreshToken":"x","refreshToken":"y"}`:             {"refreshToken", "duplicate"},
		`[]`: {"", "type"},
		``:   {"", "json"},
	} {
		a := ask(t, s, sends("POST", "/v1/token/refresh", body))
		if diff := cmp.Diff([]fault{want}, a.problem(t).Errors); a.status != http.StatusBadRequest || diff != "" {
			t.Errorf("%.80s: got %d, faults differ (-want +got):\n%s", body, a.status, diff)
		}
		if described := accepts(schema, body); described && want.Rule != "duplicate" {
			t.Errorf("%.80s: the document allows it", body)
		}
	}
	a := ask(t, s, sendsForm("/v1/token/refresh", "refreshToken=wxr_x"))
	if p := a.problem(t); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("a form: got %d %s", a.status, p.Code)
	}
}

// R-HTTP-7: whoever probes learns nothing; the log knows.
func TestEveryRefreshThatIsRefusedIsAnsweredAlike(t *testing.T) {
	for path, request := range map[string]func() *http.Request{
		"/v1/token/refresh": func() *http.Request { return sends("POST", "/v1/token/refresh", `{"refreshToken":"wxr_x"}`) },
		"/v1/token":         func() *http.Request { return sendsForm("/v1/token", "grant_type=refresh_token&refresh_token=wxr_x") },
	} {
		var first *answer
		for _, why := range []string{"unknown", "expired", "revoked", "reused"} {
			var log journal
			s := build(world{log: &log, refresh: refreshesWith(fmt.Errorf("refresh: %w: %s", domain.ErrRefreshInvalid, why))})
			a := ask(t, s, request())
			if first == nil {
				first = &a
			}
			if diff := cmp.Diff(*first, a, cmp.AllowUnexported(answer{})); diff != "" {
				t.Errorf("%s: %s is answered in its own way (-first +this):\n%s", path, why, diff)
			}
			if cause, _ := log.only(t, "request failed")["cause"].(string); !strings.Contains(cause, why) {
				t.Errorf("%s: the log says %q, want %s in it", path, cause, why)
			}
		}
	}
}

func TestARefreshThatFailsForAnotherReasonSaysSo(t *testing.T) {
	for err, want := range map[error]int{
		domain.ErrUserBanned:       http.StatusForbidden,
		domain.ErrStoreUnavailable: http.StatusServiceUnavailable,
		errors.New("mongodb: odd"): http.StatusInternalServerError,
	} {
		s := build(world{refresh: refreshesWith(fmt.Errorf("refresh: %w", err))})
		if a := ask(t, s, sends("POST", "/v1/token/refresh", `{"refreshToken":"wxr_x"}`)); a.status != want {
			t.Errorf("%v: got %d %s, want %d", err, a.status, a.body, want)
		}
	}
}

// RFC 6749 section 6, as OAuth libraries do it.
func TestAnOAuthLibraryRefreshes(t *testing.T) {
	var got string
	s := build(world{refresh: func(ctx context.Context, token domain.Secret) (ports.Refreshed, error) {
		got = token.Reveal()
		return refreshesAlice(ctx, token)
	}})
	a := ask(t, s, sendsForm("/v1/token", "client_id=wx1&scope=&grant_type=refresh_token&refresh_token=wxr_a%2Bb+c", "Authorization", "Basic eDp5"))
	want := compact(t, `{"access_token":"access.token.text","token_type":"Bearer","expires_in":900,
		"refresh_token":"wxr_rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"}`) + "\n"
	if diff := cmp.Diff(want, string(a.body)); a.status != http.StatusOK || got != "wxr_a+b c" || diff != "" {
		t.Errorf("got %d with token %q, body differs (-want +got):\n%s", a.status, got, diff)
	}
	if cache, pragma := a.header.Get("Cache-Control"), a.header.Get("Pragma"); cache != "no-store" || pragma != "no-cache" {
		t.Errorf("got Cache-Control %q and Pragma %q, want no-store and no-cache", cache, pragma)
	}
}

// RFC 6749 section 5.2: 400, and the member "error".
func TestAnOAuthLibraryIsToldInItsOwnWords(t *testing.T) {
	for body, want := range map[string]string{
		"grant_type=refresh_token":                                            "invalid_request",
		"grant_type=refresh_token&refresh_token=":                             "invalid_request",
		"refresh_token=wxr_x":                                                 "invalid_request",
		"grant_type=refresh_token&refresh_token=a&refresh_token=a":            "invalid_request",
		"grant_type=refresh_token&grant_type=password&refresh_token=a":        "invalid_request",
		"grant_type=refresh_token&refresh_token=%zz":                          "invalid_request",
		"grant_type=refresh_token;refresh_token=a":                            "invalid_request",
		"grant_type=refresh_token&refresh_token=" + strings.Repeat("a", 8193): "invalid_request",
		"grant_type=password&username=a&password=b":                           "unsupported_grant_type",
		"grant_type=REFRESH_TOKEN&refresh_token=a":                            "unsupported_grant_type",
		"": "invalid_request",
	} {
		a := ask(t, build(world{refresh: refusesRefreshes(t)}), sendsForm("/v1/token", body))
		if p := a.problem(t); a.status != http.StatusBadRequest || p.Error != want || p.Code != want {
			t.Errorf("%.80s: got %d %s", body, a.status, a.body)
		}
	}
	for _, err := range []error{domain.ErrRefreshInvalid, domain.ErrUserBanned} {
		a := ask(t, build(world{refresh: refreshesWith(err)}), sendsForm("/v1/token", "grant_type=refresh_token&refresh_token=a"))
		if p := a.problem(t); a.status != http.StatusBadRequest || p.Error != "invalid_grant" || p.Code != "invalid_grant" {
			t.Errorf("%v: got %d %s", err, a.status, a.body)
		}
	}
	if a := ask(t, build(world{}), sends("POST", "/v1/token", `{}`)); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("JSON: got %d %s", a.status, a.body)
	}
	a := ask(t, build(world{refresh: refreshesWith(domain.ErrStoreUnavailable)}), sendsForm("/v1/token", "grant_type=refresh_token&refresh_token=a"))
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || a.problem(t).Error != "" {
		t.Errorf("no store: got %d %s", a.status, a.body)
	}
}

func TestNoTokenThatIsHandedOutIsLogged(t *testing.T) {
	var log journal
	s := build(world{log: &log})
	for _, r := range []*http.Request{
		post(`{"code":"a"}`, idempotencyKey, "a-key-that-nobody-else-knows"),
		sends("POST", "/v1/token/refresh", `{"refreshToken":"wxr_old"}`),
		sendsForm("/v1/token", "grant_type=refresh_token&refresh_token=wxr_old"),
		sendsForm(introspect, "token="+goodToken, asShop...),
	} {
		if a := ask(t, s, r); a.status != http.StatusOK {
			t.Errorf("%s: got %d %s", r.URL.Path, a.status, a.body)
		}
	}
	text := log.String()
	for _, secret := range []string{"access.token.text", "wxr_", goodToken, "nobody-else-knows", "secret"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q:\n%s", secret, text)
		}
	}
}
