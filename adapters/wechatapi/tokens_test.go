package wechatapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/domain"
)

// token is the app's token, which there must be.
func (x *wechat) token(t *testing.T, app domain.AppID) domain.PlatformToken {
	t.Helper()
	got, err := x.PlatformToken(t.Context(), app)
	if err != nil || got.Token.Empty() {
		t.Fatalf("got %v and %v, want a token", got, err)
	}
	return got
}

func TestTokenIsAskedForInNormalMode(t *testing.T) { // R-OPS-5
	o := openOffice(t)
	x := connect(t, o.URL)
	got := x.token(t, oneApp)
	if got.Token.Reveal() != platformToken+"-1" || !got.ExpiresAt.Equal(x.clock.Now().Add(2*time.Hour)) {
		t.Errorf("got %q until %v, want the first until two hours from now", got.Token.Reveal(), got.ExpiresAt)
	}
	r := o.of("stable_token")[0]
	var body map[string]any
	if err := json.Unmarshal([]byte(r.body), &body); err != nil {
		t.Fatalf("got body %q, want JSON", r.body)
	}
	want := map[string]any{"grant_type": "client_credential", "appid": string(oneApp), "secret": appSecret, "force_refresh": false}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if r.method != http.MethodPost || r.path != "/cgi-bin/stable_token" || len(r.query) != 0 || r.header.Get("Content-Type") != "application/json" {
		t.Errorf("got %+v, want a POST of JSON without a query", r)
	}
}

func TestTokenIsKeptUntilFiveMinutesBeforeItsEnd(t *testing.T) { // R-OPS-5
	tests := []struct {
		seconds int
		kept    time.Duration
	}{
		{7200, 115 * time.Minute},
		{601, 301 * time.Second},
		{361, 61 * time.Second},
		{360, time.Minute}, {300, time.Minute}, {100, time.Minute}, // at least a minute
		{59, 59 * time.Second}, {1, time.Second}, // but not past its end
		{1_000_000, 24*time.Hour - 5*time.Minute}, // nor for ever
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.seconds), func(t *testing.T) {
			o := openOffice(t)
			o.says("stable_token", func(w http.ResponseWriter, r *http.Request) { saying(granting(o.nextToken(), tt.seconds))(w, r) })
			x := connect(t, o.URL)
			first := x.token(t, oneApp)
			x.clock.pass(tt.kept - 1)
			if got := x.token(t, oneApp); got.Token.Reveal() != first.Token.Reveal() || !got.ExpiresAt.Equal(first.ExpiresAt) {
				t.Errorf("a moment before: got %q, want the first", got.Token.Reveal())
			}
			x.clock.pass(1)
			if got := x.token(t, oneApp); got.Token.Reveal() != platformToken+"-2" {
				t.Errorf("then: got %q, want the second", got.Token.Reveal())
			}
		})
	}
}

func TestEachAppHasATokenOfItsOwn(t *testing.T) {
	o := openOffice(t)
	x := connect(t, o.URL)
	if one, other := x.token(t, oneApp), x.token(t, otherApp); one.Token.Reveal() == other.Token.Reveal() {
		t.Errorf("got %q twice, want one each", one.Token.Reveal())
	}
	if body := o.of("stable_token")[1].body; !strings.Contains(body, `"other-`+appSecret) {
		t.Errorf("got asked with %s, want the app's own secret", body)
	}
}

func TestAnswerThatGrantsNoTokenIsNone(t *testing.T) {
	tests := map[string]struct {
		body string
		want error
	}{
		"nothing":               {"", domain.ErrPlatformUnavailable},
		"an empty object":       {"{}", domain.ErrPlatformUnavailable},
		"no token":              {`{"expires_in":7200}`, domain.ErrPlatformUnavailable},
		"an empty token":        {granting("", 7200), domain.ErrPlatformUnavailable},
		"a token of two words":  {granting(platformToken+" x", 7200), domain.ErrPlatformUnavailable},
		"a token of a book":     {granting(strings.Repeat("x", 4097), 7200), domain.ErrPlatformUnavailable},
		"no end":                {`{"access_token":"` + platformToken + `"}`, domain.ErrPlatformUnavailable},
		"an end at once":        {granting(platformToken, 0), domain.ErrPlatformUnavailable},
		"an end in the past":    {granting(platformToken, -7200), domain.ErrPlatformUnavailable},
		"an end of text":        {`{"access_token":"` + platformToken + `","expires_in":"7200"}`, domain.ErrPlatformUnavailable},
		"a token and a refusal": {`{"access_token":"` + platformToken + `","expires_in":7200,"errcode":40013}`, domain.ErrAppMisconfigured},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.says("stable_token", saying(tt.body))
			got, err := connect(t, o.URL).PlatformToken(t.Context(), oneApp)
			mustMean(t, err, tt.want)
			if !got.Token.Empty() {
				t.Errorf("got %q beside the error, want nothing", got.Token.Reveal())
			}
		})
	}
}

func TestReturnCodesOfTheTokenCallMeanWhatTencentSays(t *testing.T) {
	tests := map[error][]int{
		domain.ErrAppMisconfigured:    {40001, 40002, 40013, 40125, 40164, 40243, 41002, 41004, 48001, 50004, 61004},
		domain.ErrRateLimited:         {45009, 45011},
		domain.ErrPlatformUnavailable: {-1, 42001, 43002, 44002, 47001, 12345},
	}
	for want, codes := range tests {
		for _, code := range codes {
			o := openOffice(t)
			o.says("stable_token", saying(refusing(code)))
			x := connect(t, o.URL)
			_, err := x.PlatformToken(t.Context(), oneApp)
			mustMean(t, err, want)
			_, err = x.ExchangePhoneCode(t.Context(), phonePerson, domain.NewSecret(phoneCode))
			mustMean(t, err, want) // the same, for those who need the token
			if n := len(o.of("getuserphonenumber")); n != 0 {
				t.Errorf("%d: got %d calls without a token, want none", code, n)
			}
		}
	}
}

func TestFailureIsNotKept(t *testing.T) {
	o := openOffice(t)
	o.says("stable_token", saysInTurn(refusing(40164), granting(platformToken, 7200)))
	x := connect(t, o.URL)
	_, err := x.PlatformToken(t.Context(), oneApp)
	mustMean(t, err, domain.ErrAppMisconfigured)
	if !strings.Contains(err.Error(), "wechatapi: stable_token for "+string(oneApp)+": app_misconfigured: errcode 40164, rid ") {
		t.Errorf("got %v, want endpoint, app, number and rid in it, for the log", err)
	}
	x.token(t, oneApp)
}

func TestBusyTokenCallIsMadeOnceMore(t *testing.T) {
	o := openOffice(t)
	o.says("stable_token", saysInTurn(busy, granting(platformToken, 7200)))
	x := connect(t, o.URL)
	x.token(t, oneApp)
	if diff := cmp.Diff(map[string]int{"busy": 1, "ok": 1}, x.meter.of("stable_token")); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestServerAPIsKnowConfiguredAppsOnly(t *testing.T) {
	o := openOffice(t)
	x := connect(t, o.URL)
	stranger := domain.WeChatIdentity{AppID: "wxunknown", OpenID: "o1"}
	_, err := x.PlatformToken(t.Context(), "wxunknown")
	mustMean(t, err, domain.ErrUnknownApp)
	_, err = x.ReplacePlatformToken(t.Context(), "wxunknown", domain.NewSecret(""))
	mustMean(t, err, domain.ErrUnknownApp)
	_, err = x.ExchangePhoneCode(t.Context(), stranger, domain.NewSecret(phoneCode))
	mustMean(t, err, domain.ErrUnknownApp)
	_, err = x.CheckSessionKey(t.Context(), stranger, domain.NewSecret(sessionKey))
	mustMean(t, err, domain.ErrUnknownApp)
	_, _, err = x.ResetSessionKey(t.Context(), stranger, domain.NewSecret(sessionKey))
	mustMean(t, err, domain.ErrUnknownApp)
	if o.calls() != 0 {
		t.Errorf("got %d calls, want none", o.calls())
	}
}
