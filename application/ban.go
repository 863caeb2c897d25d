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
	users  ports.UserRepository
	ender  *SessionEnder
	clock  ports.Clock
	events ports.EventSink
}

// NewBanUseCase makes the use case of its parts.
func NewBanUseCase(users ports.UserRepository, ender *SessionEnder, clock ports.Clock, events ports.EventSink) *BanUseCase {
	return &BanUseCase{users, ender, clock, events}
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
	uc.report(ctx, domain.EventUserBanned, user)
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
	if err := uc.ender.endAll(ctx, id, "", uc.clock.Now()); err != nil {
		return domain.WeChatUser{}, fmt.Errorf("unban: %w", err)
	}
	if user, err = uc.users.SetBan(ctx, id, time.Time{}); err != nil {
		return domain.WeChatUser{}, fmt.Errorf("unban: %w", err)
	}
	uc.report(ctx, domain.EventUserUnbanned, user)
	return user, nil
}

func (uc *BanUseCase) report(ctx context.Context, name domain.EventName, user domain.WeChatUser) {
	uc.events.Report(ctx, domain.Event{Name: name, UserID: user.ID, AppID: user.Identity.AppID})
}
