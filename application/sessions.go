package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// ListSessionsUseCase implements ports.ListSessionsUseCase.
type ListSessionsUseCase struct {
	sessions ports.SessionRepository
	clock    ports.Clock
}

// NewListSessionsUseCase makes the use case of its parts.
func NewListSessionsUseCase(sessions ports.SessionRepository, clock ports.Clock) *ListSessionsUseCase {
	return &ListSessionsUseCase{sessions, clock}
}

// ListSessions implements ports.ListSessionsUseCase.
func (uc *ListSessionsUseCase) ListSessions(ctx context.Context, caller domain.Caller) ([]domain.Session, error) {
	live, err := uc.sessions.FindLiveOf(ctx, caller.UserID, uc.clock.Now())
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return live, nil
}
