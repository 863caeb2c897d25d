package wechatapi_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"wxlogin/adapters/wechatapi"
	"wxlogin/domain"
	"wxlogin/ports"
)

// Tencent's sample, from the code package of its open data page.
const (
	sampleApp  = "wx4f4bc4dec97d474b"
	sampleKey  = "tiihtNczf5v6AKRyjwEUhQ=="
	sampleIV   = "r7BXXKkLb8qrSNn05n0qiA=="
	sampleData = "CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVbJSRgv+4lGOETKUQz6OYStslQ142d" +
		"NCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COxFvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn" +
		"/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns" +
		"/8wR2SiRS7MNACwTyrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5oa+T8yO5hzuy" +
		"Db/XcxxmK01EpqOyuxINew=="
	sampleAvatar = "http://wx.qlogo.cn/mmopen/vi_32/aSKcBBPpibyKNicHNTMM0qJVh8Kjgiak2AHWr8MHM4WgMEm7GFhsf8OYrySdbvAMvTsw3mo8ibKicsnfN5pRjl1p8HQ/0"
	sampleTime   = 1477314187
)

// Tencent's worked example of a signature.
const (
	signedKey    = "HyVFkGl5F5OQWJZZaNzBBg=="
	signedRaw    = `{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN","avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}`
	signedDigest = "75e81ceda165f4ffa64f4068af58c64b8f54b88c"

	openText = `{"nickName":"Band","avatarUrl":"` + sampleAvatar + `","watermark":{"timestamp":1477314187,"appid":"` + sampleApp + `"}}`
)

var (
	band   = domain.Profile{Nickname: "Band", AvatarURL: sampleAvatar}
	person = domain.WeChatIdentity{AppID: sampleApp, OpenID: "oGZUI0egBJY1zhBYw2KhdUfwVJJE"}
	then   = ports.OpenDataWindow{Now: time.Unix(sampleTime, 0), MaxAge: 5 * time.Minute}
	reader = wechatapi.NewOpenDataReader()
)

// tencents is Tencent's sample as a client would send it.
func tencents() domain.OpenData {
	return domain.OpenData{EncryptedData: sampleData, IV: sampleIV}
}

// encrypt is what WeChat does: AES-128-CBC under the sample's key and IV, with
// the padding given, or the right one.
func encrypt(t testing.TB, plain string, padding ...byte) domain.OpenData {
	t.Helper()
	return encryptUnder(t, sampleKey, plain, padding...)
}

func encryptUnder(t testing.TB, key, plain string, padding ...byte) domain.OpenData {
	t.Helper()
	text := []byte(plain)
	if padding == nil {
		n := aes.BlockSize - len(text)%aes.BlockSize
		padding = bytes.Repeat([]byte{byte(n)}, n)
	}
	text = append(text, padding...)
	block, err := aes.NewCipher(decode(t, key))
	if err != nil {
		t.Fatalf("NewCipher: got %v, want no error", err)
	}
	cipher.NewCBCEncrypter(block, decode(t, sampleIV)).CryptBlocks(text, text)
	return domain.OpenData{EncryptedData: base64.StdEncoding.EncodeToString(text), IV: sampleIV}
}

func decode(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatalf("DecodeString: got %v, want no error", err)
	}
	return raw
}

// sign adds rawData and its signature under key.
func sign(data domain.OpenData, raw, key string) domain.OpenData {
	sum := sha1.Sum([]byte(raw + key))
	data.RawData, data.Signature = raw, hex.EncodeToString(sum[:])
	return data
}

func read(data domain.OpenData, key string) (domain.Profile, error) {
	return reader.ReadOpenData(data, domain.NewSecret(key), person, then)
}

// mustRefuse checks that data is refused with the one error, which tells nothing.
func mustRefuse(t *testing.T, got domain.Profile, err error) {
	t.Helper()
	if err != error(domain.ErrOpenDataInvalid) || got != (domain.Profile{}) { //nolint:errorlint // not even wrapped
		t.Errorf("got %+v and %v, want %v alone, whatever the cause", got, err, domain.ErrOpenDataInvalid)
	}
}

func TestTencentsSampleIsOpened(t *testing.T) {
	if got, err := read(tencents(), sampleKey); err != nil || got != band {
		t.Errorf("got %+v and %v, want %+v", got, err, band)
	}
	broken := tencents() // into lines, as in the sample's files
	for i := 32; i < len(broken.EncryptedData); i += 34 {
		broken.EncryptedData = broken.EncryptedData[:i] + "\r\n" + broken.EncryptedData[i:]
	}
	if got, err := read(broken, sampleKey); err != nil || got != band {
		t.Errorf("in lines: got %+v and %v, want %+v", got, err, band)
	}
}

func TestTencentsSignatureIsRight(t *testing.T) {
	data := encryptUnder(t, signedKey, openText)
	for _, digest := range []string{signedDigest, strings.ToUpper(signedDigest)} {
		data.RawData, data.Signature = signedRaw, digest
		if got, err := read(data, signedKey); err != nil || got != band {
			t.Errorf("%s: got %+v and %v, want %+v", digest, got, err, band)
		}
	}
	data.RawData = strings.Replace(signedRaw, "Band", "Bend", 1)
	got, err := read(data, signedKey)
	mustRefuse(t, got, err)
}

func TestSignatureCountsWhereThereIsOne(t *testing.T) {
	change := func(f func(*domain.OpenData)) domain.OpenData {
		data := sign(tencents(), `{"nickName":"Band"}`, sampleKey)
		f(&data)
		return data
	}
	tests := []struct {
		name string
		give domain.OpenData
		want bool
	}{
		{"right", change(func(*domain.OpenData) {}), true},
		{"of no rawData", sign(tencents(), "", sampleKey), true},
		{"none, of rawData", change(func(d *domain.OpenData) { d.Signature = "" }), true},
		{"of another key", sign(tencents(), `{"nickName":"Band"}`, signedKey), false},
		{"of the key's bytes", sign(tencents(), `{"nickName":"Band"}`, string(decode(t, sampleKey))), false},
		{"of other rawData", change(func(d *domain.OpenData) { d.RawData += " " }), false},
		{"of rawData that is missing", change(func(d *domain.OpenData) { d.RawData = "" }), false},
		{"cut short", change(func(d *domain.OpenData) { d.Signature = d.Signature[:38] }), false},
		{"longer", change(func(d *domain.OpenData) { d.Signature += "00" }), false},
		{"no hex", change(func(d *domain.OpenData) { d.Signature = strings.Repeat("g", 40) }), false},
		{"with blanks", change(func(d *domain.OpenData) { d.Signature += " " }), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(tt.give, sampleKey)
			if !tt.want {
				mustRefuse(t, got, err)
			} else if err != nil || got != band {
				t.Errorf("got %+v and %v, want %+v", got, err, band)
			}
		})
	}
}
