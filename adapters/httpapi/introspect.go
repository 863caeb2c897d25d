package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
)

// introspectionResponse is RFC 7662's. Of a token that is worth nothing it says
// only that.
type introspectionResponse struct {
	Active    bool             `json:"active"`
	Subject   domain.UserID    `json:"sub,omitempty"`
	ClientID  domain.AppID     `json:"client_id,omitempty"`
	ExpiresAt int64            `json:"exp,omitempty"` // seconds since 1970, as IssuedAt
	IssuedAt  int64            `json:"iat,omitempty"`
	Issuer    string           `json:"iss,omitempty"`
	Audience  string           `json:"aud,omitempty"`
	SessionID domain.SessionID `json:"sid,omitempty"`
	TokenID   string           `json:"jti,omitempty"`
	TokenType string           `json:"token_type,omitempty"`
}

func (a *API) postIntrospect(c echo.Context, client domain.ServiceClient) error {
	token, err := presentedToken(c)
	if err != nil {
		return err
	}
	what, active := a.Introspect.Introspect(c.Request().Context(), client, token)
	if !active {
		return c.JSON(http.StatusOK, introspectionResponse{})
	}
	return c.JSON(http.StatusOK, introspectionResponse{
		Active: true, Subject: what.UserID, ClientID: what.AppID,
		ExpiresAt: what.ExpiresAt.Unix(), IssuedAt: what.IssuedAt.Unix(),
		Issuer: a.server.issuer, Audience: a.server.audience,
		SessionID: what.SessionID, TokenID: what.ID, TokenType: "Bearer",
	})
}

// postRevoke is RFC 7009's endpoint.
func (a *API) postRevoke(c echo.Context, client domain.ServiceClient) error {
	token, err := presentedToken(c)
	if err != nil {
		return err
	}
	if err := a.RevokeToken.RevokeToken(c.Request().Context(), client, token); err != nil {
		return err
	}
	return c.NoContent(http.StatusOK)
}

// maxPresented is the longest token that is looked at, in bytes.
const maxPresented = 8 << 10

type presentedRequest struct {
	Token string `json:"token" validate:"required,max=8192"`
	Hint  string `json:"tokenTypeHint" validate:"max=64"` // of no use: our tokens tell what they are
}

// presentedToken reads the token that a client asks about, from a form, as the
// RFCs have it, or from JSON.
func presentedToken(c echo.Context) (domain.Secret, error) {
	if mediaType(c.Request()) == "application/json" {
		var in presentedRequest
		if err := bindJSON(c, &in); err != nil {
			return domain.Secret{}, err
		}
		return domain.NewSecret(in.Token), nil
	}
	form, err := readForm(c)
	if err != nil {
		return domain.Secret{}, err
	}
	return form.required("token")
}
