package application

import (
	"context"
	"errors"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// AccountUseCase implements ports.AccountUseCase.
type AccountUseCase struct {
	users ports.UserRepository
}

// NewAccountUseCase makes the use case of its parts.
func NewAccountUseCase(users ports.UserRepository) *AccountUseCase {
	return &AccountUseCase{users}
}

// Me implements ports.AccountUseCase.
func (uc *AccountUseCase) Me(ctx context.Context, caller domain.Caller) (domain.WeChatUser, error) {
	user, err := uc.users.Find(ctx, caller.UserID)
	if errors.Is(err, domain.ErrNotFound) {
		// The token outlived its user: to the client it is worth nothing.
		return domain.WeChatUser{}, fmt.Errorf("me: user is gone: %w", domain.ErrTokenInvalid)
	}
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("me: %w", err)
	}
	if err := user.Admit(); err != nil {
		return domain.WeChatUser{}, fmt.Errorf("me: %w", err)
	}
	return user, nil
}
