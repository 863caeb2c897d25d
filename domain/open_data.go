package domain

import (
	"crypto/aes"
	"encoding/base64"
)

// OpenData is what wx.getUserInfo and its relatives hand a client about the
// person on the phone, encrypted under the session_key:
// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
// All fields are as received and prove nothing before they are opened.
type OpenData struct {
	EncryptedData string // base64
	IV            string // base64
	RawData       string // optional, the text that Signature signs, byte for byte
	Signature     string // optional, hex
}

// Present reports whether the client sent any open data at all.
func (d OpenData) Present() bool {
	return d != OpenData{}
}

// WellFormed reports whether the data may be what WeChat made, by what can be said
// without a key: base64, an initialisation vector and a text of whole blocks.
func (d OpenData) WellFormed() bool {
	iv, ierr := base64.StdEncoding.DecodeString(d.IV)
	text, terr := base64.StdEncoding.DecodeString(d.EncryptedData)
	return ierr == nil && terr == nil && len(iv) == aes.BlockSize && len(text) > 0 && len(text)%aes.BlockSize == 0
}
