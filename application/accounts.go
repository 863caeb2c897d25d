package application

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// AccountKeeper finds the accounts of callers, and shows and changes them: what
// the use cases of a user's own account share.
type AccountKeeper struct {
	users    ports.UserRepository
	profiles ports.ProfileRepository
	phones   ports.PhoneSealer
	clock    ports.Clock
}

// NewAccountKeeper makes the keeper of its parts.
func NewAccountKeeper(users ports.UserRepository, profiles ports.ProfileRepository, phones ports.PhoneSealer, clock ports.Clock) *AccountKeeper {
	return &AccountKeeper{users, profiles, phones, clock}
}

// find returns the caller's user, who may act, by the identity in the caller's app.
func (k *AccountKeeper) find(ctx context.Context, caller domain.Caller) (domain.WeChatUser, error) {
	user, err := k.users.Find(ctx, caller.UserID)
	if errors.Is(err, domain.ErrNotFound) {
		// The token outlived its user: to the client it is worth nothing.
		return domain.WeChatUser{}, fmt.Errorf("user is gone: %w", domain.ErrTokenInvalid)
	}
	if err != nil {
		return domain.WeChatUser{}, err
	}
	if err := user.Admit(); err != nil {
		return domain.WeChatUser{}, err
	}
	if !user.DeletionAt.IsZero() {
		return domain.WeChatUser{}, fmt.Errorf("user has left: %w", domain.ErrSessionRevoked)
	}
	return user.ActingIn(caller.AppID), nil
}

// show returns what the user may see.
func (k *AccountKeeper) show(user domain.WeChatUser) ports.Account {
	account := ports.Account{User: user}
	if !user.Phone.Empty() {
		// Sealed under a key that is gone, it is as good as absent.
		account.Phone, _ = k.phones.OpenPhone(user.Phone)
	}
	return account
}

// change stores what change has with the identity that the user acts by: it is that
// one's when identities are taken apart again. It returns the account as it is
// then, and the avatars that were replaced, in spite of an error too.
func (k *AccountKeeper) change(ctx context.Context, user domain.WeChatUser, change domain.ProfileChange) (ports.Account, []domain.AvatarName, error) {
	replaced, err := k.profiles.ChangeProfile(ctx, user.Identity.Key(), change)
	if errors.Is(err, domain.ErrNotFound) {
		err = fmt.Errorf("user is gone: %w", domain.ErrTokenInvalid)
	}
	if err != nil {
		return ports.Account{}, nil, err
	}
	gone, err := k.clearOthers(ctx, user, change)
	if replaced != "" {
		gone = append(gone, replaced)
	}
	if err != nil {
		return ports.Account{}, gone, err
	}
	return k.show(user.Changed(change)), gone, nil
}

// clearOthers removes what change replaces from what is stored with the user's
// other identities, and returns the avatars that were there.
func (k *AccountKeeper) clearOthers(ctx context.Context, user domain.WeChatUser, change domain.ProfileChange) (gone []domain.AvatarName, err error) {
	for _, part := range user.All() {
		what := change.Replaces() & part.Learned(change.At)
		if what == 0 || part.Identity.Key() == user.Identity.Key() {
			continue
		}
		if err := k.profiles.ClearProfile(ctx, part.Identity.Key(), what, change.At); err != nil {
			return gone, err
		}
		if what.Has(domain.AvatarAttribute) && part.Avatar != "" {
			gone = append(gone, part.Avatar)
		}
	}
	return gone, nil
}

// forget removes attributes of a user, whichever identity they are stored with.
func forget(ctx context.Context, profiles ports.ProfileRepository, user domain.WeChatUser, what domain.Attributes) error {
	for _, part := range user.All() {
		if err := profiles.ClearProfile(ctx, part.Identity.Key(), what, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// seal makes a number what is stored with the identity that the user acts by.
func (k *AccountKeeper) seal(user domain.WeChatUser, number domain.PhoneNumber) (domain.SealedPhone, error) {
	return k.phones.SealPhone(number, user.Identity.Key(), k.clock.Now())
}
