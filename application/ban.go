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
	users    ports.UserRepository
	ender    *SessionEnder
	recorder *Recorder
	clock    ports.Clock
}

// NewBanUseCase makes the use case of its parts.
func NewBanUseCase(users ports.UserRepository, ender *SessionEnder, recorder *Recorder, clock ports.Clock) *BanUseCase {
	return &BanUseCase{users, ender, recorder, clock}
}

// Ban implements ports.BanUseCase. The sessions stay, for a client that refreshes
// to be told why it cannot.
func (uc *BanUseCase) Ban(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	now := uc.clock.Now()
	user, err := uc.users.SetBan(ctx, id, now)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("ban: %w", err)
	}
	if err := uc.ender.revokeAll(ctx, id, now); err != nil {
		return domain.WeChatUser{}, fmt.Errorf("ban: %w", err)
	}
	if err := uc.record(ctx, domain.AuditBanned, user, user.BannedAt); err != nil {
		return domain.WeChatUser{}, fmt.Errorf("ban: %w", err)
	}
	return user, nil
}

// Unban implements ports.BanUseCase. What is left of the sessions from before the
// ban goes before the ban does.
func (uc *BanUseCase) Unban(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	user, err := uc.users.Find(ctx, id)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("unban: %w", err)
	}
	if user.Admit() == nil {
		return user, nil
	}
	err = inOrder(
		func() error { return uc.ender.endAll(ctx, id, "", uc.clock.Now()) },
		func() error { return uc.record(ctx, domain.AuditUnbanned, user, user.BannedAt) },
		func() error { user, err = uc.users.SetBan(ctx, id, time.Time{}); return err },
	)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("unban: %w", err)
	}
	return user, nil
}

// record notes what was done about the ban that began at banned, however often it
// is tried.
func (uc *BanUseCase) record(ctx context.Context, action domain.AuditAction, user domain.WeChatUser, banned time.Time) error {
	return uc.recorder.record(ctx, domain.AuditEntry{
		ID: fmt.Sprintf("%s:%s:%d", action, user.ID, banned.UnixMilli()), Action: action, By: domain.ByOperator,
		UserID: user.ID, AppID: user.Identity.AppID,
	})
}
