package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
)

// AuthenticateUseCase implements ports.AuthenticateUseCase.
type AuthenticateUseCase struct{ tokens *Inspector }

// NewAuthenticateUseCase makes the use case of its parts.
func NewAuthenticateUseCase(tokens *Inspector) *AuthenticateUseCase {
	return &AuthenticateUseCase{tokens}
}

// Authenticate implements ports.AuthenticateUseCase.
func (uc *AuthenticateUseCase) Authenticate(ctx context.Context, token domain.Secret) (domain.Caller, error) {
	what, err := uc.tokens.inspect(ctx, token)
	if err != nil {
		return domain.Caller{}, fmt.Errorf("authenticate: %w", err)
	}
	return what.Caller, nil
}
