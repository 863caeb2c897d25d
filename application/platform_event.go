package application

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// eventSkew is by how much WeChat's clock may be behind ours: what was learned
// just before an event is not to stay for that.
const eventSkew = 5 * time.Second

// PlatformEventUseCase implements ports.PlatformEventUseCase.
type PlatformEventUseCase struct {
	users     ports.UserRepository
	profiles  ports.ProfileRepository
	deletions ports.DeletionRepository
	avatars   ports.AvatarStore
	eraser    *UserEraser
	recorder  *Recorder
	clock     ports.Clock
	policy    Policy
}

// NewPlatformEventUseCase makes the use case of its parts.
func NewPlatformEventUseCase(users ports.UserRepository, profiles ports.ProfileRepository, deletions ports.DeletionRepository,
	avatars ports.AvatarStore, eraser *UserEraser, recorder *Recorder, clock ports.Clock, policy Policy,
) *PlatformEventUseCase {
	return &PlatformEventUseCase{users, profiles, deletions, avatars, eraser, recorder, clock, policy}
}

// errFuture says that an event is of a time to come. Sent again, it would undo what
// came after it; and if it is WeChat's, our clock is behind.
var errFuture = errors.New("the event is of a time to come")

// moves is how often an event is tried again that finds that the identity has
// become another user's meanwhile.
const moves = 5

// HandleEvent implements ports.PlatformEventUseCase. Of whom nothing is found,
// nothing is left.
func (uc *PlatformEventUseCase) HandleEvent(ctx context.Context, event domain.PlatformEvent) error {
	if !event.Concerns() {
		return nil
	}
	key := domain.WeChatIdentity{AppID: event.AppID, OpenID: event.OpenID}.Key()
	for range moves {
		part, err := uc.users.FindByIdentity(ctx, key)
		if errors.Is(err, domain.ErrNotFound) {
			return nil
		}
		if err == nil {
			err = uc.handle(ctx, part, event)
		}
		if err == nil {
			return nil
		}
		if !errors.Is(err, domain.ErrNotFound) {
			return fmt.Errorf("platform event: %w", err)
		}
	}
	return fmt.Errorf("platform event: %w: %w", domain.ErrStoreUnavailable, errMovedOn)
}

// handle does what an event asks for. It fails with domain.ErrNotFound where part
// is not any more what is stored with the identity.
//
// The end of an account concerns who was here before. One who came since is another,
// or was erased for it and imported again: when the other service made the user says
// nothing, and who logs in has an account. Of one who was imported and has not logged
// in, nobody knows which came first, the event or the import.
func (uc *PlatformEventUseCase) handle(ctx context.Context, part domain.WeChatUser, event domain.PlatformEvent) error {
	user, err := uc.users.Find(ctx, part.ID)
	if err != nil {
		return err
	}
	now := uc.clock.Now()
	if event.At.After(now.Add(clockSkew)) {
		return errFuture
	}
	upTo := event.At.Add(eventSkew)
	if !event.Cancelled {
		return uc.clear(ctx, user, event, upTo)
	}
	if part.CreatedAt.After(upTo) || part.FirstLoginAt.After(upTo) {
		return nil
	}
	if event.Sealed && user.OneWeChatAccount() && !part.FirstLoginAt.IsZero() {
		return uc.cancel(ctx, user, event.AppID, now)
	}
	return uc.mark(ctx, user, event, now)
}

// cancel erases a user at once: nobody can log in and take it back.
func (uc *PlatformEventUseCase) cancel(ctx context.Context, user domain.WeChatUser, app domain.AppID, now time.Time) error {
	return inOrder(
		func() error { return uc.deletions.ScheduleDeletion(ctx, user.ID, now) },
		func() error { return uc.cancelled(ctx, "cancelled:"+string(user.ID), user.ID, app) },
		func() error { return uc.eraser.erase(ctx, user.ID, now) },
	)
}

// mark makes a user leave who may take it back by logging in: another WeChat
// account leads there too, or nobody knows that it was WeChat who asked, or that the
// person was here then. Who did log in since has taken it back.
func (uc *PlatformEventUseCase) mark(ctx context.Context, user domain.WeChatUser, event domain.PlatformEvent, now time.Time) error {
	if user.LastLoginAt.After(event.At.Add(eventSkew)) {
		return nil
	}
	name := fmt.Sprintf("cancelled:%s:%s:%d", user.ID, event.AppID, event.At.Unix())
	return inOrder(
		func() error { return uc.deletions.ScheduleDeletion(ctx, user.ID, now.Add(uc.policy.CoolingOff)) },
		func() error { return uc.cancelled(ctx, name, user.ID, event.AppID) },
		func() error { return uc.eraser.signOut(ctx, user, now) },
	)
}

// cancelled notes under name, however often, that WeChat told of the end of an
// account.
func (uc *PlatformEventUseCase) cancelled(ctx context.Context, name string, id domain.UserID, app domain.AppID) error {
	return uc.recorder.record(ctx, domain.AuditEntry{
		ID: name, Action: domain.AuditDeletionRequested, By: domain.ByWeChat, UserID: id, AppID: app,
	})
}

// clear removes what the user withdrew, with whichever identity it was learned.
func (uc *PlatformEventUseCase) clear(ctx context.Context, user domain.WeChatUser, event domain.PlatformEvent, upTo time.Time) error {
	if user.Learned(upTo)&event.Withdrawn == 0 {
		return nil
	}
	cleared := domain.AuditEntry{
		ID:     fmt.Sprintf("%s:%s:%s:%d:%d", domain.AuditProfileCleared, user.ID, event.AppID, event.At.Unix(), event.Withdrawn),
		Action: domain.AuditProfileCleared, By: domain.ByWeChat, UserID: user.ID, AppID: event.AppID,
	}
	if err := uc.recorder.record(ctx, cleared); err != nil {
		return err
	}
	for _, part := range user.All() {
		if err := uc.clearPart(ctx, part, event.Withdrawn, upTo); err != nil {
			return err
		}
	}
	return nil
}

// clearPart removes the picture before its name, for who has the name can see it.
func (uc *PlatformEventUseCase) clearPart(ctx context.Context, part domain.WeChatUser, what domain.Attributes, upTo time.Time) error {
	if what.Has(domain.AvatarAttribute) && part.Avatar != "" && !part.AvatarAt.After(upTo) {
		if err := uc.avatars.Delete(ctx, part.Avatar); err != nil {
			return err
		}
	}
	return uc.profiles.ClearProfile(ctx, part.Identity.Key(), what, upTo)
}
