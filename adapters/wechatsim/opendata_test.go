package wechatsim_test

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/wechatsim"
)

func unbase64(t *testing.T, text string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return b
}

// opened decrypts as a service would, and checks every byte of the padding.
func opened(t *testing.T, data wechatsim.OpenData, key string) string {
	t.Helper()
	block, err := aes.NewCipher(unbase64(t, key))
	if err != nil {
		t.Fatal(err)
	}
	text := unbase64(t, data.EncryptedData)
	cipher.NewCBCDecrypter(block, unbase64(t, data.IV)).CryptBlocks(text, text)
	padding := int(text[len(text)-1])
	if padding < 1 || padding > 16 || strings.Trim(string(text[len(text)-padding:]), string(rune(padding))) != "" {
		t.Fatalf("padding of %x", text[len(text)-16:])
	}
	return string(text[:len(text)-padding])
}

func TestEncryptionIsThatOfTencentsSample(t *testing.T) {
	plain, err := os.ReadFile("testdata/sample.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/sample.encrypted")
	if err != nil {
		t.Fatal(err)
	}
	got, err := wechatsim.Encrypt("tiihtNczf5v6AKRyjwEUhQ==", unbase64(t, "r7BXXKkLb8qrSNn05n0qiA=="), plain)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), base64.StdEncoding.EncodeToString(got)); diff != "" {
		t.Errorf("encryptedData (-want +got):\n%s", diff)
	}
}

func TestRawDataSignatureIsThatOfTencentsSample(t *testing.T) {
	const raw = `{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN",` +
		`"avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}`
	if got := wechatsim.RawDataSignature(raw, "HyVFkGl5F5OQWJZZaNzBBg=="); got != "75e81ceda165f4ffa64f4068af58c64b8f54b88c" {
		t.Errorf("got %s", got)
	}
}

// bob has a name that careless encoders would change.
var bob = wechatsim.Person{
	Name: "bob", Nickname: "Bob 🐼 <b>", Avatar: "https://thirdwx.qlogo.cn/a?b&c", Phone: "13580006666",
}

func TestOpenDataIsSealedUnderThePresentKey(t *testing.T) {
	w := start(t)
	if _, err := w.PutPerson(bob); err != nil {
		t.Fatal(err)
	}
	openID, unionID, _ := w.Identity(shop, "bob")
	ids := map[string]any{"openId": openID, "unionId": unionID}
	number := map[string]any{"phoneNumber": bob.Phone, "purePhoneNumber": bob.Phone, "countryCode": "86"}
	for kind, parts := range map[string][]map[string]any{
		"userinfo": {shownOfBob(), ids}, "": {shownOfBob(), ids}, "profile": {shownOfBob()}, "phone": {number},
	} {
		t.Run("kind "+kind, func(t *testing.T) {
			key, _ := w.RotateSessionKey(shop, "bob")
			data, err := w.OpenData(shop, "bob", kind)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]any{"watermark": map[string]any{"appid": shop, "timestamp": 1.8e9}}
			for _, part := range parts {
				maps.Copy(want, part)
			}
			if diff := cmp.Diff(want, w.object(opened(t, data, key))); diff != "" {
				t.Errorf("sealed (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := w.OpenData(shop, "bob", "weRun"); err == nil {
		t.Error("open data of an unknown kind")
	}
}

// shownOfBob is what a client may show of bob without opening anything.
func shownOfBob() map[string]any {
	return map[string]any{
		"nickName": bob.Nickname, "gender": 0.0, "language": "zh_CN",
		"city": "", "province": "", "country": "", "avatarUrl": bob.Avatar,
	}
}

func TestRawDataIsUserInfoSignedWithThePresentKey(t *testing.T) {
	w := start(t)
	if _, err := w.PutPerson(bob); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"userinfo", "profile"} {
		key, _ := w.RotateSessionKey(shop, "bob")
		data, err := w.OpenData(shop, "bob", kind)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(shownOfBob(), w.object(data.RawData)); diff != "" || data.RawData != string(data.UserInfo) {
			t.Errorf("rawData (-want +got):\n%s", diff)
		}
		if data.Signature != wechatsim.RawDataSignature(data.RawData, key) {
			t.Error("rawData is not signed with the present key")
		}
		if strings.Contains(data.RawData, `\u`) {
			t.Errorf("rawData is escaped: %s", data.RawData)
		}
	}
	phone, err := w.OpenData(shop, "bob", "phone")
	if err != nil || phone.RawData != "" || phone.Signature != "" || phone.UserInfo != nil {
		t.Errorf("a phone comes with %+v, %v; want nothing in clear", phone, err)
	}
}

func TestOpenDataOfAnAppWithoutAccountNamesNoUnionID(t *testing.T) {
	w := start(t)
	key, _ := w.SessionKey(loner, "bob")
	data, err := w.OpenData(loner, "bob", "userinfo")
	if err != nil {
		t.Fatal(err)
	}
	if got := w.object(opened(t, data, key)); got["unionId"] != nil || got["openId"] == nil {
		t.Errorf("got %v, want an openId and no unionId", got)
	}
}
