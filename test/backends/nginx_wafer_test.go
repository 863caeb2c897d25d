package backends

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

var authorization = regexp.MustCompile(` *proxy_set_header Authorization +\$http_authorization;\n`)

// The README's line for clients of Tencent's wafer2 SDK.
func TestNginxLetsAnSkeyIn(t *testing.T) {
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		lines := authorization.FindAllString(conf, -1)
		if len(lines) != 1 {
			t.Fatalf("got %q, want one line that the snippet replaces", lines)
		}
		w, b := inWorld(t, "ES256"), newBackend(t)
		front := startNginx(t, strings.Replace(conf, lines[0], testkit.Snippet(t, "nginx-skey", "nginx"), 1), w.Base, b.URL)
		login := w.login(t)
		skey := func(text string) testkit.Header { return testkit.With("X-WX-Skey", text) }
		r, _ := b.serves(t, "a good skey", front.Get("/orders", "", skey(login.AccessToken)))
		if got := r.Header.Get("X-User-Id"); got != login.User.ID {
			t.Errorf("the backend saw user %q, want %q", got, login.User.ID)
		}
		b.refuses(t, "none", front.Get("/orders", ""), http.StatusUnauthorized)
		b.refuses(t, "one of Tencent's", front.Get("/orders", "", skey("7b69dc787384c988eb0e4ca9920295396aeb9e8a")), http.StatusUnauthorized)
		b.refuses(t, "a token elsewhere", front.Get("/orders", login.AccessToken), http.StatusUnauthorized)
		w.logout(t, login.AccessToken)
		b.refuses(t, "one that ended", front.Get("/orders", "", skey(login.AccessToken)), http.StatusUnauthorized)
	})
}
