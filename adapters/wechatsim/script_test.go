package wechatsim_test

import (
	"net/http"
	"testing"

	"wxlogin/adapters/wechatsim"
)

func TestFaultStrikesOnlyWhatItNamesAndAsOftenAsItSays(t *testing.T) {
	w := start(t)
	w.fault(wechatsim.Fault{Kind: "errcode", ErrCode: 45011, App: shop, Endpoint: "jscode2session", Times: 2})
	w.fault(wechatsim.Fault{Kind: "errcode", ErrCode: -1, App: shop, Endpoint: loginPath})
	w.fault(wechatsim.Fault{Kind: "errcode", ErrCode: 50002, Endpoint: checkPath, App: game})
	wantCode(t, w.login(game, gameSecret, w.code(game, "")), 0)
	token := w.accessToken(game, gameSecret)
	wantCode(t, w.call(http.MethodGet, checkPath, values("access_token", token), ""), 50002)
	wantCode(t, w.call(http.MethodGet, resetPath, values("access_token", token), ""), 87008)
	for _, want := range []int{45011, 45011, -1, -1} {
		wantCode(t, w.login(shop, shopSecret, "x"), want)
	}
	if got := len(w.Faults()); got != 2 {
		t.Errorf("%d faults left, want the two that last", got)
	}
	w.ClearFaults()
	wantCode(t, w.login(shop, shopSecret, "x"), 40029)
}

func TestFaultOfSomePercentStrikesSometimes(t *testing.T) {
	w := start(t)
	w.fault(wechatsim.Fault{Kind: "errcode", ErrCode: -1, Percent: 30})
	struck := 0
	for range 500 {
		if w.login(shop, shopSecret, "x")["errcode"] == -1.0 {
			struck++
		}
	}
	if struck < 80 || struck > 220 {
		t.Errorf("30 %% of 500 calls: %d", struck)
	}
}

func TestSenselessFaultsAreRefused(t *testing.T) {
	w := start(t)
	for _, f := range []wechatsim.Fault{
		{}, {Kind: "earthquake"}, {Kind: "hang", App: "wxnobody"}, {Kind: "hang", Endpoint: "/sns/oauth2"},
		{Kind: "hang", Times: -1}, {Kind: "hang", Percent: 101}, {Kind: "errcode"}, {Kind: "status", Status: 99},
		{Kind: "huge", Size: 1 << 31}, {Kind: "slow", Duration: -1},
	} {
		if err := w.SetFault(f); err == nil {
			t.Errorf("%+v was taken", f)
		}
	}
	if got := len(w.Faults()); got != 0 {
		t.Errorf("%d faults are set", got)
	}
}
