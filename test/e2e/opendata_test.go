package e2e

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// envelope is open data as this test makes it: what WeChat would, but for the
// changes of a case.
type envelope struct {
	openID    string
	watermark map[string]any
	padding   int // bytes too many
	iv        []byte
	cut       int // bytes off the end of the cipher text
	tail      string
}

// seal encrypts under the session_key, as WeChat does.
func (e envelope) seal(t *testing.T, sessionKey string) map[string]string {
	t.Helper()
	plain, err := json.Marshal(map[string]any{"openId": e.openID, "nickName": "forged", "watermark": e.watermark})
	key, kerr := base64.StdEncoding.DecodeString(sessionKey)
	block, berr := aes.NewCipher(key)
	if err != nil || kerr != nil || berr != nil {
		t.Fatal(err, kerr, berr)
	}
	n := aes.BlockSize - len(plain)%aes.BlockSize + e.padding
	text := append(plain, bytes.Repeat([]byte{byte(n)}, n)...)
	iv := make([]byte, aes.BlockSize)
	copy(iv, e.iv)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	return map[string]string{
		"encryptedData": base64.StdEncoding.EncodeToString(text[:len(text)-e.cut]) + e.tail,
		"iv":            base64.StdEncoding.EncodeToString(e.iv),
	}
}

func TestForgedOpenDataIsAWarningAndChangesNothing(t *testing.T) { // seed defects 7 to 10
	w := inWorld(t, nil)
	mark := func(app string, age time.Duration) map[string]any {
		return map[string]any{"appid": app, "timestamp": time.Now().Add(-age).Unix()}
	}
	iv := []byte("0123456789abcdef")
	tests := []struct {
		name string
		give func(*envelope)
		good bool
	}{
		{"nothing forged", func(*envelope) {}, true},
		{"no openid, as wx.getUserProfile has it", func(e *envelope) { e.openID = "" }, true},
		{"another person's openid", func(e *envelope) { e.openID = "o-somebody-else" }, false},
		{"no watermark", func(e *envelope) { e.watermark = nil }, false},
		{"another app's watermark", func(e *envelope) { e.watermark = mark("wxother", 0) }, false},
		{"a watermark of an hour ago", func(e *envelope) { e.watermark = mark(appID, time.Hour) }, false},
		{"a watermark of tomorrow", func(e *envelope) { e.watermark = mark(appID, -24*time.Hour) }, false},
		{"a watermark without a time", func(e *envelope) { e.watermark = map[string]any{"appid": appID} }, false},
		{"an iv of 15 bytes", func(e *envelope) { e.iv = iv[:15] }, false},
		{"an iv of 17 bytes", func(e *envelope) { e.iv = append(bytes.Clone(iv), 'x') }, false},
		{"half a block", func(e *envelope) { e.cut = 8 }, false},
		{"a block less", func(e *envelope) { e.cut = aes.BlockSize }, false},
		{"padding of another scheme", func(e *envelope) { e.padding = aes.BlockSize }, false},
		{"no base64", func(e *envelope) { e.tail = "!" }, false},
	}
	for n, tt := range tests {
		person := fmt.Sprint("person-", n)
		code := w.code(t, person)
		openID, _, oerr := w.wechat.Identity("", person)
		key, kerr := w.wechat.SessionKey("", person)
		if oerr != nil || kerr != nil {
			t.Fatal(oerr, kerr)
		}
		e := envelope{openID: openID, watermark: mark(appID, 0), iv: iv}
		tt.give(&e)
		login := w.Post("/v1/login", map[string]any{"code": code, "profile": e.seal(t, key)}).Login(t)
		if good := login.User.Nickname == "forged" && len(login.Warnings) == 0; good != tt.good {
			t.Errorf("%s: got %+v, want it taken: %v", tt.name, login, tt.good)
		}
		if !tt.good && (login.User.Nickname != "" || len(login.Warnings) != 1 || login.Warnings[0].Code != "open_data_invalid") {
			t.Errorf("%s: got %+v, want one warning and no nickname", tt.name, login)
		}
	}
	w.stops(t)
}

func TestScaffoldClientNeedsTheCodeAlone(t *testing.T) { // seed defects 5, 6
	w := inWorld(t, nil)
	silent := scaffoldLogin(t, w.Client, w.code(t, "alice"))
	if silent.Outcome != 200 || silent.Message != "登录成功, 用户信息入库成功" || silent.Token == "" {
		t.Errorf("the code alone: got %+v, want a new user", silent)
	}
	for what, query := range map[string]string{
		"no code": "", "an empty code": "code=", "a code too long": "code=" + strings.Repeat("x", 300),
		"data too long": "code=x&encryptedData=" + strings.Repeat("x", 15<<10) + "&iv=" + strings.Repeat("x", 300),
	} {
		var answer scaffoldAnswer
		got := w.Get("/user/login?"+query, "")
		if err := json.Unmarshal(got.Body, &answer); err != nil || answer.Outcome != 400 || answer.Token != "" {
			t.Errorf("%s: got %d %s, want statusCode 400", what, got.Status, got.Body)
		}
	}
	post := w.Post("/user/login", map[string]string{"code": w.code(t, "alice")})
	wantStatus(t, "the scaffold's path by POST", post, 405, "method_not_allowed")
	wantStatus(t, "our path by GET", w.Get("/v1/login?code="+w.code(t, "alice"), ""), 405, "method_not_allowed")
	w.stops(t)
}

func TestScaffoldClientWhoseSessionsEndedGetsANewToken(t *testing.T) { // seed defects 16, 17
	w := inWorld(t, nil)
	first := scaffoldLogin(t, w.Client, w.code(t, "alice"))
	db := openStore(t, w.env["DATA_DIR"])
	if _, err := db.ExecContext(t.Context(), "UPDATE sessions SET expires_at = 1, absolute_at = 1"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"登录成功，Token更新成功", "登录成功，用户已入库"} {
		next := scaffoldLogin(t, w.Client, w.code(t, "alice"))
		if next.Outcome != 200 || next.Message != want || next.Token == "" || next.Token == first.Token {
			t.Errorf("got %+v, want %s with a new token", next, want)
		}
		wantStatus(t, "me with the new token", w.Get("/v1/me", next.Token), 200, "")
	}
	w.stops(t)
}
