package application

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// UserLinker decides which identities are one user.
//
// A UnionID is claimed, by an insertion that only one can make, for the user who
// came with it first. An identity that comes with a UnionID for the first time
// joins the user who has it; of the two, the one whose ID is in use for longer keeps
// it. Nothing that one of them knew is copied or lost: each part stays with its
// identity, so that taking them apart again restores it.
//
// The identity that came is marked as decided last. Whoever stops before leaves
// the next login to go on.
type UserLinker struct {
	users    ports.UserRepository
	unions   ports.UnionRepository
	mover    *UserMover
	phones   ports.PhoneSealer
	recorder *Recorder
	policy   Policy
}

// NewUserLinker makes the linker of its parts.
func NewUserLinker(users ports.UserRepository, unions ports.UnionRepository, mover *UserMover, phones ports.PhoneSealer,
	recorder *Recorder, policy Policy,
) *UserLinker {
	return &UserLinker{users, unions, mover, phones, recorder, policy}
}

// errMovedOn says that the identity is not any more whose it was when it was read.
var errMovedOn = errors.New("the identity has moved on")

// settle returns the whole user whom an identity belongs to, of which came is
// what is stored with it. Whose it is, it decides first where that is due.
func (l *UserLinker) settle(ctx context.Context, came domain.WeChatUser, now time.Time) (domain.WeChatUser, error) {
	user, err := l.whole(ctx, came, now)
	if errors.Is(err, domain.ErrNotFound) {
		err = errMovedOn
	}
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("link: %w", err)
	}
	return user, nil
}

func (l *UserLinker) whole(ctx context.Context, came domain.WeChatUser, now time.Time) (domain.WeChatUser, error) {
	if l.policy.LinkUnionIDs && came.Undecided() && came.DeletionAt.IsZero() {
		var err error
		if came, err = l.decide(ctx, came, now); err != nil {
			return domain.WeChatUser{}, err
		}
	}
	if !came.Link.Several {
		return came, nil
	}
	user, err := l.users.Find(ctx, came.ID)
	if err != nil {
		return domain.WeChatUser{}, err
	}
	if user.Link.BornAs != "" {
		return domain.WeChatUser{}, l.release(ctx, came)
	}
	// One who decided at the same time may have written over the mark.
	return user, l.mover.announce(ctx, user)
}

// release takes an identity out of a user who has become another while it was
// being given to the first: it is decided again.
func (l *UserLinker) release(ctx context.Context, came domain.WeChatUser) error {
	link := came.Assigned(came.Original())
	link.Decided = ""
	if err := l.users.Assign(ctx, came.Identity.Key(), came.ID, came.Original(), link); err != nil {
		return err
	}
	return errMovedOn
}

// decide says whose the identity is, and returns what is stored with it then.
func (l *UserLinker) decide(ctx context.Context, came domain.WeChatUser, now time.Time) (domain.WeChatUser, error) {
	claim, err := l.unions.ClaimUnion(ctx, domain.UnionClaim{Union: came.Identity.UnionID, UserID: came.ID})
	if err != nil {
		return domain.WeChatUser{}, err
	}
	if claim.UserID == came.ID {
		return l.decided(ctx, came, came.ID)
	}
	user, err := l.users.Find(ctx, came.ID)
	if err != nil {
		return domain.WeChatUser{}, err
	}
	owner, err := l.users.Find(ctx, claim.UserID)
	if errors.Is(err, domain.ErrNotFound) {
		return l.inherit(ctx, came, user, claim, now)
	}
	if err != nil {
		return domain.WeChatUser{}, err
	}
	return l.join(ctx, came, user, owner, claim, now)
}

// decided marks the identity, which was the user was's until now: its UnionID is
// not looked at again.
func (l *UserLinker) decided(ctx context.Context, came domain.WeChatUser, was domain.UserID) (domain.WeChatUser, error) {
	came.Link.Decided = came.Identity.UnionID
	return came, l.users.Assign(ctx, came.Identity.Key(), was, came.ID, came.Link)
}
