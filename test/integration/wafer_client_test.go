package integration

import (
	"encoding/json"
	"net/http"
	"testing"

	"wxlogin/test/testkit"
)

// waferPhone sends what Tencent's wafer2 client SDK sends, in its order, and keeps
// what it keeps.
type waferPhone struct {
	w      world
	person string
	skey   string // "" where there is no session
}

// waferUser is what the protocol says of a user.
type waferUser struct {
	NickName, AvatarURL, Language, OpenID, UnionID string
	Watermark                                      json.RawMessage
}

type waferAnswer struct {
	Code  int
	Error string
	Data  json.RawMessage
}

func (p *waferPhone) ask(t *testing.T, path string, headers ...testkit.Header) waferAnswer {
	t.Helper()
	var answer waferAnswer
	got := p.w.Get(path, "", headers...)
	if err := json.Unmarshal(got.Body, &answer); err != nil || got.Err != nil || got.Status != http.StatusOK {
		t.Fatalf("%s: got %d %s %v, want 200", path, got.Status, got.Body, got.Err)
	}
	if cache := got.Header.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("%s: got Cache-Control %q, want no-store", path, cache)
	}
	return answer
}

// take keeps the session of a login's answer, and returns its user.
func (p *waferPhone) take(t *testing.T, answer waferAnswer) (user waferUser, ok bool) {
	t.Helper()
	var session struct {
		Skey     string
		UserInfo *waferUser
		Time     int64
	}
	if answer.Code != 0 {
		return waferUser{}, false
	}
	if err := json.Unmarshal(answer.Data, &session); err != nil || session.Skey == "" || session.UserInfo == nil || session.Time == 0 {
		t.Fatalf("got %s (%v), want userinfo, skey and time", answer.Data, err)
	}
	p.skey = session.Skey
	return *session.UserInfo, true
}

// login logs in with what wx.getUserInfo gives whose phone.
func (p *waferPhone) login(t *testing.T, whose string) (waferUser, waferAnswer) {
	t.Helper()
	code := p.w.code(t, p.person)
	data, err := p.w.wechat.OpenData("", whose, "userinfo")
	if err != nil {
		t.Fatal(err)
	}
	answer := p.ask(t, "/weapp/login", testkit.With("X-WX-Code", code),
		testkit.With("X-WX-Encrypted-Data", data.EncryptedData), testkit.With("X-WX-IV", data.IV))
	user, _ := p.take(t, answer)
	return user, answer
}

// loginWithCode logs in silently.
func (p *waferPhone) loginWithCode(t *testing.T) (waferUser, waferAnswer) {
	t.Helper()
	answer := p.ask(t, "/weapp/login", testkit.With("X-WX-Code", p.w.code(t, p.person)))
	user, _ := p.take(t, answer)
	return user, answer
}

// request asks who the user is. Where the skey is refused it is dropped, and one
// silent login and a second try follow.
func (p *waferPhone) request(t *testing.T) (user waferUser, recovered, ok bool) {
	t.Helper()
	answer := p.user(t)
	if answer.Code == -1 {
		p.skey = ""
		if _, login := p.loginWithCode(t); login.Code != 0 {
			return waferUser{}, false, false
		}
		answer, recovered = p.user(t), true
	}
	if err := json.Unmarshal(answer.Data, &user); err != nil {
		t.Fatal(err)
	}
	return user, recovered, answer.Code == 0
}

func (p *waferPhone) user(t *testing.T) waferAnswer {
	t.Helper()
	if p.skey == "" {
		return p.ask(t, "/weapp/user")
	}
	return p.ask(t, "/weapp/user", testkit.With("X-WX-Skey", p.skey))
}
