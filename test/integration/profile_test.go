package integration

import (
	"net/http"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/test/testkit"
)

// person makes a person with a nickname and an avatar of WeChat's.
func (w world) person(t *testing.T, name string) {
	t.Helper()
	_, err := w.wechat.PutPerson(wechatsim.Person{
		Name: name, Nickname: "nick of " + name, Avatar: "https://thirdwx.qlogo.cn/" + name, Phone: "13580006666",
	})
	if err != nil {
		t.Fatal(err)
	}
}

// openData is what the client of a person gets now.
func (w world) openData(t *testing.T, person, kind string) map[string]string {
	t.Helper()
	data, err := w.wechat.OpenData("", person, kind)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{"encryptedData": data.EncryptedData, "iv": data.IV}
	if data.Signature != "" {
		all["rawData"], all["signature"] = data.RawData, data.Signature
	}
	return all
}

func TestNicknameIsChosenAndStays(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		first := w.login(t, "alice")
		for i, method := range []string{http.MethodPatch, http.MethodPost} {
			name := []string{"小明 👩‍👩‍👧", "Ming"}[i]
			user := w.SendJSON(method, "/v1/me", map[string]string{"nickname": "  " + name + " "}, testkit.Bearer(first.AccessToken)).User(t)
			if user.Nickname != name || user.ID != first.User.ID {
				t.Errorf("%s: got %+v, want %s", method, user, name)
			}
		}
		refused := w.Post("/v1/me", map[string]string{"nickname": "微信用户"}, testkit.Bearer(first.AccessToken))
		wantStatus(t, "the placeholder", refused, 400, "invalid_request")
		if again := w.login(t, "alice"); again.User.Nickname != "Ming" {
			t.Errorf("after another login: got %q, want Ming", again.User.Nickname)
		}
	})
}

func TestProfileIsReadFromOpenData(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		w.person(t, "alice")
		login := w.login(t, "alice")
		for _, kind := range []string{"userinfo", "profile"} {
			user := w.Put("/v1/me/profile", login.AccessToken, w.openData(t, "alice", kind)).User(t)
			if user.Nickname != "nick of alice" || user.AvatarURL != "https://thirdwx.qlogo.cn/alice" {
				t.Errorf("%s: got %+v, want what WeChat says", kind, user)
			}
		}
		if _, err := w.wechat.PutPerson(wechatsim.Person{Name: "alice", Nickname: "微信用户"}); err != nil {
			t.Fatal(err)
		}
		if user := w.Put("/v1/me/profile", login.AccessToken, w.openData(t, "alice", "userinfo")).User(t); user.Nickname != "nick of alice" {
			t.Errorf("after the placeholder: got %+v, want the old name", user)
		}
	})
}

// The race of wx.login and a tap: the data is encrypted under the key of the login
// before.
func TestDataOfTheKeyBeforeIsOpenedWithTheOlderSession(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		w.person(t, "alice")
		w.onDevice(t, "alice", "device-01")
		tapped := w.openData(t, "alice", "profile")
		if _, err := w.wechat.RotateSessionKey("", "alice"); err != nil {
			t.Fatal(err)
		}
		body := map[string]any{"code": w.code(t, "alice"), "device": map[string]any{"id": "device-02"}, "profile": tapped}
		login := w.Post("/v1/login", body).Login(t)
		if login.User.Nickname != "nick of alice" || len(login.Warnings) > 0 {
			t.Errorf("at login: got %q with warnings %v, want the name", login.User.Nickname, login.Warnings)
		}
		if user := w.Put("/v1/me/profile", login.AccessToken, tapped).User(t); user.Nickname != "nick of alice" {
			t.Errorf("afterwards: got %+v, want the name", user)
		}
	})
}

func TestDataThatNoKeyOpensIsStale(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		login := w.login(t, "alice")
		w.login(t, "bob")
		bobs := w.openData(t, "bob", "userinfo")
		if _, err := w.wechat.RotateSessionKey("", "alice"); err != nil {
			t.Fatal(err)
		}
		for what, data := range map[string]map[string]string{"of a key that nobody has": w.openData(t, "alice", "profile"), "of another person": bobs} {
			wantStatus(t, what, w.Put("/v1/me/profile", login.AccessToken, data), 409, "open_data_stale")
			wantStatus(t, "the phone "+what, w.Put("/v1/me/phone", login.AccessToken, map[string]string{"encryptedData": data["encryptedData"], "iv": data["iv"]}), 409, "open_data_stale")
		}
		for what, data := range map[string]map[string]string{
			"no base64": {"encryptedData": "?", "iv": bobs["iv"]}, "an iv too short": {"encryptedData": bobs["encryptedData"], "iv": "AAAA"},
			"no whole blocks": {"encryptedData": "AAAA", "iv": bobs["iv"]},
		} {
			wantStatus(t, what, w.Put("/v1/me/profile", login.AccessToken, data), 422, "open_data_invalid")
		}
		// After what the answer tells to do, it works.
		again := w.login(t, "alice")
		w.Put("/v1/me/profile", again.AccessToken, w.openData(t, "alice", "profile")).User(t)
	})
}

func TestDataThatIsTooOldIsStale(t *testing.T) { // T-04
	w := inMemory(t, func(cfg *config.Config) { cfg.Sessions.OpenDataAge = time.Second })
	login := w.login(t, "alice")
	data := w.openData(t, "alice", "profile")
	eventually(t, "the data is too old", 10*time.Second, func() bool {
		a := w.Put("/v1/me/profile", login.AccessToken, data)
		return a.Status == 409 && a.Code() == "open_data_stale"
	})
}

func TestWeChatSessionTellsWhetherTheKeyIsThePresentOne(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		login := w.login(t, "alice")
		want := func(body string) {
			t.Helper()
			if a := w.Get("/v1/me/wechat-session", login.AccessToken); a.Status != 200 || string(a.Body) != body+"\n" {
				t.Errorf("got %d %s, want %s", a.Status, a.Body, body)
			}
		}
		want(`{"valid":true}`)
		if _, err := w.wechat.RotateSessionKey("", "alice"); err != nil {
			t.Fatal(err)
		}
		want(`{"valid":false}`)
		for _, tt := range []struct {
			fault  wechatsim.Fault
			status int
			code   string
		}{
			{wechatsim.Fault{Kind: "status"}, 503, "platform_unavailable"}, {wechatsim.Fault{Kind: "html"}, 503, "platform_unavailable"},
			{wechatsim.Fault{Kind: "errcode", ErrCode: 45011}, 429, "rate_limited"}, {wechatsim.Fault{Kind: "errcode", ErrCode: 48001}, 503, "app_misconfigured"},
		} {
			tt.fault.Endpoint, tt.fault.Times = "checksession", 1
			if err := w.wechat.SetFault(tt.fault); err != nil {
				t.Fatal(err)
			}
			wantStatus(t, tt.fault.Kind, w.Get("/v1/me/wechat-session", login.AccessToken), tt.status, tt.code)
		}
	})
}
