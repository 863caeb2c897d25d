package wechatapi_test

import (
	"errors"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/wechatapi"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

func TestDirectoryResolvesWhatAClientMeans(t *testing.T) {
	one := config.App{ID: oneApp, Secret: domain.NewSecret(appSecret)}
	other := config.App{ID: otherApp, Secret: domain.NewSecret(appSecret)}
	tests := []struct {
		name  string
		apps  []config.App
		named domain.AppID
		want  domain.AppID // empty: unknown
	}{
		{"the app by its name", []config.App{one}, oneApp, oneApp},
		{"the only app, unnamed", []config.App{one}, "", oneApp},
		{"one of two", []config.App{one, other}, otherApp, otherApp},
		{"none of two, unnamed", []config.App{one, other}, "", ""},
		{"another app", []config.App{one}, otherApp, ""},
		{"the app in other letters", []config.App{one}, "WX0123456789ABCDEF", ""},
		{"no app at all", nil, "", ""},
		{"no app at all, named", nil, oneApp, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := wechatapi.NewAppDirectory(config.WeChat{Apps: tt.apps}).Resolve(tt.named)
			if got != tt.want || (err != nil) != (tt.want == "") || (err != nil && !errors.Is(err, domain.ErrUnknownApp)) {
				t.Errorf("got %q and %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestModulePlugsEveryPort(t *testing.T) {
	o := openOffice(t)
	var exchanger ports.CodeExchanger
	var probe ports.PlatformProbe
	var open ports.OpenDataReader
	var apps ports.AppDirectory
	var tokens ports.PlatformTokens
	var phones ports.PhoneCodeExchanger
	var keys ports.SessionKeyChecker
	app := fxtest.New(t, wechatapi.Module, fx.Populate(&exchanger, &probe, &open, &apps, &tokens, &phones, &keys),
		fx.Provide(
			func() ports.Clock { return &clock{now: time.Unix(1_800_000_000, 0)} },
			func() ports.PlatformMeter { return &meter{counts: map[string]int{}} },
		),
		fx.Supply(config.WeChat{
			Apps: []config.App{{ID: oneApp, Secret: domain.NewSecret(appSecret)}}, BaseURL: o.URL, Deadline: time.Second, MaxConcurrent: 1,
		}))
	defer app.RequireStart().RequireStop()
	id, err := apps.Resolve("")
	if err != nil {
		t.Fatalf("Resolve: got %v, want no error", err)
	}
	if got, err := exchanger.ExchangeCode(t.Context(), id, domain.NewSecret(loginCode)); err != nil || got.Identity.AppID != oneApp {
		t.Errorf("ExchangeCode: got %+v and %v, want a person of %s", got.Identity, err, oneApp)
	}
	if got, err := phones.ExchangePhoneCode(t.Context(), phonePerson, domain.NewSecret(phoneCode)); err != nil || got.Empty() {
		t.Errorf("ExchangePhoneCode: got %v, want a number", err)
	}
	if ok, err := keys.CheckSessionKey(t.Context(), phonePerson, domain.NewSecret(sessionKey)); err != nil || !ok {
		t.Errorf("CheckSessionKey: got %t and %v, want true", ok, err)
	}
	if got, err := tokens.PlatformToken(t.Context(), oneApp); err != nil || got.Token.Reveal() != platformToken+"-1" {
		t.Errorf("PlatformToken: got %v, want the one that the others use", err)
	}
	if !probe.PlatformReachable() {
		t.Error("PlatformReachable: got false, want true")
	}
	if _, err := open.ReadOpenData(tencents(), domain.NewSecret(sampleKey), person, then); err != nil {
		t.Errorf("ReadOpenData: got %v, want no error", err)
	}
}
