package application

import (
	"context"

	"wxlogin/domain"
)

// IntrospectUseCase implements ports.IntrospectUseCase.
type IntrospectUseCase struct{ tokens *Inspector }

// NewIntrospectUseCase makes the use case of its parts.
func NewIntrospectUseCase(tokens *Inspector) *IntrospectUseCase { return &IntrospectUseCase{tokens} }

// Introspect implements ports.IntrospectUseCase.
func (uc *IntrospectUseCase) Introspect(ctx context.Context, client domain.ServiceClient, token domain.Secret) (domain.AccessToken, bool) {
	what, err := uc.tokens.inspect(ctx, token)
	if err != nil || !client.Serves(what.AppID) {
		return domain.AccessToken{}, false
	}
	return what, true
}
