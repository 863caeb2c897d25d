package application

import (
	"context"
	"slices"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// UserMover makes the identities of one user another's.
type UserMover struct {
	users  ports.UserRepository
	unions ports.UnionRepository
	ender  *SessionEnder
}

// NewUserMover makes the mover of its parts.
func NewUserMover(users ports.UserRepository, unions ports.UnionRepository, ender *SessionEnder) *UserMover {
	return &UserMover{users, unions, ender}
}

// move makes what is stored of one into's: first the UnionIDs that lead there,
// then the identities, but for last, which the caller assigns as the last thing
// of all. It ends the sessions of one: their tokens name a user who is no more.
func (m *UserMover) move(ctx context.Context, one, into domain.WeChatUser, last domain.IdentityKey, now time.Time) error {
	return inOrder(
		func() error { return m.announce(ctx, into) },
		func() error { return m.giveUnions(ctx, one, into) },
		func() error { return m.giveParts(ctx, one, into, last) },
		func() error { return m.finish(ctx, one, into, now) },
	)
}

// absorb is move where one has the UnionID that into came with: that leads to one
// until all else is done, when the caller gives the UnionIDs.
func (m *UserMover) absorb(ctx context.Context, one, into domain.WeChatUser, now time.Time) error {
	return inOrder(
		func() error { return m.announce(ctx, into) },
		func() error { return m.giveParts(ctx, one, into, "") },
		func() error { return m.finish(ctx, one, into, now) },
	)
}

func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// announce marks what is stored of into: it will not be all.
func (m *UserMover) announce(ctx context.Context, into domain.WeChatUser) error {
	for _, part := range into.All() {
		if part.Link.Several {
			continue
		}
		part.Link.Several = true
		if err := m.users.Assign(ctx, part.Identity.Key(), into.ID, into.ID, part.Link); err != nil {
			return err
		}
	}
	return nil
}

// giveParts gives the identity that made one last: while there are others, there is
// that.
func (m *UserMover) giveParts(ctx context.Context, one, into domain.WeChatUser, last domain.IdentityKey) error {
	for _, part := range slices.Backward(one.All()) {
		if part.Identity.Key() == last {
			continue
		}
		if err := m.users.Assign(ctx, part.Identity.Key(), one.ID, into.ID, part.Assigned(into.ID)); err != nil {
			return err
		}
	}
	return nil
}

func (m *UserMover) giveUnions(ctx context.Context, one, into domain.WeChatUser) error {
	for _, part := range one.All() {
		for _, union := range []domain.UnionID{part.Identity.UnionID, part.Link.Decided} {
			if err := m.giveUnion(ctx, union, one.ID, into.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// giveUnion gives a UnionID with the dispute about it.
func (m *UserMover) giveUnion(ctx context.Context, union domain.UnionID, from, to domain.UserID) error {
	if union == "" {
		return nil
	}
	standing, err := m.unions.ClaimUnion(ctx, domain.UnionClaim{Union: union, UserID: to})
	if err != nil || standing.UserID != from {
		return err
	}
	return holdUnion(ctx, m.unions, standing, to)
}

// finish ends the sessions of one, and makes a ban of either everyone's.
func (m *UserMover) finish(ctx context.Context, one, into domain.WeChatUser, now time.Time) error {
	if err := m.ender.endOf(ctx, one.ID, now); err != nil {
		return err
	}
	if one.BannedAt.IsZero() {
		return nil
	}
	if _, err := m.users.SetBan(ctx, into.ID, one.BannedAt); err != nil {
		return err
	}
	return m.ender.revokeAll(ctx, into.ID, now)
}

// holdUnion makes the UnionID of a claim the user id's. It fails with errMovedOn
// where another one was faster.
func holdUnion(ctx context.Context, unions ports.UnionRepository, claim domain.UnionClaim, id domain.UserID) error {
	theirs := claim
	theirs.UserID = id
	if done, err := unions.ReplaceUnion(ctx, claim, theirs); done || err != nil {
		return err
	}
	standing, err := unions.ClaimUnion(ctx, theirs)
	if err == nil && standing.UserID != id {
		err = errMovedOn
	}
	return err
}
