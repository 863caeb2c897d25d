package wechatsim_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/wechatsim"
)

func (w *world) phone(token, code, openID string) map[string]any {
	w.t.Helper()
	body, _ := json.Marshal(map[string]string{"code": code, "openid": openID})
	return w.call(http.MethodPost, phonePath, values("access_token", token), string(body))
}

func (w *world) phoneCode(app, person string) string {
	w.t.Helper()
	code, err := w.PhoneCode(app, person)
	if err != nil {
		w.t.Fatalf("PhoneCode: %v", err)
	}
	return code
}

func TestPhoneCodeBringsTheNumberWithTheCountryCodeInBothForms(t *testing.T) {
	w := start(t)
	token := w.accessToken(shop, shopSecret)
	if _, err := w.PutPerson(wechatsim.Person{Name: "bob", Phone: "51234567", CountryCode: "852"}); err != nil {
		t.Fatal(err)
	}
	openID, _, _ := w.Identity(shop, "bob")
	for _, form := range []any{"852", 852.0} {
		got := w.phone(token, w.phoneCode(shop, "bob"), openID)
		want := map[string]any{"errcode": 0.0, "errmsg": "ok", "phone_info": map[string]any{
			"phoneNumber": "85251234567", "purePhoneNumber": "51234567", "countryCode": form,
			"watermark": map[string]any{"timestamp": 1.8e9, "appid": shop},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
	}
}

func TestPhoneEndpointRefusesLikeWeChat(t *testing.T) {
	w := start(t)
	token := w.accessToken(shop, shopSecret)
	wantCode(t, w.call(http.MethodGet, phonePath, values("access_token", token), ""), 43002)
	wantCode(t, w.phone("", "x", ""), 41001)
	wantCode(t, w.phone("x", "x", ""), 40014)
	wantCode(t, w.call(http.MethodPost, phonePath, values("access_token", token), "code=x"), 47001)
	wantCode(t, w.call(http.MethodPost, phonePath, values("access_token", token, "code", w.phoneCode(shop, "")), ""), 40029)
	wantCode(t, w.phone(token, "", ""), 40029)
	wantCode(t, w.phone(token, w.code(shop, ""), ""), 40029)
	wantCode(t, w.phone(token, w.phoneCode(game, ""), ""), 40013)
	wantCode(t, w.login(shop, shopSecret, w.phoneCode(shop, "")), 40029)
}

func TestPhoneCodeWorksOnceForItsPersonWithinFiveMinutes(t *testing.T) {
	w := start(t)
	token := w.accessToken(shop, shopSecret)
	bob, _, _ := w.Identity(shop, "bob")
	carol, _, _ := w.Identity(shop, "carol")
	code, expired := w.phoneCode(shop, "bob"), w.phoneCode(shop, "bob")
	wantCode(t, w.phone(token, code, carol), 40029)
	wantCode(t, w.phone(token, code, bob), 0)
	wantCode(t, w.phone(token, code, bob), 40029)
	w.clock.pass(5 * time.Minute)
	wantCode(t, w.phone(token, expired, bob), 40029)
}
