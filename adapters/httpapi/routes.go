package httpapi

import (
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"

	"wxlogin/ports"
)

// API holds what the routes call.
type API struct {
	login    ports.LoginUseCase
	caller   ports.AuthenticateUseCase
	account  ports.AccountUseCase
	keys     ports.VerificationKeys
	store    ports.Probe
	platform ports.PlatformProbe
	edge     *edge
	stored   lastCheck
}

// Mount is a route of another inbound adapter. Its handler writes the whole
// answer; request ids, limits, logs and panics are cared for here.
type Mount struct {
	Method  string
	Path    string // in net/http's sense without wildcards: one path, exactly
	Handler http.Handler
	Limited bool // counts as a login for the rate limits
	// Refuse writes the answer for what the limits refuse, in the protocol's own
	// form. Optional: a problem document is written without it.
	Refuse func(w http.ResponseWriter, r *http.Request, err error)
}

//go:embed openapi.yaml
var openAPI []byte

// routes is the table of contents of the service.
func (a *API) routes(e *echo.Echo, mounts []Mount) {
	limited := a.edge.limitLogins

	e.POST("/v1/login", endpoint(http.StatusOK, a.postLogin), limited)
	e.GET("/v1/me", secured(a, http.StatusOK, a.getMe))

	e.GET("/.well-known/jwks.json", document("application/jwk-set+json", "public, max-age=300", a.keys.JWKS))
	e.GET("/openapi.yaml", document("application/yaml", "public, max-age=300", func() []byte { return openAPI }))
	e.GET("/problems/:code", a.getProblem)

	e.GET("/livez", a.getLive)
	e.GET("/readyz", a.getReady)

	for _, m := range mounts {
		e.Add(m.Method, m.Path, a.mounted(m))
	}
}

func (a *API) mounted(m Mount) echo.HandlerFunc {
	handler := echo.WrapHandler(m.Handler)
	if !m.Limited {
		return handler
	}
	handler = a.edge.limitLogins(handler)
	if m.Refuse == nil {
		return handler
	}
	return func(c echo.Context) error {
		if err := handler(c); err != nil {
			m.Refuse(c.Response(), c.Request(), err)
		}
		return nil
	}
}
