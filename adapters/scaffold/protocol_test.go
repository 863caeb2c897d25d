package scaffold_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
	"wxlogin/ports"
)

func get(target string) *http.Request { return httptest.NewRequest(http.MethodGet, target, nil) }

func wantBody(t *testing.T, rec *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if diff := cmp.Diff(body, rec.Body.String()); rec.Code != status || diff != "" {
		t.Errorf("got %d, want %d; body differs (-want +got):\n%s", rec.Code, status, diff)
	}
	if kind := rec.Header().Get("Content-Type"); kind != "application/json; charset=utf-8" {
		t.Errorf("got Content-Type %q", kind)
	}
}

func TestALoginIsAnsweredToTheByte(t *testing.T) {
	const token = `"Token":"header.claims.signature"`
	for _, tt := range []struct {
		name       string
		login      ports.Login
		sessionKey bool
		want       string
	}{
		{"a new user", login(true, false), false, `{"statusCode":200,"message":"登录成功, 用户信息入库成功",` + token + `}`},
		{"a new user, and a session of somebody else's", login(true, true), false, `{"statusCode":200,"message":"登录成功, 用户信息入库成功",` + token + `}`},
		{"a known user with a live session", login(false, true), false, `{"statusCode":200,"message":"登录成功，用户已入库",` + token + `}`},
		{"a known user whose sessions had expired", login(false, false), false, `{"statusCode":200,"message":"登录成功，Token更新成功",` + token + `}`},
		{"with the session_key", login(true, false), true,
			`{"statusCode":200,"message":"登录成功, 用户信息入库成功",` + token + `,"sessionKey":"q/x+Zz0AAAAAAAAAAAAAAA=="}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ok := func(context.Context, ports.LoginCommand) (ports.Login, error) { return tt.login, nil }
			wantBody(t, serve(t, world{login: ok, sessionKey: tt.sessionKey}, get("/user/login?code=a")), http.StatusOK, tt.want)
		})
	}
}

func TestAFailureIsHTTP200WithItsStatusInside(t *testing.T) {
	for err, want := range map[error]int{
		domain.ErrUnknownApp: 400, domain.ErrCodeInvalid: 401, domain.ErrCodeUsed: 401, domain.ErrLoginBlocked: 403,
		domain.ErrUserBanned: 403, domain.ErrRateLimited: 429, domain.ErrPlatformUnavailable: 503,
		domain.ErrOverloaded: 503,
		// Faults of the service itself are 500 in this protocol.
		domain.ErrAppMisconfigured: 500, domain.ErrStoreUnavailable: 500, errors.New("internal"): 500,
	} {
		fails := func(context.Context, ports.LoginCommand) (ports.Login, error) {
			return ports.Login{}, fmt.Errorf("login: %w: %w", err, errors.New(canary))
		}
		wantBody(t, serve(t, world{login: fails}, get("/user/login?code=a")), http.StatusOK,
			`{"statusCode":`+strconv.Itoa(want)+`,"message":"标题","data":{"code":"`+err.Error()+`"}}`)
	}
}

func TestAQueryThatIsNoLoginIsRefused(t *testing.T) {
	refuses := func(context.Context, ports.LoginCommand) (ports.Login, error) {
		t.Error("the use case was called")
		return ports.Login{}, nil
	}
	for name, query := range map[string]string{
		"nothing":                    "",
		"an empty code":              "code=",
		"another case":               "Code=a",
		"an operator":                "code[$ne]=a",
		"a code that is too long":    "code=" + strings.Repeat("a", 257),
		"data that is too long":      "code=a&iv=b&encryptedData=" + strings.Repeat("a", 16<<10+1),
		"an iv that is too long":     "code=a&encryptedData=b&iv=" + strings.Repeat("a", 257),
		"a code that cannot be read": "code=%zz",
	} {
		t.Run(name, func(t *testing.T) {
			wantBody(t, serve(t, world{login: refuses}, get("/user/login?"+query)), http.StatusOK,
				`{"statusCode":400,"message":"参数错误","data":{"code":"invalid_request"}}`)
		})
	}
}

func TestTheQueryReachesTheUseCase(t *testing.T) {
	const data, iv = "aB+c/d+e==", "r7+/x+g=="
	userInfo := url.QueryEscape(`{"nickName":"微信用户","role":"admin"}`)
	for name, tt := range map[string]struct {
		query string
		want  domain.OpenData
	}{
		"as it should be":             {"code=a&encryptedData=" + url.QueryEscape(data) + "&iv=" + url.QueryEscape(iv), domain.OpenData{EncryptedData: data, IV: iv}},
		"with plus signs not escaped": {"code=a&encryptedData=" + data + "&iv=" + iv, domain.OpenData{EncryptedData: data, IV: iv}},
		"with blanks for plus signs":  {"code=a&encryptedData=aB%20c/d%20e==&iv=r7%20/x%20g==", domain.OpenData{EncryptedData: data, IV: iv}},
		"the code alone":              {"code=a", domain.OpenData{}},
		"without the iv":              {"code=a&encryptedData=x", domain.OpenData{EncryptedData: "x"}},
		"without the data":            {"code=a&iv=x", domain.OpenData{IV: "x"}},
		"as the demo page sends it":   {"code=a&encryptedData=x&iv=y&userInfo=" + userInfo, domain.OpenData{EncryptedData: "x", IV: "y"}},
		"with an object for text":     {"code=a&encryptedData=x&iv=y&userInfo=[object%20Object]", domain.OpenData{EncryptedData: "x", IV: "y"}},
		"with what is not theirs":     {"code=a&appId=wx2&role=admin&userId=1&device=d", domain.OpenData{}},
		"with the longest values":     {"code=a&encryptedData=" + strings.Repeat("b", 16<<10) + "&iv=" + strings.Repeat("c", 256), domain.OpenData{EncryptedData: strings.Repeat("b", 16<<10), IV: strings.Repeat("c", 256)}},
	} {
		t.Run(name, func(t *testing.T) {
			var got ports.LoginCommand
			keeps := func(_ context.Context, c ports.LoginCommand) (ports.Login, error) {
				got = c
				return login(true, false), nil
			}
			serve(t, world{login: keeps}, get("/user/login?"+tt.query))
			if got.Code.Reveal() != "a" {
				t.Errorf("got code %q, want a", got.Code.Reveal())
			}
			got.Code = domain.Secret{}
			want := ports.LoginCommand{OpenData: tt.want, Compat: true}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(domain.Secret{})); diff != "" {
				t.Errorf("the command differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestATokenIsTestedAgainstTheUser(t *testing.T) {
	banned := func(context.Context, domain.Caller) (ports.Account, error) {
		return ports.Account{}, fmt.Errorf("account: %w", domain.ErrUserBanned)
	}
	down := func(context.Context, domain.Caller) (ports.Account, error) {
		return ports.Account{}, fmt.Errorf("account: %w: %s", domain.ErrStoreUnavailable, canary)
	}
	// Logged out: whose the token was must not count any more.
	ended := func(context.Context, domain.Secret) (domain.Caller, error) {
		return domain.Caller{UserID: "user-1"}, fmt.Errorf("authenticate: %w", domain.ErrSessionRevoked)
	}
	for name, tt := range map[string]struct {
		w       world
		headers []string
		status  int
		want    string
	}{
		"a good one":              {world{}, []string{"Bearer " + goodToken}, 200, `{"statusCode":200,"message":"获取鉴权数据成功"}`},
		"in lower case":           {world{}, []string{"bearer " + goodToken}, 200, `{"statusCode":200,"message":"获取鉴权数据成功"}`},
		"none":                    {world{}, nil, 401, `{"error":"标题"}`},
		"an empty one":            {world{}, []string{"Bearer "}, 401, `{"error":"标题"}`},
		"another scheme":          {world{}, []string{"Basic " + goodToken}, 401, `{"error":"标题"}`},
		"a bad one":               {world{}, []string{"Bearer x.y.z"}, 401, `{"error":"标题"}`},
		"two":                     {world{}, []string{"Bearer " + goodToken, "Bearer " + goodToken}, 401, `{"error":"标题"}`},
		"of a banned user":        {world{account: banned}, []string{"Bearer " + goodToken}, 401, `{"error":"标题"}`},
		"of a session that ended": {world{caller: ended}, []string{"Bearer " + goodToken}, 401, `{"error":"标题"}`},
		"while the store is down": {world{account: down}, []string{"Bearer " + goodToken}, 500, `{"error":"标题"}`},
	} {
		t.Run(name, func(t *testing.T) {
			r := get("/home/test?token=" + goodToken)
			r.Header["Authorization"] = tt.headers
			wantBody(t, serve(t, tt.w, r), tt.status, tt.want)
		})
	}
}
