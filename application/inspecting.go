package application

import (
	"context"

	"wxlogin/domain"
	"wxlogin/ports"
)

// Inspector says what an access token is worth: what every way of checking one
// has in common.
type Inspector struct {
	tokens      ports.AccessTokenVerifier
	revocations ports.Revocations
	clock       ports.Clock
}

// NewInspector makes the inspector of its parts.
func NewInspector(tokens ports.AccessTokenVerifier, revocations ports.Revocations, clock ports.Clock) *Inspector {
	return &Inspector{tokens, revocations, clock}
}

// inspect returns what a token that is good says, or the promise that
// ports.AuthenticateUseCase makes of one that is not. It reads no database.
func (i *Inspector) inspect(ctx context.Context, token domain.Secret) (domain.AccessToken, error) {
	what, err := i.verify(ctx, token)
	if err != nil {
		return domain.AccessToken{}, err
	}
	if i.revocations.Revoked(what.SessionID) || what.IssuedAt.Before(i.revocations.RevokedBefore(what.UserID)) {
		return domain.AccessToken{}, domain.ErrSessionRevoked
	}
	return what, nil
}

// verify is inspect, whatever became of the token's session.
func (i *Inspector) verify(ctx context.Context, token domain.Secret) (domain.AccessToken, error) {
	if token.Empty() {
		return domain.AccessToken{}, domain.ErrTokenMissing
	}
	return i.tokens.VerifyAccessToken(ctx, token, i.clock.Now())
}
