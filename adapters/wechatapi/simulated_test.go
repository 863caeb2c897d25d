package wechatapi_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

// weather is WeChat's stand-in, which shares no code with the adapters.
type weather struct {
	*wechatsim.Simulator
	*wechat
	t *testing.T
}

func simulate(t *testing.T, changes ...func(*config.WeChat)) *weather {
	t.Helper()
	sim, err := wechatsim.New(wechatsim.Config{Apps: []wechatsim.App{{ID: string(oneApp), Secret: appSecret}}})
	if err != nil {
		t.Fatal(err)
	}
	server, err := sim.Start("127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Errorf("Stop: got %v, want no error", err)
		}
	})
	return &weather{sim, connect(t, server.APIURL, changes...), t}
}

// bob is a person with a session_key and a fresh phone code.
func (w *weather) bob() (who domain.WeChatIdentity, key domain.Secret, code string) {
	w.t.Helper()
	openID, _, err := w.Identity("", "bob")
	keyText, kerr := w.SessionKey("", "bob")
	code, cerr := w.PhoneCode("", "bob")
	if err := errors.Join(err, kerr, cerr); err != nil {
		w.t.Fatal(err)
	}
	return domain.WeChatIdentity{AppID: oneApp, OpenID: domain.OpenID(openID)}, domain.NewSecret(keyText), code
}

// sent returns how many calls an endpoint got.
func (w *weather) sent(endpoint string) int {
	n := 0
	for _, c := range w.Calls() {
		if strings.HasSuffix(c.Endpoint, "/"+endpoint) {
			n++
		}
	}
	return n
}

func TestSimulatorAgreesOnPhonesAndKeys(t *testing.T) {
	w := simulate(t)
	if _, err := w.PutPerson(wechatsim.Person{Name: "bob", Phone: "51234567", CountryCode: "852"}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // with the country code in both forms
		who, _, code := w.bob()
		if got, err := w.ExchangePhoneCode(t.Context(), who, domain.NewSecret(code)); err != nil || got.Reveal() != "+852 51234567" {
			t.Errorf("got %q and %v, want +852 51234567", got.Reveal(), err)
		}
		_, err := w.ExchangePhoneCode(t.Context(), who, domain.NewSecret(code))
		mustMean(t, err, domain.ErrPhoneCodeInvalid)
		_, _, code = w.bob()
		_, err = w.ExchangePhoneCode(t.Context(), domain.WeChatIdentity{AppID: oneApp, OpenID: "oSomebodyElse"}, domain.NewSecret(code))
		mustMean(t, err, domain.ErrPhoneCodeInvalid)
	}
	who, old, _ := w.bob()
	fresh, ok, err := w.ResetSessionKey(t.Context(), who, old)
	if present, _ := w.SessionKey("", "bob"); err != nil || !ok || fresh.Reveal() != present || present == old.Reveal() {
		t.Errorf("reset: got %t and %v, want the present key", ok, err)
	}
	for want, key := range map[bool]domain.Secret{true: fresh, false: old} {
		if got, err := w.CheckSessionKey(t.Context(), who, key); err != nil || got != want {
			t.Errorf("check: got %t and %v, want %t", got, err, want)
		}
	}
	if n := w.sent("stable_token"); n != 1 {
		t.Errorf("got %d calls of stable_token, want 1", n)
	}
}

func TestSimulatorAgreesOnPhonesInOpenData(t *testing.T) {
	w := simulate(t)
	data, err := w.OpenData("", "bob", "phone")
	who, key, _ := w.bob()
	bob, perr := w.PutPerson(wechatsim.Person{Name: "bob"})
	if err := errors.Join(err, perr); err != nil {
		t.Fatal(err)
	}
	got, err := reader.ReadPhone(domain.OpenData{EncryptedData: data.EncryptedData, IV: data.IV}, key, who.AppID,
		ports.OpenDataWindow{Now: time.Now(), MaxAge: time.Minute})
	if err != nil || got.Reveal() != "+86 "+bob.Phone {
		t.Errorf("got %q and %v, want +86 %s", got.Reveal(), err, bob.Phone)
	}
}

func TestTokensThatEndEarlyCostOneCall(t *testing.T) { // T-19
	w := simulate(t)
	who, key, _ := w.bob()
	for round := 1; round <= 3; round++ {
		var callers sync.WaitGroup
		for range 200 {
			callers.Go(func() {
				if ok, err := w.CheckSessionKey(t.Context(), who, key); err != nil || !ok {
					t.Errorf("round %d: got %t and %v, want true", round, ok, err)
				}
			})
		}
		callers.Wait()
		if n := w.sent("stable_token"); n != round {
			t.Errorf("round %d: got %d calls of stable_token, want one a round", round, n)
		}
		if err := w.RevokeTokens(""); err != nil {
			t.Fatal(err)
		}
	}
}
