package wechatapi_test

import (
	"net/http"
	"testing"

	"wxlogin/domain"
)

func down(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }

// opens has calls fail until they are held back.
func opens(t *testing.T, x *wechat, call func() error) {
	t.Helper()
	for n := 0; x.PlatformReachable(); n++ {
		if n == 40 {
			t.Fatal("got reachable after 40 calls, want the breaker open")
		}
		mustMean(t, call(), domain.ErrPlatformUnavailable)
	}
}

func TestLoginNeedsNoToken(t *testing.T) { // R-OPS-5
	o := openOffice(t)
	o.says("stable_token", down)
	x := connect(t, o.URL)
	opens(t, x, func() error {
		_, err := x.PlatformToken(t.Context(), oneApp)
		return err
	})
	if _, err := exchange(t, x, oneApp, loginCode); err != nil {
		t.Errorf("got %v, want no error", err)
	}
	if n := len(o.of("jscode2session")); n != 1 || o.of("jscode2session")[0].token != "" {
		t.Errorf("got %+v, want one call without a token", o.of("jscode2session"))
	}
}

func TestTroubleWithServerAPIsKeepsNeitherLoginsNorTokensAway(t *testing.T) { // F-17
	o := openOffice(t)
	o.says("getuserphonenumber", down)
	x := connect(t, o.URL)
	opens(t, x, func() error {
		_, err := x.phone(t)
		return err
	})
	if _, err := exchange(t, x, oneApp, loginCode); err != nil {
		t.Errorf("login: got %v, want no error", err)
	}
	refused := x.token(t, oneApp).Token
	if _, err := x.ReplacePlatformToken(t.Context(), oneApp, refused); err != nil {
		t.Errorf("token: got %v, want no error", err)
	}
	_, err := x.CheckSessionKey(t.Context(), domain.WeChatIdentity{AppID: otherApp, OpenID: "o1"}, domain.NewSecret(sessionKey))
	if err != nil {
		t.Errorf("the other app: got %v, want no error", err)
	}
}

func TestTroubleWithLoginsKeepsServerAPIsOpen(t *testing.T) {
	o := openOffice(t)
	o.says("jscode2session", down)
	x := connect(t, o.URL)
	opens(t, x, func() error {
		_, err := exchange(t, x, oneApp, loginCode)
		return err
	})
	if got, err := x.phone(t); err != nil || got.Empty() {
		t.Errorf("got %v, want the number", err)
	}
}

func TestBusyServerAPIsUseUpNoSecondTriesOfLogins(t *testing.T) { // F-16
	o := openOffice(t)
	o.says("getuserphonenumber", saying(busy))
	x := connect(t, o.URL)
	const requests = 12
	for range requests {
		_, err := x.phone(t)
		mustMean(t, err, domain.ErrPlatformUnavailable)
	}
	if n := len(o.of("getuserphonenumber")); n < requests+10 || n > requests+11 {
		t.Errorf("got %d calls, want the second tries bounded to some 10", n)
	}
	o.says("jscode2session", saysInTurn(busy, good))
	if _, err := exchange(t, x, oneApp, loginCode); err != nil {
		t.Errorf("login: got %v, want a second try", err)
	}
}

func TestFullHouseOfLoginsKeepsNoPhoneWaiting(t *testing.T) {
	o, release := openOffice(t), make(chan struct{})
	o.says("jscode2session", func(w http.ResponseWriter, r *http.Request) {
		<-release
		saying(good)(w, r)
	})
	x := connect(t, o.URL, concurrent(1))
	sitting := begin(t.Context(), x, oneApp, loginCode)
	until(t, "the call", func() bool { return len(o.of("jscode2session")) == 1 })
	if got, err := x.phone(t); err != nil || got.Empty() {
		t.Errorf("got %v, want the number", err)
	}
	close(release)
	if got := <-sitting; got.err != nil {
		t.Errorf("got %v, want no error", got.err)
	}
}
