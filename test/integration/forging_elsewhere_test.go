package integration

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"wxlogin/config"
	"wxlogin/test/testkit"
)

// On every other way in the headers change nothing: whose the code is counts.
func TestT26_CloudRunHeadersChangeNoOtherLogin(t *testing.T) {
	for _, network := range []string{here, "10.0.0.0/8"} {
		f := forging(t, network)
		alice := append(f.named(t, "", "alice"), testkit.With("X_WX_OPENID", f.alice), testkit.With("X-WX-FROM-OPENID", f.alice))
		mallory := f.login(t, "mallory").User.ID
		for what, token := range map[string]string{
			"/v1/login": f.Post("/v1/login", map[string]string{"code": f.code(t, "mallory")}, alice...).Login(t).AccessToken,
			"scaffold":  textAfter(string(f.Get("/user/login?code="+f.code(t, "mallory"), "", alice...).Body), `"Token":"`),
			"wafer":     textAfter(string(f.Get("/weapp/login", "", append(alice, testkit.With("X-WX-Code", f.code(t, "mallory")))...).Body), `"skey":"`),
		} {
			if me := f.Get("/v1/me", token, alice...).User(t); me.ID != mallory {
				t.Errorf("%s: got %+v, want mallory", what, me)
			}
			verdict := f.Get("/v1/verify", token, alice...)
			if id := verdict.Header.Get("X-User-Id"); verdict.Status != 200 || id != mallory {
				t.Errorf("%s: verify: got %d and %s, want mallory", what, verdict.Status, id)
			}
			for name := range verdict.Header {
				if strings.HasPrefix(name, "X-Wx") {
					t.Errorf("%s: verify echoes %s", what, name)
				}
			}
		}
		for _, path := range []string{"/user/login", "/weapp/login", "/weapp/user", "/v1/me", "/v1/verify"} {
			a := f.Get(path, "", alice...)
			f.wantNothingOf(t, path, a)
		}
		f.wantNoTrace(t)
	}
}

// wantNothingOf checks the answer of a protocol that says 200 whatever happens.
func (f *forgery) wantNothingOf(t *testing.T, path string, a testkit.Answer) {
	t.Helper()
	for _, given := range []string{f.alice, "accessToken", `"Token":"`, `"skey":"`} {
		if a.Err != nil || bytes.Contains(a.Body, []byte(given)) {
			t.Errorf("%s: got %s %v, want nothing", path, a.Body, a.Err)
		}
	}
}

// textAfter returns the text between what comes before it and the next quote.
func textAfter(text, before string) string {
	_, rest, _ := strings.Cut(text, before)
	found, _, _ := strings.Cut(rest, `"`)
	return found
}

func TestCloudRunIsUnknownWhereItIsNotSwitchedOn(t *testing.T) {
	w := inMemory(t, func(cfg *config.Config) {
		inCloudRun(here)(cfg)
		cfg.HTTP.CloudRun.Trust = false
	})
	for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodPut} {
		wantStatus(t, method, w.Send(method, cloudRun, "", w.named(t, "", "alice")...), 404, "not_found")
	}
}
