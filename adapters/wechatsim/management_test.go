package wechatsim_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"wxlogin/adapters/wechatsim"
)

func (w *world) manage(method, path, body string, header ...string) reply {
	w.t.Helper()
	got, err := w.send(method, w.server.ManageURL+path, body, header...)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

func TestCodeIsBareToPasteOrJSONOnRequest(t *testing.T) {
	w := start(t)
	got := w.manage(http.MethodPost, "/sim/code", "")
	if !regexp.MustCompile(`^[A-Z0-9]{26}\n$`).MatchString(got.body) || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") {
		t.Fatalf("got %q, %v; want a code and nothing else", got.body, got.header)
	}
	alice, _, _ := w.Identity(shop, "alice")
	if session := w.login(shop, shopSecret, strings.TrimSpace(got.body)); session["openid"] != alice {
		t.Errorf("the code of nobody in particular brings %v, want alice", session)
	}
	got = w.manage(http.MethodPost, "/sim/code", `{"app":"wxgame","person":"dave"}`, "Accept", "application/json")
	fresh := w.object(got.body)
	code, _ := fresh["code"].(string)
	dave, _, _ := w.Identity(game, "dave")
	if session := w.login(game, gameSecret, code); session["openid"] != dave || fresh["expires_in"] != 300.0 {
		t.Errorf("the code in %v brings %v, want dave", fresh, session)
	}
}

func TestPhoneCodeComesFromTheManagementToo(t *testing.T) {
	w := start(t)
	code := strings.TrimSpace(w.manage(http.MethodPost, "/sim/phonecode", `{"person":"bob"}`).body)
	wantCode(t, w.phone(w.accessToken(shop, shopSecret), code, ""), 0)
}

func TestOpenDataAndKeysComeFromTheManagementToo(t *testing.T) {
	w := start(t)
	old, _ := w.SessionKey(shop, "bob")
	key, _ := w.object(w.manage(http.MethodPost, "/sim/rotate", `{"person":"bob"}`).body)["session_key"].(string)
	if now, _ := w.SessionKey(shop, "bob"); key != now || key == old {
		t.Fatalf("rotate answers %q; the key was %q and is %q", key, old, now)
	}
	data := w.object(w.manage(http.MethodPost, "/sim/opendata", `{"person":"bob","kind":"userinfo"}`).body)
	sealed := wechatsim.OpenData{EncryptedData: data["encryptedData"].(string), IV: data["iv"].(string)}
	bob, _, _ := w.Identity(shop, "bob")
	if got := w.object(opened(t, sealed, key)); got["openId"] != bob {
		t.Errorf("opened: %v", got)
	}
	if raw, _ := data["rawData"].(string); data["signature"] != wechatsim.RawDataSignature(raw, key) {
		t.Error("signature does not fit rawData")
	}
	if info, _ := data["userInfo"].(map[string]any); info["nickName"] != "bob" {
		t.Errorf("userInfo is %v", data["userInfo"])
	}
}

func TestPeopleAreMadeChangedAndListed(t *testing.T) {
	w := start(t)
	w.manage(http.MethodPost, "/sim/people", `{"name":"bob","nickname":"Bob"}`)
	got := w.object(w.manage(http.MethodPost, "/sim/people", `{"name":"bob","phone":"13580006666"}`).body)
	if got["nickname"] != "Bob" || got["phone"] != "13580006666" || got["country_code"] != "86" {
		t.Errorf("bob is %v", got)
	}
	list := w.object(w.manage(http.MethodGet, "/sim/people?offset=1&limit=5", "").body)
	people, _ := list["people"].([]any)
	if len(people) != 1 || list["total"] != 2.0 || people[0].(map[string]any)["name"] != "bob" {
		t.Errorf("listed after alice: %v", list)
	}
	if got := w.manage(http.MethodGet, "/sim/people?limit=-1", ""); got.status != http.StatusBadRequest {
		t.Errorf("limit -1 gets %d", got.status)
	}
}

func TestFaultsAreSetListedAndCleared(t *testing.T) {
	w := start(t)
	w.manage(http.MethodPost, "/sim/fault", `{"kind":"errcode","errcode":40226,"endpoint":"jscode2session","times":3}`)
	w.manage(http.MethodPost, "/sim/fault", `{"kind":"slow","duration":"250ms","app":"wxgame","percent":50,"late":true}`)
	wantCode(t, w.login(shop, shopSecret, "x"), 40226)
	want := `{"faults":[{"kind":"errcode","endpoint":"/sns/jscode2session","times":2,"errcode":40226},` +
		`{"kind":"slow","app":"wxgame","percent":50,"late":true,"duration":"250ms"}]}` + "\n"
	if got := w.manage(http.MethodGet, "/sim/fault", "").body; got != want {
		t.Errorf("listed %s want %s", got, want)
	}
	if got := w.manage(http.MethodDelete, "/sim/fault", "").body; got != `{"faults":[]}`+"\n" {
		t.Errorf("after clearing: %s", got)
	}
	wantCode(t, w.login(shop, shopSecret, "x"), 40029)
}

func TestCallsAreListedCountedAndForgotten(t *testing.T) {
	w := start(t)
	code := w.code("", "")
	w.login(shop, shopSecret, code)
	w.login(shop, shopSecret, code)
	w.login(shop, "guess", w.code("", ""))
	all := w.object(w.manage(http.MethodGet, "/sim/calls", "").body)
	if calls, _ := all["calls"].([]any); len(calls) != 3 || all["total"] != 3.0 || all["codes_repeated"] != 1.0 {
		t.Errorf("all calls: %v", all)
	}
	one := w.object(w.manage(http.MethodGet, "/sim/calls?code="+code, "").body)
	calls, _ := one["calls"].([]any)
	if len(calls) != 2 || one["count"] != 2.0 {
		t.Fatalf("calls of one code: %v", one)
	}
	if second, _ := calls[1].(map[string]any); second["errcode"] != 40163.0 || second["app"] != shop || second["endpoint"] != loginPath {
		t.Errorf("the second call: %v", second)
	}
	if got := w.manage(http.MethodDelete, "/sim/calls", ""); got.status != http.StatusNoContent {
		t.Errorf("DELETE gets %d", got.status)
	}
	if len(w.Calls()) != 0 || w.CallsOf(code) != 0 {
		t.Error("calls outlived their deletion")
	}
}

func TestHelpNamesEveryAppKindAndPathButNoSecret(t *testing.T) {
	w := start(t)
	got := w.manage(http.MethodGet, "/sim/", "").body
	for _, word := range append(wechatsim.Kinds(), shop, loner, loginPath, stablePath, "curl -s -X POST "+w.server.ManageURL+"/sim/code\n") {
		if !strings.Contains(got, word) {
			t.Errorf("help does not name %s", word)
		}
	}
	if strings.Contains(got, shopSecret) || strings.Contains(got, "{base}") {
		t.Error("help holds a secret or an unfilled blank")
	}
}

func TestMistakesAreExplained(t *testing.T) {
	w := start(t)
	for _, tt := range []struct{ method, path, body, want string }{
		{http.MethodPost, "/sim/code", `{"app":"wxnobody"}`, "wxshop, wxgame"},
		{http.MethodPost, "/sim/code", `{"perso":"bob"}`, "perso"},
		{http.MethodPost, "/sim/code", `{} {}`, "follows"},
		{http.MethodPost, "/sim/code", `bob`, "invalid character"},
		{http.MethodPost, "/sim/people", ``, "name"},
		{http.MethodPost, "/sim/opendata", `{"kind":"x"}`, "userinfo, profile, phone"},
		{http.MethodPost, "/sim/fault", `{"kind":"x"}`, "array, consume"},
		{http.MethodPost, "/sim/fault", `{"kind":"slow","duration":"2"}`, "2s"},
		{http.MethodPost, "/sim/fault", `{"kind":"hang","endpoint":"x"}`, "jscode2session, token"},
	} {
		got := w.manage(tt.method, tt.path, tt.body)
		text, _ := w.object(got.body)["error"].(string)
		if got.status != http.StatusBadRequest || !strings.Contains(text, tt.want) {
			t.Errorf("%s %s: %d %q, want a word of %q", tt.path, tt.body, got.status, text, tt.want)
		}
	}
	if got := w.manage(http.MethodGet, "/sim/code", ""); got.status != http.StatusNotFound || !strings.Contains(got.body, "GET /sim/") {
		t.Errorf("a wrong path gets %d %q", got.status, got.body)
	}
}

func TestManagementObeysNoForeignPageAndNoForeignName(t *testing.T) {
	w := start(t)
	port := w.server.ManageURL[strings.LastIndex(w.server.ManageURL, ":"):]
	for _, tt := range []struct {
		header, value string
		want          int
	}{
		{"Origin", w.server.ManageURL, 200},
		{"Origin", "http://evil.example", 403},
		{"Origin", "https://127.0.0.1" + port, 403},
		{"Origin", "http://127.0.0.1:1", 403},
		{"Origin", "null", 403},
		{"Host", "localhost" + port, 200},
		{"Host", "LOCALHOST", 200},
		{"Host", "[::1]" + port, 200},
		{"Host", "127.9.9.9", 200},
		{"Host", "evil.example" + port, 403},
		{"Host", "localhost.evil.example", 403},
		{"Host", "127.0.0.1.evil.example", 403},
		{"Host", "192.168.1.2" + port, 403},
	} {
		for _, path := range []string{"/sim/code", "/sim/rotate"} {
			if got := w.manage(http.MethodPost, path, "", tt.header, tt.value); got.status != tt.want {
				t.Errorf("%s %s: got %d, want %d", tt.header, tt.value, got.status, tt.want)
			}
		}
	}
	remote := start(t, func(c *wechatsim.Config) { c.AllowRemote = true })
	if got := remote.manage(http.MethodPost, "/sim/code", "", "Host", "wxsim:8081"); got.status != 200 {
		t.Errorf("a container's name gets %d though remote access is allowed", got.status)
	}
	if got := remote.manage(http.MethodPost, "/sim/code", "", "Origin", "http://evil.example"); got.status != 403 {
		t.Errorf("a foreign page gets %d because remote access is allowed", got.status)
	}
}
