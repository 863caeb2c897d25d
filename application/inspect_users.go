package application

import (
	"context"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// InspectUsersUseCase implements ports.InspectUsersUseCase.
type InspectUsersUseCase struct {
	users ports.UserRepository
	audit ports.AuditLog
}

// NewInspectUsersUseCase makes the use case of its parts.
func NewInspectUsersUseCase(users ports.UserRepository, audit ports.AuditLog) *InspectUsersUseCase {
	return &InspectUsersUseCase{users, audit}
}

// User implements ports.InspectUsersUseCase.
func (uc *InspectUsersUseCase) User(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	user, err := uc.users.Find(ctx, id)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("inspect user: %w", err)
	}
	return user, nil
}

// Audit implements ports.InspectUsersUseCase.
func (uc *InspectUsersUseCase) Audit(ctx context.Context, id domain.UserID, limit int) ([]domain.AuditEntry, error) {
	entries, err := uc.audit.FindEntries(ctx, id, limit)
	if err != nil {
		return nil, fmt.Errorf("inspect audit: %w", err)
	}
	return entries, nil
}
