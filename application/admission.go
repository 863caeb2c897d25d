package application

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// UserAdmitter makes a person whom WeChat vouches for a user who may act: what
// every way of logging in begins with.
//
// It is one write and no read. A user with several identities costs a read more;
// what happens once (a UnionID that is new, an account that comes back) what it
// takes.
type UserAdmitter struct {
	users     ports.UserRepository
	deletions ports.DeletionRepository
	linker    *UserLinker
	eraser    *UserEraser
	recorder  *Recorder
	ids       ports.Entropy
}

// NewUserAdmitter makes the admitter of its parts.
func NewUserAdmitter(users ports.UserRepository, deletions ports.DeletionRepository, linker *UserLinker,
	eraser *UserEraser, recorder *Recorder, ids ports.Entropy,
) *UserAdmitter {
	return &UserAdmitter{users, deletions, linker, eraser, recorder, ids}
}

// admission is a user who may act.
type admission struct {
	user     domain.WeChatUser // united
	created  bool
	restored bool
}

// errErased says that the user was due to be erased, and has been.
var errErased = errors.New("the user was erased")

// errLeaving says that the user is to be erased within a moment: by a clock that is
// ahead that may be under way, and of an account half erased nothing is given back.
var errLeaving = errors.New("the user is about to be erased")

// arrivals is how often a visit is recorded again when it finds that the user has
// become another one.
const arrivals = 5

// admit records the visit of identity's person. One who came back too late is
// erased first, and then somebody new. One who is leaving comes back by it, unless
// the visit is silent: that gives nothing back, and fails.
func (a *UserAdmitter) admit(ctx context.Context, identity domain.WeChatIdentity, profile domain.Profile, silent bool, now time.Time) (arrived admission, err error) {
	for range arrivals {
		arrived, err = a.arrive(ctx, identity, profile, silent, now)
		if !errors.Is(err, errErased) && !errors.Is(err, errMovedOn) {
			return arrived, err
		}
	}
	return admission{}, fmt.Errorf("%w: %w", domain.ErrStoreUnavailable, err)
}

func (a *UserAdmitter) arrive(ctx context.Context, identity domain.WeChatIdentity, profile domain.Profile, silent bool, now time.Time) (admission, error) {
	visitor := domain.NewWeChatUser(domain.UserID(a.ids.NewID()), identity, profile, now)
	user, created, err := a.users.RecordLogin(ctx, visitor)
	if err != nil {
		return admission{}, err
	}
	if user, err = a.linker.settle(ctx, user, now); err != nil {
		return admission{}, err
	}
	if err := user.Admit(); err != nil {
		return admission{}, err
	}
	arrived := admission{user: user, created: created && user.ID == visitor.ID}
	if user.DeletionAt.IsZero() {
		return arrived, nil
	}
	if user.DeletionDue(now) {
		if err := a.eraser.erase(ctx, user.ID, now); err != nil && !errors.Is(err, domain.ErrNotFound) {
			return admission{}, err
		}
		return admission{}, errErased
	}
	if silent {
		return admission{}, fmt.Errorf("%w: the user is leaving, and did not ask to come back", domain.ErrNotFound)
	}
	if user.DeletionDue(now.Add(clockSkew)) {
		return admission{}, fmt.Errorf("%w: %w", domain.ErrStoreUnavailable, errLeaving)
	}
	if arrived.user, err = a.restore(ctx, user); err != nil {
		return admission{}, err
	}
	arrived.restored = true
	return arrived, nil
}

// restore gives a user who had asked for deletion the account back.
func (a *UserAdmitter) restore(ctx context.Context, user domain.WeChatUser) (domain.WeChatUser, error) {
	if err := a.recorder.record(ctx, deletionEntry(domain.AuditDeletionCancelled, user.ID, user.DeletionAt)); err != nil {
		return domain.WeChatUser{}, err
	}
	err := a.deletions.ScheduleDeletion(ctx, user.ID, time.Time{})
	if errors.Is(err, domain.ErrNotFound) {
		err = errErased
	}
	user.DeletionAt = time.Time{}
	return user, err
}
