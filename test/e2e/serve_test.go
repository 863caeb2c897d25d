package e2e

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"wxlogin/test/testkit"
)

// scaffoldAnswer is what the scaffold's clients read.
type scaffoldAnswer struct {
	Outcome                    int `json:"statusCode"` // the HTTP status is always 200
	Message, Token, SessionKey string
	Data                       struct{ Code string }
}

// scaffoldLogin logs in as an unchanged client of the scaffold does.
func scaffoldLogin(t testing.TB, c *testkit.Client, code string) scaffoldAnswer {
	t.Helper()
	var answer scaffoldAnswer
	got := c.Get("/user/login?code="+code, "")
	if err := json.Unmarshal(got.Body, &answer); err != nil || got.Status != 200 {
		t.Fatalf("scaffold login: got %d %s, want 200", got.Status, got.Body)
	}
	return answer
}

func TestServeWithTheFewestSettingsLogsIn(t *testing.T) {
	wechat := start(t, t.TempDir(), nil, "wxsim", "-listen", "127.0.0.1:0", "-manage", "127.0.0.1:0", "-apps", appID+":"+appSecret)
	url := wechat.says(t, &wechat.out, `simulated at (\S+)`)[1]
	phone := testkit.NewClient(t, strings.TrimSuffix(wechat.says(t, &wechat.out, `managed at +(\S+)/sim/`)[1], "/"))
	code := func() string {
		return strings.TrimSpace(string(phone.Post("/sim/code", map[string]string{"person": "alice"}).Body))
	}

	s := serve(t, bare(url, t.TempDir()).with(settings{"COMPAT_SCAFFOLD": "true", "COMPAT_SCAFFOLD_SESSION_KEY": "true"}))
	loginTwice(t, s, code)
	first := code()
	answer := scaffoldLogin(t, s.Client, first)
	if answer.Outcome != 200 || answer.Message != "登录成功，用户已入库" || answer.SessionKey == "" {
		t.Errorf("got %+v, want a known user and the session_key", answer)
	}
	wantStatus(t, "me with the scaffold's token", s.Get("/v1/me", answer.Token), 200, "")
	if again := scaffoldLogin(t, s.Client, first); again.Outcome != 401 || again.Data.Code != "code_used" || again.Token != "" {
		t.Errorf("used code: got %+v, want code_used", again)
	}
	s.stops(t)
	wechat.stops(t)
}

func TestServeSpeaksNoOlderProtocolUnasked(t *testing.T) {
	wechat, url := simulate(t)
	s := serve(t, bare(url, t.TempDir()))
	for _, path := range []string{"/user/login?code=x", "/home/test", "/weapp/login", "/weapp/user"} {
		wantStatus(t, path, s.Get(path, "", testkit.With("X-WX-Code", "x")), 404, "not_found")
	}
	if calls := wechat.Calls(); len(calls) != 0 {
		t.Errorf("got %d calls to WeChat, want none", len(calls))
	}
	s.stops(t)
}

// loginTwice checks a first login, a second one and what their tokens open.
func loginTwice(t *testing.T, s service, code func() string) {
	t.Helper()
	used := map[string]any{"code": code()}
	first := s.Post("/v1/login", used).Login(t)
	second := s.Post("/v1/login", map[string]any{"code": code()}).Login(t)
	if !first.NewUser || second.NewUser || first.User.ID != second.User.ID || first.Session.ID == second.Session.ID {
		t.Errorf("got %+v and %+v, want one user and two sessions", first, second)
	}
	for _, token := range []string{first.AccessToken, second.AccessToken} {
		var me struct{ ID string }
		got := s.Get("/v1/me", token)
		if err := json.Unmarshal(got.Body, &me); err != nil || got.Status != 200 || me.ID != first.User.ID {
			t.Errorf("me: got %d %s, want user %s", got.Status, got.Body, first.User.ID)
		}
		if got := s.Get("/home/test", token); got.Status != 200 || !strings.Contains(string(got.Body), "获取鉴权数据成功") {
			t.Errorf("home/test: got %d %s, want 200", got.Status, got.Body)
		}
	}
	wantStatus(t, "used code", s.Post("/v1/login", used), 401, "code_used")
}

func TestReplicasShareUsersKeysAndSecrets(t *testing.T) { // seed defect 31
	keys := t.TempDir()
	if code, _, err := command(t, nil, "keys", "generate", "--dir", keys); code != 0 {
		t.Fatal(err)
	}
	wechat, url := simulate(t)
	env := bare(url, t.TempDir()).with(hasty).with(settings{
		"MONGODB_URI":    testkit.MongoDB(t),
		"TOKEN_KEYS_DIR": keys,
		"SEALING_KEYS":   "k1:" + base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef")),
		"TOKEN_ISSUER":   "https://login.example.com",
	})
	one := world{serve(t, env), wechat, env}
	two := one.again(t, settings{"DATA_DIR": t.TempDir()})
	loginTwice(t, one.service, func() string { return one.code(t, "bob") })

	first := one.login(t, "alice")
	tapped, err := wechat.OpenData("", "alice", "userinfo")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wechat.RotateSessionKey("", "alice"); err != nil {
		t.Fatal(err)
	}
	// Only the key that the first replica stored opens what was tapped.
	second := two.Post("/v1/login", map[string]any{"code": two.code(t, "alice"), "profile": map[string]string{
		"encryptedData": tapped.EncryptedData, "iv": tapped.IV, "rawData": tapped.RawData, "signature": tapped.Signature,
	}}).Login(t)
	if second.NewUser || second.User.ID != first.User.ID || second.User.Nickname != "alice" || len(second.Warnings) != 0 {
		t.Errorf("got %+v, want the user of the first replica, by name", second)
	}
	wantStatus(t, "one's token at two", two.Get("/v1/me", first.AccessToken), 200, "")
	wantStatus(t, "two's token at one", one.Get("/v1/me", second.AccessToken), 200, "")
	one.stops(t)
	two.stops(t)
}

// ownWords is WeChat's protocol as another server may speak it: JSON that calls
// itself text, members in another order, some that nobody knows, no unionid.
type ownWords struct {
	t    *testing.T
	mu   sync.Mutex
	used map[string]bool
}

func (s *ownWords) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if r.Method != http.MethodGet || r.URL.Path != "/sns/jscode2session" || q.Get("appid") != appID ||
		q.Get("secret") != appSecret || q.Get("grant_type") != "authorization_code" {
		s.t.Errorf("got %s %s, want a code2Session call", r.Method, r.URL.Path)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain")
	if code := q.Get("js_code"); s.used[code] {
		_, _ = w.Write([]byte(`{"errmsg":"code been used, hints: [ req_id: x ]","errcode":40163}`))
	} else {
		s.used[code] = true
		_, _ = w.Write([]byte(" {\n\t\"future\": {\"a\": [1, null]}, \"session_key\": \"tiihtNczf5v6AKRyjwEUhQ==\", \"openid\": \"o6zAJs_someone\"}\n"))
	}
}

func TestAnyServerThatSpeaksTheProtocolWillDo(t *testing.T) {
	wechat := httptest.NewServer(&ownWords{t: t, used: map[string]bool{}})
	defer wechat.Close()
	s := serve(t, bare(wechat.URL, t.TempDir()).with(hasty).with(settings{"COMPAT_SCAFFOLD_SESSION_KEY": "true"}))
	n := 0
	code := func() string { n++; return strings.Repeat("0", n) + "3kLs8mFa1" }
	loginTwice(t, s, code)
	if got := scaffoldLogin(t, s.Client, code()); got.SessionKey != "tiihtNczf5v6AKRyjwEUhQ==" || got.Message != "登录成功，用户已入库" {
		t.Errorf("got %+v, want the session_key of a known user", got)
	}
}
