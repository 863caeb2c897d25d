package httpapi

import (
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"

	"wxlogin/ports"
)

// Parts are what the routes call.
type Parts struct {
	Login        ports.LoginUseCase
	VouchedLogin ports.VouchedLoginUseCase
	Refresh      ports.RefreshUseCase
	Authenticate ports.AuthenticateUseCase
	Account      ports.AccountUseCase
	Export       ports.ExportUseCase
	Profile      ports.ProfileUseCase
	Avatar       ports.AvatarUseCase
	Phone        ports.PhoneUseCase
	Leave        ports.LeaveUseCase

	WeChatSession ports.WeChatSessionUseCase
	PlatformToken ports.PlatformTokenUseCase

	Sessions    ports.ListSessionsUseCase
	Logout      ports.LogoutUseCase
	Introspect  ports.IntrospectUseCase
	RevokeToken ports.RevokeTokenUseCase
	Clients     ports.ServiceClientDirectory
	Keys        ports.VerificationKeys
	Store       ports.Probe
	Platform    ports.PlatformProbe
	Revocations ports.RevocationProbe
	Entropy     ports.Entropy
}

// API holds the routes.
type API struct {
	Parts

	edge   *edge
	stored lastCheck
	server serverMetadata
}

// Mount is a route of another inbound adapter. Its handler writes the whole
// answer; request ids, limits, logs and panics are cared for here.
type Mount struct {
	Method  string
	Path    string // in net/http's sense without wildcards: one path, exactly
	Handler http.Handler
	Limited bool // counts as a login for the rate limits
	// Refuse writes the answer for what the limits refuse, and for a panic, in the
	// protocol's own form. Optional: a problem document is written without it.
	Refuse func(w http.ResponseWriter, r *http.Request, err error)
}

//go:embed openapi.yaml
var openAPI []byte

// routes is the table of contents of the service.
func (a *API) routes(e *echo.Echo, mounts []Mount) {
	e.POST("/v1/login", endpoint(http.StatusOK, a.postLogin), a.edge.limit(a.edge.logins))
	if a.edge.cloudRun.Trust {
		e.POST(cloudRunPath, endpoint(http.StatusOK, a.postCloudRun)) // limited by person: all come from one address
	}
	e.POST("/v1/token/refresh", endpoint(http.StatusOK, a.postRefresh), a.edge.limit(a.edge.refreshes))
	e.POST("/v1/logout", secured(a, http.StatusNoContent, a.postLogout))
	e.POST("/v1/logout/all", secured(a, http.StatusNoContent, a.postLogoutAll))
	e.GET("/v1/sessions", secured(a, http.StatusOK, a.getSessions))
	e.DELETE("/v1/sessions/:id", secured(a, http.StatusNoContent, a.deleteSession))

	a.accountRoutes(e)

	e.GET("/v1/verify", a.verify)
	e.GET("/v1/verify/*", a.verify)
	e.RouteNotFound("/v1/verify", a.verify) // by any other method
	e.RouteNotFound("/v1/verify/*", a.verify)
	e.POST("/v1/token/introspect", a.forClients(a.postIntrospect))
	e.POST("/v1/token/revoke", a.forClients(a.postRevoke))
	e.POST("/v1/token", oauth(a.postToken), a.edge.limit(a.edge.refreshes))
	e.POST("/v1/apps/:appId/access-token", a.forClients(a.postPlatformToken))

	e.GET("/.well-known/oauth-authorization-server", a.getMetadata)
	e.GET("/.well-known/jwks.json", document("application/jwk-set+json", "public, max-age=300", a.Keys.JWKS))
	e.GET("/openapi.yaml", document("application/yaml", "public, max-age=300", func() []byte { return openAPI }))
	e.GET("/problems/:code", a.getProblem)

	e.GET("/livez", a.getLive)
	e.GET("/readyz", a.getReady)

	for _, m := range mounts {
		e.Add(m.Method, m.Path, a.mounted(m))
	}
}

// accountRoutes are those of the signed-in user.
func (a *API) accountRoutes(e *echo.Echo) {
	costly := a.edge.limit(a.edge.costly)

	e.GET("/v1/me", secured(a, http.StatusOK, a.getMe))
	e.PATCH("/v1/me", secured(a, http.StatusOK, a.patchMe))
	e.POST("/v1/me", secured(a, http.StatusOK, a.patchMe)) // wx.request knows no PATCH
	e.DELETE("/v1/me", secured(a, http.StatusAccepted, a.deleteMe))
	e.PUT("/v1/me/profile", secured(a, http.StatusOK, a.putProfile), costly)
	e.PUT(uploadPath, a.putAvatar, costly)
	e.POST(uploadPath, a.putAvatar, costly) // wx.uploadFile knows nothing else
	e.PUT("/v1/me/phone", secured(a, http.StatusOK, a.putPhone), costly)
	e.DELETE("/v1/me/phone", secured(a, http.StatusNoContent, a.deletePhone))
	e.GET("/v1/me/wechat-session", secured(a, http.StatusOK, a.getWeChatSession), costly)
	e.GET("/v1/me/export", a.getExport, costly)
	e.GET(avatarsPath+":name", a.getAvatar)
}

func (a *API) mounted(m Mount) echo.HandlerFunc {
	handler := echo.WrapHandler(m.Handler)
	if m.Limited {
		handler = a.edge.limit(a.edge.logins)(handler)
	}
	if m.Refuse == nil {
		return handler
	}
	return func(c echo.Context) error {
		err := a.edge.rescue(c, handler)
		if err == nil || c.Response().Committed {
			return err
		}
		m.Refuse(c.Response(), c.Request(), err)
		return nil
	}
}
