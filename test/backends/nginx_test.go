package backends

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

func TestNginxTellsTheBackendWhoItIs(t *testing.T) {
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		w, b := inWorld(t, "ES256"), newBackend(t)
		front, login := startNginx(t, conf, w.Base, b.URL), w.login(t)
		r, _ := b.serves(t, "a good token", front.Get("/orders/1?all=yes", login.AccessToken))
		got := []string{r.Header.Get("X-User-Id"), r.Header.Get("X-Session-Id"), r.Header.Get("X-App-Id"), r.RequestURI}
		want := []string{login.User.ID, login.Session.ID, string(testkit.App(w.cfg)), "/orders/1?all=yes"}
		if !slices.Equal(got, want) {
			t.Errorf("the backend saw %q, want %q", got, want)
		}
	})
}

func TestNginxRefusesEveryBadToken(t *testing.T) { // R-JWT-1 to 9 by forward auth
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		w, b := inWorld(t, "ES256"), newBackend(t)
		front := startNginx(t, conf, w.Base, b.URL)
		for _, g := range w.tokens(t) {
			a := front.Get("/", g.token)
			if g.good {
				b.serves(t, g.name, a)
				continue
			}
			b.refuses(t, g.name, a, http.StatusUnauthorized)
			if challenge := a.Header.Get("WWW-Authenticate"); !strings.HasPrefix(challenge, `Bearer realm="wxlogin"`) {
				t.Errorf("%s: got WWW-Authenticate %q, want wxlogin's", g.name, challenge)
			}
		}
		good := w.login(t).AccessToken
		b.refuses(t, "in the query", front.Get("/?access_token="+good, ""), http.StatusUnauthorized)
		b.refuses(t, "as Basic", front.Get("/", "", testkit.With("Authorization", "Basic "+good)), http.StatusUnauthorized)
		b.refuses(t, "the verifier's own path", front.Get("/_wxlogin/verify", good), http.StatusNotFound)
	})
}

func TestNginxSaysWhatIsWrongInJSON(t *testing.T) {
	w, b := inWorld(t, "ES256"), newBackend(t)
	front := startNginx(t, read(t, shipped), w.Base, b.URL)
	ended := w.login(t).AccessToken
	w.logout(t, ended)
	given := w.tokens(t)
	for token, want := range map[string]string{"": "token_missing", "garbage": "token_invalid", given[2].token: "token_expired", ended: "session_revoked"} {
		a := front.Get("/", token)
		b.refuses(t, want, a, http.StatusUnauthorized)
		var problem struct {
			Type, Title, Code, RequestID string
			Status                       int
		}
		err := json.Unmarshal(a.Body, &problem)
		if kind := a.Header.Get("Content-Type"); err != nil || kind != "application/problem+json" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %s %v %v, want a problem document", want, a.Body, a.Header, err)
		}
		if problem.Code != want || problem.Status != http.StatusUnauthorized || problem.RequestID == "" {
			t.Errorf("%s: got %s, want its code", want, a.Body)
		}
		if all := a.Header.Values("WWW-Authenticate"); len(all) != 1 {
			t.Errorf("%s: got WWW-Authenticate %q, want one", want, all)
		}
	}
}

func TestNginxRefusesWithinTwoSecondsOfALogout(t *testing.T) { // R-TOK-6
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		w, b := inWorld(t, "ES256"), newBackend(t)
		front, token := startNginx(t, conf, w.Base, b.URL), w.login(t).AccessToken
		b.serves(t, "before", front.Get("/", token))
		w.logout(t, token)
		out := time.Now()
		within(t, logoutKnown, "the token refused", func() bool { return front.Get("/", token).Status == http.StatusUnauthorized })
		t.Logf("refused %v after the logout", time.Since(out).Round(time.Millisecond))
	})
}
