package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"wxlogin/domain"
)

const broker = "/v1/apps/wx0123456789abcdef/access-token"

func TestAClientGetsTheTokenOfAnApp(t *testing.T) {
	for body, done := range map[string]string{
		"":                    `token of wx0123456789abcdef for shop, after ""`,
		`{"refused":"stale"}`: `token of wx0123456789abcdef for shop, after "stale"`,
	} {
		did := &owner{}
		r := without(http.MethodPost, broker, asShop...)
		if body != "" {
			r = sends(http.MethodPost, broker, body, asShop...)
		}
		a := ask(t, build(world{owner: did}), r)
		if a.status != http.StatusOK || string(a.body) != `{"accessToken":"platform-token","expiresIn":6000}`+"\n" || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %d %s", body, a.status, a.body)
		}
		if len(did.done) != 1 || did.done[0] != done {
			t.Errorf("%s: was told %v, want %s", body, did.done, done)
		}
	}
}

// T-25, T-36: whoever is not a client, or not this app's, gets nothing.
func TestNobodyElseGetsATokenOfWeChats(t *testing.T) {
	did := &owner{}
	s := build(world{owner: did})
	for name, headers := range map[string][]string{"nobody": nil, "a user": asAlice, "a wrong secret": basic("shop", "wrong")} {
		if a := ask(t, s, without(http.MethodPost, broker, headers...)); a.status != http.StatusUnauthorized {
			t.Errorf("%s: got %d, want 401", name, a.status)
		}
	}
	if len(did.done) > 0 {
		t.Errorf("asked: %v", did.done)
	}
	a := ask(t, build(world{owner: &owner{err: domain.ErrAccessDenied}}), without(http.MethodPost, broker, asShop...))
	if a.status != http.StatusForbidden || a.problem(t).Code != "access_denied" || strings.Contains(string(a.body), "platform-token") {
		t.Errorf("a client without the right: got %d %s", a.status, a.body)
	}
}

func TestWhatIsWrongWithARequestForATokenIsTold(t *testing.T) {
	for body, want := range map[string]int{`{}`: 400, `{"refused":""}`: 400, `{"refused":1}`: 400, `{"refused":"` + strings.Repeat("x", 1025) + `"}`: 400, `x`: 400} {
		if a := ask(t, build(world{}), sends(http.MethodPost, broker, body, asShop...)); a.status != want {
			t.Errorf("%.40s: got %d, want %d", body, a.status, want)
		}
	}
	if a := ask(t, build(world{}), sendsForm(broker, "refused=x", asShop...)); a.status != http.StatusUnsupportedMediaType {
		t.Errorf("a form: got %d, want 415", a.status)
	}
}
