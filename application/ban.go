package application

import (
	"context"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// BanUseCase implements ports.BanUseCase.
type BanUseCase struct {
	users ports.UserRepository
	clock ports.Clock
}

// NewBanUseCase makes the use case of its parts.
func NewBanUseCase(users ports.UserRepository, clock ports.Clock) *BanUseCase {
	return &BanUseCase{users, clock}
}

// Ban implements ports.BanUseCase.
func (uc *BanUseCase) Ban(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	return uc.set(ctx, "ban", id, uc.clock.Now())
}

// Unban implements ports.BanUseCase.
func (uc *BanUseCase) Unban(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	return uc.set(ctx, "unban", id, time.Time{})
}

func (uc *BanUseCase) set(ctx context.Context, name string, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	user, err := uc.users.SetBan(ctx, id, at)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("%s: %w", name, err)
	}
	return user, nil
}
