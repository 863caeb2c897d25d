package application

import (
	"context"
	"errors"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// AvatarUseCase implements ports.AvatarUseCase.
type AvatarUseCase struct {
	accounts *AccountKeeper
	maker    ports.AvatarMaker
	avatars  ports.AvatarStore
	clock    ports.Clock
	ids      ports.Entropy
}

// NewAvatarUseCase makes the use case of its parts.
func NewAvatarUseCase(accounts *AccountKeeper, maker ports.AvatarMaker, avatars ports.AvatarStore,
	clock ports.Clock, ids ports.Entropy,
) *AvatarUseCase {
	return &AvatarUseCase{accounts, maker, avatars, clock, ids}
}

// SetAvatar implements ports.AvatarUseCase. Each change deletes the very picture
// that it replaced, so that of two at once none deletes the other's.
func (uc *AvatarUseCase) SetAvatar(ctx context.Context, caller domain.Caller, upload []byte) (ports.Account, error) {
	user, err := uc.accounts.find(ctx, caller)
	if err != nil {
		return ports.Account{}, fmt.Errorf("set avatar: %w", err)
	}
	picture, err := uc.maker.MakeAvatar(ctx, upload)
	if err != nil {
		return ports.Account{}, fmt.Errorf("set avatar: %w", err)
	}
	// A client that leaves now must leave no picture behind that nobody knows.
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), finishWithin)
	defer done()
	account, err := uc.replace(ctx, user, picture)
	if err != nil {
		return ports.Account{}, fmt.Errorf("set avatar: %w", err)
	}
	return account, nil
}

func (uc *AvatarUseCase) replace(ctx context.Context, user domain.WeChatUser, picture []byte) (ports.Account, error) {
	name := domain.NewAvatarName(user.Original(), uc.ids.NewToken())
	if err := uc.avatars.Put(ctx, name, picture); err != nil {
		return ports.Account{}, err
	}
	account, gone, err := uc.accounts.change(ctx, user, domain.ProfileChange{Avatar: name, At: uc.clock.Now()})
	if errors.Is(err, domain.ErrTokenInvalid) {
		// Nobody will come back to remove what a user left who was erased meanwhile.
		gone = append(gone, name)
	}
	for _, old := range gone {
		// The new picture is there. One that is left behind goes with the user.
		_ = uc.avatars.Delete(ctx, old)
	}
	return account, err
}

// Avatar implements ports.AvatarUseCase.
func (uc *AvatarUseCase) Avatar(ctx context.Context, name domain.AvatarName) ([]byte, error) {
	picture, err := uc.avatars.Get(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("avatar: %w", err)
	}
	return picture, nil
}
