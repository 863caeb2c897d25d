package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// AuthenticateUseCase implements ports.AuthenticateUseCase.
type AuthenticateUseCase struct {
	tokens ports.AccessTokenVerifier
	clock  ports.Clock
}

// NewAuthenticateUseCase makes the use case of its parts.
func NewAuthenticateUseCase(tokens ports.AccessTokenVerifier, clock ports.Clock) *AuthenticateUseCase {
	return &AuthenticateUseCase{tokens, clock}
}

// Authenticate implements ports.AuthenticateUseCase.
func (uc *AuthenticateUseCase) Authenticate(ctx context.Context, token domain.Secret) (domain.Caller, error) {
	if token.Empty() {
		return domain.Caller{}, domain.ErrTokenMissing
	}
	what, err := uc.tokens.VerifyAccessToken(ctx, token, uc.clock.Now())
	if err != nil {
		return domain.Caller{}, fmt.Errorf("authenticate: %w", err)
	}
	return what.Caller, nil
}
