package wechatsim_test

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
)

var (
	ridForm    = regexp.MustCompile(`, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)
	openIDForm = regexp.MustCompile(`^o[A-Za-z0-9_-]{27}$`)
)

func TestLoginNamesThePersonInPlainText(t *testing.T) {
	w := start(t)
	raw, err := w.send(http.MethodGet, w.server.APIURL+loginPath+"?"+login(shop, shopSecret, w.code("", "")).Encode(), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := raw.header.Get("Content-Type"); got != "text/plain" {
		t.Errorf("content type %q, want WeChat's text/plain", got)
	}
	got := w.object(raw.body)
	openID, unionID, _ := w.Identity(shop, "alice")
	if got["openid"] != openID || !openIDForm.MatchString(openID) {
		t.Errorf("openid %v, want %q of 28 characters", got["openid"], openID)
	}
	if got["unionid"] != unionID || !openIDForm.MatchString(unionID) {
		t.Errorf("unionid %v, want %q of 28 characters", got["unionid"], unionID)
	}
	key, _ := got["session_key"].(string)
	if bytes, err := base64.StdEncoding.DecodeString(key); err != nil || len(bytes) != 16 {
		t.Errorf("session_key %q is not base64 of 16 bytes", key)
	}
	if _, there := got["errcode"]; there {
		t.Errorf("errcode in a success: %v", got)
	}
}

func TestLoginChecksInWeChatsOrder(t *testing.T) {
	w := start(t)
	used := w.code(shop, "")
	w.login(shop, shopSecret, used)
	const grant = "authorization_code"
	tests := []struct {
		name, app, secret, grant, code string
		want                           int
	}{
		{"nothing at all", "", "", "", "", 41002},
		{"unknown app", "wxnobody", "", "", "", 40013},
		{"app in capitals", "WXSHOP", shopSecret, grant, "x", 40013},
		{"no secret", shop, "", "", "", 41004},
		{"another app's secret", shop, gameSecret, "", "", 40125},
		{"no grant type", shop, shopSecret, "", "", 40002},
		{"wrong grant type", shop, shopSecret, "client_credential", "", 40002},
		{"no code", shop, shopSecret, grant, "", 41008},
		{"made-up code", shop, shopSecret, grant, "x", 40029},
		{"another app's code", shop, shopSecret, grant, w.code(game, ""), 40029},
		{"used code", shop, shopSecret, grant, used, 40163},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			query := values("appid", tt.app, "secret", tt.secret, "grant_type", tt.grant, "js_code", tt.code)
			wantCode(t, w.call(http.MethodGet, loginPath, query, ""), tt.want)
		})
	}
}

func TestLoginByPostIsToldThatTheAppIsMissing(t *testing.T) {
	w := start(t)
	wantCode(t, w.call(http.MethodPost, loginPath, login(shop, shopSecret, w.code("", "")), ""), 41002)
}

func TestCodePresentedToTheWrongAppIsNotUsedUp(t *testing.T) {
	w := start(t)
	code := w.code(game, "")
	wantCode(t, w.login(shop, shopSecret, code), 40029)
	wantCode(t, w.login(game, gameSecret, code), 0)
}

func TestCodeEndsAfterFiveMinutes(t *testing.T) {
	w := start(t)
	early, late := w.code("", ""), w.code("", "")
	w.clock.pass(5*time.Minute - time.Second)
	wantCode(t, w.login(shop, shopSecret, early), 0)
	w.clock.pass(time.Second)
	wantCode(t, w.login(shop, shopSecret, late), 40029)
	_ = w.code("", "") // sweeps
	wantCode(t, w.login(shop, shopSecret, early), 40029)
}

func TestOfParallelCallsWithOneCodeExactlyOneSucceeds(t *testing.T) {
	w := start(t)
	code := w.code("", "")
	var good, used atomic.Int32
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			switch got := w.login(shop, shopSecret, code); got["errcode"] {
			case nil:
				good.Add(1)
			case 40163.0:
				used.Add(1)
			}
		})
	}
	group.Wait()
	if good.Load() != 1 || used.Load() != 49 {
		t.Errorf("%d successes and %d used codes, want 1 and 49", good.Load(), used.Load())
	}
	if got := w.CallsOf(code); got != 50 {
		t.Errorf("CallsOf = %d, want 50", got)
	}
}

func TestUnusableConfigurationsAreRefused(t *testing.T) {
	for name, apps := range map[string][]wechatsim.App{
		"no secret": {{ID: "wx1"}}, "no id": {{Secret: "s"}}, "twice": {{ID: "wx1", Secret: "s"}, {ID: "wx1", Secret: "t"}},
	} {
		if _, err := wechatsim.New(wechatsim.Config{Apps: apps}); err == nil {
			t.Errorf("%s: New succeeded", name)
		}
	}
}

func TestNamesThatCannotBeAreRefused(t *testing.T) {
	w := start(t)
	if _, err := w.Code("wxnobody", ""); err == nil {
		t.Error("a code for an unknown app")
	}
	if _, err := w.Code("", "line\nbreak"); err == nil {
		t.Error("a code for a person with a line break")
	}
	if _, err := w.PutPerson(wechatsim.Person{Name: "bob", Phone: "+1"}); err == nil {
		t.Error("a phone number with a sign")
	}
}
