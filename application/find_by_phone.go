package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// FindByPhoneUseCase implements ports.FindByPhoneUseCase.
type FindByPhoneUseCase struct {
	profiles ports.ProfileRepository
	phones   ports.PhoneSealer
}

// NewFindByPhoneUseCase makes the use case of its parts.
func NewFindByPhoneUseCase(profiles ports.ProfileRepository, phones ports.PhoneSealer) *FindByPhoneUseCase {
	return &FindByPhoneUseCase{profiles, phones}
}

// FindByPhone implements ports.FindByPhoneUseCase.
func (uc *FindByPhoneUseCase) FindByPhone(ctx context.Context, number domain.PhoneNumber) ([]domain.WeChatUser, error) {
	found, err := uc.profiles.FindByPhone(ctx, uc.phones.PhoneIndexes(number)...)
	if err != nil {
		return nil, fmt.Errorf("find by phone: %w", err)
	}
	return found, nil
}
