package httpapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

const cloudRun = "/v1/login/cloudrun"

// inCloudRun believes the peer that requests of tests come from, which is
// 192.0.2.1.
var inCloudRun = config.CloudRun{Trust: true, Peers: []netip.Prefix{
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8:1::/48"),
}}

// believing is inCloudRun that believes all: an environment of wx1 that is shared
// with wx2, whose gateway always says what the unionid is.
func believing() config.CloudRun {
	cfg := inCloudRun
	cfg.UnionIDs, cfg.Shared = true, []domain.AppID{"wx3", "wx2"}
	return cfg
}

// named are the headers of a person, as Cloud Run sets them.
func named(more ...string) []string {
	return append([]string{"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-OPENID", "o1"}, more...)
}

// revealed compares secrets by what they hide.
var revealed = cmp.Transformer("Reveal", func(s domain.Secret) string { return s.Reveal() })

// visits is a server in Cloud Run that notes whom it lets in.
type visits struct {
	*httpapi.Server
	log  journal
	seen []ports.VouchedLoginCommand
}

func receiving(cfg config.HTTP) *visits {
	v := &visits{}
	v.Server = build(world{cfg: cfg, log: &v.log, vouched: func(_ context.Context, c ports.VouchedLoginCommand) (ports.Login, error) {
		v.seen = append(v.seen, c)
		return aliceLogin(), nil
	}})
	return v
}

// wantNobody checks that no one was let in meanwhile.
func (v *visits) wantNobody(t *testing.T, what string) {
	t.Helper()
	if len(v.seen) != 0 {
		t.Errorf("%s: let in %+v, want nobody", what, v.seen)
		v.seen = nil
	}
}

func TestCloudRunLetsAPersonInTenTimesAtOnce(t *testing.T) { // R-HTTP-4, T-26
	v := receiving(config.HTTP{CloudRun: inCloudRun}) // with RATE_LIMITS=off
	try := func(openID string) int {
		return ask(t, v.Server, without(http.MethodPost, cloudRun, "X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-OPENID", openID)).status
	}
	for range 10 {
		if status := try("o1"); status != http.StatusOK {
			t.Fatalf("got %d within the limit, want 200", status)
		}
	}
	if over, other := try("o1"), try("o2"); over != http.StatusTooManyRequests || other != http.StatusOK {
		t.Errorf("got %d beyond the limit and %d for another person, want 429 and 200", over, other)
	}
}

func TestCloudRunLetsAPersonInSoManyTimesADay(t *testing.T) { // R-HTTP-4, T-26
	synctest.Test(t, func(t *testing.T) {
		v, in := receiving(config.HTTP{CloudRun: inCloudRun}), 0
		for range 400 { // in 800 s, of which 432 earn another
			if ask(t, v.Server, without(http.MethodPost, cloudRun, named()...)).status == http.StatusOK {
				in++
			}
			time.Sleep(2 * time.Second)
		}
		if in != 201 {
			t.Errorf("got let in %d times, want 200 and one that time gave", in)
		}
	})
}

func TestCloudRunNamesThePerson(t *testing.T) {
	for name, tt := range map[string]struct {
		headers []string
		want    domain.WeChatIdentity
	}{
		"without a unionid": {named(), domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"}},
		"with a unionid":    {named("X-WX-UNIONID", "u1"), domain.WeChatIdentity{AppID: "wx1", OpenID: "o1", UnionID: "u1"}},
		"an empty unionid":  {named("X-WX-UNIONID", ""), domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"}},
		"in small letters": {[]string{"x-wx-source", "wx_client", "x-wx-appid", "wx1", "x-wx-openid", "o1"},
			domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"}},
		"of an app that shares the environment": {
			[]string{"X-WX-SOURCE", "wx_client", "X-WX-FROM-APPID", "wx2", "X-WX-FROM-OPENID", "o2", "X-WX-FROM-UNIONID", "u2"},
			domain.WeChatIdentity{AppID: "wx2", OpenID: "o2", UnionID: "u2"},
		},
		"of an app that shares it, and its owner's name": {
			[]string{"X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-UNIONID", "u1", "X-WX-FROM-APPID", "wx2", "X-WX-FROM-OPENID", "o2"},
			domain.WeChatIdentity{AppID: "wx2", OpenID: "o2"},
		},
		"and what else Cloud Run sends": {
			named("X-WX-ENV", "prod-1", "X-WX-CLOUDBASE-ACCESS-TOKEN", "a,b", "X-WX-SERVICE", "login", "X-Forwarded-For", "203.0.113.9", "X-Original-Forwarded-For", "203.0.113.9"),
			domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := receiving(config.HTTP{CloudRun: believing()})
			a := ask(t, v.Server, without(http.MethodPost, cloudRun, tt.headers...))
			if a.status != http.StatusOK {
				t.Fatalf("got %d %s, want 200", a.status, a.body)
			}
			if diff := cmp.Diff([]ports.VouchedLoginCommand{{Identity: tt.want}}, v.seen, revealed); diff != "" {
				t.Errorf("the command differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCloudRunLoginIsAnsweredAsALogin(t *testing.T) {
	s := build(world{cfg: config.HTTP{CloudRun: inCloudRun}})
	own, byCode := ask(t, s, without(http.MethodPost, cloudRun, named()...)), ask(t, s, post(`{"code":"a"}`))
	if diff := cmp.Diff(string(byCode.body), string(own.body)); own.status != http.StatusOK || diff != "" {
		t.Errorf("got %d, the body differs from a login's (-login +got):\n%s", own.status, diff)
	}
}

func TestCloudRunBodyIsOptionalAndStrict(t *testing.T) {
	v, schema := receiving(config.HTTP{CloudRun: inCloudRun}), openAPI(t).Components.Schemas["CloudRunLoginRequest"].Value
	for body, want := range map[string]ports.VouchedLoginCommand{
		"": {}, "{}": {}, " {} ": {}, `{"device":{}}`: {},
		`{"device":{"id":"device-1","name":"iPhone 15 小红","platform":"ios"},"phoneCode":"p"}`: {
			Device: domain.Device{ID: "device-1", Name: "iPhone 15 小红", Platform: "ios"}, PhoneCode: domain.NewSecret("p"),
		},
	} {
		v.seen = nil
		a := ask(t, v.Server, sends(http.MethodPost, cloudRun, body, named()...))
		if body != "" && !accepts(schema, body) {
			t.Errorf("%s: the document refuses it", body)
		}
		want.Identity = domain.WeChatIdentity{AppID: "wx1", OpenID: "o1"}
		if diff := cmp.Diff([]ports.VouchedLoginCommand{want}, v.seen, revealed); a.status != http.StatusOK || diff != "" {
			t.Errorf("%q: got %d %s, the command differs (-want +got):\n%s", body, a.status, a.body, diff)
		}
	}
	v.seen = nil
	for body, fault := range map[string]string{
		`{"code":"a"}`: "code:unknown", `{"appId":"wx1"}`: "appId:unknown", `{"openId":"o1"}`: "openId:unknown", `{"X-WX-OPENID":"o2"}`: "X-WX-OPENID:unknown",
		`{"profile":{}}`: "profile:unknown", `null`: ":type", `[]`: ":type", `x`: ":json", `{}{}`: ":json", ` `: ":json", `{"device":{"id":"a"}}`: "device.id:min",
		`{"phoneCode":1}`: "phoneCode:type", `{"phoneCode":"` + strings.Repeat("p", 257) + `"}`: "phoneCode:max",
	} {
		a := ask(t, v.Server, sends(http.MethodPost, cloudRun, body, named()...))
		p := a.problem(t)
		if a.status != http.StatusBadRequest || len(p.Errors) != 1 || p.Errors[0].Field+":"+p.Errors[0].Rule != fault {
			t.Errorf("%q: got %d %+v, want the fault %s", body, a.status, p.Errors, fault)
		}
		if accepts(schema, body) {
			t.Errorf("%s: the document allows it", body)
		}
	}
	for kind, status := range map[string]int{"": 415, "text/plain": 415, "application/x-www-form-urlencoded": 415, "application/json; charset=gbk": 415} {
		r := with(httptest.NewRequest(http.MethodPost, cloudRun, strings.NewReader(`{}`)), append(named(), "Content-Type", kind)...)
		if a := ask(t, v.Server, r); a.status != status {
			t.Errorf("a body of %q: got %d, want %d", kind, a.status, status)
		}
	}
	if a := ask(t, v.Server, sends(http.MethodPost, cloudRun, strings.Repeat(" ", httpapi.MaxBody+1), named()...)); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body too long: got %d, want 413", a.status)
	}
	v.wantNobody(t, "a body that is refused")
}
