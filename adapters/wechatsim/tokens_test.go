package wechatsim_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

func (w *world) stable(app, secret string, force bool) map[string]any {
	w.t.Helper()
	body, _ := json.Marshal(map[string]any{
		"grant_type": "client_credential", "appid": app, "secret": secret, "force_refresh": force,
	})
	return w.call(http.MethodPost, stablePath, nil, string(body))
}

// tokenErr is what an endpoint that needs a token says of this one; a good token
// gets as far as the missing sig_method.
func (w *world) tokenErr(token any) int {
	w.t.Helper()
	text, _ := token.(string)
	code, _ := w.call(http.MethodGet, checkPath, values("access_token", text), "")["errcode"].(float64)
	return int(code)
}

const goodToken = 87008

func TestTokenEndpointsRefuseLikeWeChat(t *testing.T) {
	w := start(t)
	tests := []struct {
		name, app, secret, grant string
		want                     int
	}{
		{"nothing", "", "", "", 41002},
		{"unknown app", "wxnobody", "x", "", 40013},
		{"no secret", shop, "", "", 41004},
		{"wrong secret", shop, "x", "", 40125},
		{"wrong grant type", shop, shopSecret, "authorization_code", 40002},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			query := values("appid", tt.app, "secret", tt.secret, "grant_type", tt.grant)
			wantCode(t, w.call(http.MethodGet, tokenPath, query, ""), tt.want)
			body, _ := json.Marshal(map[string]string{"appid": tt.app, "secret": tt.secret, "grant_type": tt.grant})
			wantCode(t, w.call(http.MethodPost, stablePath, nil, string(body)), tt.want)
		})
	}
	wantCode(t, w.call(http.MethodGet, stablePath, nil, ""), 43002)
	wantCode(t, w.call(http.MethodPost, stablePath, nil, ""), 44002)
	wantCode(t, w.call(http.MethodPost, stablePath, nil, "appid=wxshop"), 47001)
	wantCode(t, w.call(http.MethodPost, tokenPath, values("appid", shop), ""), 41002)
}

func TestNewTokenEndsTheFormerAfterFiveMinutes(t *testing.T) {
	w := start(t)
	first := w.accessToken(shop, shopSecret)
	second := w.accessToken(shop, shopSecret)
	if first == second {
		t.Fatal("the same token twice")
	}
	w.clock.pass(5*time.Minute - time.Second)
	if got := w.tokenErr(first); got != goodToken {
		t.Errorf("within the overlap the former token gets %d", got)
	}
	w.clock.pass(time.Second)
	if got := w.tokenErr(first); got != 40001 {
		t.Errorf("after the overlap the former token gets %d, want 40001", got)
	}
	if got := w.tokenErr(second); got != goodToken {
		t.Errorf("the latest token gets %d", got)
	}
	w.clock.pass(2 * time.Hour)
	if got := w.tokenErr(second); got != 42001 {
		t.Errorf("a token past its life gets %d, want 42001", got)
	}
}

func TestStableTokenStaysUntilFiveMinutesBeforeItsEnd(t *testing.T) {
	w := start(t)
	first := w.stable(shop, shopSecret, false)
	w.clock.pass(2*time.Hour - 5*time.Minute - time.Second)
	again := w.stable(shop, shopSecret, false)
	if again["access_token"] != first["access_token"] || again["expires_in"] != 301.0 {
		t.Errorf("got %v, want the first token with 301 s left", again)
	}
	w.clock.pass(time.Second)
	next := w.stable(shop, shopSecret, false)
	if next["access_token"] == first["access_token"] || next["expires_in"] != 7200.0 {
		t.Errorf("five minutes before its end the token was not renewed: %v", next)
	}
	if got := w.tokenErr(first["access_token"]); got != goodToken {
		t.Errorf("within the overlap the former token gets %d", got)
	}
	w.clock.pass(5 * time.Minute)
	if got := w.tokenErr(first["access_token"]); got != 42001 {
		t.Errorf("past its life the former token gets %d, want 42001", got)
	}
}

func TestForcedTokenKillsTheFormerAtOnceButNotWithinThirtySeconds(t *testing.T) {
	w := start(t)
	first := w.stable(shop, shopSecret, false)["access_token"]
	second := w.stable(shop, shopSecret, true)["access_token"]
	if got := w.tokenErr(first); got != 40001 {
		t.Errorf("the token before the forced one gets %d, want 40001", got)
	}
	w.clock.pass(29 * time.Second)
	if got := w.stable(shop, shopSecret, true)["access_token"]; got != second {
		t.Error("forced again within 30 s")
	}
	w.clock.pass(time.Second)
	if got := w.stable(shop, shopSecret, true)["access_token"]; got == second {
		t.Error("not forced after 30 s")
	}
}

func TestForcingIsLimitedToTwentyADay(t *testing.T) {
	w := start(t)
	for range 20 {
		wantCode(t, w.stable(shop, shopSecret, true), 0)
		w.clock.pass(30 * time.Second)
	}
	wantCode(t, w.stable(shop, shopSecret, true), 45009)
	wantCode(t, w.stable(shop, shopSecret, false), 0)
	wantCode(t, w.stable(game, gameSecret, true), 0)
	w.clock.pass(24 * time.Hour)
	wantCode(t, w.stable(shop, shopSecret, true), 0)
}

func TestTheTwoTokenEndpointsDoNotDisturbEachOther(t *testing.T) {
	w := start(t)
	classic := w.accessToken(shop, shopSecret)
	stable := w.stable(shop, shopSecret, true)["access_token"]
	w.accessToken(shop, shopSecret)
	w.clock.pass(time.Hour)
	if got := w.tokenErr(stable); got != goodToken {
		t.Errorf("cgi-bin/token disturbed the stable token: %d", got)
	}
	if got := w.tokenErr(classic); got != 40001 {
		t.Errorf("the replaced classic token gets %d, want 40001", got)
	}
}

func TestTokensThatNobodyIssuedAreTold(t *testing.T) {
	w := start(t)
	forged := []byte(w.accessToken(shop, shopSecret))
	forged[len(forged)-1] ^= 1
	for token, want := range map[string]int{"": 41001, "nonsense": 40014, string(forged): 40001} {
		if got := w.tokenErr(token); got != want {
			t.Errorf("token %q gets %d, want %d", token, got, want)
		}
	}
}
