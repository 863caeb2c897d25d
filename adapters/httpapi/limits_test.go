package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
)

// limiting is a server that limits logins, behind the proxies given.
func limiting(proxies ...string) *httpapi.Server {
	cfg := config.HTTP{RateLimits: true}
	for _, p := range proxies {
		cfg.TrustedProxies = append(cfg.TrustedProxies, netip.MustParsePrefix(p))
	}
	return build(world{cfg: cfg})
}

// from is a login from a peer, with headers.
func from(peer string, headers ...string) *http.Request {
	r := post(`{"code":"a"}`, headers...)
	r.RemoteAddr = peer
	return r
}

// spend sends logins until one is refused, and returns how many were not. login
// makes the i-th. Windows refill with time: call it where time stands still.
func spend(t *testing.T, s *httpapi.Server, login func(i int) *http.Request) int {
	t.Helper()
	most, _ := httpapi.FirstWindow()
	for i := range 2*most + 1 {
		if status := serve(s, login(i)).status; status == http.StatusTooManyRequests {
			return i
		}
	}
	return 2*most + 1
}

func TestOneAddressIsRefusedOnceItsWindowIsSpent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		most, per := httpapi.FirstWindow()
		s := limiting()
		same := func(i int) *http.Request { return from(fmt.Sprintf("198.51.100.7:%d", 1024+i)) }
		if got := spend(t, s, same); got != most {
			t.Errorf("got %d logins before the refusal, want %d", got, most)
		}
		a := ask(t, s, same(0))
		if p := a.problem(t); a.status != http.StatusTooManyRequests || p.Code != "rate_limited" || a.header.Get("Retry-After") == "" {
			t.Errorf("got %d %s, Retry-After %q", a.status, a.body, a.header.Get("Retry-After"))
		}
		if a := ask(t, s, from("198.51.100.8:1024")); a.status != http.StatusOK {
			t.Errorf("another address: got %d, want 200", a.status)
		}
		r := get("/v1/me", "Authorization", "Bearer "+goodToken)
		r.RemoteAddr = "198.51.100.7:1024"
		if a := ask(t, s, r); a.status != http.StatusOK {
			t.Errorf("what is no login: got %d, want 200", a.status)
		}
		time.Sleep(per)
		if got := spend(t, s, same); got != most {
			t.Errorf("after %v got %d logins, want %d again", per, got, most)
		}
	})
}

// A phone refreshes more often than it logs in, so the two do not share windows;
// the two ways to refresh do.
func TestRefreshesHaveWindowsOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		most, per := httpapi.FirstRefreshWindow()
		if logins, each := httpapi.FirstWindow(); most*int(each) <= logins*int(per) {
			t.Errorf("got %d refreshes in %v and %d logins in %v, want more refreshes", most, per, logins, each)
		}
		s := limiting()
		for i := range most + 1 {
			r := sends("POST", "/v1/token/refresh", `{"refreshToken":"wxr_x"}`)
			if i%2 == 0 {
				r = sendsForm("/v1/token", "grant_type=refresh_token&refresh_token=wxr_x")
			}
			want := http.StatusOK
			if i == most {
				want = http.StatusTooManyRequests
			}
			if a := ask(t, s, r); a.status != want {
				t.Fatalf("refresh %d: got %d, want %d", i, a.status, want)
			}
		}
		if a := ask(t, s, post(`{"code":"a"}`)); a.status != http.StatusOK {
			t.Errorf("a login of the same address: got %d, want 200", a.status)
		}
		for s.Meet("198.51.100.7") {
		}
		r := sends("POST", "/v1/token/refresh", `{"refreshToken":"wxr_x"}`)
		r.RemoteAddr = "198.51.100.7:1"
		if a := ask(t, s, r); a.status != http.StatusOK {
			t.Errorf("a refresh where logins are spent: got %d, want 200", a.status)
		}
	})
}

func TestTheLongerWindowHoldsInTheLongRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := limiting()
		_, per := httpapi.FirstWindow()
		const minutes = 10
		passed := 0
		for range minutes * int(time.Minute/per) {
			passed += spend(t, s, func(int) *http.Request { return from("198.51.100.7:1") })
			time.Sleep(per)
		}
		if most := 1200 * (minutes + 1); passed > most || passed < 1200*(minutes-1) {
			t.Errorf("got %d logins in %d minutes, want some 1200 a minute", passed, minutes)
		}
	})
}

func TestAnIPv6CustomerIsOneClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := limiting()
		most, _ := httpapi.FirstWindow()
		hopping := func(i int) *http.Request { return from(fmt.Sprintf("[2001:db8:1:2:%x::%x]:443", i, i)) }
		if got := spend(t, s, hopping); got != most {
			t.Errorf("hopping within a /64: got %d logins before the refusal, want %d", got, most)
		}
		for _, peer := range []string{"[2001:db8:1:3::1]:443", "198.51.100.7:443"} {
			if status := serve(s, from(peer)).status; status != http.StatusOK {
				t.Errorf("%s: got %d, want 200", peer, status)
			}
		}
		mapped := limiting()
		spend(t, mapped, func(int) *http.Request { return from("[::ffff:198.51.100.7]:443") })
		if status := serve(mapped, from("198.51.100.7:443")).status; status != http.StatusTooManyRequests {
			t.Errorf("the same IPv4 address, once mapped: got %d, want 429", status)
		}
		if status := serve(mapped, from("[::ffff:198.51.100.8]:443")).status; status != http.StatusOK {
			t.Errorf("another mapped IPv4 address: got %d, want 200", status)
		}
	})
}

// T-29: a million addresses cost no more memory than the first twenty thousand.
func TestAddressesThatAreRememberedAreBounded(t *testing.T) {
	s := limiting()
	for i := range httpapi.MaxClients + 5000 {
		s.Meet(fmt.Sprintf("2001:db8:%x:%x::1", i>>16, i&0xffff))
	}
	if got := s.Clients(); got != httpapi.MaxClients {
		t.Errorf("got %d clients, want %d", got, httpapi.MaxClients)
	}
}

func TestLimitsCanBeOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		most, _ := httpapi.FirstWindow()
		if got := spend(t, build(world{}), func(int) *http.Request { return from("198.51.100.7:1") }); got <= most {
			t.Errorf("got a refusal after %d logins, want none", got)
		}
	})
}

func TestAMountedLoginIsLimitedInItsOwnForm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
		refuse := func(w http.ResponseWriter, _ *http.Request, err error) {
			_, code, _ := httpapi.Describe(err)
			_, _ = fmt.Fprint(w, "refused: ", code)
		}
		s := build(world{cfg: config.HTTP{RateLimits: true}, mounts: []httpapi.Mount{
			{Method: http.MethodGet, Path: "/own", Handler: hello, Limited: true, Refuse: refuse},
			{Method: http.MethodGet, Path: "/plain", Handler: hello, Limited: true},
			{Method: http.MethodGet, Path: "/free", Handler: hello},
		}})
		if a := serve(s, get("/own")); a.status != http.StatusOK || len(a.body) > 0 {
			t.Errorf("within the limits: got %d %q", a.status, a.body)
		}
		for s.Meet("192.0.2.1") { // which is where these requests come from
		}
		if a := serve(s, httptest.NewRequest(http.MethodGet, "/own", nil)); a.status != http.StatusOK || string(a.body) != "refused: rate_limited" {
			t.Errorf("with a form of its own: got %d %q", a.status, a.body)
		}
		if a := serve(s, get("/plain")); a.status != http.StatusTooManyRequests || a.problem(t).Code != "rate_limited" {
			t.Errorf("without one: got %d %s", a.status, a.body)
		}
		if a := serve(s, get("/free")); a.status != http.StatusOK {
			t.Errorf("what is no login: got %d", a.status)
		}
	})
}
