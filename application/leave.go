package application

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// LeaveUseCase implements ports.LeaveUseCase.
type LeaveUseCase struct {
	users     ports.UserRepository
	deletions ports.DeletionRepository
	ender     *SessionEnder
	eraser    *UserEraser
	recorder  *Recorder
	clock     ports.Clock
	policy    Policy
}

// NewLeaveUseCase makes the use case of its parts.
func NewLeaveUseCase(users ports.UserRepository, deletions ports.DeletionRepository, ender *SessionEnder, eraser *UserEraser,
	recorder *Recorder, clock ports.Clock, policy Policy,
) *LeaveUseCase {
	return &LeaveUseCase{users, deletions, ender, eraser, recorder, clock, policy}
}

// Leave implements ports.LeaveUseCase. What refuses the caller's own token goes
// last of what may fail: a try that does can be repeated with it.
func (uc *LeaveUseCase) Leave(ctx context.Context, caller domain.Caller) (time.Time, error) {
	now := uc.clock.Now()
	at, err := uc.mark(ctx, caller, now)
	if err != nil {
		return time.Time{}, fmt.Errorf("leave: %w", err)
	}
	if err := uc.ender.endEvery(ctx, caller, now); err != nil {
		return time.Time{}, fmt.Errorf("leave: %w", err)
	}
	if uc.policy.CoolingOff == 0 {
		// What this does not get to do, EraseUseCase does.
		_ = uc.eraser.erase(ctx, caller.UserID, now)
	}
	return at, nil
}

// mark says when the user is to be erased, and returns it.
func (uc *LeaveUseCase) mark(ctx context.Context, caller domain.Caller, now time.Time) (time.Time, error) {
	user, err := uc.users.Find(ctx, caller.UserID)
	if errors.Is(err, domain.ErrNotFound) {
		return time.Time{}, fmt.Errorf("user is gone: %w", domain.ErrTokenInvalid)
	}
	if err != nil {
		return time.Time{}, err
	}
	if err := user.Admit(); err != nil {
		return time.Time{}, err
	}
	at := user.DeletionAt
	if at.IsZero() { // else a try got so far
		at = now.Add(uc.policy.CoolingOff)
		err = uc.deletions.ScheduleDeletion(ctx, user.ID, at)
	}
	if errors.Is(err, domain.ErrNotFound) {
		err = fmt.Errorf("user is gone: %w", domain.ErrTokenInvalid)
	}
	if err != nil {
		return time.Time{}, err
	}
	return at, uc.recorder.record(ctx, deletionEntry(domain.AuditDeletionRequested, user.ID, at))
}

// deletionEntry is what a user did about a deletion at a time, however often it is
// tried.
func deletionEntry(action domain.AuditAction, id domain.UserID, at time.Time) domain.AuditEntry {
	name := fmt.Sprintf("%s:%s:%d", action, id, at.UnixMilli())
	return domain.AuditEntry{ID: name, Action: action, By: domain.ByUser, UserID: id}
}
