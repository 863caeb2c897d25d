package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// PlatformTokenUseCase implements ports.PlatformTokenUseCase.
type PlatformTokenUseCase struct {
	tokens ports.PlatformTokens
	clock  ports.Clock
}

// NewPlatformTokenUseCase makes the use case of its parts.
func NewPlatformTokenUseCase(tokens ports.PlatformTokens, clock ports.Clock) *PlatformTokenUseCase {
	return &PlatformTokenUseCase{tokens, clock}
}

// PlatformToken implements ports.PlatformTokenUseCase.
func (uc *PlatformTokenUseCase) PlatformToken(ctx context.Context, client domain.ServiceClient, app domain.AppID,
	refused domain.Secret,
) (ports.PlatformGrant, error) {
	if !client.AccessTokens || !client.Serves(app) {
		return ports.PlatformGrant{}, fmt.Errorf("platform token: %w", domain.ErrAccessDenied)
	}
	token, err := uc.token(ctx, app, refused)
	if err != nil {
		return ports.PlatformGrant{}, fmt.Errorf("platform token: %w", err)
	}
	return ports.PlatformGrant{PlatformToken: token, At: uc.clock.Now()}, nil
}

func (uc *PlatformTokenUseCase) token(ctx context.Context, app domain.AppID, refused domain.Secret) (domain.PlatformToken, error) {
	if refused.Empty() {
		return uc.tokens.PlatformToken(ctx, app)
	}
	return uc.tokens.ReplacePlatformToken(ctx, app, refused)
}
