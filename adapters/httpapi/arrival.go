package httpapi

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// identityNames are the headers that only WeChat Cloud Run may set. The rest of
// X-WX-… is wafer2's, whose clients set it.
var identityNames = []string{"OPENID", "APPID", "UNIONID", "SOURCE", "ENV"}

// identityFamilies are the beginnings of more of them.
var identityFamilies = []string{"FROM-", "CLOUDBASE-"}

// forCloudRun reports whether a header may say who somebody is, in any spelling: to
// a program that gets its headers as CGI does, an underscore is a hyphen.
func forCloudRun(name string) bool {
	const prefix = "X-WX-"
	if len(name) < len(prefix) || name[0]|0x20 != 'x' || name[2]|0x20 != 'w' {
		return false // nearly all
	}
	rest, ours := strings.CutPrefix(strings.ReplaceAll(strings.ToUpper(name), "_", "-"), prefix)
	return ours && (slices.Contains(identityNames, rest) ||
		slices.ContainsFunc(identityFamilies, func(family string) bool { return strings.HasPrefix(rest, family) }))
}

// arrive drops what Cloud Run alone may say of a request, save where it may be Cloud
// Run that says it. From anybody else that one path leads nowhere, by any method.
func (e *edge) arrive(c echo.Context) error {
	r := c.Request()
	asked := c.Path() == cloudRunPath // there where Cloud Run is believed
	if asked && among(e.cloudRun.Peers, r) {
		return nil
	}
	for name := range r.Header {
		if forCloudRun(name) {
			delete(r.Header, name)
		}
	}
	if asked {
		return fmt.Errorf("%w: the peer %s is not in CLOUDRUN_PEERS", errNotFound, r.RemoteAddr)
	}
	return nil
}

// among reports whether a request comes from one of the peers: by the connection's
// own address, never by one that a header tells.
func among(peers []netip.Prefix, r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	addr := peer.Addr().Unmap()
	return slices.ContainsFunc(peers, func(p netip.Prefix) bool { return p.Contains(addr) })
}
