package wechatapi_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"wxlogin/adapters/wechatapi"
	"wxlogin/domain"
)

func TestNumberIsTakenIfItsCountryCouldHaveIt(t *testing.T) {
	tests := []struct{ name, country, pure, want string }{
		{"of the mainland", "86", "13580006666", "+86 13580006666"},
		{"of a range that nobody knows yet", "86", "12012345678", "+86 12012345678"},
		{"of another such", "86", "19999999999", "+86 19999999999"},
		{"of Hong Kong", "852", "51234567", "+852 51234567"},
		{"of Macao", "853", "66123456", "+853 66123456"},
		{"of Taiwan", "886", "912345678", "+886 912345678"},
		{"of Russia", "7", "9123456789", "+7 9123456789"},
		{"of Italy, whose zero stays", "39", "0612345678", "+39 0612345678"},
		{"of Britain, whose zero goes", "44", "07123456789", "+44 7123456789"},
		{"of Taiwan with its zero", "886", "0912345678", "+886 912345678"},
		{"of the Bahamas by their long code", "1242", "3571234", "+1 2423571234"},
		{"of the Bahamas by their short one", "1", "2423571234", "+1 2423571234"},
		{"of the Ivory Coast, whose zero stays", "225", "0101234567", "+225 0101234567"},
		{"longer than any", "49", "15123456789012", ""},
		{"too short", "86", "12345", ""},
		{"too long", "86", "1358000066667", ""},
		{"that rings within a town alone", "86", "123456", ""},
		{"of a service", "86", "10086", ""},
		{"of no country", "999", "123456789", ""},
		{"of half a country code", "8", "613580006666", ""},
		{"with the country code twice", "86", "8613580006666", ""},
		{"with a sign", "+86", "13580006666", ""},
		{"with blanks", "86", "135 8000 6666", ""},
		{"of other digits", "86", "１３５８０００６６６６", ""},
		{"with an extension", "86", "13580006666;ext=1", ""},
		{"with letters", "1", "800FLOWERS", ""},
		{"masked", "86", "135****6666", ""},
		{"without an end", "86", strings.Repeat("1", 5000), ""},
		{"empty", "86", "", ""},
		{"of nowhere", "", "13580006666", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			country, _ := json.Marshal(tt.country)
			got, err := wechatapi.ReadPhoneAnswer([]byte(numbered(string(country), tt.pure, string(oneApp))), oneApp)
			if got.Reveal() != tt.want || (err == nil) != (tt.want != "") {
				t.Errorf("got %q and %v, want %q", got.Reveal(), err, tt.want)
			}
		})
	}
}

func FuzzPhoneNumber(f *testing.F) {
	f.Add("86", "13580006666")
	f.Add("1242", "3571234")
	f.Add("39", "0612345678")
	f.Add("86", "1795113580006666")
	f.Add("8", "613580006666")
	f.Fuzz(func(t *testing.T, country, pure string) {
		c, _ := json.Marshal(country)
		p, _ := json.Marshal(pure)
		body := `{"phone_info":{"purePhoneNumber":` + string(p) + `,"countryCode":` + string(c) + `,"watermark":{"appid":"` + string(oneApp) + `"}}}`
		got, err := wechatapi.ReadPhoneAnswer([]byte(body), oneApp)
		if err != nil {
			mustHaveNothingOf(t, got, err)
			return
		}
		if again, ok := domain.ParsePhoneNumber(got.Reveal()); !ok || again.Reveal() != got.Reveal() {
			t.Errorf("%s %s: got %q, want a number", country, pure, got.Reveal())
		}
	})
}

func FuzzReadPhoneAnswer(f *testing.F) {
	f.Add([]byte(numbered(`"86"`, phoneDigits, string(oneApp))))
	f.Add([]byte(numbered(`86`, phoneDigits, string(otherApp))))
	f.Add([]byte(refusing(40029)))
	f.Add([]byte(`{"errcode":"40001"}`))
	f.Add([]byte(`{"phone_info":{"countryCode":8.6e1}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := wechatapi.ReadPhoneAnswer(body, oneApp)
		if err != nil {
			mustHaveNothingOf(t, got, err)
		} else if !json.Valid(body) || got.Empty() {
			t.Errorf("%q: got %q, want it refused", body, got.Reveal())
		}
	})
}

func FuzzReadTokenAnswer(f *testing.F) {
	f.Add([]byte(granting(platformToken, 7200)))
	f.Add([]byte(granting(platformToken, -1)))
	f.Add([]byte(`{"access_token":"` + platformToken + `","expires_in":1e3}`))
	f.Add([]byte(refusing(40001)))
	f.Fuzz(func(t *testing.T, body []byte) {
		token, seconds, err := wechatapi.ReadTokenAnswer(body)
		switch {
		case err != nil:
			mustHaveNothingOf(t, domain.PhoneNumber{}, err)
		case token == "" || seconds <= 0 || !json.Valid(body):
			t.Errorf("%q: got %q for %d s, want it refused", body, token, seconds)
		}
	})
}

// mustHaveNothingOf checks that what was refused is a promise that quotes nothing.
func mustHaveNothingOf(t *testing.T, got domain.PhoneNumber, err error) {
	t.Helper()
	var promise *domain.Error
	if !got.Empty() || !errors.As(err, &promise) {
		t.Errorf("got %q and %v, want a promised failure alone", got.Reveal(), err)
	}
	for _, canary := range []string{phoneDigits, platformToken, phoneCode, appSecret} {
		if strings.Contains(err.Error(), canary) {
			t.Errorf("got %q, want no %s in it", err, canary)
		}
	}
}
