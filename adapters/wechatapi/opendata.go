package wechatapi

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" //nolint:gosec // WeChat signs with it; we only verify
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"time"
	"unicode/utf8"

	"wxlogin/domain"
	"wxlogin/ports"
)

// aesKeySize is that of AES-128. aes.NewCipher would take longer keys too.
const aesKeySize = 16

// maxFuture is how far WeChat's clock may be ahead of ours.
const maxFuture = time.Minute

// OpenDataReader implements ports.OpenDataReader as WeChat lays down:
// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
type OpenDataReader struct{}

var _ ports.OpenDataReader = OpenDataReader{}

// NewOpenDataReader makes the adapter.
func NewOpenDataReader() OpenDataReader { return OpenDataReader{} }

// openProfile is the plain text of user info.
type openProfile struct {
	OpenID    string    `json:"openId"` // absent in what wx.getUserProfile gives
	NickName  string    `json:"nickName"`
	AvatarURL string    `json:"avatarUrl"`
	Watermark watermark `json:"watermark"`
}

// watermark says for which app WeChat made something, and when.
type watermark struct {
	AppID     string `json:"appid"`
	Timestamp int64  `json:"timestamp"` // seconds
}

// ReadOpenData implements ports.OpenDataReader.
func (OpenDataReader) ReadOpenData(data domain.OpenData, key domain.Secret, identity domain.WeChatIdentity,
	window ports.OpenDataWindow,
) (domain.Profile, error) {
	var p openProfile
	if !open(data, key, &p) || !p.Watermark.fits(identity.AppID, window) || (p.OpenID != "" && p.OpenID != string(identity.OpenID)) {
		return domain.Profile{}, domain.ErrOpenDataInvalid
	}
	return domain.Profile{Nickname: p.NickName, AvatarURL: p.AvatarURL}, nil
}

// ReadPhone implements ports.OpenDataReader.
func (OpenDataReader) ReadPhone(data domain.OpenData, key domain.Secret, app domain.AppID,
	window ports.OpenDataWindow,
) (domain.PhoneNumber, error) {
	var p phoneInfo
	if !open(data, key, &p) || !p.Watermark.fits(app, window) {
		return domain.PhoneNumber{}, domain.ErrOpenDataInvalid
	}
	number, ok := p.number()
	if !ok {
		return domain.PhoneNumber{}, domain.ErrOpenDataInvalid
	}
	return number, nil
}

// open decodes what the data holds into what plain points to, if it can be opened
// with key and, where it is signed, is signed rightly.
func open(data domain.OpenData, key domain.Secret, plain any) bool {
	if !signed(data, key) {
		return false
	}
	text, ok := decrypt(data, key)
	return ok && json.Unmarshal(text, plain) == nil
}

// fits reports whether the data was made for the app, and in the window.
func (w watermark) fits(app domain.AppID, window ports.OpenDataWindow) bool {
	return w.AppID == string(app) && fresh(w.Timestamp, window)
}

func fresh(timestamp int64, w ports.OpenDataWindow) bool {
	made := time.Unix(timestamp, 0)
	return !made.Before(w.Now.Add(-w.MaxAge)) && !made.After(w.Now.Add(maxFuture))
}

// signed reports whether data is signed rightly, or not at all: signature =
// hex(sha1(rawData + session_key)), the key as its base64 text.
func signed(data domain.OpenData, key domain.Secret) bool {
	if data.Signature == "" {
		return true
	}
	want := sha1.Sum([]byte(data.RawData + key.Reveal())) //nolint:gosec // as above
	got, err := hex.DecodeString(data.Signature)
	return err == nil && subtle.ConstantTimeCompare(got, want[:]) == 1
}

// decrypt undoes AES-128-CBC with PKCS#7. All lengths are checked first: the
// block mode panics on wrong ones, and both come from the client.
func decrypt(data domain.OpenData, key domain.Secret) ([]byte, bool) {
	k, kerr := base64.StdEncoding.DecodeString(key.Reveal())
	iv, ierr := base64.StdEncoding.DecodeString(data.IV)
	text, terr := base64.StdEncoding.DecodeString(data.EncryptedData)
	if kerr != nil || ierr != nil || terr != nil {
		return nil, false
	}
	if len(k) != aesKeySize || len(iv) != aes.BlockSize || len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return nil, false
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, false
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(text, text)
	return unpad(text)
}

// unpad strips PKCS#7 padding of 1 to 16 bytes, all equal, of a text that is
// UTF-8. The 32-byte blocks of WeChat's message push are another scheme.
func unpad(text []byte) ([]byte, bool) {
	n := int(text[len(text)-1])
	if n == 0 || n > aes.BlockSize {
		return nil, false
	}
	for _, b := range text[len(text)-n:] {
		if int(b) != n {
			return nil, false
		}
	}
	plain := text[:len(text)-n]
	return plain, utf8.Valid(plain)
}
