package application

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// UserEraser removes users for good.
//
// What it finds them by goes last: one that could not be erased whole is found
// again, and any of it may be done twice.
type UserEraser struct {
	users     ports.UserRepository
	profiles  ports.ProfileRepository
	deletions ports.DeletionRepository
	unions    ports.UnionRepository
	avatars   ports.AvatarStore
	ender     *SessionEnder
	recorder  *Recorder
}

// NewUserEraser makes the eraser of its parts.
func NewUserEraser(users ports.UserRepository, profiles ports.ProfileRepository, deletions ports.DeletionRepository,
	unions ports.UnionRepository, avatars ports.AvatarStore, ender *SessionEnder, recorder *Recorder,
) *UserEraser {
	return &UserEraser{users, profiles, deletions, unions, avatars, ender, recorder}
}

// erase removes a user who is due: of one who is banned, all but who it is that is
// banned. It returns domain.ErrNotFound where nothing is left of the user.
func (e *UserEraser) erase(ctx context.Context, id domain.UserID, now time.Time) error {
	user, err := e.users.Find(ctx, id)
	if err != nil {
		return err
	}
	if !user.DeletionDue(now) { // the user came back meanwhile
		return nil
	}
	if user.Link.Several { // one identity's mark is everyone's
		if err := e.deletions.ScheduleDeletion(ctx, id, user.DeletionAt); err != nil {
			return err
		}
	}
	if err := e.strip(ctx, user, now); err != nil {
		return err
	}
	if user.Admit() != nil {
		return e.empty(ctx, user)
	}
	return inOrder(
		func() error { return e.releaseUnions(ctx, user) },
		func() error { return e.record(ctx, user, "erased:"+string(id)) },
		func() error { return e.deletions.Erase(ctx, id, now) },
		func() error { return e.stripAgain(ctx, user, now) },
	)
}

// stripAgain removes what came while the user was being erased, and would be found
// by nobody any more. So it has a time of its own.
func (e *UserEraser) stripAgain(ctx context.Context, user domain.WeChatUser, now time.Time) error {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), eraseTurn)
	defer done()
	return e.strip(ctx, user, now)
}

// empty leaves of a banned user the identities with their ban: leaving is no way
// around it. Once the ban is lifted, the user may leave again.
func (e *UserEraser) empty(ctx context.Context, user domain.WeChatUser) error {
	if err := forget(ctx, e.profiles, user, domain.AllAttributes); err != nil {
		return err
	}
	if err := e.record(ctx, user, fmt.Sprintf("emptied:%s:%d", user.ID, user.BannedAt.UnixMilli())); err != nil {
		return err
	}
	return e.deletions.ScheduleDeletion(ctx, user.ID, time.Time{})
}

// record notes under name, however often, that the user was erased.
func (e *UserEraser) record(ctx context.Context, user domain.WeChatUser, name string) error {
	return e.recorder.record(ctx, domain.AuditEntry{ID: name, Action: domain.AuditErased, By: domain.ByService, UserID: user.ID})
}

// strip removes the sessions and the pictures of a user, and what may be left of
// those that the identities were before they became one.
func (e *UserEraser) strip(ctx context.Context, user domain.WeChatUser, now time.Time) error {
	if err := e.signOut(ctx, user, now); err != nil {
		return err
	}
	for _, part := range user.All() {
		if err := e.avatars.DeleteAll(ctx, domain.OwnerOfAvatars(part.Original())); err != nil {
			return err
		}
	}
	return nil
}

func (e *UserEraser) signOut(ctx context.Context, user domain.WeChatUser, now time.Time) error {
	if err := e.ender.revokeAll(ctx, user.ID, now); err != nil {
		return err
	}
	for _, part := range user.All() {
		if err := e.ender.endAll(ctx, part.Original(), "", now); err != nil {
			return err
		}
	}
	return nil
}

func (e *UserEraser) releaseUnions(ctx context.Context, user domain.WeChatUser) error {
	for _, part := range user.All() {
		if err := e.unions.ReleaseUnions(ctx, part.Original()); err != nil {
			return err
		}
	}
	return nil
}

const (
	// erasedAtOnce is how many users one call of EraseDue works through: more than
	// come due between two calls, on most days.
	erasedAtOnce = 100
	// eraseTurn bounds what one user takes of a call, who may have more sessions than
	// it could ever end. It has room for all that an erasure asks of a store that is
	// slow, and what was done in a turn stays done.
	eraseTurn = 15 * time.Second
)

// EraseUseCase implements ports.EraseUseCase.
type EraseUseCase struct {
	deletions ports.DeletionRepository
	eraser    *UserEraser
	clock     ports.Clock
	last      atomic.Value // the domain.UserID of whom a call came to last
}

// NewEraseUseCase makes the use case of its parts.
func NewEraseUseCase(deletions ports.DeletionRepository, eraser *UserEraser, clock ports.Clock) *EraseUseCase {
	return &EraseUseCase{deletions: deletions, eraser: eraser, clock: clock}
}

// EraseDue implements ports.EraseUseCase.
func (uc *EraseUseCase) EraseDue(ctx context.Context) (erased int, err error) {
	now := uc.clock.Now()
	due, err := uc.deletions.FindDue(ctx, now, erasedAtOnce)
	if err != nil {
		return 0, fmt.Errorf("erase: %w", err)
	}
	var failed []error
	for _, id := range uc.behindTheLast(due) {
		if ctx.Err() != nil {
			failed = append(failed, fmt.Errorf("erase: not all had a turn: %w", ctx.Err()))
			break
		}
		if err := uc.turn(ctx, id, now); err != nil && !errors.Is(err, domain.ErrNotFound) {
			failed = append(failed, fmt.Errorf("erase user %s: %w", id, err))
			continue
		}
		erased++
	}
	return erased, errors.Join(failed...)
}

func (uc *EraseUseCase) turn(ctx context.Context, id domain.UserID, now time.Time) error {
	uc.last.Store(id)
	ctx, done := context.WithTimeout(ctx, eraseTurn)
	defer done()
	return uc.eraser.erase(ctx, id, now)
}

// behindTheLast begins due behind whom the last call came to: those whose turns take
// all the time of one call do not have that of the next.
func (uc *EraseUseCase) behindTheLast(due []domain.UserID) []domain.UserID {
	last, _ := uc.last.Load().(domain.UserID)
	next := slices.Index(due, last) + 1
	return slices.Concat(due[next:], due[:next])
}
