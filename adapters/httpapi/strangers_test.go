package httpapi_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
	"wxlogin/domain"
)

// basic is the header of a service client, as RFC 6749 section 2.3.1 has it.
func basic(id, secret string) []string {
	pair := url.QueryEscape(id) + ":" + url.QueryEscape(secret)
	return []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))}
}

var asShop = basic("shop", secretOf("shop"))

// strangers are credentials of nobody.
func strangers() map[string][]string {
	raw := func(text string) []string {
		return []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(text))}
	}
	return map[string][]string{
		"none":                {},
		"an unknown client":   basic("nobody", secretOf("shop")),
		"a wrong secret":      basic("shop", secretOf("shop")+"x"),
		"another's secret":    basic("shop", secretOf("the other: shop")),
		"no secret":           basic("shop", ""),
		"no id":               basic("", secretOf("shop")),
		"nothing at all":      raw(":"),
		"no colon":            raw("shop"),
		"a bad escape":        raw("shop:%zz"),
		"a bad escaped id":    raw("%:x"),
		"no escapes":          raw("shop:" + secretOf("shop")),
		"no base64":           {"Authorization", "Basic !!!"},
		"an access token":     {"Authorization", "Bearer " + goodToken},
		"two headers":         append(basic("shop", secretOf("shop")), basic("shop", secretOf("shop"))...),
		"in another header":   {"Proxy-Authorization", asShop[1]},
		"a scheme of its own": {"Authorization", strings.Replace(asShop[1], "Basic", "Basic2", 1)},
	}
}

// T-35: no answer without credentials, and one answer for all that are wrong.
func TestStrangersAreRefusedAlike(t *testing.T) {
	s := build(world{
		inspect: func(domain.ServiceClient, domain.Secret) (domain.AccessToken, bool) {
			t.Error("a stranger introspects")
			return domain.AccessToken{}, false
		},
		revoke: func(domain.ServiceClient, domain.Secret) error { t.Error("a stranger revokes"); return nil },
	})
	body := "token=" + goodToken + "&client_id=shop&client_secret=" + url.QueryEscape(secretOf("shop"))
	want := ask(t, s, sendsForm(introspect, body))
	if p := want.problem(t); want.status != http.StatusUnauthorized || p.Code != "invalid_client" || p.Error != "invalid_client" ||
		want.header.Get("WWW-Authenticate") != `Basic realm="wxlogin"` {
		t.Errorf("got %d %s, WWW-Authenticate %q", want.status, want.body, want.header.Get("WWW-Authenticate"))
	}
	for name, headers := range strangers() {
		for _, path := range []string{introspect, revoke} {
			for form, r := range map[string]*http.Request{"form": sendsForm(path, body, headers...), "JSON": sends("POST", path, `{`, headers...), "bare": without("POST", path, headers...)} {
				if diff := cmp.Diff(want, ask(t, s, r), cmp.AllowUnexported(answer{})); diff != "" {
					t.Errorf("%s at %s by %s differs (-want +got):\n%s", name, path, form, diff)
				}
			}
		}
	}
}

// Guessing is told to stop; a right secret passes, even from the same address.
func TestGuessingIsLimitedAndKnowingIsNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := build(world{cfg: config.HTTP{RateLimits: true}})
		most, _ := httpapi.FirstStrangerWindow()
		for i := range 2 * most {
			want := http.StatusUnauthorized
			if i >= most {
				want = http.StatusTooManyRequests
			}
			if a := ask(t, s, sendsForm(introspect, "token=x", basic("shop", "guess")...)); a.status != want {
				t.Fatalf("guess %d: got %d, want %d", i, a.status, want)
			}
		}
		if a := ask(t, s, without("POST", revoke)); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
			t.Errorf("a guess elsewhere: got %d, want 429", a.status)
		}
		for i := range 20 * most {
			if a := ask(t, s, sendsForm(introspect, "token=x", asShop...)); a.status != http.StatusOK {
				t.Fatalf("question %d of a client: got %d, want 200", i, a.status)
			}
		}
		other := sendsForm(introspect, "token=x", basic("shop", "guess")...)
		other.RemoteAddr = "198.51.100.9:1"
		if a := ask(t, s, other); a.status != http.StatusUnauthorized {
			t.Errorf("another address: got %d, want 401", a.status)
		}
	})
}
