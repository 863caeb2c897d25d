package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

// own are the requests by which users change their account, each with what the use
// case is told.
var own = []struct{ method, path, body, done string }{
	{"PATCH", "/v1/me", `{"nickname":" 小明 "}`, "nickname of user-1: 小明"},
	{"POST", "/v1/me", `{"nickname":"小明"}`, "nickname of user-1: 小明"},
	{"PUT", "/v1/me/profile", `{"encryptedData":"e","iv":"i"}`, "profile of user-1: e i  "},
	{"PUT", "/v1/me/profile", `{"encryptedData":"e","iv":"i","rawData":"r","signature":"s"}`, "profile of user-1: e i r s"},
	{"PUT", "/v1/me/profile", `{"errMsg":"getUserProfile:ok","rawData":"r","userInfo":{"nickName":"小明","gender":0,"tags":[null,{"a":1}]},"signature":"s","encryptedData":"e","iv":"i","cloudID":"69_x"}`, "profile of user-1: e i r s"},
	{"PUT", "/v1/me/profile", `{"encryptedData":"e","iv":"i","userInfo":null,"cloudID":null,"errMsg":1}`, "profile of user-1: e i  "},
	{"PUT", "/v1/me/phone", `{"code":"c"}`, "phone of user-1 by c"},
	{"PUT", "/v1/me/phone", `{"code":"c","errMsg":"getPhoneNumber:ok","cloudID":"69_x"}`, "phone of user-1 by c"},
	{"PUT", "/v1/me/phone", `{"errMsg":"getPhoneNumber:ok","encryptedData":"e","iv":"i","cloudID":null}`, "phone of user-1 by data e i"},
	{"PUT", "/v1/me/phone", `{"encryptedData":"e","iv":"i"}`, "phone of user-1 by data e i"},
}

const aliceWithPhone = `{"id":"user-1","nickname":"爱丽丝","avatarUrl":"https://thirdwx.qlogo.cn/a","phone":"138****6666","unionLinked":true,
	"createdAt":"2026-03-03T21:06:07.089Z","lastLoginAt":"2026-03-03T22:06:07.089Z"}`

func TestUsersChangeTheirOwnAccountAndSeeIt(t *testing.T) {
	for _, o := range own {
		did := &owner{}
		a := ask(t, build(world{owner: did}), sends(o.method, o.path, o.body, asAlice...))
		if a.status != http.StatusOK || string(a.body) != compact(t, aliceWithPhone)+"\n" {
			t.Errorf("%s %s: got %d %s, want Alice with her phone masked", o.method, o.path, a.status, a.body)
		}
		if diff := cmp.Diff([]string{o.done}, did.done); diff != "" {
			t.Errorf("%s %s %s: was told (-want +got):\n%s", o.method, o.path, o.body, diff)
		}
	}
}

func TestNobodyChangesAnAccountWithoutItsToken(t *testing.T) {
	did := &owner{}
	s := build(world{owner: did})
	for _, o := range own {
		for name, headers := range map[string][]string{"no token": nil, "a wrong one": {"Authorization", "Bearer wrong"}, "a client's": asShop} {
			if a := ask(t, s, sends(o.method, o.path, o.body, headers...)); a.status != http.StatusUnauthorized {
				t.Errorf("%s %s with %s: got %d, want 401", o.method, o.path, name, a.status)
			}
		}
	}
	if len(did.done) > 0 {
		t.Errorf("done: %v, want nothing", did.done)
	}
}

func TestWhatIsWrongWithAChangeIsTold(t *testing.T) {
	for _, tt := range []struct {
		method, path, body string
		want               []fault
	}{
		{"PATCH", "/v1/me", `{}`, []fault{{"nickname", "required"}}},
		{"PATCH", "/v1/me", `{"nickname":""}`, []fault{{"nickname", "required"}}},
		{"PATCH", "/v1/me", `{"nickname":"   "}`, []fault{{"nickname", "nickname"}}},
		{"PATCH", "/v1/me", `{"nickname":"微信用户"}`, []fault{{"nickname", "nickname"}}},
		{"PATCH", "/v1/me", `{"nickname":"` + strings.Repeat("名", 33) + `"}`, []fault{{"nickname", "nickname"}}},
		{"PATCH", "/v1/me", `{"nickname":"a\u0007b"}`, []fault{{"nickname", "nickname"}}},
		{"PATCH", "/v1/me", `{"nickname":"a\u202eb"}`, []fault{{"nickname", "nickname"}}},
		{"PATCH", "/v1/me", `{"nickname":{"$ne":""}}`, []fault{{"nickname", "type"}}},
		{"PATCH", "/v1/me", `{"nickname":"a","role":"admin"}`, []fault{{"role", "unknown"}}},
		{"PATCH", "/v1/me", `{"nickname":"a","avatarUrl":"https://example.com/a.jpg"}`, []fault{{"avatarUrl", "unknown"}}},
		{"PUT", "/v1/me/profile", `{}`, []fault{{"encryptedData", "required"}, {"iv", "required"}}},
		{"PUT", "/v1/me/profile", `{"encryptedData":"e","iv":"i","errmsg":"ok","code":"c"}`, []fault{{"errmsg", "unknown"}, {"code", "unknown"}}},
		{"PUT", "/v1/me/profile", `{"encryptedData":"e","iv":"i","errMsg":"ok","errMsg":"ok"}`, []fault{{"errMsg", "duplicate"}}},
		{"PUT", "/v1/me/phone", `{"encryptedData":"e","iv":"i","userInfo":{}}`, []fault{{"userInfo", "unknown"}}},
		{"PUT", "/v1/me/phone", `{}`, []fault{{"code", "required_without"}}},
		{"PUT", "/v1/me/phone", `{"code":"c","encryptedData":"e","iv":"i"}`, []fault{{"code", "excluded_with"}}},
		{"PUT", "/v1/me/phone", `{"code":"c","iv":"i"}`, []fault{{"encryptedData", "required_with"}}},
		{"PUT", "/v1/me/phone", `{"encryptedData":"e"}`, []fault{{"iv", "required_with"}}},
		{"PUT", "/v1/me/phone", `{"code":"` + strings.Repeat("c", 257) + `"}`, []fault{{"code", "max"}}},
		{"PUT", "/v1/me/phone", `{"phoneNumber":"13800006666"}`, []fault{{"phoneNumber", "unknown"}}},
	} {
		did := &owner{}
		a := ask(t, build(world{owner: did}), sends(tt.method, tt.path, tt.body, asAlice...))
		if diff := cmp.Diff(tt.want, a.problem(t).Errors); a.status != http.StatusBadRequest || diff != "" || len(did.done) > 0 {
			t.Errorf("%s %s: got %d, did %v, faults (-want +got):\n%s", tt.path, tt.body, a.status, did.done, diff)
		}
	}
}

func TestEveryFailureOfAChangeHasItsStatus(t *testing.T) {
	for err, want := range map[error]int{
		domain.ErrOpenDataInvalid: 422, domain.ErrOpenDataStale: 409, domain.ErrPhoneCodeInvalid: 401, domain.ErrPhoneCodeRequired: 409,
		domain.ErrUserBanned: 403, domain.ErrTokenInvalid: 401, domain.ErrSessionRevoked: 401, domain.ErrRateLimited: 429,
		domain.ErrPlatformUnavailable: 503, domain.ErrAppMisconfigured: 503, domain.ErrStoreUnavailable: 503, errors.New("broken"): 500,
	} {
		for _, o := range own {
			a := serve(build(world{owner: &owner{err: err}}), sends(o.method, o.path, o.body, asAlice...))
			if a.status != want {
				t.Errorf("%s %s, %v: got %d, want %d", o.method, o.path, err, a.status, want)
			}
		}
	}
}

func TestThePhoneNumberIsRemoved(t *testing.T) {
	did := &owner{}
	a := ask(t, build(world{owner: did}), without("DELETE", "/v1/me/phone", asAlice...))
	if diff := cmp.Diff([]string{"no phone of user-1"}, did.done); a.status != http.StatusNoContent || diff != "" {
		t.Errorf("got %d, was told (-want +got):\n%s", a.status, diff)
	}
}

func TestTheWeChatSessionIsCheckedForTheCallersSession(t *testing.T) {
	for want, invalid := range map[string]bool{`{"valid":true}`: false, `{"valid":false}`: true} {
		did := &owner{invalid: invalid}
		a := ask(t, build(world{owner: did}), get("/v1/me/wechat-session", asAlice...))
		if a.status != http.StatusOK || string(a.body) != want+"\n" || len(did.done) != 1 || did.done[0] != "session_key of session-1" {
			t.Errorf("got %d %s after %v, want %s", a.status, a.body, did.done, want)
		}
	}
}

func TestWhoLeavesIsToldUntilWhen(t *testing.T) {
	a := ask(t, build(world{}), without("DELETE", "/v1/me", asAlice...))
	if a.status != http.StatusAccepted || string(a.body) != `{"deletionAt":"2026-03-10T21:06:07.089Z"}`+"\n" {
		t.Errorf("got %d %s, want 202 and the time", a.status, a.body)
	}
}

func TestAnExportIsAFileOfTheUsersOwn(t *testing.T) {
	a := ask(t, build(world{}), get("/v1/me/export", asAlice...))
	if got := a.header.Get("Content-Disposition"); a.status != http.StatusOK || got != `attachment; filename="wxlogin-export.json"` {
		t.Errorf("got %d, %q", a.status, got)
	}
	var file struct {
		Phone      string
		Avatar     []byte
		Identities []struct{ OpenID, UnionID, Phone, FirstLoginAt string }
		Sessions   []struct{ ID string }
		Audit      []struct{ Action string }
	}
	if err := json.Unmarshal(a.body, &file); err != nil {
		t.Fatal(err)
	}
	if file.Phone != "+8613800006666" || string(file.Avatar) != "JPEG" || len(file.Identities) != 1 || file.Identities[0].OpenID != "open-id-1" ||
		file.Identities[0].UnionID != "union-id-1" || file.Identities[0].FirstLoginAt != "2026-03-03T21:07:07.089Z" || len(file.Sessions) != 1 || len(file.Audit) != 1 {
		t.Errorf("got %s, want all that is stored", a.body)
	}
	for _, secret := range []string{"sealed-session-key", "hash-of-the-refresh-token"} {
		if strings.Contains(string(a.body), secret) {
			t.Errorf("got %q in it", secret)
		}
	}
}

func TestAFailedExportIsNoFile(t *testing.T) {
	s := build(world{account: func(context.Context, domain.Caller) (ports.Account, error) {
		return ports.Account{}, domain.ErrStoreUnavailable
	}})
	if a := ask(t, s, get("/v1/me/export", asAlice...)); a.status != http.StatusServiceUnavailable || a.header.Get("Content-Disposition") != "" {
		t.Errorf("got %d with %q", a.status, a.header.Get("Content-Disposition"))
	}
}

func TestAnUploadedPictureGoesBeforeWeChats(t *testing.T) {
	account := aliceAccount()
	account.User.Avatar = alicesAvatar
	for issuer, base := range map[string]string{"https://login.example.com": "https://login.example.com", "https://example.com/auth/": "https://example.com/auth"} {
		s := build(world{issuer: issuer, account: func(context.Context, domain.Caller) (ports.Account, error) { return account, nil }})
		want := `"avatarUrl":"` + base + "/v1/avatars/" + string(alicesAvatar) + `"`
		if a := ask(t, s, get("/v1/me", asAlice...)); !strings.Contains(string(a.body), want) {
			t.Errorf("got %s, want %s", a.body, want)
		}
	}
}

func TestALoginThatRestoresTheAccountSaysSo(t *testing.T) {
	var told ports.LoginCommand
	s := build(world{login: func(_ context.Context, cmd ports.LoginCommand) (ports.Login, error) {
		told = cmd
		login := aliceLogin()
		login.Restored, login.NewUser = true, false
		return login, nil
	}})
	a := ask(t, s, post(`{"code":"a","phoneCode":"p"}`))
	if !strings.Contains(string(a.body), `"restored":true`) || told.PhoneCode.Reveal() != "p" {
		t.Errorf("got %s after phone code %q", a.body, told.PhoneCode.Reveal())
	}
}
