package wechatapi_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"wxlogin/domain"
)

// marked reports, by other means than the reader's, whether data holds the
// sample's watermark.
func marked(t *testing.T, data domain.OpenData, key string) bool {
	t.Helper()
	text := decode(t, data.EncryptedData)
	block, err := aes.NewCipher(decode(t, key))
	if err != nil {
		t.Fatalf("NewCipher: got %v, want no error", err)
	}
	cipher.NewCBCDecrypter(block, decode(t, data.IV)).CryptBlocks(text, text)
	var plain struct {
		Watermark struct {
			AppID     string
			Timestamp int64
		}
	}
	err = json.NewDecoder(bytes.NewReader(text)).Decode(&plain)
	return err == nil && plain.Watermark.AppID == sampleApp && plain.Watermark.Timestamp > 0
}

func TestFlippedBitNeverForgesAWatermark(t *testing.T) {
	flip := func(text string, i, bit int) string {
		raw := decode(t, text)
		raw[i] ^= 1 << bit
		return base64.StdEncoding.EncodeToString(raw)
	}
	check := func(what string, data domain.OpenData) {
		if got, err := read(data, sampleKey); err != nil {
			mustRefuse(t, got, err)
		} else if !marked(t, data, sampleKey) {
			t.Errorf("%s: got %+v, want it refused: the watermark is forged", what, got)
		}
	}
	for bit := range 8 {
		for i := range len(decode(t, sampleData)) {
			data := tencents()
			data.EncryptedData = flip(sampleData, i, bit)
			check(fmt.Sprintf("byte %d, bit %d", i, bit), data)
		}
		for i := range aes.BlockSize {
			data := tencents()
			data.IV = flip(sampleIV, i, bit)
			check(fmt.Sprintf("IV byte %d, bit %d", i, bit), data)
		}
	}
}

func TestFlippedByteOfTheLastBlockIsRefused(t *testing.T) {
	raw := decode(t, sampleData)
	for i := len(raw) - aes.BlockSize; i < len(raw); i++ {
		changed := bytes.Clone(raw)
		changed[i] ^= 0xff
		got, err := read(domain.OpenData{EncryptedData: base64.StdEncoding.EncodeToString(changed), IV: sampleIV}, sampleKey)
		mustRefuse(t, got, err)
	}
}

func TestWrongKeyOpensNothing(t *testing.T) {
	source := rand.NewChaCha8([32]byte{1})
	for range 3000 {
		key := make([]byte, 16)
		_, _ = source.Read(key)
		got, err := read(tencents(), base64.StdEncoding.EncodeToString(key))
		mustRefuse(t, got, err)
	}
}

func FuzzReadOpenData(f *testing.F) {
	signed := sign(tencents(), `{"nickName":"Band"}`, sampleKey)
	f.Add(sampleData, sampleIV, "", "", sampleKey)
	f.Add(sampleData, sampleIV, signed.RawData, signed.Signature, sampleKey)
	f.Add("", "", signedRaw, signedDigest, signedKey)
	f.Add("AAAA", sampleIV, "", "", sampleKey+"AAAA")
	f.Fuzz(func(t *testing.T, data, iv, raw, signature, key string) {
		open := domain.OpenData{EncryptedData: data, IV: iv, RawData: raw, Signature: signature}
		got, err := read(open, key)
		if err != nil {
			mustRefuse(t, got, err)
		} else if !marked(t, open, key) {
			t.Errorf("got %+v, want it refused", got)
		}
	})
}

// FuzzReadPlainText gets past the encryption, as only WeChat and a holder of the
// key could.
func FuzzReadPlainText(f *testing.F) {
	f.Add(openText)
	f.Add(`{"openId":"` + string(person.OpenID) + `","watermark":{"timestamp":1477314187,"appid":"` + sampleApp + `"}}`)
	f.Add(`{"watermark":{"appid":"` + sampleApp + `","timestamp":1e9}}`)
	f.Fuzz(func(t *testing.T, plain string) {
		got, err := read(encrypt(t, plain), sampleKey)
		if err != nil {
			mustRefuse(t, got, err)
			return
		}
		if !json.Valid([]byte(plain)) || !strings.Contains(plain, "147731") { // the time, to within the window
			t.Errorf("%q: got %+v, want it refused", plain, got)
		}
	})
}
