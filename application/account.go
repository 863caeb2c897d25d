package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// AccountUseCase implements ports.AccountUseCase.
type AccountUseCase struct{ accounts *AccountKeeper }

// NewAccountUseCase makes the use case of its parts.
func NewAccountUseCase(accounts *AccountKeeper) *AccountUseCase { return &AccountUseCase{accounts} }

// Me implements ports.AccountUseCase.
func (uc *AccountUseCase) Me(ctx context.Context, caller domain.Caller) (ports.Account, error) {
	user, err := uc.accounts.find(ctx, caller)
	if err != nil {
		return ports.Account{}, fmt.Errorf("me: %w", err)
	}
	return uc.accounts.show(user), nil
}
