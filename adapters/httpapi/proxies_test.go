package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"wxlogin/adapters/httpapi"
)

// otherClaims are headers that other services believe; this one does not.
func otherClaims(address string) []string {
	return []string{"X-Real-IP", address, "Forwarded", "for=" + address, "Client-IP", address, "True-Client-IP", address,
		"CF-Connecting-IP", address}
}

// T-27: whoever is no trusted proxy speaks for themselves only.
func TestASpoofedAddressIsNotBelieved(t *testing.T) {
	most, _ := httpapi.FirstWindow()
	for name, tt := range map[string]struct {
		peer    string
		proxies []string
	}{
		"nobody is trusted":                {"198.51.100.7:1", nil},
		"nor is this machine":              {"127.0.0.1:1", nil},
		"nor is its network":               {"10.1.2.3:1", nil},
		"another proxy is trusted":         {"198.51.100.7:1", []string{"10.0.0.0/8"}},
		"this machine, another is trusted": {"127.0.0.1:1", []string{"10.0.0.0/8"}},
		"its network, another is trusted":  {"192.168.1.1:1", []string{"10.0.0.0/8"}},
		"a link-local peer, another is":    {"169.254.1.1:1", []string{"10.0.0.0/8"}},
		"an IPv6 peer, another is trusted": {"[fd00::1]:1", []string{"fd01::/16"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := spend(t, limiting(tt.proxies...), func(i int) *http.Request {
					claim := fmt.Sprintf("203.0.%d.%d", i/250, i%250)
					return from(tt.peer, append(otherClaims(claim), "X-Forwarded-For", claim)...)
				})
				if got != most {
					t.Errorf("got %d logins before the refusal, want %d", got, most)
				}
			})
		})
	}
}

func TestATrustedProxyIsBelievedInOneHeaderOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		most, _ := httpapi.FirstWindow()
		got := spend(t, limiting("10.0.0.0/8"), func(i int) *http.Request {
			return from("10.1.2.3:1", otherClaims(fmt.Sprintf("203.0.%d.%d", i/250, i%250))...)
		})
		if got != most {
			t.Errorf("got %d logins before the refusal, want %d", got, most)
		}
	})
}

func TestATrustedProxyIsBelievedForTheLastHop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		most, _ := httpapi.FirstWindow()
		s := limiting("10.0.0.0/8", "fd00::/16")
		lying := func(i int) *http.Request {
			return from("10.1.2.3:1", "X-Forwarded-For", fmt.Sprintf("203.0.%d.%d, 198.51.100.7, 10.9.9.9", i/250, i%250))
		}
		if got := spend(t, s, lying); got != most {
			t.Errorf("a client that puts addresses before its own: got %d logins, want %d", got, most)
		}
		for name, r := range map[string]*http.Request{
			"another client":             from("10.1.2.3:1", "X-Forwarded-For", "198.51.100.8"),
			"another client, other way":  from("[fd00::1]:1", "X-Forwarded-For", "198.51.100.9"),
			"the proxy itself":           from("10.1.2.3:1"),
			"a client with an IPv6 hop":  from("10.1.2.3:1", "X-Forwarded-For", "2001:db8::1"),
			"a second header, not first": with(from("10.1.2.3:1", "X-Forwarded-For", "198.51.100.7"), "X-Forwarded-For", "198.51.100.10"),
		} {
			if status := serve(s, r).status; status != http.StatusOK {
				t.Errorf("%s: got %d, want 200", name, status)
			}
		}
		if status := serve(s, from("[fd00::1]:1", "X-Forwarded-For", "198.51.100.7")).status; status != http.StatusTooManyRequests {
			t.Errorf("the same client through another proxy: got %d, want 429", status)
		}
	})
}
