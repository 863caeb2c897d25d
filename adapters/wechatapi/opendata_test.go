package wechatapi_test

import (
	"bytes"
	"crypto/aes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

func TestDataThatCannotBeDecryptedIsRefused(t *testing.T) {
	cut := func(text string, n int) string {
		raw := decode(t, text)
		return base64.StdEncoding.EncodeToString(raw[:len(raw)-n])
	}
	stretch := func(text string, n int) string {
		return base64.StdEncoding.EncodeToString(append(decode(t, text), make([]byte, n)...))
	}
	tests := map[string]struct{ data, iv, key string }{
		"nothing":                       {"", "", ""},
		"no data":                       {"", sampleIV, sampleKey},
		"no IV":                         {sampleData, "", sampleKey},
		"no key":                        {sampleData, sampleIV, ""},
		"an IV of 15 bytes":             {sampleData, cut(sampleIV, 1), sampleKey},
		"an IV of 17 bytes":             {sampleData, stretch(sampleIV, 1), sampleKey},
		"an IV of 32 bytes":             {sampleData, stretch(sampleIV, 16), sampleKey},
		"399 bytes":                     {cut(sampleData, 1), sampleIV, sampleKey},
		"a block less":                  {cut(sampleData, 16), sampleIV, sampleKey},
		"a block more":                  {stretch(sampleData, 16), sampleIV, sampleKey},
		"a key of 15 bytes":             {sampleData, sampleIV, cut(sampleKey, 1)},
		"a key of 24 bytes":             {sampleData, sampleIV, stretch(sampleKey, 8)},
		"a key of 32 bytes":             {sampleData, sampleIV, stretch(sampleKey, 16)},
		"a wrong key":                   {sampleData, sampleIV, signedKey},
		"a wrong IV":                    {sampleData, signedKey, sampleKey},
		"blanks for plus signs":         {strings.ReplaceAll(sampleData, "+", " "), sampleIV, sampleKey},
		"escaped plus signs":            {strings.ReplaceAll(sampleData, "+", "%2B"), sampleIV, sampleKey},
		"base64 of URLs":                {strings.NewReplacer("+", "-", "/", "_").Replace(sampleData), sampleIV, sampleKey},
		"base64 without its end":        {strings.TrimRight(sampleData, "="), sampleIV, sampleKey},
		"base64 of nothing":             {"====", sampleIV, sampleKey},
		"data that is no base64":        {"微信", sampleIV, sampleKey},
		"an IV that is no base64":       {sampleData, "!!!!", sampleKey},
		"a key that is no base64":       {sampleData, sampleIV, "!!!!"},
		"the IV and the data exchanged": {sampleIV, sampleData, sampleKey},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := read(domain.OpenData{EncryptedData: tt.data, IV: tt.iv}, tt.key)
			mustRefuse(t, got, err)
		})
	}
}

func TestKeyIsOfAES128AndOfNothingLonger(t *testing.T) {
	for _, size := range []int{24, 32} {
		key := base64.StdEncoding.EncodeToString(make([]byte, size))
		got, err := read(encryptUnder(t, key, openText), key)
		mustRefuse(t, got, err)
	}
}

func TestPaddingIsCheckedToTheByte(t *testing.T) {
	const plain = openText + " " // of a length that asks for some padding
	right := aes.BlockSize - len(plain)%aes.BlockSize
	pad := func(values ...byte) []byte { return append(bytes.Repeat([]byte{' '}, right-len(values)%16), values...) }
	tests := map[string][]byte{
		"of 0":              pad(0),
		"of 17":             append(pad(), bytes.Repeat([]byte{17}, 16)...),
		"of 32":             append(pad(), bytes.Repeat([]byte{32}, 32)...),
		"of 255":            pad(255),
		"of unequal bytes":  pad(1, 2),
		"of 3 and only two": pad(3, 3),
	}
	for name, padding := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := read(encrypt(t, plain, padding...), sampleKey)
			mustRefuse(t, got, err)
		})
	}
	for extra := range aes.BlockSize { // every length of a right one
		if got, err := read(encrypt(t, openText+strings.Repeat(" ", extra)), sampleKey); err != nil || got != band {
			t.Errorf("%d blanks: got %+v and %v, want %+v", extra, got, err, band)
		}
	}
}

func TestWhatIsInsideMustBeMeantForUs(t *testing.T) {
	watermark := func(appID string, timestamp any) string {
		return fmt.Sprintf(`"watermark":{"appid":%q,"timestamp":%v}`, appID, timestamp)
	}
	mark := watermark(sampleApp, sampleTime)
	named := domain.Profile{Nickname: "N"}
	tests := []struct {
		name  string
		plain string
		want  domain.Profile
		ok    bool
	}{
		{"wx.getUserProfile names nobody", `{"nickName":"N",` + mark + `}`, named, true},
		{"the person who logs in", `{"openId":"` + string(person.OpenID) + `","nickName":"N",` + mark + `}`, named, true},
		{"an emoji", `{"nickName":"😀",` + mark + `}`, domain.Profile{Nickname: "😀"}, true},
		{"an emoji of surrogates", `{"nickName":"\ud83d\ude00",` + mark + `}`, domain.Profile{Nickname: "😀"}, true},
		{"no profile, as in a phone number's data", `{"phoneNumber":"1",` + mark + `}`, domain.Profile{}, true},
		{"somebody else", `{"openId":"oSomebodyElse","nickName":"N",` + mark + `}`, named, false},
		{"the person in other letters", `{"openId":"` + strings.ToUpper(string(person.OpenID)) + `",` + mark + `}`, named, false},
		{"another app", `{"nickName":"N",` + watermark("wx0000000000000000", sampleTime) + `}`, named, false},
		{"the app in other letters", `{"nickName":"N",` + watermark(strings.ToUpper(sampleApp), sampleTime) + `}`, named, false},
		{"no app", `{"nickName":"N",` + watermark("", sampleTime) + `}`, named, false},
		{"no watermark", `{"nickName":"N"}`, named, false},
		{"a null watermark", `{"nickName":"N","watermark":null}`, named, false},
		{"no timestamp", `{"nickName":"N","watermark":{"appid":"` + sampleApp + `"}}`, named, false},
		{"a timestamp of text", `{"nickName":"N",` + watermark(sampleApp, `"1477314187"`) + `}`, named, false},
		{"a timestamp in milliseconds", `{"nickName":"N",` + watermark(sampleApp, sampleTime*1000) + `}`, named, false},
		{"the largest timestamp", `{"nickName":"N",` + watermark(sampleApp, "9223372036854775807") + `}`, named, false},
		{"the least timestamp", `{"nickName":"N",` + watermark(sampleApp, "-9223372036854775808") + `}`, named, false},
		{"a timestamp beyond", `{"nickName":"N",` + watermark(sampleApp, "9223372036854775808") + `}`, named, false},
		{"an array", `[{"nickName":"N",` + mark + `}]`, named, false},
		{"two values", `{"nickName":"N",` + mark + `}{}`, named, false},
		{"no JSON", "hello", named, false},
		{"null", "null", named, false},
		{"nothing", "", named, false},
		{"a name that is no UTF-8", `{"nickName":"` + "\xff" + `",` + mark + `}`, named, false},
		{"a name that is a number", `{"nickName":1,` + mark + `}`, named, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(encrypt(t, tt.plain), sampleKey)
			if !tt.ok {
				mustRefuse(t, got, err)
			} else if err != nil || got != tt.want {
				t.Errorf("got %+v and %v, want %+v", got, err, tt.want)
			}
		})
	}
}

func TestDataIsBelievedForAWhile(t *testing.T) {
	made := time.Unix(sampleTime, 0)
	tests := []struct {
		name string
		now  time.Time
		ok   bool
	}{
		{"now", made, true},
		{"as old as may be", made.Add(5 * time.Minute), true},
		{"a moment older", made.Add(5*time.Minute + 1), false},
		{"ten minutes old", made.Add(10 * time.Minute), false},
		{"years old", made.AddDate(9, 0, 0), false},
		{"as new as may be", made.Add(-time.Minute), true},
		{"a moment newer", made.Add(-time.Minute - 1), false},
		{"ten minutes from now", made.Add(-10 * time.Minute), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			window := ports.OpenDataWindow{Now: tt.now, MaxAge: 5 * time.Minute}
			got, err := reader.ReadOpenData(tencents(), domain.NewSecret(sampleKey), person, window)
			if !tt.ok {
				mustRefuse(t, got, err)
			} else if err != nil || got != band {
				t.Errorf("got %+v and %v, want %+v", got, err, band)
			}
		})
	}
}

func TestDataIsNobodyElses(t *testing.T) {
	for _, who := range []domain.WeChatIdentity{
		{AppID: "wx0000000000000000", OpenID: person.OpenID}, {AppID: sampleApp, OpenID: "oSomebodyElse"}, {AppID: sampleApp}, {OpenID: person.OpenID}, {},
	} {
		got, err := reader.ReadOpenData(tencents(), domain.NewSecret(sampleKey), who, then)
		mustRefuse(t, got, err)
	}
}
