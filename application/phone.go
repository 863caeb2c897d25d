package application

import (
	"context"
	"fmt"
	"slices"

	"wxlogin/domain"
	"wxlogin/ports"
)

// PhoneBinder binds phone numbers: what the use case of it and logging in share.
type PhoneBinder struct {
	accounts *AccountKeeper
	wechat   ports.PhoneCodeExchanger
	recorder *Recorder
}

// NewPhoneBinder makes the binder of its parts.
func NewPhoneBinder(accounts *AccountKeeper, wechat ports.PhoneCodeExchanger, recorder *Recorder) *PhoneBinder {
	return &PhoneBinder{accounts, wechat, recorder}
}

// byCode binds what a code of the phone button stands for. WeChat is asked whether
// it is the person's own, who is known by identity there.
func (b *PhoneBinder) byCode(ctx context.Context, user domain.WeChatUser, identity domain.WeChatIdentity, code domain.Secret) (ports.Account, error) {
	number, err := b.wechat.ExchangePhoneCode(ctx, identity, code)
	if err != nil {
		return ports.Account{}, err
	}
	user.Identity = identity
	return b.bind(ctx, user, number)
}

func (b *PhoneBinder) bind(ctx context.Context, user domain.WeChatUser, number domain.PhoneNumber) (ports.Account, error) {
	sealed, err := b.accounts.seal(user, number)
	if err != nil {
		return ports.Account{}, err
	}
	entry := domain.AuditEntry{Action: domain.AuditPhoneBound, By: domain.ByUser, UserID: user.ID}
	if err := b.recorder.record(ctx, entry); err != nil {
		return ports.Account{}, err
	}
	account, _, err := b.accounts.change(ctx, user, domain.ProfileChange{Phone: sealed, At: sealed.At})
	return account, err
}

// bound reports whether the number is the user's already.
func (b *PhoneBinder) bound(user domain.WeChatUser, number domain.PhoneNumber) bool {
	return !user.Phone.Empty() && slices.Contains(b.accounts.phones.PhoneIndexes(number), user.Phone.Index)
}

// PhoneUseCase implements ports.PhoneUseCase.
type PhoneUseCase struct {
	accounts *AccountKeeper
	binder   *PhoneBinder
	keys     *SessionKeys
	reader   ports.OpenDataReader
	clock    ports.Clock
}

// NewPhoneUseCase makes the use case of its parts.
func NewPhoneUseCase(accounts *AccountKeeper, binder *PhoneBinder, keys *SessionKeys,
	reader ports.OpenDataReader, clock ports.Clock,
) *PhoneUseCase {
	return &PhoneUseCase{accounts, binder, keys, reader, clock}
}

// BindPhone implements ports.PhoneUseCase.
func (uc *PhoneUseCase) BindPhone(ctx context.Context, caller domain.Caller, code domain.Secret) (ports.Account, error) {
	user, err := uc.accounts.find(ctx, caller)
	if err != nil {
		return ports.Account{}, fmt.Errorf("bind phone: %w", err)
	}
	identity, ok := user.In(caller.AppID)
	if !ok {
		return ports.Account{}, fmt.Errorf("bind phone: user is not known in the app: %w", domain.ErrTokenInvalid)
	}
	account, err := uc.binder.byCode(ctx, user, identity, code)
	if err != nil {
		return ports.Account{}, fmt.Errorf("bind phone: %w", err)
	}
	return account, nil
}

// BindPhoneByData implements ports.PhoneUseCase. What WeChat handed a client may
// have been kept by it, or taken from it: it puts no number in another's place. Nor
// does it bind any where clients hold the keys, who could have made it themselves.
func (uc *PhoneUseCase) BindPhoneByData(ctx context.Context, caller domain.Caller, data domain.OpenData) (ports.Account, error) {
	account, err := uc.bindByData(ctx, caller, data)
	if err != nil {
		return ports.Account{}, fmt.Errorf("bind phone by data: %w", err)
	}
	return account, nil
}

func (uc *PhoneUseCase) bindByData(ctx context.Context, caller domain.Caller, data domain.OpenData) (ports.Account, error) {
	user, err := uc.accounts.find(ctx, caller)
	if err != nil {
		return ports.Account{}, err
	}
	now := uc.clock.Now()
	keys, err := uc.keys.ofCaller(ctx, caller, now)
	if err != nil {
		return ports.Account{}, err
	}
	number, err := tryKeys(data, keys, func(held heldKey) (domain.PhoneNumber, error) {
		return uc.reader.ReadPhone(data, held.key, caller.AppID, uc.keys.window(now))
	})
	switch {
	case err != nil:
		return ports.Account{}, err
	case uc.binder.bound(user, number):
		return uc.accounts.show(user), nil
	case !user.Phone.Empty() || uc.keys.policy.ClientsHoldKeys:
		return ports.Account{}, domain.ErrPhoneCodeRequired
	}
	return uc.binder.bind(ctx, user, number)
}

// RemovePhone implements ports.PhoneUseCase.
func (uc *PhoneUseCase) RemovePhone(ctx context.Context, caller domain.Caller) error {
	if err := uc.remove(ctx, caller); err != nil {
		return fmt.Errorf("remove phone: %w", err)
	}
	return nil
}

func (uc *PhoneUseCase) remove(ctx context.Context, caller domain.Caller) error {
	user, err := uc.accounts.find(ctx, caller)
	if err != nil || user.Phone.Empty() {
		return err
	}
	removed := domain.AuditEntry{
		ID:     fmt.Sprintf("%s:%s:%d", domain.AuditPhoneRemoved, user.ID, user.Phone.At.UnixMilli()),
		Action: domain.AuditPhoneRemoved, By: domain.ByUser, UserID: user.ID,
	}
	if err := uc.binder.recorder.record(ctx, removed); err != nil {
		return err
	}
	return forget(ctx, uc.accounts.profiles, user, domain.PhoneAttribute)
}
