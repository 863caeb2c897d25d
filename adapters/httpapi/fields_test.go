package httpapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/httpapi"
	"wxlogin/domain"
	"wxlogin/ports"
)

// loginWith is a login whose only odd field is the one at path.
func loginWith(t *testing.T, path, value string) string {
	t.Helper()
	body := map[string]any{"code": "a"}
	outer, inner, nested := strings.Cut(path, ".")
	switch {
	case !nested:
		body[outer] = value
	case outer == "profile":
		body[outer] = map[string]any{"encryptedData": "x", "iv": "x", inner: value}
	default:
		body[outer] = map[string]any{inner: value}
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fieldLimits are the most characters that fields may have.
var fieldLimits = map[string]int{
	"appId": 64, "code": 256, "phoneCode": 256, "device.name": 64, "device.platform": 32,
	"profile.encryptedData": 16384, "profile.iv": 64, "profile.rawData": 16384, "profile.signature": 128,
}

func TestFieldsAreLimitedInCharacters(t *testing.T) {
	s := build(world{})
	for field, most := range fieldLimits {
		for _, letter := range []string{"a", "é", "名", "😀"} {
			full := strings.Repeat(letter, most)
			if len(full) > httpapi.MaxBody-1000 {
				continue // the body's own limit comes first
			}
			if a := ask(t, s, post(loginWith(t, field, full))); a.status != http.StatusOK {
				t.Errorf("%s of %d %s: got %d, want 200: %s", field, most, letter, a.status, a.body)
			}
			a := ask(t, s, post(loginWith(t, field, full+letter)))
			if diff := cmp.Diff([]fault{{field, "max"}}, a.problem(t).Errors); diff != "" {
				t.Errorf("%s of %d+1 %s: faults differ (-want +got):\n%s", field, most, letter, diff)
			}
		}
	}
}

// plainFields hold text for people, or for logs.
var plainFields = []string{"appId", "code", "device.name", "device.platform"}

func TestTextIsWithoutControlCharacters(t *testing.T) {
	s := refusesLogins(t)
	for _, field := range plainFields {
		for _, control := range []string{"\x00", "\n", "\r", "\t", "\x1b[31m", "\x7f", "\u0085", "\u009b"} {
			a := ask(t, s, post(loginWith(t, field, "a"+control+"b")))
			if diff := cmp.Diff([]fault{{field, "plain"}}, a.problem(t).Errors); diff != "" {
				t.Errorf("%q in %s: faults differ (-want +got):\n%s", control, field, diff)
			}
		}
	}
}

// deviceIDs are ids of devices, each with the rule that it breaks.
var deviceIDs = map[string]string{
	"": "", "abcdefgh": "", "A-Z_a.z-0_9": "", strings.Repeat("a", 64): "",
	"a": "min", "abcdefg": "min", strings.Repeat("a", 65): "max",
	"abcdefgh\n": "deviceid", "abc defgh": "deviceid", "abcdefg$": "deviceid", "abcdefgé": "deviceid", "../../etc": "deviceid",
	"abcdefgh#1": "deviceid", "名名名名名名名名": "deviceid",
}

func TestADeviceIDIsOfItsAlphabetOrEmpty(t *testing.T) {
	s := build(world{})
	for id, rule := range deviceIDs {
		a := ask(t, s, post(loginWith(t, "device.id", id)))
		var got string
		if a.status != http.StatusOK {
			if faults := a.problem(t).Errors; len(faults) == 1 && faults[0].Field == "device.id" {
				got = faults[0].Rule
			}
		}
		if (a.status == http.StatusOK) != (rule == "") || got != rule {
			t.Errorf("%q: got %d %q, want rule %q", id, a.status, got, rule)
		}
	}
}

func TestOpenDataComesWithItsIV(t *testing.T) {
	s := refusesLogins(t)
	for body, want := range map[string]string{
		`{"code":"a","profile":{"encryptedData":"x"}}`:         "profile.iv",
		`{"code":"a","profile":{"iv":"x"}}`:                    "profile.encryptedData",
		`{"code":"a","profile":{"encryptedData":"","iv":"x"}}`: "profile.encryptedData",
	} {
		a := ask(t, s, post(body))
		if diff := cmp.Diff([]fault{{want, "required_with"}}, a.problem(t).Errors); diff != "" {
			t.Errorf("%s: faults differ (-want +got):\n%s", body, diff)
		}
	}
}

func TestEveryFieldReachesTheUseCaseUnchanged(t *testing.T) {
	var got ports.LoginCommand
	s := build(world{login: func(_ context.Context, c ports.LoginCommand) (ports.Login, error) {
		got = c
		return aliceLogin(), nil
	}})
	a := ask(t, s, post(`{"appId":"wx0123456789abcdef","code":" 0é<&> ","device":{"id":"device-1","name":"iPhone 15 小红","platform":"ios"},
		"profile":{"encryptedData":"a+b/c==","iv":"d+e==","rawData":"{\"nickName\":\"\u5c0f\\n\"}","signature":"0af"},"phoneCode":" 1é<&> "}`))
	if a.status != http.StatusOK {
		t.Fatalf("got %d: %s", a.status, a.body)
	}
	if code, phone := got.Code.Reveal(), got.PhoneCode.Reveal(); code != " 0é<&> " || phone != " 1é<&> " {
		t.Errorf("got code %q and phone code %q", code, phone)
	}
	got.Code, got.PhoneCode = domain.Secret{}, domain.Secret{}
	want := ports.LoginCommand{
		AppID:    "wx0123456789abcdef",
		Device:   domain.Device{ID: "device-1", Name: "iPhone 15 小红", Platform: "ios"},
		OpenData: domain.OpenData{EncryptedData: "a+b/c==", IV: "d+e==", RawData: `{"nickName":"小\n"}`, Signature: "0af"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(domain.Secret{})); diff != "" {
		t.Errorf("the command differs (-want +got):\n%s", diff)
	}
}
