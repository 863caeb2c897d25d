package backends

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

// odd are spellings of a header's name that a backend might take for it.
func odd(name string) []string {
	snake := strings.ReplaceAll(name, "-", "_")
	return []string{
		name, strings.ToLower(name), strings.ToUpper(name), snake, strings.ToLower(snake), strings.ToUpper(snake),
		strings.Replace(name, "-", "_", 1), strings.ReplaceAll(name, "-", "."), "HTTP_" + strings.ToUpper(snake),
	}
}

var letters = regexp.MustCompile(`[^a-z]`)

// identities are the values of every header that looks like X-User-Id,
// X-Session-Id or X-App-Id.
func identities(r *http.Request) (values []string) {
	for name, all := range r.Header {
		plain := strings.TrimPrefix(letters.ReplaceAllString(strings.ToLower(name), ""), "http")
		if slices.Contains([]string{"xuserid", "xsessionid", "xappid"}, plain) {
			values = append(values, all...)
		}
	}
	slices.Sort(values)
	return values
}

func TestNginxDropsWhatClientsSayOfThemselves(t *testing.T) { // R-HTTP-3, T-01
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		w, b := inWorld(t, "ES256"), newBackend(t)
		front, login := startNginx(t, conf, w.Base, b.URL), w.login(t)
		want := []string{login.User.ID, login.Session.ID, string(testkit.App(w.cfg))}
		slices.Sort(want)
		for _, name := range []string{"X-User-Id", "X-Session-Id", "X-App-Id"} {
			for _, spelling := range odd(name) {
				evil := func(h http.Header) { h[spelling] = []string{"evil", "worse"} }
				b.refuses(t, spelling, front.Get("/", "", evil), http.StatusUnauthorized)
				r, _ := b.serves(t, spelling, front.Get("/", login.AccessToken, evil))
				if got := identities(r); !slices.Equal(got, want) {
					t.Errorf("%s: the backend saw %q, want %q", spelling, got, want)
				}
				if conf != read(t, shipped) {
					continue
				}
				r, _ = b.serves(t, spelling, front.Get("/public/", "", evil))
				if got := identities(r); got != nil {
					t.Errorf("%s where nobody logs in: the backend saw %q, want nothing", spelling, got)
				}
			}
		}
	})
}

func TestNginxKeepsTheTokenFromTheBackend(t *testing.T) {
	w, b := inWorld(t, "ES256"), newBackend(t)
	front := startNginx(t, read(t, shipped), w.Base, b.URL)
	token := w.login(t).AccessToken
	for _, path := range []string{"/", "/public/"} {
		r, _ := b.serves(t, path, front.Get(path, token, testkit.With("X-WX-Skey", token)))
		for _, name := range []string{"Authorization", "X-WX-Skey"} {
			if got := r.Header.Get(name); got != "" {
				t.Errorf("%s: the backend saw %s %q, want none", path, name, got)
			}
		}
	}
}

func TestNginxDoesNotChooseBetweenTwoTokens(t *testing.T) {
	onEveryConfiguration(t, func(t *testing.T, conf string) {
		w, b := inWorld(t, "ES256"), newBackend(t)
		front, good := startNginx(t, conf, w.Base, b.URL), "Bearer "+w.login(t).AccessToken
		for _, pair := range [][]string{{good, "Bearer garbage"}, {"Bearer garbage", good}} {
			a := front.Get("/", "", func(h http.Header) { h["Authorization"] = pair })
			if a.Status != http.StatusBadRequest { // as newer nginx does not say it
				b.refuses(t, "two tokens", a, http.StatusUnauthorized)
			}
			if r, _ := b.take(); r != nil {
				t.Error("the backend saw a request with two tokens")
			}
		}
	})
}
