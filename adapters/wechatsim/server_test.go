package wechatsim_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"wxlogin/adapters/wechatsim"
)

func TestOnlyLoopbackIsListenedOnUnlessAllowed(t *testing.T) {
	sim, err := wechatsim.New(wechatsim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "example.org:0", ""} {
		for _, pair := range [][2]string{{addr, "127.0.0.1:0"}, {"127.0.0.1:0", addr}} {
			if server, err := sim.Start(pair[0], pair[1]); err == nil {
				t.Errorf("listens on %v", pair)
				_ = server.Stop(t.Context())
			}
		}
	}
	open, err := wechatsim.New(wechatsim.Config{AllowRemote: true})
	if err != nil {
		t.Fatal(err)
	}
	server, err := open.Start("127.0.0.1:0", ":0")
	if err != nil {
		t.Fatalf("remote access is allowed, but: %v", err)
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAddressInUseIsAnErrorAndFreesTheOther(t *testing.T) {
	w := start(t)
	if _, err := w.Start("127.0.0.1:0", strings.TrimPrefix(w.server.APIURL, "http://")); err == nil {
		t.Fatal("two servers on one address")
	} // goleak would find a listener left behind
}

func TestSimulatorSurvivesItsServer(t *testing.T) {
	sim, err := wechatsim.New(wechatsim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	code, err := sim.Code("", "")
	if err != nil {
		t.Fatal(err)
	}
	addr := "127.0.0.1:0"
	for range 2 {
		server, err := sim.Start(addr, "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.Get(server.APIURL + loginPath + "?" + login("wxsimulator000001", "simulator-secret", code).Encode())
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		http.DefaultClient.CloseIdleConnections()
		if err := server.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		addr = strings.TrimPrefix(server.APIURL, "http://")
	}
	if calls := sim.Calls(); len(calls) != 2 || calls[0].ErrCode != 0 || calls[1].ErrCode != 40163 {
		t.Errorf("calls of both servers: %+v", calls)
	}
}

func TestConnectionThatCannotBeResetGetsABadGateway(t *testing.T) {
	sim, err := wechatsim.New(wechatsim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.SetFault(wechatsim.Fault{Kind: "reset"}); err != nil {
		t.Fatal(err)
	}
	got := httptest.NewRecorder()
	sim.API().ServeHTTP(got, httptest.NewRequestWithContext(t.Context(), http.MethodGet, loginPath, nil))
	if got.Code != http.StatusBadGateway {
		t.Errorf("status %d", got.Code)
	}
}

func TestCallListIsARing(t *testing.T) {
	w := start(t, func(c *wechatsim.Config) { c.MaxCalls = 3 })
	for _, code := range []string{"a", "b", "c", "d", strings.Repeat("e", 5000)} {
		w.login(shop, shopSecret, code)
	}
	var kept []string
	for _, c := range w.Calls() {
		kept = append(kept, c.Code)
	}
	if want := "c d " + strings.Repeat("e", 64); strings.Join(kept, " ") != want {
		t.Errorf("kept %q, want %q", kept, want)
	}
	if w.CallsOf("a") != 1 || w.CallsOf("z") != 0 {
		t.Error("the count of a code must outlive its place in the list")
	}
}

func TestOfTooManyCodesTheOldestAreForgotten(t *testing.T) {
	w := start(t)
	w.LimitCodes(3)
	var codes []string
	for range 4 {
		codes = append(codes, w.code("", ""))
	}
	wantCode(t, w.login(shop, shopSecret, codes[0]), 40029)
	for _, code := range []string{codes[0], codes[1], codes[2], codes[3], "made up"} {
		w.login(shop, shopSecret, code)
	}
	wantCode(t, w.login(shop, shopSecret, codes[3]), 40163)
	for code, want := range map[string]int{codes[0]: 0, codes[1]: 0, codes[2]: 1, codes[3]: 2, "made up": 1} {
		if got := w.CallsOf(code); got != want {
			t.Errorf("CallsOf(%s) = %d, want %d of what the last three codes were", code, got, want)
		}
	}
	list := w.object(w.manage(http.MethodGet, "/sim/calls", "").body)
	if list["codes_repeated"] != 1.0 {
		t.Errorf("codes_repeated is %v, want the one that is still known", list["codes_repeated"])
	}
}
