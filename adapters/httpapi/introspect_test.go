package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

const introspect, revoke = "/v1/token/introspect", "/v1/token/revoke"

func TestAnActiveTokenIsIntrospected(t *testing.T) {
	want := compact(t, `{"active":true,"sub":"user-1","client_id":"wx0123456789abcdef","exp":1772572867,"iat":1772571967,
		"iss":"https://login.example.com","aud":"shop","sid":"session-1","jti":"token-1","token_type":"Bearer"}`) + "\n"
	for name, r := range map[string]*http.Request{
		"form":       sendsForm(introspect, "token="+goodToken, asShop...),
		"form, hint": sendsForm(introspect, "token_type_hint=refresh_token&token="+goodToken, asShop...),
		"form, more": sendsForm(introspect, "x=y&token="+goodToken, asShop...),
		"JSON":       sends("POST", introspect, `{"token":"`+goodToken+`"}`, asShop...),
		"JSON, hint": sends("POST", introspect, `{"token":"`+goodToken+`","tokenTypeHint":"nonsense"}`, asShop...),
	} {
		a := ask(t, build(world{}), r)
		if diff := cmp.Diff(want, string(a.body)); a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" || diff != "" {
			t.Errorf("%s: got %d, body differs (-want +got):\n%s", name, a.status, diff)
		}
	}
}

// T-35: of a token that is worth nothing nobody learns why.
func TestEveryOtherTokenIsNotActiveAndNoMore(t *testing.T) {
	s := build(world{inspect: func(domain.ServiceClient, domain.Secret) (domain.AccessToken, bool) {
		return domain.AccessToken{Caller: alice, ID: "token-1"}, false // of a sloppy use case
	}})
	for _, token := range []string{"unknown", "wxr_" + strings.Repeat("r", 43), "a.b.c", "é%00\n", strings.Repeat("x", 8192)} {
		a := ask(t, s, sendsForm(introspect, "token="+url.QueryEscape(token), asShop...))
		if a.status != http.StatusOK || string(a.body) != `{"active":false}`+"\n" {
			t.Errorf("%.40q: got %d %s", token, a.status, a.body)
		}
	}
}

// T-36: which apps are asked about follows from the credentials alone: two clients,
// a token of each one's app, and a request that names the other client.
func TestAClientReachesTokensOfItsOwnAppsOnly(t *testing.T) {
	tokens := map[string]domain.AppID{"token-of-shop": backends["shop"], "token-of-other": backends["the other: shop"]}
	revoked := map[string]bool{}
	s := build(world{
		inspect: func(c domain.ServiceClient, token domain.Secret) (domain.AccessToken, bool) {
			what := domain.AccessToken{Caller: domain.Caller{UserID: "u", SessionID: "s", AppID: tokens[token.Reveal()]}, ID: "j", IssuedAt: moment, ExpiresAt: moment}
			return what, c.Serves(what.AppID)
		},
		revoke: func(c domain.ServiceClient, token domain.Secret) error {
			revoked[c.ID+" "+token.Reveal()] = c.Serves(tokens[token.Reveal()])
			return nil
		},
	})
	for id, app := range backends {
		for token, owner := range tokens {
			lies := "&client_id=" + url.QueryEscape("the other: shop") + "&app_id=" + string(owner) + "&appId=" + string(owner)
			a := ask(t, s, sendsForm(introspect, "token="+token+lies, append(basic(id, secretOf(id)), "X-App-Id", string(owner))...))
			if active := strings.Contains(string(a.body), `"active":true`); active != (app == owner) {
				t.Errorf("%s introspects %s: got %s", id, token, a.body)
			}
			a = ask(t, s, sendsForm(revoke, "token="+token+lies, basic(id, secretOf(id))...))
			if a.status != http.StatusOK || len(a.body) > 0 || revoked[id+" "+token] != (app == owner) {
				t.Errorf("%s revokes %s: got %d %q, done %v", id, token, a.status, a.body, revoked)
			}
		}
	}
}

func TestAClientThatAsksWronglyIsToldWhere(t *testing.T) {
	for _, path := range []string{introspect, revoke} {
		for body, want := range map[string]fault{
			"":                                   {"token", "required"},
			"token=":                             {"token", "required"},
			"Token=x":                            {"token", "required"},
			"token_type_hint=access_token":       {"token", "required"},
			"token=" + strings.Repeat("x", 8193): {"token", "max"},
			"token=a&token=a":                    {"", "duplicate"},
			"token=a&x=1&x=2":                    {"", "duplicate"},
			"token=%zz":                          {"", "form"},
			"token=a;b=c":                        {"", "form"},
		} {
			a := ask(t, build(world{}), sendsForm(path, body, asShop...))
			p := a.problem(t)
			if diff := cmp.Diff([]fault{want}, p.Errors); a.status != http.StatusBadRequest || p.Error != "invalid_request" || diff != "" {
				t.Errorf("%s %.40q: got %d %s, faults differ (-want +got):\n%s", path, body, a.status, p.Error, diff)
			}
		}
		for body, want := range map[string]fault{
			`{}`:                        {"token", "required"},
			`{"token":["a"]}`:           {"token", "type"},
			`{"token":"a","token":"a"}`: {"token", "duplicate"},
			`{"token":"a","token_type_hint":"access_token"}`:                  {"token_type_hint", "unknown"},
			`{"token":"a","tokenTypeHint":"` + strings.Repeat("x", 65) + `"}`: {"tokenTypeHint", "max"},
			`{"token":"` + strings.Repeat("x", 8193) + `"}`:                   {"token", "max"},
			`token=a`: {"", "json"},
		} {
			a := ask(t, build(world{}), sends("POST", path, body, asShop...))
			if diff := cmp.Diff([]fault{want}, a.problem(t).Errors); a.status != http.StatusBadRequest || diff != "" {
				t.Errorf("%s %.40q: got %d, faults differ (-want +got):\n%s", path, body, a.status, diff)
			}
		}
		for _, kind := range []string{"", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=latin1"} {
			r := sendsForm(path, "token=a", asShop...)
			r.Header.Set("Content-Type", kind)
			if a := ask(t, build(world{}), r); a.status != http.StatusUnsupportedMediaType {
				t.Errorf("%s as %q: got %d", path, kind, a.status)
			}
		}
		if a := ask(t, build(world{}), sendsForm(path, "token="+strings.Repeat("x", 70_000), asShop...)); a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s with 70 000 bytes: got %d", path, a.status)
		}
		if a := ask(t, build(world{}), get(path+"?token="+goodToken, asShop...)); a.status != http.StatusMethodNotAllowed {
			t.Errorf("GET %s: got %d", path, a.status)
		}
	}
}

// RFC 7009 section 2.2: a token that is worth nothing is no error, a store that is
// down is.
func TestARevocationIsAnsweredWithNothing(t *testing.T) {
	var got []string
	s := build(world{revoke: func(c domain.ServiceClient, token domain.Secret) error {
		got = append(got, c.ID+" "+token.Reveal())
		return nil
	}})
	for _, r := range []*http.Request{sendsForm(revoke, "token=a%2Bb", asShop...), sends("POST", revoke, `{"token":"a+b"}`, asShop...)} {
		if a := ask(t, s, r); a.status != http.StatusOK || len(a.body) > 0 || a.header.Get("Content-Type") != "" {
			t.Errorf("got %d %q", a.status, a.body)
		}
	}
	if diff := cmp.Diff([]string{"shop a+b", "shop a+b"}, got); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
	s = build(world{revoke: func(domain.ServiceClient, domain.Secret) error {
		return fmt.Errorf("revoke token: %w", domain.ErrStoreUnavailable)
	}})
	a := ask(t, s, sendsForm(revoke, "token=a", asShop...))
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("no store: got %d, Retry-After %q", a.status, a.header.Get("Retry-After"))
	}
}
