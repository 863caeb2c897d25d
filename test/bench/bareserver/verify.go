package bareserver

import (
	"net/http"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"
)

// verify takes every request for a good one, of one and the same caller.
func (s *server) verify(c echo.Context) error {
	h := c.Response().Header()
	h.Set("X-User-Id", "01935c7e-0000-7000-8000-000000000001")
	h.Set("X-Session-Id", "01935c7e-0000-7000-8000-000000000002")
	h.Set("X-App-Id", string(s.cfg.WeChat.Apps[0].ID))
	return c.NoContent(http.StatusOK)
}

// introspection is RFC 7662's answer, as wxlogin gives it.
type introspection struct {
	Active bool `json:"active"`
	claims
	TokenType string `json:"token_type"`
}

// introspect believes whatever the token says, whoever asks.
func (s *server) introspect(c echo.Context) error {
	what := introspection{Active: true, TokenType: "Bearer"}
	if _, _, err := jwt.NewParser().ParseUnverified(c.FormValue("token"), &what.claims); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, what)
}
