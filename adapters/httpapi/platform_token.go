package httpapi

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
)

// refusedRequest says that WeChat refused the token that was handed out before.
type refusedRequest struct {
	Refused string `json:"refused" validate:"required,max=1024"`
}

type platformTokenResponse struct {
	AccessToken string `json:"accessToken"`
	ExpiresIn   int64  `json:"expiresIn"` // seconds
}

// postPlatformToken hands WeChat's access_token to a backend. It is the one place
// where one is shown.
func (a *API) postPlatformToken(c echo.Context, client domain.ServiceClient) error {
	var in refusedRequest
	if r := c.Request(); r.ContentLength != 0 {
		if err := bindJSON(c, &in); err != nil {
			return err
		}
	}
	grant, err := a.PlatformToken.PlatformToken(c.Request().Context(), client, domain.AppID(c.Param("appId")), domain.NewSecret(in.Refused))
	if err != nil {
		return err
	}
	left := max(0, grant.ExpiresAt.Sub(grant.At))
	return c.JSON(http.StatusOK, platformTokenResponse{grant.Token.Reveal(), int64(left / time.Second)})
}
