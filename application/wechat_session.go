package application

import (
	"context"
	"errors"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// WeChatSessionUseCase implements ports.WeChatSessionUseCase.
type WeChatSessionUseCase struct {
	accounts *AccountKeeper
	keys     *SessionKeys
	wechat   ports.SessionKeyChecker
	clock    ports.Clock
}

// NewWeChatSessionUseCase makes the use case of its parts.
func NewWeChatSessionUseCase(accounts *AccountKeeper, keys *SessionKeys, wechat ports.SessionKeyChecker, clock ports.Clock) *WeChatSessionUseCase {
	return &WeChatSessionUseCase{accounts, keys, wechat, clock}
}

// CheckWeChatSession implements ports.WeChatSessionUseCase. A key that is not
// there, or was sealed under a key that is gone, is not the present one.
func (uc *WeChatSessionUseCase) CheckWeChatSession(ctx context.Context, caller domain.Caller) (bool, error) {
	valid, err := uc.check(ctx, caller)
	if err != nil {
		return false, fmt.Errorf("check WeChat session: %w", err)
	}
	return valid, nil
}

func (uc *WeChatSessionUseCase) check(ctx context.Context, caller domain.Caller) (bool, error) {
	if _, err := uc.accounts.find(ctx, caller); err != nil {
		return false, err
	}
	keys, err := uc.keys.ofCaller(ctx, caller, uc.clock.Now())
	if err != nil || len(keys) == 0 || keys[0].session.ID != caller.SessionID {
		return false, err
	}
	return uc.wechat.CheckSessionKey(ctx, keys[0].session.Identity.Identity(), keys[0].key)
}

// ResetSessionKeyUseCase implements ports.ResetSessionKeyUseCase.
type ResetSessionKeyUseCase struct {
	users    ports.UserRepository
	sessions ports.SessionRepository
	keys     *SessionKeys
	sealer   ports.SessionKeySealer
	wechat   ports.SessionKeyChecker
	recorder *Recorder
	clock    ports.Clock
}

// NewResetSessionKeyUseCase makes the use case of its parts.
func NewResetSessionKeyUseCase(users ports.UserRepository, sessions ports.SessionRepository, keys *SessionKeys,
	sealer ports.SessionKeySealer, wechat ports.SessionKeyChecker, recorder *Recorder, clock ports.Clock,
) *ResetSessionKeyUseCase {
	return &ResetSessionKeyUseCase{users, sessions, keys, sealer, wechat, recorder, clock}
}

// ResetSessionKeys implements ports.ResetSessionKeyUseCase.
func (uc *ResetSessionKeyUseCase) ResetSessionKeys(ctx context.Context, id domain.UserID) (replaced int, err error) {
	user, err := uc.users.Find(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("reset session keys: %w", err)
	}
	for _, part := range user.All() {
		done, err := uc.reset(ctx, user.ID, part.Identity)
		if err != nil {
			return replaced, fmt.Errorf("reset session keys: %w", err)
		}
		if done {
			replaced++
		}
	}
	return replaced, nil
}

// reset replaces the present key of one identity: the newest that WeChat takes.
func (uc *ResetSessionKeyUseCase) reset(ctx context.Context, id domain.UserID, identity domain.WeChatIdentity) (bool, error) {
	keys, err := uc.keys.ofIdentity(ctx, identity.Key(), uc.clock.Now())
	if err != nil {
		return false, err
	}
	tried := map[string]bool{}
	for _, held := range keys {
		if tried[held.key.Reveal()] {
			continue
		}
		tried[held.key.Reveal()] = true
		fresh, ok, err := uc.wechat.ResetSessionKey(ctx, identity, held.key)
		if err != nil {
			return false, err
		}
		if ok {
			return true, uc.store(ctx, id, keys, held.key, fresh)
		}
	}
	return false, nil
}

// store puts fresh in the place of old, with every session that has it. The old one
// is worth nothing any more: a session that cannot be changed keeps none of the
// others from it.
func (uc *ResetSessionKeyUseCase) store(ctx context.Context, id domain.UserID, keys []heldKey, old, fresh domain.Secret) error {
	var failed []error
	for _, held := range keys {
		if held.key.Reveal() == old.Reveal() {
			failed = append(failed, uc.put(ctx, held.session, fresh))
		}
	}
	return errors.Join(append(failed, uc.recorder.record(ctx, domain.AuditEntry{
		Action: domain.AuditSessionKeyReset, By: domain.ByOperator, UserID: id, AppID: keys[0].session.AppID,
	}))...)
}

func (uc *ResetSessionKeyUseCase) put(ctx context.Context, session domain.Session, key domain.Secret) error {
	sealed, err := uc.sealer.Seal(key, session.Identity)
	if err != nil {
		return err
	}
	return uc.sessions.SetKey(ctx, session, sealed)
}
