package wechatapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// phoneText is the plain text of the phone button's data; country is JSON.
func phoneText(pure, country, app string, timestamp any) string {
	return fmt.Sprintf(`{"phoneNumber":%q,"purePhoneNumber":%q,"countryCode":%s,"watermark":{"appid":%q,"timestamp":%v}}`,
		pure, pure, country, app, timestamp)
}

func readPhone(data domain.OpenData, key string) (domain.PhoneNumber, error) {
	return reader.ReadPhone(data, domain.NewSecret(key), sampleApp, then)
}

// mustRefusePhone checks that data is refused with the one error, which tells nothing.
func mustRefusePhone(t *testing.T, got domain.PhoneNumber, err error) {
	t.Helper()
	if err != error(domain.ErrOpenDataInvalid) || !got.Empty() { //nolint:errorlint // not even wrapped
		t.Errorf("got %q and %v, want %v alone, whatever the cause", got.Reveal(), err, domain.ErrOpenDataInvalid)
	}
}

func TestPhoneNumberInOpenDataIsRead(t *testing.T) {
	for _, country := range []string{`"86"`, `86`} {
		data := encrypt(t, phoneText(phoneDigits, country, sampleApp, sampleTime))
		if got, err := readPhone(data, sampleKey); err != nil || got.Reveal() != "+86 "+phoneDigits {
			t.Errorf("%s: got %q and %v, want +86 %s", country, got.Reveal(), err, phoneDigits)
		}
		if got, err := readPhone(sign(data, "raw", sampleKey), sampleKey); err != nil || got.Empty() {
			t.Errorf("signed: got %v, want the number", err)
		}
	}
}

func TestPhoneNumberMustBeOneAndMeantForUs(t *testing.T) {
	right := phoneText(phoneDigits, `"86"`, sampleApp, sampleTime)
	tests := map[string]string{
		"another app's":              phoneText(phoneDigits, `"86"`, "wx0000000000000000", sampleTime),
		"nobody's":                   phoneText(phoneDigits, `"86"`, "", sampleTime),
		"too old":                    phoneText(phoneDigits, `"86"`, sampleApp, sampleTime-301),
		"of the future":              phoneText(phoneDigits, `"86"`, sampleApp, sampleTime+61),
		"of no time":                 phoneText(phoneDigits, `"86"`, sampleApp, `"now"`),
		"no number":                  phoneText("", `"86"`, sampleApp, sampleTime),
		"a number of words":          phoneText("one three five", `"86"`, sampleApp, sampleTime),
		"a number too short":         phoneText("12345", `"86"`, sampleApp, sampleTime),
		"no country":                 phoneText(phoneDigits, `""`, sampleApp, sampleTime),
		"no such country":            phoneText(phoneDigits, `"999"`, sampleApp, sampleTime),
		"the data of user info":      openText,
		"an array":                   "[" + right + "]",
		"two values":                 right + right,
		"cut short":                  strings.TrimSuffix(right, "}"),
		"nothing":                    "",
		"a number that is no string": strings.Replace(right, `"`+phoneDigits+`","countryCode"`, phoneDigits+`,"countryCode"`, 1),
	}
	for name, plain := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := readPhone(encrypt(t, plain), sampleKey)
			mustRefusePhone(t, got, err)
		})
	}
}

func TestPhoneNumberUnderAnotherKeyIsRefused(t *testing.T) {
	data := encrypt(t, phoneText(phoneDigits, `"86"`, sampleApp, sampleTime))
	got, err := readPhone(data, signedKey)
	mustRefusePhone(t, got, err)
	got, err = readPhone(sign(data, "raw", signedKey), sampleKey)
	mustRefusePhone(t, got, err)
	got, err = readPhone(domain.OpenData{}, sampleKey)
	mustRefusePhone(t, got, err)
	got, err = readPhone(data, "")
	mustRefusePhone(t, got, err)
}

func TestPhoneNumberIsBelievedForAWhile(t *testing.T) {
	data := encrypt(t, phoneText(phoneDigits, `"86"`, sampleApp, sampleTime))
	made := time.Unix(sampleTime, 0)
	for now, want := range map[time.Time]bool{
		made: true, made.Add(5 * time.Minute): true, made.Add(5*time.Minute + 1): false, made.Add(-time.Minute): true, made.Add(-time.Minute - 1): false,
	} {
		got, err := reader.ReadPhone(data, domain.NewSecret(sampleKey), sampleApp, ports.OpenDataWindow{Now: now, MaxAge: 5 * time.Minute})
		if !want {
			mustRefusePhone(t, got, err)
		} else if err != nil || got.Empty() {
			t.Errorf("%v later: got %v, want the number", now.Sub(made), err)
		}
	}
}

// FuzzReadPhone gets past the encryption, as only WeChat and a holder of the key
// could.
func FuzzReadPhone(f *testing.F) {
	f.Add(phoneText(phoneDigits, `"86"`, sampleApp, sampleTime))
	f.Add(phoneText(phoneDigits, `8.6e1`, sampleApp, sampleTime))
	f.Add(phoneText("0612345678", `39`, sampleApp, sampleTime))
	f.Fuzz(func(t *testing.T, plain string) {
		got, err := readPhone(encrypt(t, plain), sampleKey)
		if err != nil {
			mustRefusePhone(t, got, err)
		} else if _, ok := domain.ParsePhoneNumber(got.Reveal()); !ok {
			t.Errorf("%q: got %q, want a number or nothing", plain, got.Reveal())
		}
	})
}
