package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wxlogin/domain"
	"wxlogin/ports"
)

type tokenResponse struct {
	AccessToken      string `json:"accessToken"`
	TokenType        string `json:"tokenType"`
	ExpiresIn        int64  `json:"expiresIn"` // seconds
	RefreshToken     string `json:"refreshToken"`
	RefreshExpiresIn int64  `json:"refreshExpiresIn"` // seconds
}

// asTokens is the one place where tokens are shown: to whom they belong.
func asTokens(t ports.Tokens, now time.Time) tokenResponse {
	return tokenResponse{
		AccessToken:      t.Access.Reveal(),
		TokenType:        "Bearer",
		ExpiresIn:        int64(t.AccessExpiresAt.Sub(now) / time.Second),
		RefreshToken:     t.Refresh.Reveal(),
		RefreshExpiresIn: int64(t.RefreshExpiresAt.Sub(now) / time.Second),
	}
}

// refreshRequest takes whatever might be a token: that it is none is told like
// everything else that is wrong with it.
type refreshRequest struct {
	RefreshToken string `json:"refreshToken" validate:"required,max=256"`
}

func (a *API) postRefresh(ctx context.Context, in refreshRequest) (tokenResponse, error) {
	refreshed, err := a.Refresh.Refresh(ctx, domain.NewSecret(in.RefreshToken))
	if err != nil {
		return tokenResponse{}, err
	}
	return asTokens(refreshed.Tokens, refreshed.At), nil
}

// oauthTokenResponse is RFC 6749's section 5.1.
type oauthTokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token"`
}

// postToken is the refresh for OAuth libraries (RFC 6749 section 6). It knows no
// other grant.
func (a *API) postToken(c echo.Context) error {
	in, err := readForm(c)
	if err != nil {
		return err
	}
	if _, err := in.required("grant_type"); err != nil {
		return err
	}
	if in["grant_type"] != "refresh_token" {
		return errGrantType
	}
	token, err := in.required("refresh_token")
	if err != nil {
		return err
	}
	refreshed, err := a.Refresh.Refresh(c.Request().Context(), token)
	if errors.Is(err, domain.ErrRefreshInvalid) || errors.Is(err, domain.ErrUserBanned) {
		return &refusedGrant{err}
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("Pragma", "no-cache") // as RFC 6749 section 5.1 has it
	t := asTokens(refreshed.Tokens, refreshed.At)
	return c.JSON(http.StatusOK, oauthTokenResponse{t.AccessToken, t.TokenType, t.ExpiresIn, t.RefreshToken})
}

// refusedGrant hides from the edge which promise was broken: RFC 6749 has one
// status and one error for all.
type refusedGrant struct{ cause error }

// Error tells the log why.
func (e *refusedGrant) Error() string { return errGrant.code + ": " + e.cause.Error() }

// Unwrap returns the error that the client sees.
func (e *refusedGrant) Unwrap() error { return errGrant }
