package wechatapi_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/wechatapi"
	"wxlogin/domain"
)

// Tencent's worked example of a user signature, and what its key makes of nothing.
const (
	exampleKey    = "o0q0otL8aEzpcZL/FT9WsQ=="
	exampleSigned = "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b"
	exampleEmpty  = "46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128"
)

func TestKeyIsProvenAsInTencentsExample(t *testing.T) {
	if got := wechatapi.Sign(exampleKey, `{"foo":"bar"}`); got != exampleSigned {
		t.Errorf("got %s, want %s", got, exampleSigned)
	}
	o := openOffice(t)
	x := connect(t, o.URL)
	if ok, err := x.CheckSessionKey(t.Context(), phonePerson, domain.NewSecret(exampleKey)); err != nil || !ok {
		t.Errorf("check: got %t and %v, want true", ok, err)
	}
	if _, ok, err := x.ResetSessionKey(t.Context(), phonePerson, domain.NewSecret(exampleKey)); err != nil || !ok {
		t.Errorf("reset: got %t and %v, want true", ok, err)
	}
	want := map[string][]string{
		"access_token": {platformToken + "-1"}, "openid": {"o1"}, "signature": {exampleEmpty}, "sig_method": {"hmac_sha256"},
	}
	for path, name := range map[string]string{"/wxa/checksession": "checksession", "/wxa/resetusersessionkey": "resetusersessionkey"} {
		r := o.of(name)[0]
		if diff := cmp.Diff(want, r.query); diff != "" || r.method != http.MethodGet || r.path != path || r.body != "" {
			t.Errorf("%s: got %s %s with body %q, query (-want +got):\n%s", name, r.method, r.path, r.body, diff)
		}
	}
}

func TestResetBringsTheNewKey(t *testing.T) {
	o := openOffice(t)
	got, ok, err := connect(t, o.URL).ResetSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey))
	if err != nil || !ok || got.Reveal() != freshKey {
		t.Errorf("got %q, %t and %v, want the new key", got.Reveal(), ok, err)
	}
}

func TestKeyThatIsNotThePresentOneIsNoError(t *testing.T) {
	o := openOffice(t)
	o.says("checksession", saying(refusing(87009)))
	o.says("resetusersessionkey", saying(refusing(87009)))
	x := connect(t, o.URL)
	if ok, err := x.CheckSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey)); err != nil || ok {
		t.Errorf("check: got %t and %v, want false", ok, err)
	}
	if got, ok, err := x.ResetSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey)); err != nil || ok || !got.Empty() {
		t.Errorf("reset: got %q, %t and %v, want false", got.Reveal(), ok, err)
	}
	if got := x.meter.of("checksession"); got["key_outdated"] != 1 {
		t.Errorf("got %v counted, want an outdated key", got)
	}
}

func TestReturnCodesOfAKeyMeanWhatTencentSays(t *testing.T) {
	tests := map[error][]int{
		domain.ErrRateLimited:         {45009, 45011},
		domain.ErrAppMisconfigured:    {40013, 40164, 48001},
		domain.ErrPlatformUnavailable: {-1, 40001, 40014, 40029, 40163, 42001, 87008, 12345},
	}
	for want, codes := range tests {
		for _, code := range codes {
			o := openOffice(t)
			o.says("checksession", saying(refusing(code)))
			o.says("resetusersessionkey", saying(refusing(code)))
			x := connect(t, o.URL)
			ok, err := x.CheckSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey))
			if mustMean(t, err, want); ok {
				t.Errorf("check %d: got true beside the error", code)
			}
			key, ok, err := x.ResetSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey))
			if mustMean(t, err, want); ok || !key.Empty() {
				t.Errorf("reset %d: got %q and %t beside the error", code, key.Reveal(), ok)
			}
		}
	}
}

func TestCheckIsMadeOnceMoreWhereThatMayHelp(t *testing.T) {
	for _, first := range []string{busy, refusing(40001), refusing(42001)} {
		o := openOffice(t)
		o.says("checksession", saysInTurn(first, `{"errcode":0}`))
		if ok, err := connect(t, o.URL).CheckSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey)); err != nil || !ok {
			t.Errorf("%s: got %t and %v, want true", first, ok, err)
		}
	}
}

func TestResetIsNeverSentAgain(t *testing.T) { // F-13
	for _, first := range []string{busy, refusing(40001), refusing(42001), refusing(45011), ""} {
		o := openOffice(t)
		done := `{"errcode":0,"errmsg":"ok","openid":"o1","session_key":"` + freshKey + `"}`
		o.says("resetusersessionkey", saysInTurn(first, done))
		x := connect(t, o.URL)
		_, ok, err := x.ResetSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey))
		if mustHide(t, err); err == nil || ok || len(o.of("resetusersessionkey")) != 1 {
			t.Errorf("%q: got %t, %v and %d calls, want an error after one", first, ok, err, len(o.of("resetusersessionkey")))
		}
		if _, ok, err := x.ResetSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey)); err != nil || !ok {
			t.Errorf("%q, and then: got %t and %v, want true: the token is another one", first, ok, err)
		}
	}
}

func TestResetWithoutANewKeyIsAnOutage(t *testing.T) {
	for _, body := range []string{`{"errcode":0}`, `{"session_key":""}`, `{"session_key":1}`, `{"session_key":null}`, "", "[]"} {
		o := openOffice(t)
		o.says("resetusersessionkey", saying(body))
		got, ok, err := connect(t, o.URL).ResetSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey))
		if mustMean(t, err, domain.ErrPlatformUnavailable); ok || !got.Empty() {
			t.Errorf("%s: got %q and %t, want nothing", body, got.Reveal(), ok)
		}
	}
}
