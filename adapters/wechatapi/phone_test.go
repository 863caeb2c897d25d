package wechatapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

func (x *wechat) phone(t *testing.T) (domain.PhoneNumber, error) {
	t.Helper()
	return x.ExchangePhoneCode(t.Context(), phonePerson, domain.NewSecret(phoneCode))
}

func mustHaveNoNumber(t *testing.T, got domain.PhoneNumber, err, want error) {
	t.Helper()
	mustMean(t, err, want)
	if !got.Empty() {
		t.Errorf("got %q beside the error, want nothing", got.Reveal())
	}
}

func TestPhoneCodeIsExchangedForItsPersonsNumber(t *testing.T) {
	for _, country := range []string{`"86"`, `86`} {
		o := openOffice(t)
		o.says("getuserphonenumber", saying(numbered(country, phoneDigits, string(oneApp))))
		got, err := connect(t, o.URL).phone(t)
		if err != nil || got.Reveal() != "+86 "+phoneDigits {
			t.Errorf("%s: got %q and %v, want +86 %s", country, got.Reveal(), err, phoneDigits)
		}
		r := o.of("getuserphonenumber")[0]
		var body map[string]any
		if err := json.Unmarshal([]byte(r.body), &body); err != nil {
			t.Fatalf("got body %q, want JSON", r.body)
		}
		if diff := cmp.Diff(map[string]any{"code": phoneCode, "openid": "o1"}, body); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
		if r.method != http.MethodPost || r.path != "/wxa/business/getuserphonenumber" || len(r.query) != 1 ||
			r.token != platformToken+"-1" || r.header.Get("Content-Type") != "application/json" {
			t.Errorf("got %+v, want a POST of JSON with the token in the query alone", r)
		}
	}
}

func TestReturnCodesOfAPhoneCodeMeanWhatTencentSays(t *testing.T) {
	tests := map[error][]int{
		domain.ErrPhoneCodeInvalid:    {40029, 40163, 41008, 42003},
		domain.ErrRateLimited:         {45009, 45011},
		domain.ErrAppMisconfigured:    {40013, 40164, 48001, 48004, 50002},
		domain.ErrPlatformUnavailable: {-1, 40226, 41001, 43002, 47001, 87009, 12345},
	}
	for want, codes := range tests {
		for _, code := range codes {
			o := openOffice(t)
			o.says("getuserphonenumber", saying(refusing(code)))
			got, err := connect(t, o.URL).phone(t)
			mustHaveNoNumber(t, got, err, want)
		}
	}
}

func TestAnswerThatHasNoPhoneNumberOfOursIsAnOutage(t *testing.T) { // F-14, F-15
	tests := map[string]string{
		"nothing":              "",
		"an empty object":      "{}",
		"no phone_info":        `{"errcode":0,"errmsg":"ok"}`,
		"a null phone_info":    `{"errcode":0,"phone_info":null}`,
		"phone_info of text":   `{"errcode":0,"phone_info":"` + phoneDigits + `"}`,
		"another app's":        numbered(`"86"`, phoneDigits, string(otherApp)),
		"nobody's":             numbered(`"86"`, phoneDigits, ""),
		"no number":            numbered(`"86"`, "", string(oneApp)),
		"a number of text":     numbered(`"86"`, "hush hush", string(oneApp)),
		"a number too short":   numbered(`"86"`, "123", string(oneApp)),
		"a number too long":    numbered(`"86"`, phoneDigits+phoneDigits, string(oneApp)),
		"no country":           numbered(`""`, phoneDigits, string(oneApp)),
		"a null country":       numbered(`null`, phoneDigits, string(oneApp)),
		"a country of objects": numbered(`{"a":1}`, phoneDigits, string(oneApp)),
		"no such country":      numbered(`"999"`, phoneDigits, string(oneApp)),
		"a number as a number": `{"errcode":0,"phone_info":{"purePhoneNumber":` + phoneDigits + `,"countryCode":86,"watermark":{"appid":"` + string(oneApp) + `"}}}`,
		"cut short":            strings.TrimSuffix(numbered(`"86"`, phoneDigits, string(oneApp)), "}"),
		"a web page":           "<html>" + phoneDigits + phoneCode,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.says("getuserphonenumber", saying(body))
			got, err := connect(t, o.URL).phone(t)
			mustHaveNoNumber(t, got, err, domain.ErrPlatformUnavailable)
			if n := len(o.of("getuserphonenumber")); n != 1 {
				t.Errorf("got %d calls, want 1: the code may be used up", n)
			}
		})
	}
}

func TestBusyWeChatIsAskedForANumberOnceMore(t *testing.T) { // F-16
	o := openOffice(t)
	o.says("getuserphonenumber", saysInTurn(busy, numbered(`86`, phoneDigits, string(oneApp))))
	x := connect(t, o.URL)
	if got, err := x.phone(t); err != nil || got.Empty() {
		t.Errorf("got %v, want the number", err)
	}
	o.says("getuserphonenumber", saying(busy))
	got, err := x.phone(t)
	mustHaveNoNumber(t, got, err, domain.ErrPlatformUnavailable)
	if n := len(o.of("getuserphonenumber")); n != 4 {
		t.Errorf("got %d calls, want 4: each once more", n)
	}
}

func TestRefusedTokenIsReplacedAndTheCallMadeOnceMore(t *testing.T) { // F-15
	for _, code := range []int{40001, 40014, 42001} {
		o := openOffice(t)
		o.says("getuserphonenumber", saysInTurn(refusing(code), numbered(`86`, phoneDigits, string(oneApp))))
		x := connect(t, o.URL)
		if got, err := x.phone(t); err != nil || got.Empty() {
			t.Errorf("%d: got %v, want the number", code, err)
		}
		calls := o.of("getuserphonenumber")
		if len(calls) != 2 || calls[0].token != platformToken+"-1" || calls[1].token != platformToken+"-2" || calls[0].body != calls[1].body {
			t.Errorf("%d: got %+v, want the same call with one token and the next", code, calls)
		}
		if diff := cmp.Diff(map[string]int{"token_refused": 1, "ok": 1}, x.meter.of("getuserphonenumber")); diff != "" {
			t.Errorf("%d: counted (-want +got):\n%s", code, diff)
		}
		if n := len(o.of("stable_token")); n != 2 {
			t.Errorf("%d: got %d calls of stable_token, want 2", code, n)
		}
	}
}

func TestTokensThatAreAllRefusedAreNoLoop(t *testing.T) {
	tests := []struct {
		name          string
		grants        []string
		want          error
		calls, tokens int
	}{
		{"and new ones", []string{granting(platformToken+"a", 7200), granting(platformToken+"b", 7200)}, domain.ErrPlatformUnavailable, 2, 2},
		{"and the same again", []string{granting(platformToken, 7200)}, domain.ErrPlatformUnavailable, 1, 2},
		{"because the AppSecret was changed", []string{granting(platformToken, 7200), refusing(40125)}, domain.ErrAppMisconfigured, 1, 2},
		{"and there are no more today", []string{granting(platformToken, 7200), refusing(45009)}, domain.ErrRateLimited, 1, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := openOffice(t)
			o.says("stable_token", saysInTurn(tt.grants...))
			o.says("getuserphonenumber", saying(refusing(40001)))
			got, err := connect(t, o.URL).phone(t)
			mustHaveNoNumber(t, got, err, tt.want)
			if c, k := len(o.of("getuserphonenumber")), len(o.of("stable_token")); c != tt.calls || k != tt.tokens {
				t.Errorf("got %d calls and %d tokens, want %d and %d", c, k, tt.calls, tt.tokens)
			}
		})
	}
}
