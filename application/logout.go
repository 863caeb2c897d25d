package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// LogoutUseCase implements ports.LogoutUseCase.
type LogoutUseCase struct {
	sessions ports.SessionRepository
	ender    *SessionEnder
	clock    ports.Clock
	events   ports.EventSink
}

// NewLogoutUseCase makes the use case of its parts.
func NewLogoutUseCase(sessions ports.SessionRepository, ender *SessionEnder, clock ports.Clock, events ports.EventSink) *LogoutUseCase {
	return &LogoutUseCase{sessions, ender, clock, events}
}

// Logout implements ports.LogoutUseCase.
func (uc *LogoutUseCase) Logout(ctx context.Context, caller domain.Caller) error {
	if err := uc.ender.endOwn(ctx, caller, uc.clock.Now()); err != nil {
		return fmt.Errorf("logout: %w", err)
	}
	uc.report(ctx, caller)
	return nil
}

// LogoutAll implements ports.LogoutUseCase. What refuses the caller's own token
// goes last: a try that fails can be repeated with it.
func (uc *LogoutUseCase) LogoutAll(ctx context.Context, caller domain.Caller) error {
	if err := uc.ender.endEvery(ctx, caller, uc.clock.Now()); err != nil {
		return fmt.Errorf("logout all: %w", err)
	}
	uc.report(ctx, caller)
	return nil
}

// EndSession implements ports.LogoutUseCase.
func (uc *LogoutUseCase) EndSession(ctx context.Context, caller domain.Caller, id domain.SessionID) error {
	if id == caller.SessionID {
		return uc.Logout(ctx, caller)
	}
	now := uc.clock.Now()
	live, err := uc.sessions.FindLiveOf(ctx, caller.UserID, now, id)
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	if len(live) == 0 {
		return fmt.Errorf("end session: %w", domain.ErrNotFound)
	}
	if err := uc.ender.end(ctx, live[0], now); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	uc.report(ctx, domain.Caller{UserID: caller.UserID, SessionID: id, AppID: live[0].AppID})
	return nil
}

func (uc *LogoutUseCase) report(ctx context.Context, of domain.Caller) {
	uc.events.Report(ctx, domain.Event{Name: domain.EventSessionEnded, UserID: of.UserID, SessionID: of.SessionID, AppID: of.AppID})
}
