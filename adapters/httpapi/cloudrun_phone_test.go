package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
	"wxlogin/domain"
)

// fromPhone are the headers that mallory's phone may send with callContainer, each in
// the hope that it is believed.
var fromPhone = [][2]string{
	{"X-WX-SOURCE", "wx_phone"}, {"X-WX-APPID", "wx1"}, {"X-WX-OPENID", "alice"}, {"X-WX-UNIONID", "alices"},
	{"X-WX-FROM-APPID", "wx2"}, {"X-WX-FROM-OPENID", "alice"}, {"X-WX-FROM-UNIONID", "alices"},
}

// passedOn is what arrives where the gateway replaces what it sets, and nothing else.
func passedOn(set map[string]string, phone int, spelling func(string) string) (headers []string) {
	for i, h := range fromPhone {
		name := spelling(h[0])
		if _, replaced := set[strings.ToUpper(name)]; !replaced && phone&(1<<i) != 0 {
			headers = append(headers, name, h[1])
		}
	}
	for name, value := range set {
		if value != "" {
			headers = append(headers, name, value)
		}
	}
	return headers
}

// T-26: whatever a phone sends beside what the gateway sets, nobody else is let in.
func TestNoPhoneIsAnybodyElseThroughCloudRun(t *testing.T) {
	spellings := []func(string) string{strings.ToUpper, strings.ToLower, func(name string) string { return strings.ReplaceAll(name, "-", "_") }}
	through := map[string]func(who string) map[string]string{
		"the owner": func(who string) map[string]string {
			return map[string]string{"X-WX-SOURCE": "wx_client", "X-WX-APPID": "wx1", "X-WX-OPENID": who}
		},
		"an app it is shared with": func(who string) map[string]string {
			return map[string]string{"X-WX-SOURCE": "wx_client", "X-WX-APPID": "wx1", "X-WX-FROM-APPID": "wx2", "X-WX-FROM-OPENID": who}
		},
		"one, not named the owner": func(who string) map[string]string {
			return map[string]string{"X-WX-SOURCE": "wx_client", "X-WX-FROM-APPID": "wx2", "X-WX-FROM-OPENID": who}
		},
	}
	for i := range 4 {
		cfg := inCloudRun
		if cfg.UnionIDs = i&1 != 0; i&2 != 0 {
			cfg.Shared = []domain.AppID{"wx2"}
		}
		v, requests := receiving(config.HTTP{CloudRun: cfg}), 0
		for app, gateway := range through {
			for phone := range 1 << len(fromPhone) {
				for _, spelled := range spellings {
					requests++
					who := fmt.Sprintf("mallory%d", requests)
					set := gateway(who)
					if cfg.UnionIDs { // as the operator found out
						set["X-WX-UNIONID"], set["X-WX-FROM-UNIONID"] = "", ""
					}
					headers := passedOn(set, phone, spelled)
					a := serve(v.Server, without(http.MethodPost, cloudRun, headers...))
					in := len(v.seen) == 1 && string(v.seen[0].Identity.OpenID) == who && v.seen[0].Identity.UnionID == ""
					if len(v.seen) > 0 != (a.status == http.StatusOK) || len(v.seen) > 0 && !in {
						t.Errorf("%+v, through %s, %q: got %d and %+v", cfg, app, headers, a.status, v.seen)
					}
					if honest := phone == 0 && (app == "the owner" || len(cfg.Shared) > 0); honest && !in {
						t.Errorf("%+v, through %s: got %d, want %s let in", cfg, app, a.status, who)
					}
					v.seen = nil
				}
			}
		}
	}
}

func TestUnionIDsOfCloudRunAreBelievedWhereSaid(t *testing.T) {
	cfg := believing()
	for _, cfg.UnionIDs = range []bool{true, false} {
		v := receiving(config.HTTP{CloudRun: cfg})
		ask(t, v.Server, without(http.MethodPost, cloudRun, named("X-WX-UNIONID", "u1")...))
		ask(t, v.Server, without(http.MethodPost, cloudRun, "X-WX-SOURCE", "wx_client", "X-WX-FROM-APPID", "wx2", "X-WX-FROM-OPENID", "o2", "X-WX-FROM-UNIONID", "u2"))
		for i, c := range v.seen {
			want := domain.UnionID("")
			if cfg.UnionIDs {
				want = domain.UnionID(fmt.Sprintf("u%d", i+1))
			}
			if c.Identity.UnionID != want {
				t.Errorf("%t: got %+v, want the unionid %q", cfg.UnionIDs, c.Identity, want)
			}
		}
		if len(v.seen) != 2 {
			t.Errorf("%t: got %d let in, want two", cfg.UnionIDs, len(v.seen))
		}
	}
}

// The answer says as little as ever; the operator's log says which setting it is.
func TestAnAppThatIsNotSharedWithIsNamedToTheOperatorAlone(t *testing.T) {
	v := receiving(config.HTTP{CloudRun: inCloudRun})
	a := ask(t, v.Server, without(http.MethodPost, cloudRun, "X-WX-SOURCE", "wx_client", "X-WX-FROM-APPID", canary, "X-WX-FROM-OPENID", canary))
	nobody := ask(t, v.Server, without(http.MethodPost, cloudRun))
	if got, want := a.problem(t), nobody.problem(t); a.status != nobody.status || fmt.Sprint(got.Errors) != fmt.Sprint(want.Errors) || got.Detail != want.Detail {
		t.Errorf("got %d %+v, want %d %+v", a.status, got, nobody.status, want)
	}
	if log := v.log.String(); !strings.Contains(log, "is not in CLOUDRUN_SHARED") || strings.Contains(log, canary) {
		t.Errorf("got the log %s, want the setting and no names", log)
	}
	v.wantNobody(t, "an app it is not shared with")
}

func TestNoStrangerSpendsAPersonsLogins(t *testing.T) {
	v := receiving(config.HTTP{CloudRun: inCloudRun})
	for range 100 {
		r := without(http.MethodPost, cloudRun, named()...)
		r.RemoteAddr = "198.51.100.7:1"
		ask(t, v.Server, r)
		ask(t, v.Server, without(http.MethodPost, cloudRun, named("X-WX-FROM-OPENID", "o2")...))
	}
	if n := v.People(); n != 0 {
		t.Errorf("got %d people remembered, want none", n)
	}
	if a := ask(t, v.Server, without(http.MethodPost, cloudRun, named()...)); a.status != http.StatusOK || v.People() != 1 {
		t.Errorf("got %d and %d people, want 200 and one", a.status, v.People())
	}
}

func TestOnlySoManyPeopleAreRemembered(t *testing.T) {
	v := receiving(config.HTTP{CloudRun: inCloudRun})
	for i := range httpapi.MaxClients + 100 {
		v.MeetPerson(domain.IdentityKey(fmt.Sprintf("wx1:o%d", i)))
	}
	if got := v.People(); got != httpapi.MaxClients {
		t.Errorf("got %d people, want %d", got, httpapi.MaxClients)
	}
}
