package e2e

import (
	"encoding/json"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

// developer is "wxlogin dev" as a newcomer starts it, on free ports.
type developer struct {
	service
	curl   string // the command line that the banner shows
	wechat string
}

func dev(t *testing.T, dir string) developer {
	t.Helper()
	began := time.Now()
	p := start(t, dir, settings{"LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "127.0.0.1:0", "SIM_LISTEN": "127.0.0.1:0"}, "wxlogin", "dev")
	base := p.says(t, &p.out, `service +(http://\S+)`)[1]
	wechat := p.says(t, &p.out, `WeChat +(http://\S+)`)[1]
	line := p.says(t, &p.out, `(?m)^ *(curl .*)$`)[1]
	t.Logf("banner after %v", time.Since(began).Round(time.Millisecond))
	return developer{service{testkit.NewClient(t, base), p}, line, wechat}
}

// loginAs does what the page does: a code from the playground, then a login.
func (d developer) loginAs(t *testing.T, person string) testkit.Login {
	t.Helper()
	var fresh struct{ Code string }
	got := d.Post("/playground/code?person="+url.QueryEscape(person), nil)
	if err := json.Unmarshal(got.Body, &fresh); err != nil || fresh.Code == "" {
		t.Fatalf("playground/code: got %d %s, want a code", got.Status, got.Body)
	}
	return d.Post("/v1/login", map[string]any{"code": fresh.Code}).Login(t)
}

func TestDevLogsInWithTheLineThatItPrints(t *testing.T) {
	d := dev(t, t.TempDir())
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil && os.Getenv("CI") == "true" {
			t.Fatalf("no %s to run the banner's line with", tool)
		} else if err != nil {
			t.Skipf("no %s to run the banner's line with", tool)
		}
	}
	shell := exec.CommandContext(t.Context(), "bash", "-c", d.curl)
	shell.Env = settings{}.environ()
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", d.curl, err, out)
	}
	login := testkit.Answer{Status: 200, Body: out}.Login(t)
	wantStatus(t, "me", d.Get("/v1/me", login.AccessToken), 200, "")
	if !login.NewUser {
		t.Errorf("got %+v, want a new user", login)
	}
	d.stops(t)
}

func TestDevServesAPageThatRunsItsOwnScriptAlone(t *testing.T) {
	d := dev(t, t.TempDir())
	page := d.Get("/", "")
	policy := page.Header.Get("Content-Security-Policy")
	if page.Status != 200 || !strings.Contains(string(page.Body), `src="/playground/main.js"`) || page.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("got %d %s, want the page", page.Status, page.Body)
	}
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	for _, path := range []string{"/playground/main.js", "/playground/sdk.js"} {
		if script := d.Get(path, ""); script.Status != 200 || !strings.HasPrefix(script.Header.Get("Content-Type"), "text/javascript") {
			t.Errorf("%s: got %d %s", path, script.Status, script.Header)
		}
	}
	wantStatus(t, "readyz", d.Get("/readyz", ""), 200, "")
	wantStatus(t, "me", d.Get("/v1/me", d.loginAs(t, "bob").AccessToken), 200, "")
}

func TestDevKeepsItsUsersFromOneStartToTheNext(t *testing.T) {
	dir := t.TempDir()
	first := dev(t, dir)
	before := first.loginAs(t, "alice")
	first.stops(t)
	wantSilence(t, first.Base, first.wechat)

	second := dev(t, dir)
	after := second.loginAs(t, "alice")
	if !before.NewUser || after.NewUser || after.User.ID != before.User.ID {
		t.Errorf("got new user %v with id %s, then %v with %s, want one user", before.NewUser, before.User.ID, after.NewUser, after.User.ID)
	}
	wantStatus(t, "me with the older token", second.Get("/v1/me", before.AccessToken), 200, "")
	second.stops(t)
	wantSilence(t, second.Base, second.wechat)
}

// wantSilence checks that nobody listens at addresses any more.
func wantSilence(t *testing.T, addresses ...string) {
	t.Helper()
	for _, address := range addresses {
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(address, "http://"), time.Second)
		if err == nil {
			_ = conn.Close()
			t.Errorf("%s: somebody still listens", address)
		}
	}
}
