package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/labstack/echo/v4"

	"wxlogin/adapters/httpapi"
	"wxlogin/config"
	"wxlogin/domain"
)

// observed is what a route turns out to demand. The path is written as in OpenAPI.
type observed struct {
	method, path string
	auth         string // whose credentials it asks for: "token", "client" or "nothing"
	limited      string // what the limits count: "yes", "wrong secrets", "by person" or "no"
}

const anyMethod = "ANY"

// everything has every route of the service's own, and limits.
var everything = config.HTTP{RateLimits: true, CloudRun: inCloudRun}

var asDescribed = strings.NewReplacer(":code", "{code}", ":id", "{id}", ":name", "{name}", ":appId", "{appId}", "*", "{path}")

// observe finds out, for every route of s, what it asks for and whether it is
// limited. s must limit and hold no mounts, and time stand still.
func observe(t *testing.T, s *httpapi.Server) []observed {
	t.Helper()
	const spent, other = "192.0.2.1", "192.0.2.2"
	s.Spend(spent)
	for s.MeetPerson("wx1:o1") { // whom Cloud Run names
	}
	var all []observed
	for _, r := range s.Routes() {
		code := func(from string, headers ...string) string {
			ask := without(r.Method, r.Path, headers...)
			ask.RemoteAddr = from + ":1"
			a := serve(s, ask)
			if a.status < http.StatusBadRequest {
				return ""
			}
			return a.problem(t).Code
		}
		o := observed{nameOf(r), asDescribed.Replace(r.Path), "nothing", "no"}
		switch code(other) {
		case domain.ErrTokenMissing.Code:
			o.auth = "token"
		case domain.ErrClientInvalid.Code:
			o.auth = "client"
		}
		switch domain.ErrRateLimited.Code {
		case code(spent, asShop...):
			o.limited = "yes"
		case code(spent):
			o.limited = "wrong secrets"
		case code(spent, named()...):
			o.limited = "by person"
		}
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b observed) int { return strings.Compare(a.path+" "+a.method, b.path+" "+b.method) })
	return all
}

// nameOf returns a route's method, or that it takes those that have no route of
// their own.
func nameOf(r *echo.Route) string {
	if r.Method == echo.RouteNotFound {
		return anyMethod
	}
	return r.Method
}

func TestTheRoutesAreKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const row = "%-7s %-40s %-9s %s"
		lines := []string{fmt.Sprintf(row, "method", "path", "asks for", "limited")}
		for _, o := range observe(t, build(world{cfg: everything})) {
			lines = append(lines, fmt.Sprintf(row, o.method, o.path, o.auth, o.limited))
		}
		compareGolden(t, "routes.golden", lines)
	})
}
