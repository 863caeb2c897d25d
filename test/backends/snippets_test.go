package backends

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"wxlogin/test/testkit"
)

// start runs the snippet against w, and returns a client of it.
func (p program) start(t testing.TB, w *world) *testkit.Client {
	t.Helper()
	dir, address := t.TempDir(), freeAddress(t)
	write(t, dir, p.file, at(t, testkit.Snippet(t, p.name, p.language), w.gate.URL, address))
	cmd := p.command(t, dir, address)
	cmd.Dir = dir
	listens(t, cmd, address)
	return testkit.NewClient(t, "http://"+address)
}

// onEveryProgram runs a test once for each snippet, on a world of its own.
func onEveryProgram(t *testing.T, test func(*testing.T, program, *world, *testkit.Client)) {
	t.Helper()
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			w := inWorld(t, "ES256")
			test(t, p, w, p.start(t, w))
		})
	}
}

// lets fails the test unless the backend greets the user.
func lets(t testing.TB, what string, a testkit.Answer, user string) {
	t.Helper()
	if a.Status != http.StatusOK || string(a.Body) != "hello "+user+"\n" {
		t.Errorf("%s: got %d %q %v, want a greeting of %s", what, a.Status, a.Body, a.Err, user)
	}
}

// keepsOut fails the test unless the backend answers with the status.
func keepsOut(t testing.TB, what string, a testkit.Answer, status int) {
	t.Helper()
	challenge := a.Header.Get("WWW-Authenticate")
	if a.Status != status || strings.Contains(string(a.Body), "hello") || (challenge == "Bearer") != (status == http.StatusUnauthorized) {
		t.Errorf("%s: got %d %q %v (WWW-Authenticate %q), want %d", what, a.Status, a.Body, a.Err, challenge, status)
	}
}

func TestReadmeSnippetsLetGoodTokensInAndNoOthers(t *testing.T) { // R-JWT-1 to 9
	onEveryProgram(t, func(t *testing.T, p program, w *world, c *testkit.Client) {
		user := w.login(t).User.ID
		for _, g := range w.tokens(t) {
			if a := c.Get("/", g.token); g.good {
				lets(t, g.name, a, user)
			} else {
				keepsOut(t, g.name, a, http.StatusUnauthorized)
			}
		}
		good := w.login(t).AccessToken
		for _, other := range []string{"Basic " + good, good, "Bearer", "Bearer ", "Bearer\t", "Bearer " + good + " " + good, "Bearer 令牌", ", Bearer " + good} {
			keepsOut(t, other, c.Get("/", "", testkit.With("Authorization", other)), http.StatusUnauthorized)
		}
		keepsOut(t, "no header", c.Get("/", ""), http.StatusUnauthorized)
		keepsOut(t, "in the query", c.Get("/?access_token="+good, ""), http.StatusUnauthorized)
	})
}

func TestReadmeSnippetsHearOfALogoutAsTheReadmeSays(t *testing.T) { // R-TOK-6
	onEveryProgram(t, func(t *testing.T, p program, w *world, c *testkit.Client) {
		login := w.login(t)
		lets(t, "before", c.Get("/", login.AccessToken), login.User.ID)
		w.logout(t, login.AccessToken)
		if p.local {
			lets(t, "a local check after a logout", c.Get("/", login.AccessToken), login.User.ID)
			return
		}
		within(t, logoutKnown, "the token refused", func() bool { return c.Get("/", login.AccessToken).Status == http.StatusUnauthorized })
	})
}

func TestReadmeSnippetsFollowARotationOfKeys(t *testing.T) { // T-31
	onEveryProgram(t, func(t *testing.T, p program, w *world, c *testkit.Client) {
		old := w.login(t)
		lets(t, "before", c.Get("/", old.AccessToken), old.User.ID)
		next := w.rotate(t)
		eventually(t, "a token of the next key let in", func() bool { return c.Get("/", next.AccessToken).Status == http.StatusOK })
		lets(t, "the former key's token", c.Get("/", old.AccessToken), old.User.ID)
	})
}

func TestReadmeSnippetsAskForMadeUpKeysNowAndThenOnly(t *testing.T) {
	onEveryProgram(t, func(t *testing.T, p program, w *world, c *testkit.Client) {
		login, least, most := w.login(t), int64(1), int64(3)
		if !p.local { // it asks about tokens, never for keys
			least, most = 0, 0
		}
		lets(t, "a good token", c.Get("/", login.AccessToken), login.User.ID)
		madeUp := withKeyID(t, login.AccessToken, "made up")
		for range 50 {
			keepsOut(t, "a made-up kid", c.Get("/", madeUp), http.StatusUnauthorized)
		}
		if n := w.gate.keys.Load(); n < least || n > most {
			t.Errorf("wxlogin was asked for its keys %d times, want %d to %d", n, least, most)
		}
	})
}

func TestReadmeSnippetsWithoutWxlogin(t *testing.T) {
	onEveryProgram(t, func(t *testing.T, p program, w *world, c *testkit.Client) {
		login := w.login(t)
		lets(t, "before", c.Get("/", login.AccessToken), login.User.ID)
		fresh := p.start(t, w)
		w.gate.shut()
		keepsOut(t, "one that has no keys yet", fresh.Get("/", login.AccessToken), http.StatusServiceUnavailable)
		if p.local {
			lets(t, "with the keys that it has", c.Get("/", login.AccessToken), login.User.ID)
			return
		}
		keepsOut(t, "one that has to ask", c.Get("/", login.AccessToken), http.StatusServiceUnavailable)
	})
}

func TestReadmeSnippetWithAWrongSecretLetsNobodyIn(t *testing.T) {
	w := inWorld(t, "ES256")
	i := 3
	if programs[i].name != "php" {
		t.Fatal("the snippet that has a secret is elsewhere")
	}
	p := programs[i]
	p.command = func(t testing.TB, dir, address string) *exec.Cmd {
		cmd := runPHP(t, dir, address)
		cmd.Env = append(cmd.Env, "WXLOGIN_CLIENT_SECRET=wxs_guessed")
		return cmd
	}
	keepsOut(t, "a good token", p.start(t, w).Get("/", w.login(t).AccessToken), http.StatusServiceUnavailable)
}
