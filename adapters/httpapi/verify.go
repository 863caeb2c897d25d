package httpapi

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

const verifyPath = "/v1/verify"

// forVerdict reports whether a request is a proxy's question. It is asked for every
// request of every backend, so that the edge makes less of it.
func forVerdict(c echo.Context) bool { return strings.HasPrefix(c.Path(), verifyPath) }

// verify says to a reverse proxy whether the request that it holds may pass, and
// whose it is: nginx's auth_request, Traefik's forwardAuth, Envoy's ext_authz. They
// ask with GET, or with the method of that request, and Envoy with its path behind
// ours as well. Whatever it is, the answer depends on the Authorization header
// alone.
func (a *API) verify(c echo.Context) error {
	r := c.Request()
	caller, err := a.Authenticate.Authenticate(r.Context(), bearer(r))
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("X-User-Id", string(caller.UserID))
	h.Set("X-Session-Id", string(caller.SessionID))
	h.Set("X-App-Id", string(caller.AppID))
	c.Response().WriteHeader(http.StatusOK)
	return nil
}
