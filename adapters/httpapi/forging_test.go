package httpapi_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
	"wxlogin/ports"
)

// T-26: whose a request is, Cloud Run says alone.
func TestCloudRunHeadersFromElsewhereAreAnUnknownPath(t *testing.T) {
	const inside = "192.0.2.1"
	claims := func(address string) []string { return append(otherClaims(address), "X-Forwarded-For", address) }
	proxied := config.HTTP{CloudRun: inCloudRun, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for name, tt := range map[string]struct {
		cfg     config.HTTP
		peer    string
		headers []string
	}{
		"switched off":                        {config.HTTP{}, inside + ":1", nil},
		"switched off, and the peers are set": {config.HTTP{CloudRun: config.CloudRun{Peers: inCloudRun.Peers}}, inside + ":1", nil},
		"another peer":                        {config.HTTP{CloudRun: inCloudRun}, "198.51.100.7:1", nil},
		"this machine":                        {config.HTTP{CloudRun: inCloudRun}, "127.0.0.1:1", nil},
		"another peer of IPv6":                {config.HTTP{CloudRun: inCloudRun}, "[2001:db8:2::1]:1", nil},
		"another peer, mapped into IPv6":      {config.HTTP{CloudRun: inCloudRun}, "[::ffff:198.51.100.7]:1", nil},
		"a peer of IPv6 that ends as one":     {config.HTTP{CloudRun: inCloudRun}, "[::192.0.2.1]:1", nil},
		"a peer translated from one":          {config.HTTP{CloudRun: inCloudRun}, "[64:ff9b::192.0.2.1]:1", nil},
		"a peer without an address":           {config.HTTP{CloudRun: inCloudRun}, "@", nil},
		"a peer that says it is one":          {config.HTTP{CloudRun: inCloudRun}, "198.51.100.7:1", claims(inside)},
		"a trusted proxy":                     {proxied, "10.1.2.3:1", nil},
		"a trusted proxy that says it is one": {proxied, "10.1.2.3:1", claims(inside)},
		"a trusted proxy that says it twice":  {proxied, "10.1.2.3:1", append(claims(inside), "X-Forwarded-For", inside+", 10.1.2.3")},
	} {
		t.Run(name, func(t *testing.T) {
			v := receiving(tt.cfg)
			for _, method := range []string{"POST", "GET", "HEAD", "PUT", "OPTIONS", "BREW"} {
				forged := with(httptest.NewRequest(method, cloudRun, nil), append(named("X-WX-UNIONID", "u1"), tt.headers...)...)
				unknown := with(httptest.NewRequest(method, "/v1/login/nowhere", nil), tt.headers...)
				forged.RemoteAddr, unknown.RemoteAddr = tt.peer, tt.peer
				got, want := serve(v.Server, forged), serve(v.Server, unknown)
				if got.status != http.StatusNotFound || !bytes.Equal(got.body, want.body) {
					t.Errorf("%s: got %d %s, want it unknown: %d %s", method, got.status, got.body, want.status, want.body)
				}
				if extra := got.header.Get("Allow"); extra != "" {
					t.Errorf("%s: got Allow %q, want none", method, extra)
				}
			}
			v.wantNobody(t, name)
		})
	}
}

func TestCloudRunsPeersAreBelievedInEitherForm(t *testing.T) {
	v := receiving(config.HTTP{CloudRun: inCloudRun})
	for _, peer := range []string{"192.0.2.1:1", "192.0.2.255:65535", "[::ffff:192.0.2.1]:1", "[2001:db8:1:2::3]:1"} {
		r := without(http.MethodPost, cloudRun, named("X-Forwarded-For", "198.51.100.7")...)
		r.RemoteAddr = peer
		if a := ask(t, v.Server, r); a.status != http.StatusOK {
			t.Errorf("%s: got %d, want 200", peer, a.status)
		}
	}
}

// Where the path says other things, or nothing, the headers say nothing either.
func TestNoOtherPathIsCloudRuns(t *testing.T) {
	v := receiving(config.HTTP{CloudRun: inCloudRun})
	for _, path := range []string{
		"/v1/login/cloudrun/", "/v1/login/CloudRun", "/V1/login/cloudrun", "//v1/login/cloudrun", "/v1//login/cloudrun", "/v1/login/./cloudrun",
		"/v1/login/cloudrun%2f", "/v1/login/cloudrun%00", "/v1/login/cloudrun;a=b", "/v1/verify/v1/login/cloudrun", "/v1/login/cloudru", "/v1/login/cloudrunner",
	} {
		a := serve(v.Server, without(http.MethodPost, path, named()...))
		if a.status == http.StatusOK {
			t.Errorf("%s: got 200", path)
		}
		v.wantNobody(t, path)
	}
	for _, query := range []string{"X-WX-OPENID=o1&X-WX-APPID=wx1&X-WX-SOURCE=a", "openid=o1&appid=wx1&source=a"} {
		if a := serve(v.Server, without(http.MethodPost, cloudRun+"?"+query)); a.status != http.StatusBadRequest {
			t.Errorf("in the query: got %d, want 400", a.status)
		}
		v.wantNobody(t, "in the query")
	}
}

// identityHeaders are what Cloud Run alone may say, in spellings that somebody
// behind us might take for one.
var identityHeaders = []string{
	"X-WX-OPENID", "X-WX-APPID", "X-WX-UNIONID", "X-WX-SOURCE", "X-WX-ENV", "X-WX-FROM-OPENID", "X-WX-FROM-APPID", "X-WX-FROM-UNIONID",
	"X-WX-CLOUDBASE-ACCESS-TOKEN", "X-WX-FROM-CLOUDBASE-ACCESS-TOKEN", "X-WX-FROM-ANYTHING",
	"x-wx-openid", "X-Wx-OpenId", "X_WX_OPENID", "x_wx_openid", "X-WX_OPENID", "X_WX-OPENID", "X-WX-FROM_OPENID",
}

func TestIdentityHeadersReachNoHandlerAndWafersDo(t *testing.T) {
	kept := []string{"X-WX-Code", "X-WX-Encrypted-Data", "X-WX-IV", "X-WX-Skey", "X-WX-Id", "X-WX-SERVICE", "X-Wxyz", "X-W", "X-Wx-", "Authorization", "X-App-Id"}
	for _, cfg := range []config.HTTP{{}, {CloudRun: inCloudRun}} { // from Cloud Run itself, too
		var got http.Header
		s := build(world{cfg: cfg, mounts: []httpapi.Mount{{Method: http.MethodGet, Path: "/weapp/login", Handler: http.HandlerFunc(
			func(_ http.ResponseWriter, r *http.Request) { got = r.Header.Clone() })}}})
		r := get("/weapp/login")
		for _, name := range slices.Concat(identityHeaders, kept) {
			r.Header[name] = []string{"one", "two"}
			r.Header[http.CanonicalHeaderKey(name)] = []string{"one", "two"}
		}
		serve(s, r)
		for _, name := range kept {
			if len(got[http.CanonicalHeaderKey(name)]) != 2 {
				t.Errorf("%s is gone", name)
			}
			delete(got, name)
			delete(got, http.CanonicalHeaderKey(name))
		}
		for name := range got {
			t.Errorf("%s reached the handler", name)
		}
	}
}

func TestIdentityHeadersChangeNoOtherAnswer(t *testing.T) {
	var forged []string
	for _, name := range identityHeaders {
		forged = append(forged, name, "wx1")
	}
	var seen []ports.LoginCommand
	s := build(world{cfg: config.HTTP{CloudRun: inCloudRun}, login: func(_ context.Context, c ports.LoginCommand) (ports.Login, error) {
		seen = append(seen, c)
		return aliceLogin(), nil
	}})
	for _, asking := range []func(...string) *http.Request{
		func(h ...string) *http.Request { return post(`{"code":"a"}`, h...) },
		func(h ...string) *http.Request { return post(`{}`, h...) },
		func(h ...string) *http.Request { return get("/v1/me", h...) },
		func(h ...string) *http.Request { return get("/v1/me", append(h, asAlice...)...) },
		func(h ...string) *http.Request { return get("/v1/verify", h...) },
		func(h ...string) *http.Request { return get("/v1/verify", append(h, asAlice...)...) },
		func(h ...string) *http.Request {
			return get("/v1/verify/v1/login/cloudrun", append(h, asAlice...)...)
		},
		func(h ...string) *http.Request {
			return sends("POST", "/v1/token/refresh", `{"refreshToken":"x"}`, h...)
		},
		func(h ...string) *http.Request { return get("/nothing", h...) },
	} {
		plain, got := serve(s, asking()), serve(s, asking(forged...))
		if plain.status != got.status || !bytes.Equal(plain.body, got.body) {
			t.Errorf("%s: got %d %s, without the headers %d %s", asking().URL, got.status, got.body, plain.status, plain.body)
		}
		for name, values := range got.header {
			if !slices.Equal(values, plain.header[name]) || strings.HasPrefix(name, "X-Wx") {
				t.Errorf("%s: got %s %q, without the headers %q", asking().URL, name, values, plain.header[name])
			}
		}
	}
	if len(seen) != 2 || !cmp.Equal(seen[0], seen[1], revealed) {
		t.Errorf("got logins %+v, want two alike", seen)
	}
}

func TestNoPersonSpendsTheLoginsOfOthersThroughCloudRun(t *testing.T) { // R-HTTP-4, T-26
	synctest.Test(t, func(t *testing.T) {
		v := receiving(config.HTTP{CloudRun: inCloudRun, RateLimits: true})
		most, _ := httpapi.FirstWindow()
		for range most + 1 {
			ask(t, v.Server, without(http.MethodPost, cloudRun, named()...))
		}
		a := ask(t, v.Server, without(http.MethodPost, cloudRun, "X-WX-SOURCE", "wx_client", "X-WX-APPID", "wx1", "X-WX-OPENID", "o2"))
		if a.status != http.StatusOK {
			t.Errorf("got %d for another person from the same address, want 200", a.status)
		}
	})
}

func TestNobodyIsNamedInTheLog(t *testing.T) {
	for _, peer := range []string{"192.0.2.1:1", "198.51.100.7:1"} {
		v := receiving(config.HTTP{CloudRun: inCloudRun})
		for _, headers := range [][]string{named("X-WX-UNIONID", canary), {"X-WX-SOURCE", canary, "X-WX-APPID", canary, "X-WX-OPENID", canary},
			named("X-WX-OPENID", canary), {"X-WX-SOURCE", "a", "X-WX-APPID", "wx1", "X-WX-OPENID", canary + " " + canary}} {
			r := without(http.MethodPost, cloudRun, append(headers, "X-WX-CLOUDBASE-ACCESS-TOKEN", canary)...)
			r.RemoteAddr = peer
			if a := serve(v.Server, r); bytes.Contains(a.body, []byte(canary)) {
				t.Errorf("%s: the answer tells what was claimed: %s", peer, a.body)
			}
		}
		if strings.Contains(v.log.String(), canary) {
			t.Errorf("%s: the log tells what was claimed:\n%s", peer, &v.log)
		}
	}
}
