package wechatapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"wxlogin/domain"
)

func TestMediaTypeOfTheAnswerDoesNotMatter(t *testing.T) {
	for _, media := range []string{"text/plain", "application/json; charset=utf-8", "text/html", "image/png", "nonsense"} {
		x := connect(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", media)
			saying(good)(w, r)
		}).URL)
		if _, err := exchange(t, x, oneApp, loginCode); err != nil {
			t.Errorf("%s: got %v, want no error", media, err)
		}
	}
}

func TestReturnCodesMeanWhatTencentSays(t *testing.T) {
	tests := map[int]error{
		-1:    domain.ErrPlatformUnavailable,
		40029: domain.ErrCodeInvalid, 41008: domain.ErrCodeInvalid, 42003: domain.ErrCodeInvalid,
		40163: domain.ErrCodeUsed,
		40226: domain.ErrLoginBlocked,
		45009: domain.ErrRateLimited, 45011: domain.ErrRateLimited,
		40002: domain.ErrAppMisconfigured, 40013: domain.ErrAppMisconfigured, 40125: domain.ErrAppMisconfigured,
		40164: domain.ErrAppMisconfigured, 40243: domain.ErrAppMisconfigured, 41002: domain.ErrAppMisconfigured,
		41004: domain.ErrAppMisconfigured, 48001: domain.ErrAppMisconfigured, 48004: domain.ErrAppMisconfigured,
		50002: domain.ErrAppMisconfigured,
		12345: domain.ErrPlatformUnavailable, -2: domain.ErrPlatformUnavailable,
	}
	for code, want := range tests {
		for _, form := range []string{`{"errcode":%d,"errmsg":"m"}`, `{"errcode":"%d"}`, `{"openid":"o1","session_key":"` + sessionKey + `","errcode":%d}`} {
			x := connect(t, serve(t, saying(fmt.Sprintf(form, code))).URL)
			got, err := exchange(t, x, oneApp, loginCode)
			mustFail(t, got, err, want)
			if err != nil && !strings.Contains(err.Error(), fmt.Sprintf("errcode %d", code)) {
				t.Errorf("%d: got %q, want the number in it, for the log", code, err)
			}
		}
	}
}

func TestOnlyTheUsefulPartOfAnErrmsgIsTold(t *testing.T) {
	tests := []struct {
		name string
		give string
		want string // after the errcode
	}{
		{"a request id", "invalid code, rid: 6129ee10-272863a4-64d75414", ", rid 6129ee10-272863a4-64d75414"},
		{"an address that is not on the list", "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6129ee10-272863a4-64d75414",
			", refused address 203.0.113.7, rid 6129ee10-272863a4-64d75414"},
		{"an echo of what we sent", "secret=" + appSecret + " js_code=" + loginCode, ""},
		{"an echo in place of a request id", "rid: " + appSecret, ""},
		{"an echo in place of an address", "invalid ip " + loginCode, ""},
		{"a key in place of an address", "invalid ip 0123456789abcdef0123456789abcdef", ""},
		{"a key in place of a request id", "rid: 0123456789abcdef0123456789abcdef", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := connect(t, serve(t, saying(fmt.Sprintf(`{"errcode":40029,"errmsg":%q}`, tt.give))).URL)
			got, err := exchange(t, x, oneApp, loginCode)
			mustFail(t, got, err, domain.ErrCodeInvalid)
			want := "wechatapi: jscode2session for " + string(oneApp) + ": code_invalid: errcode 40029" + tt.want
			if err == nil || err.Error() != want {
				t.Errorf("got %q, want %q", err, want)
			}
		})
	}
}

func TestAnswerThatIsNoAnswerIsAnOutage(t *testing.T) {
	long := strings.Repeat("x", 129)
	tests := map[string]string{
		"nothing":               "",
		"blanks":                " \n",
		"an empty object":       "{}",
		"null":                  "null",
		"an array":              "[]",
		"an array of answers":   "[" + good + "]",
		"a string":              `"ok"`,
		"a number":              "40029",
		"HTML":                  "<html><body>502 Bad Gateway " + appSecret + "</body></html>",
		"truncated":             good[:len(good)-1],
		"two answers":           good + good,
		"rubbish after it":      good + "x",
		"a byte order mark":     "\ufeff" + good,
		"no openid":             `{"session_key":"` + sessionKey + `"}`,
		"an empty openid":       `{"openid":"","session_key":"` + sessionKey + `"}`,
		"a null openid":         `{"openid":null,"session_key":"` + sessionKey + `"}`,
		"an openid of a number": `{"openid":1,"session_key":"` + sessionKey + `"}`,
		"no session_key":        `{"openid":"o1"}`,
		"an empty session_key":  `{"openid":"o1","session_key":""}`,
		"a long openid":         `{"openid":"` + long + `","session_key":"` + sessionKey + `"}`,
		"a long unionid":        `{"openid":"o1","session_key":"` + sessionKey + `","unionid":"` + long + `"}`,
		"a long session_key":    `{"openid":"o1","session_key":"` + long + `"}`,
		"errcode of text":       `{"errcode":"ok","openid":"o1","session_key":"` + sessionKey + `"}`,
		"errcode empty":         `{"errcode":"","openid":"o1","session_key":"` + sessionKey + `"}`,
		"errcode of an object":  `{"errcode":{},"openid":"o1","session_key":"` + sessionKey + `"}`,
		"errcode of a fraction": `{"errcode":0.5,"openid":"o1","session_key":"` + sessionKey + `"}`,
		"errcode beyond all":    `{"errcode":99999999999999999999}`,
		"errcode half quoted":   `{"errcode":"\ud83d"}`,
		"a byte too long":       good + strings.Repeat(" ", 64<<10-len(good)+1),
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := exchange(t, connect(t, serve(t, saying(body)).URL), oneApp, loginCode)
			mustFail(t, got, err, domain.ErrPlatformUnavailable)
		})
	}
}

func TestOnlyStatus200IsAnAnswer(t *testing.T) {
	for _, status := range []int{201, 204, 206, 301, 304, 400, 401, 403, 404, 429, 500, 502, 503, 504} {
		x := connect(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(good))
		}).URL)
		got, err := exchange(t, x, oneApp, loginCode)
		mustFail(t, got, err, domain.ErrPlatformUnavailable)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := serve(t, saying(good))
	for _, location := range []string{elsewhere.URL, "", "http://[" + appSecret, "/sns/jscode2session?secret=" + appSecret} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			p := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", location)
				w.WriteHeader(status)
			})
			got, err := exchange(t, connect(t, p.URL), oneApp, loginCode)
			mustFail(t, got, err, domain.ErrPlatformUnavailable)
			if p.calls() != 1 || elsewhere.calls() != 0 {
				t.Errorf("%d to %s: got %d calls and %d elsewhere, want 1 and 0", status, location, p.calls(), elsewhere.calls())
			}
		}
	}
}

func TestCompressionIsNotBelieved(t *testing.T) {
	tests := []struct {
		name, encoding, body string
		want                 error
	}{
		{"said of plain text", "gzip", good, nil},
		{"real", "gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00", domain.ErrPlatformUnavailable},
		{"of a kind that nobody knows", "nonsense, gzip", good, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := connect(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", tt.encoding)
				saying(tt.body)(w, r)
			}).URL)
			got, err := exchange(t, x, oneApp, loginCode)
			if tt.want != nil {
				mustFail(t, got, err, tt.want)
			} else if err != nil || got.Identity.OpenID != "o1" {
				t.Errorf("got %+v and %v, want o1", got.Identity, err)
			}
		})
	}
}
