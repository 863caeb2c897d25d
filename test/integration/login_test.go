package integration

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

func TestFirstLoginCreatesAndSecondFinds(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		first := w.login(t, "alice")
		second := w.login(t, "alice")
		other := w.login(t, "bob")
		switch {
		case !first.NewUser || second.NewUser || !other.NewUser:
			t.Errorf("newUser: got %v %v %v, want true false true", first.NewUser, second.NewUser, other.NewUser)
		case first.User.ID != second.User.ID || first.User.ID == other.User.ID:
			t.Errorf("user ids: got %s %s %s", first.User.ID, second.User.ID, other.User.ID)
		case first.Session.ID == second.Session.ID:
			t.Error("two logins have one session id")
		}
	})
}

func TestAccessTokenOpensTheOwnersAccountOnly(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		for _, person := range []string{"alice", "bob"} {
			login := w.login(t, person)
			var me struct{ ID string }
			answer := w.Get("/v1/me", login.AccessToken)
			if err := json.Unmarshal(answer.Body, &me); err != nil || answer.Status != 200 || me.ID != login.User.ID {
				t.Errorf("%s: got %d %s, want user %s", person, answer.Status, answer.Body, login.User.ID)
			}
		}
	})
}

func TestUsedCodeIsRefused(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		body := map[string]any{"code": w.code(t, "alice")}
		w.Post("/v1/login", body).Login(t)
		if again := w.Post("/v1/login", body); again.Status != 401 || again.Code() != "code_used" {
			t.Errorf("got %d %s, want 401 code_used", again.Status, again.Body)
		}
	})
}

func TestAnyBackendCanCheckTheTokenWithTheJWKS(t *testing.T) {
	w := inMemory(t)
	login := w.login(t, "alice")
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal(w.Get("/.well-known/jwks.json", "").Body, &keys); err != nil {
		t.Fatal(err)
	}
	token, err := jwt.ParseSigned(login.AccessToken, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	var claims jwt.Claims
	if err := token.Claims(keys, &claims); err != nil {
		t.Fatal(err)
	}
	want := jwt.Expected{Issuer: w.cfg.Tokens.Issuer, Subject: login.User.ID, AnyAudience: jwt.Audience{w.cfg.Tokens.Audience}, Time: time.Now()}
	if err := claims.Validate(want); err != nil {
		t.Error(err)
	}
}

func TestScaffoldClientLogsInUnchanged(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		for _, want := range []string{"登录成功, 用户信息入库成功", "登录成功，用户已入库"} {
			data, err := w.wechat.OpenData("", "alice", "userinfo")
			if err != nil {
				t.Fatal(err)
			}
			// The blanks are what an unescaped plus sign becomes.
			query := url.Values{"code": {w.code(t, "alice")}, "iv": {data.IV}, "encryptedData": {data.EncryptedData}, "userInfo": {"[object Object]"}}
			var answer struct {
				StatusCode     int
				Message, Token string
				SessionKey     *string
			}
			got := w.Get("/user/login?"+query.Encode(), "")
			if err := json.Unmarshal(got.Body, &answer); err != nil || answer.StatusCode != 200 || answer.Message != want || answer.SessionKey != nil {
				t.Fatalf("got %s, want %s without a session_key", got.Body, want)
			}
			if test := w.Get("/home/test", answer.Token); test.Status != 200 {
				t.Errorf("home/test: got %d %s, want 200", test.Status, test.Body)
			}
		}
	})
}

func TestScaffoldHandsOutTheSessionKeyOnlyWhereConfigured(t *testing.T) {
	w := inMemory(t, func(cfg *config.Config) { cfg.Scaffold.SessionKey = true })
	code := w.code(t, "alice")
	key, err := w.wechat.SessionKey("", "alice")
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ SessionKey string }
	got := w.Get("/user/login?code="+code, "")
	if err := json.Unmarshal(got.Body, &answer); err != nil || answer.SessionKey != key {
		t.Errorf("got %s, want the session_key", got.Body)
	}
}

func TestTheSeedWroteTheAvatarIntoAFieldThatDidNotExist(t *testing.T) { // seed defect 13
	onEveryStore(t, func(t *testing.T, w world) {
		if _, err := w.wechat.PutPerson(wechatsim.Person{Name: "carol", Nickname: "卡罗尔🌻", Avatar: "https://thirdwx.qlogo.cn/carol/132"}); err != nil {
			t.Fatal(err)
		}
		login := w.loginWithOpenData(t, "carol")
		if login.User.Nickname != "卡罗尔🌻" || login.User.AvatarURL != "https://thirdwx.qlogo.cn/carol/132" || len(login.Warnings) != 0 {
			t.Errorf("got %+v, want carol's nickname and avatar", login)
		}
		again := w.login(t, "carol") // code alone: what is stored stays
		if again.User != login.User {
			t.Errorf("after a login with the code alone: got %+v, want %+v", again.User, login.User)
		}
	})
}

// loginWithOpenData logs person in with what wx.getUserInfo gave.
func (w world) loginWithOpenData(t *testing.T, person string) testkit.Login {
	t.Helper()
	code := w.code(t, person)
	data, err := w.wechat.OpenData("", person, "userinfo")
	if err != nil {
		t.Fatal(err)
	}
	return w.Post("/v1/login", map[string]any{"code": code, "profile": openData(data)}).Login(t)
}

func openData(d wechatsim.OpenData) map[string]any {
	return map[string]any{"encryptedData": d.EncryptedData, "iv": d.IV, "rawData": d.RawData, "signature": d.Signature}
}

func TestOpenDataOfAnOlderSessionKeyIsRead(t *testing.T) { // wechat-api 6.5, the race
	onEveryStore(t, func(t *testing.T, w world) {
		if _, err := w.wechat.PutPerson(wechatsim.Person{Name: "dave", Nickname: "Dave"}); err != nil {
			t.Fatal(err)
		}
		w.login(t, "dave")
		tapped, err := w.wechat.OpenData("", "dave", "userinfo")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.wechat.RotateSessionKey("", "dave"); err != nil {
			t.Fatal(err)
		}
		login := w.Post("/v1/login", map[string]any{"code": w.code(t, "dave"), "profile": openData(tapped)}).Login(t)
		if login.User.Nickname != "Dave" || len(login.Warnings) != 0 {
			t.Errorf("got %+v, want Dave's nickname and no warning", login)
		}
	})
}

func TestOpenDataThatCannotBeReadIsAWarning(t *testing.T) {
	w := inMemory(t)
	foreign, err := w.wechat.OpenData("", "mallory", "userinfo")
	if err != nil {
		t.Fatal(err)
	}
	login := w.Post("/v1/login", map[string]any{"code": w.code(t, "alice"), "profile": openData(foreign)}).Login(t)
	if login.User.Nickname != "" || len(login.Warnings) != 1 || login.Warnings[0].Code != "open_data_invalid" {
		t.Errorf("got %+v, want a warning and no nickname", login)
	}
}

// frozen is a clock that stands where a test puts it.
type frozen struct{ now time.Time }

func (f *frozen) Now() time.Time { return f.now }

func TestTokenEndsWithItsTime(t *testing.T) {
	cfg := testkit.Config(t)
	wechat := testkit.Simulate(t, &cfg)
	clock := &frozen{time.Now().UTC()}
	w := world{testkit.NewClient(t, testkit.Start(t, cfg, testkit.Swap[ports.Clock](clock))), wechat, cfg}
	login := w.login(t, "alice")
	clock.now = clock.now.Add(cfg.Sessions.AccessToken + 29*time.Second) // within the leeway
	if got := w.Get("/v1/me", login.AccessToken); got.Status != 200 {
		t.Errorf("within the leeway: got %d %s, want 200", got.Status, got.Body)
	}
	clock.now = clock.now.Add(2 * time.Second)
	if got := w.Get("/v1/me", login.AccessToken); got.Status != 401 || got.Code() != "token_expired" {
		t.Errorf("after the leeway: got %d %s, want 401 token_expired", got.Status, got.Body)
	}
}

func TestEveryAnswerIsAsDocumented(t *testing.T) {
	w := inMemory(t, func(cfg *config.Config) { withClient(cfg) })
	spec := w.Get("/openapi.yaml", "").Body
	login := w.Post("/v1/login", map[string]any{"code": w.code(t, "alice"), "device": map[string]any{"id": "device-1", "name": "iPhone"}})
	token, refresh := login.Login(t).AccessToken, login.Login(t).RefreshToken
	answers := []testkit.Answer{
		login,
		w.Post("/v1/login", map[string]any{"code": "no such code"}),
		w.Post("/v1/login", map[string]any{"code": ""}),
		w.Get("/v1/me", token),
		w.Get("/v1/me", "nonsense"),
		w.Get("/v1/me", ""),
		w.refresh(refresh),
		w.refresh("wxr_nonsense"),
		w.Get("/v1/sessions", token),
		w.Get("/v1/verify", token),
		w.Get("/v1/verify", ""),
		w.ask("/v1/token/introspect", token),
		w.ask("/v1/token/introspect", "nonsense"),
		w.Post("/v1/token/introspect", map[string]any{"token": token}),
		w.ask("/v1/token/revoke", "nonsense"),
		w.Delete("/v1/sessions/nobodys", token),
		w.Post("/v1/logout", nil, testkit.Bearer(w.login(t, "bob").AccessToken)),
		w.Post("/v1/logout/all", nil, testkit.Bearer(token)),
		w.Get("/v1/me", token),
		w.Get("/.well-known/oauth-authorization-server", ""),
		w.Get("/livez", ""),
		w.Get("/readyz", ""),
		w.Get("/.well-known/jwks.json", ""),
		w.Get("/problems/code_used", ""),
		w.Get("/problems/nonsense", ""),
		w.Get("/user/login?code="+w.code(t, "alice"), ""),
		w.Get("/user/login?code=used", ""),
		w.Get("/home/test", ""),
	}
	for _, a := range answers {
		if a.Err != nil {
			t.Fatal(a.Err)
		}
		testkit.CheckAnswer(t, spec, a.Request, &http.Response{StatusCode: a.Status, Header: a.Header}, a.Body)
	}
}
