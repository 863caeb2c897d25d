package wechatsim

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // WeChat signs with SHA-1
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// OpenData is what a client API hands to the mini program. That of a phone has
// neither userInfo nor a signature.
type OpenData struct {
	UserInfo      json.RawMessage `json:"userInfo,omitempty"`
	RawData       string          `json:"rawData,omitempty"`
	Signature     string          `json:"signature,omitempty"`
	EncryptedData string          `json:"encryptedData"`
	IV            string          `json:"iv"`
}

// profile is userInfo, in WeChat's order. Gender and region are empty for
// everybody since 2021.
type profile struct {
	NickName  string `json:"nickName"`
	Gender    int    `json:"gender"`
	Language  string `json:"language"`
	City      string `json:"city"`
	Province  string `json:"province"`
	Country   string `json:"country"`
	AvatarURL string `json:"avatarUrl"`
}

// sealedProfile is what only the session_key opens.
type sealedProfile struct {
	OpenID string `json:"openId,omitempty"`
	profile
	UnionID   string    `json:"unionId,omitempty"`
	Watermark watermark `json:"watermark"`
}

type watermark struct {
	Timestamp int64  `json:"timestamp"`
	AppID     string `json:"appid"`
}

// OpenData returns what the person's client would get now, encrypted under the
// session_key of now. Kind is "userinfo" for wx.getUserInfo, "profile" for
// wx.getUserProfile, whose data names no openid or unionid, or "phone" for the
// getPhoneNumber of old; empty is "userinfo".
func (s *Simulator) OpenData(app, person, kind string) (OpenData, error) {
	m, err := s.member(app, person)
	if err != nil {
		return OpenData{}, err
	}
	who, key := s.people.portrait(m)
	now := s.cfg.Now()
	raw := profile{NickName: who.Nickname, Language: "zh_CN", AvatarURL: who.Avatar}
	sealed := sealedProfile{profile: raw, Watermark: watermark{now.Unix(), m.app.ID}}
	switch kind {
	case "phone":
		return encrypted(key, encode(who.phone(m.app.ID, now)))
	case "profile":
	case "userinfo", "":
		sealed.OpenID, sealed.UnionID = m.openID, s.people.unionOf(m)
	default:
		return OpenData{}, fmt.Errorf("wechatsim: no open data %q; there is userinfo, profile, phone", kind)
	}
	data, err := encrypted(key, encode(sealed))
	data.UserInfo = encode(raw)
	data.RawData = string(data.UserInfo)
	data.Signature = rawDataSignature(data.RawData, key)
	return data, err
}

// phone is the phone number as WeChat describes it. Only numbers from beyond the
// mainland carry their country code.
func (p Person) phone(appID string, now time.Time) answer {
	full := p.Phone
	if p.CountryCode != "86" {
		full = p.CountryCode + p.Phone
	}
	return answer{
		"phoneNumber": full, "purePhoneNumber": p.Phone, "countryCode": p.CountryCode,
		"watermark": watermark{now.Unix(), appID},
	}
}

// encode leaves <, > and & as they are, which json.Marshal does not.
func encode(v any) []byte {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // strings and numbers: cannot fail
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

// encrypted seals plain under a fresh IV.
func encrypted(sessionKey string, plain []byte) (OpenData, error) {
	iv := make([]byte, aes.BlockSize)
	_, _ = rand.Read(iv) // never fails
	sealed, err := encrypt(sessionKey, iv, plain)
	if err != nil {
		return OpenData{}, fmt.Errorf("wechatsim: %w", err)
	}
	return OpenData{EncryptedData: base64.StdEncoding.EncodeToString(sealed), IV: base64.StdEncoding.EncodeToString(iv)}, nil
}

// encrypt is AES-128-CBC with PKCS #7 padding.
func encrypt(sessionKey string, iv, plain []byte) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(sessionKey)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	sealed := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(padding)}, padding)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(sealed, sealed)
	return sealed, nil
}

func rawDataSignature(rawData, sessionKey string) string {
	sum := sha1.Sum([]byte(rawData + sessionKey)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}
