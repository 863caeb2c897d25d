package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
	"wxlogin/test/testkit"
)

func TestTokenOfAnotherInstallationIsRefused(t *testing.T) { // seed defect 1
	one := inWorld(t, nil)
	two := one.again(t, settings{"DATA_DIR": t.TempDir()})
	token := one.login(t, "alice").AccessToken
	wantStatus(t, "at home", one.Get("/v1/me", token), 200, "")
	wantStatus(t, "elsewhere", two.Get("/v1/me", token), 401, "token_invalid")
}

func TestUsersOutliveTheSigningKey(t *testing.T) { // seed defects 17, 19
	w := inWorld(t, nil)
	before := w.login(t, "alice")
	w.stops(t)
	if err := os.RemoveAll(filepath.Join(w.env["DATA_DIR"], "keys")); err != nil {
		t.Fatal(err)
	}
	w = w.again(t, nil)
	wantStatus(t, "a token under the lost key", w.Get("/v1/me", before.AccessToken), 401, "token_invalid")
	after := w.login(t, "alice")
	if after.NewUser || after.User.ID != before.User.ID {
		t.Errorf("got %+v, want user %s", after, before.User.ID)
	}
	wantStatus(t, "a token under the new key", w.Get("/v1/me", after.AccessToken), 200, "")
}

func TestEachUserHasTimesOfTheirOwn(t *testing.T) { // seed defect 14
	w := inWorld(t, nil)
	var created time.Time
	for n, person := range []string{"alice", "bob", "alice"} {
		before := time.Now().Truncate(time.Millisecond)
		token := w.login(t, person).AccessToken
		after := time.Now()
		var me struct{ CreatedAt, LastLoginAt time.Time }
		got := w.Get("/v1/me", token)
		if err := json.Unmarshal(got.Body, &me); err != nil || me.LastLoginAt.Before(before) || me.LastLoginAt.After(after) {
			t.Errorf("login %d: got %s, want a lastLoginAt from %v to %v", n, got.Body, before, after)
		}
		switch {
		case n == 0:
			created = me.CreatedAt
		case n == 1 && me.CreatedAt.Before(before), n == 2 && !me.CreatedAt.Equal(created):
			t.Errorf("login %d: got %s, want the createdAt of %s's first login", n, got.Body, person)
		}
	}
}

func TestDevicesHaveSessionsOfTheirOwn(t *testing.T) { // seed defect 15
	w := inWorld(t, nil)
	on := func(device string) testkit.Login {
		return w.Post("/v1/login", map[string]any{"code": w.code(t, "alice"), "device": map[string]string{"id": device}}).Login(t)
	}
	phone, tablet, again := on("phone-0001"), on("tablet-0001"), on("phone-0001")
	for _, login := range []testkit.Login{phone, tablet, again} {
		wantStatus(t, "me", w.Get("/v1/me", login.AccessToken), 200, "")
	}
	db := openStore(t, w.env["DATA_DIR"])
	defer func() { _ = db.Close() }()
	stored := pairs(t, db, "SELECT session_id, device_id FROM sessions")
	if len(stored) != 2 || stored[tablet.Session.ID] != "tablet-0001" || stored[again.Session.ID] != "phone-0001" {
		t.Errorf("got sessions %v, want the tablet's and the phone's latest", stored)
	}
}

func TestNoWebPageOfAnotherOriginMayReadAnswers(t *testing.T) { // seed defect 25
	w := inWorld(t, nil)
	for _, method := range []string{http.MethodOptions, http.MethodGet, http.MethodPost} {
		for _, path := range []string{"/v1/login", "/v1/me", "/user/login", "/home/test", "/.well-known/jwks.json"} {
			res := w.from(t, method, path, http.Header{
				"Origin": {"https://evil.example"}, "Access-Control-Request-Method": {"POST"}, "Access-Control-Request-Headers": {"authorization"},
			})
			for name := range res.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s: got header %s, want none", method, path, name)
				}
			}
		}
	}
}

func TestPathsThatOnlyNameTheLoginAreGuardedLikeOthers(t *testing.T) { // seed defect 26
	w := inWorld(t, nil)
	for _, path := range []string{
		"/v1/me?/user/login", "/v1/me/user/login", "/user/login/../../v1/me", "/home/test?next=/user/login", "/user/login/home/test",
		"/home/test/user/login", "//user/login//v1/me", "/v1/me#/user/login", "/v1/me;/user/login", "/v1/me%2fuser%2flogin", "/V1/ME",
	} {
		if got := w.Get(path, ""); got.Err != nil || got.Status != 401 && got.Status != 404 {
			t.Errorf("%s: got %d %s %v, want 401 or 404", path, got.Status, got.Body, got.Err)
		}
	}
}

// from sends a request with headers and no body.
func (w world) from(t *testing.T, method, path string, header http.Header) testkit.Answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.Base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	res, err := w.HTTP.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	return testkit.Answer{Status: res.StatusCode, Header: res.Header, Body: body, Request: req, Err: err}
}

func TestOneServiceServesManyAppsWhoseSecretsAreFiles(t *testing.T) { // seed defects 12, 29
	const other = "wxfedcba9876543210"
	wechat, url := simulate(t, func(c *wechatsim.Config) { c.Apps = append(c.Apps, wechatsim.App{ID: other, Secret: "another-secret"}) })
	file := filepath.Join(t.TempDir(), "apps")
	if err := os.WriteFile(file, []byte(appID+":"+appSecret+", "+other+":another-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := bare(url, t.TempDir()).with(hasty).with(settings{"WECHAT_APPS_FILE": file})
	delete(env, "WECHAT_APPS")
	w := world{serve(t, env), wechat, env}
	users := map[string]bool{}
	for _, app := range []string{appID, other} {
		for range 2 {
			code, err := wechat.Code(app, "alice")
			if err != nil {
				t.Fatal(err)
			}
			login := w.Post("/v1/login", map[string]any{"appId": app, "code": code}).Login(t)
			if known := users[login.User.ID]; known == login.NewUser {
				t.Errorf("%s: got %+v, want one user in each app", app, login)
			}
			users[login.User.ID] = true
		}
	}
	if len(users) != 2 {
		t.Errorf("got %d users, want one in each of two apps", len(users))
	}
	wantStatus(t, "no app where there are two", w.Post("/v1/login", map[string]any{"code": w.code(t, "alice")}), 400, "unknown_app")
}

func TestOneAddressMayNotLogInWithoutEnd(t *testing.T) { // seed defect 32
	w := inWorld(t, settings{"RATE_LIMITS": "on"})
	var mu sync.Mutex
	seen := map[int]int{}
	var phones sync.WaitGroup
	for range 8 {
		phones.Go(func() {
			for range 100 {
				got := w.Post("/v1/login", map[string]any{"code": "made-up"})
				mu.Lock()
				seen[got.Status]++
				mu.Unlock()
			}
		})
	}
	phones.Wait()
	last := w.Post("/v1/login", map[string]any{"code": "made-up"})
	if seen[401] < 300 || seen[429] == 0 || seen[401]+seen[429] != 800 {
		t.Errorf("got %v, want 300 at least that were asked for, and the rest refused", seen)
	}
	if last.Status == 429 && last.Header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	wantStatus(t, "livez for the same address", w.Get("/livez", ""), 200, "")
}
