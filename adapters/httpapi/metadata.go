package httpapi

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"wxlogin/config"
)

// serverMetadata is what RFC 8414 has the service say of itself.
type serverMetadata struct {
	issuer, audience string
	document         map[string]any
}

func newServerMetadata(cfg config.Tokens) serverMetadata {
	at := func(path string) string { return strings.TrimSuffix(cfg.Issuer, "/") + path }
	basic := []string{"client_secret_basic"}
	return serverMetadata{cfg.Issuer, cfg.Audience, map[string]any{
		"issuer":                                cfg.Issuer,
		"jwks_uri":                              at("/.well-known/jwks.json"),
		"token_endpoint":                        at("/v1/token"),
		"token_endpoint_auth_methods_supported": []string{"none"},
		"grant_types_supported":                 []string{"refresh_token"},
		"response_types_supported":              []string{},
		"introspection_endpoint":                at("/v1/token/introspect"),
		"introspection_endpoint_auth_methods_supported": basic,
		"revocation_endpoint":                           at("/v1/token/revoke"),
		"revocation_endpoint_auth_methods_supported":    basic,
	}}
}

func (a *API) getMetadata(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=300")
	return c.JSON(http.StatusOK, a.server.document)
}
