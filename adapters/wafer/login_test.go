package wafer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

const (
	code = "X-WX-Code"
	data = "X-WX-Encrypted-Data"
	iv   = "X-WX-IV"
	skey = "X-WX-Skey"

	aliceInfo  = `{"nickName":"爱丽丝 🐼","gender":0,"language":"zh_CN","city":"","province":"","country":"","avatarUrl":"https://thirdwx.qlogo.cn/alice/132"}`
	nobodyInfo = `{"nickName":"微信用户","gender":0,"language":"zh_CN","city":"","province":"","country":"","avatarUrl":""}`
)

func wantBody(t *testing.T, rec *httptest.ResponseRecorder, body string) {
	t.Helper()
	if diff := cmp.Diff(body, rec.Body.String()); rec.Code != http.StatusOK || diff != "" {
		t.Errorf("got %d, want 200; body differs (-want +got):\n%s", rec.Code, diff)
	}
	if kind := rec.Header().Get("Content-Type"); kind != "application/json; charset=utf-8" {
		t.Errorf("got Content-Type %q", kind)
	}
}

func TestALoginIsAnsweredToTheByte(t *testing.T) {
	session := func(info string) string {
		return `{"code":0,"data":{"userinfo":` + info + `,"skey":"header.claims.signature","time":1700000000}}`
	}
	blank := domain.WeChatUser{ID: "user-2"}
	warned := login(alice, false)
	warned.Warnings = []error{domain.ErrOpenDataInvalid}
	full, silent := ask("/weapp/login", code, "a", data, "b", iv, "c"), ask("/weapp/login", code, "a")
	for name, tt := range map[string]struct {
		login ports.Login
		ask   *http.Request
		want  string
	}{
		"a new user":                                {login(alice, true), full, session(aliceInfo)},
		"a known user":                              {login(alice, false), full, session(aliceInfo)},
		"a known user, silently":                    {login(alice, false), silent, session(aliceInfo)},
		"open data that cannot be used":             {warned, full, session(aliceInfo)},
		"a new user, of whom nothing is known":      {login(blank, true), full, session(nobodyInfo)},
		"a known user, of whom nothing is known":    {login(blank, false), silent, session(nobodyInfo)},
		"a new user, silently":                      {login(blank, true), silent, `{"code":-1,"error":"ERR_USER_NOT_FOUND"}`},
		"a new user, whose profile another app has": {login(alice, true), silent, `{"code":-1,"error":"ERR_USER_NOT_FOUND"}`},
	} {
		t.Run(name, func(t *testing.T) { wantBody(t, serve(t, world{login: logsIn(tt.login)}, tt.ask), tt.want) })
	}
}

func TestASessionWhoseSkeyNobodyIsToldIsEnded(t *testing.T) {
	for name, tt := range map[string]struct {
		headers []string
		newUser bool
		fails   error
		want    []domain.Caller
	}{
		"of an unknown user, silently": {[]string{code, "a"}, true, nil, []domain.Caller{{UserID: "user-1", SessionID: "session-1", AppID: theApp}}},
		"of a known user, silently":    {[]string{code, "a"}, false, nil, nil},
		"of an unknown user":           {[]string{code, "a", data, "b", iv, "c"}, true, nil, nil},
		"while the store is down":      {[]string{code, "a"}, true, domain.ErrStoreUnavailable, []domain.Caller{{UserID: "user-1", SessionID: "session-1", AppID: theApp}}},
	} {
		t.Run(name, func(t *testing.T) {
			var ended []domain.Caller
			ends := func(_ context.Context, c domain.Caller) error {
				ended = append(ended, c)
				return tt.fails
			}
			rec := serve(t, world{login: logsIn(login(alice, tt.newUser)), logout: ends}, ask("/weapp/login", tt.headers...))
			if diff := cmp.Diff(tt.want, ended); diff != "" {
				t.Errorf("ended sessions differ (-want +got):\n%s", diff)
			}
			if told := strings.Contains(rec.Body.String(), "header.claims.signature"); told != (tt.want == nil) {
				t.Errorf("got %s, want an skey: %v", rec.Body, tt.want == nil)
			}
		})
	}
}

func TestAFailedLoginHasTheNameThatTencentGaveIt(t *testing.T) {
	named := map[error]string{
		domain.ErrStoreUnavailable: "ERR_WHEN_INSERT_TO_DB",
		domain.ErrNotFound:         "ERR_USER_NOT_FOUND", // who is leaving
		// What Tencent's servers have no name for has ours.
		domain.ErrUserBanned: "ERR_USER_BANNED", errors.New("broken"): "ERR_INTERNAL",
	}
	for _, promised := range domain.Promised() {
		if named[promised] == "" {
			named[promised] = "ERR_GET_SESSION_KEY"
		}
	}
	for err, want := range named {
		fails := func(context.Context, ports.LoginCommand) (ports.Login, error) {
			return ports.Login{}, fmt.Errorf("login: %w: %w", err, errors.New(canary))
		}
		wantBody(t, serve(t, world{login: fails}, ask("/weapp/login", code, "a")), `{"code":-1,"error":"`+want+`"}`)
	}
}

func TestALoginThatTheLimitsRefuseHasTheProtocolsForm(t *testing.T) {
	rec := httptest.NewRecorder()
	world{}.protocol().RefuseLogin(rec, ask("/weapp/login", code, "a"), domain.ErrRateLimited)
	wantBody(t, rec, `{"code":-1,"error":"ERR_RATE_LIMITED"}`)
}

func TestHeadersThatAreNoLoginAreRefused(t *testing.T) {
	refuses := func(context.Context, ports.LoginCommand) (ports.Login, error) {
		t.Error("the use case was called")
		return ports.Login{}, nil
	}
	const missed, useless = `{"code":-1,"error":"ERR_HEADER_MISSED"}`, `{"code":-1,"error":"ERR_GET_SESSION_KEY"}`
	for name, tt := range map[string]struct {
		ask  *http.Request
		want string
	}{
		"nothing":                    {ask("/weapp/login"), missed},
		"empty headers":              {ask("/weapp/login", code, "", data, "", iv, ""), missed},
		"a query":                    {ask("/weapp/login?code=a&encryptedData=b&iv=c&X-WX-Code=a"), missed},
		"an skey alone":              {ask("/weapp/login", skey, goodSkey), missed},
		"open data without the code": {ask("/weapp/login", data, "b", iv, "c"), useless},
		"two codes":                  {ask("/weapp/login", code, "a", code, "b", data, "c", iv, "d"), useless},
		"two codes alone":            {ask("/weapp/login", code, "a", code, "b"), missed},
		"a code that is too long":    {ask("/weapp/login", code, strings.Repeat("a", 257)), useless},
	} {
		t.Run(name, func(t *testing.T) { wantBody(t, serve(t, world{login: refuses}, tt.ask), tt.want) })
	}
}

func TestTheHeadersReachTheUseCase(t *testing.T) {
	for name, tt := range map[string]struct {
		headers []string
		want    domain.OpenData
	}{
		"all three":               {[]string{code, "a", data, "aB+c/d+e==", iv, "r7+/x+g=="}, domain.OpenData{EncryptedData: "aB+c/d+e==", IV: "r7+/x+g=="}},
		"in lower case":           {[]string{"x-wx-code", "a", "x-wx-encrypted-data", "b", "x-wx-iv", "c"}, domain.OpenData{EncryptedData: "b", IV: "c"}},
		"with blanks for plus":    {[]string{code, "a", data, "aB c/d e==", iv, "r7 /x g=="}, domain.OpenData{EncryptedData: "aB+c/d+e==", IV: "r7+/x+g=="}},
		"the code alone":          {[]string{code, "a"}, domain.OpenData{}},
		"the code and empty data": {[]string{code, "a", data, "", iv, ""}, domain.OpenData{}},
		"without the iv":          {[]string{code, "a", data, "b"}, domain.OpenData{EncryptedData: "b"}},
		"without the data":        {[]string{code, "a", iv, "c"}, domain.OpenData{IV: "c"}},
		"with data sent twice":    {[]string{code, "a", data, "b", data, "b", iv, "c"}, domain.OpenData{IV: "c"}},
		"with what is not theirs": {[]string{code, "a", skey, goodSkey, "X-WX-Id", "user-9", "X-WX-OPENID", "o9", "X-WX-APPID", "wx9"}, domain.OpenData{}},
		"with the longest code":   {[]string{code, strings.Repeat("a", 256)}, domain.OpenData{}},
	} {
		t.Run(name, func(t *testing.T) {
			var got ports.LoginCommand
			keeps := func(_ context.Context, c ports.LoginCommand) (ports.Login, error) {
				got = c
				return login(alice, false), nil
			}
			serve(t, world{login: keeps}, ask("/weapp/login", tt.headers...))
			if got.Code.Reveal() != tt.headers[1] {
				t.Errorf("got code %q, want %q", got.Code.Reveal(), tt.headers[1])
			}
			got.Code = domain.Secret{}
			want := ports.LoginCommand{AppID: theApp, OpenData: tt.want, Silent: tt.want == domain.OpenData{}, Compat: true}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(domain.Secret{})); diff != "" {
				t.Errorf("the command differs (-want +got):\n%s", diff)
			}
		})
	}
}
