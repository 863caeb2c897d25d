package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// ProfileUseCase implements ports.ProfileUseCase.
type ProfileUseCase struct {
	accounts *AccountKeeper
	keys     *SessionKeys
	reader   ports.OpenDataReader
	clock    ports.Clock
}

// NewProfileUseCase makes the use case of its parts.
func NewProfileUseCase(accounts *AccountKeeper, keys *SessionKeys, reader ports.OpenDataReader, clock ports.Clock) *ProfileUseCase {
	return &ProfileUseCase{accounts, keys, reader, clock}
}

// SetNickname implements ports.ProfileUseCase.
func (uc *ProfileUseCase) SetNickname(ctx context.Context, caller domain.Caller, nickname string) (ports.Account, error) {
	user, err := uc.accounts.find(ctx, caller)
	if err != nil {
		return ports.Account{}, fmt.Errorf("set nickname: %w", err)
	}
	account, err := uc.set(ctx, user, domain.Profile{Nickname: nickname})
	if err != nil {
		return ports.Account{}, fmt.Errorf("set nickname: %w", err)
	}
	return account, nil
}

// SetProfile implements ports.ProfileUseCase.
func (uc *ProfileUseCase) SetProfile(ctx context.Context, caller domain.Caller, data domain.OpenData) (ports.Account, error) {
	user, err := uc.accounts.find(ctx, caller)
	if err != nil {
		return ports.Account{}, fmt.Errorf("set profile: %w", err)
	}
	profile, err := uc.read(ctx, caller, data)
	if err != nil {
		return ports.Account{}, fmt.Errorf("set profile: %w", err)
	}
	account, err := uc.set(ctx, user, profile.Known())
	if err != nil {
		return ports.Account{}, fmt.Errorf("set profile: %w", err)
	}
	return account, nil
}

func (uc *ProfileUseCase) read(ctx context.Context, caller domain.Caller, data domain.OpenData) (domain.Profile, error) {
	now := uc.clock.Now()
	keys, err := uc.keys.ofCaller(ctx, caller, now)
	if err != nil {
		return domain.Profile{}, err
	}
	return tryKeys(data, keys, func(held heldKey) (domain.Profile, error) {
		return uc.reader.ReadOpenData(data, held.key, held.session.Identity.Identity(), uc.keys.window(now))
	})
}

func (uc *ProfileUseCase) set(ctx context.Context, user domain.WeChatUser, profile domain.Profile) (ports.Account, error) {
	if profile == (domain.Profile{}) {
		return uc.accounts.show(user), nil
	}
	change := domain.ProfileChange{Nickname: profile.Nickname, AvatarURL: profile.AvatarURL, At: uc.clock.Now()}
	account, _, err := uc.accounts.change(ctx, user, change)
	return account, err
}
