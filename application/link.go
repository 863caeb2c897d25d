package application

import (
	"context"
	"errors"
	"fmt"

	"wxlogin/domain"
	"wxlogin/ports"
)

// LinkUseCase implements ports.LinkUseCase.
type LinkUseCase struct {
	users    ports.UserRepository
	unions   ports.UnionRepository
	mover    *UserMover
	ender    *SessionEnder
	recorder *Recorder
	clock    ports.Clock
}

// NewLinkUseCase makes the use case of its parts.
func NewLinkUseCase(users ports.UserRepository, unions ports.UnionRepository, mover *UserMover, ender *SessionEnder,
	recorder *Recorder, clock ports.Clock,
) *LinkUseCase {
	return &LinkUseCase{users, unions, mover, ender, recorder, clock}
}

// Link implements ports.LinkUseCase.
func (uc *LinkUseCase) Link(ctx context.Context, one, into domain.UserID) (domain.WeChatUser, error) {
	user, err := uc.link(ctx, one, into)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("link: %w", err)
	}
	return user, nil
}

func (uc *LinkUseCase) link(ctx context.Context, one, into domain.UserID) (domain.WeChatUser, error) {
	if one == into {
		return domain.WeChatUser{}, fmt.Errorf("the two are one: %w", domain.ErrNotFound)
	}
	user, err := uc.users.Find(ctx, into)
	if err != nil {
		return domain.WeChatUser{}, err
	}
	if err := uc.move(ctx, one, user); err != nil {
		return domain.WeChatUser{}, err
	}
	err = uc.recorder.record(ctx, domain.AuditEntry{Action: domain.AuditLinked, By: domain.ByOperator, UserID: into, OtherID: one})
	if err != nil {
		return domain.WeChatUser{}, err
	}
	return uc.calm(ctx, into)
}

// move makes one of the two, or finishes what a try that failed began.
func (uc *LinkUseCase) move(ctx context.Context, one domain.UserID, into domain.WeChatUser) error {
	user, err := uc.users.Find(ctx, one)
	switch {
	case errors.Is(err, domain.ErrNotFound) && into.Includes(one):
		return uc.mover.finish(ctx, domain.WeChatUser{ID: one, BannedAt: into.BannedAt}, into, uc.clock.Now())
	case err != nil:
		return err
	case !user.DeletionAt.IsZero() || !into.DeletionAt.IsZero():
		return fmt.Errorf("a user who is leaving stays alone: %w", domain.ErrNotFound)
	}
	return uc.mover.move(ctx, user, into, "", uc.clock.Now())
}

// calm ends the disputes about the UnionIDs of a user, and returns the user.
func (uc *LinkUseCase) calm(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	user, err := uc.users.Find(ctx, id)
	if err != nil {
		return domain.WeChatUser{}, err
	}
	for _, part := range user.All() {
		if part.Identity.UnionID == "" {
			continue
		}
		ours := domain.UnionClaim{Union: part.Identity.UnionID, UserID: id}
		standing, err := uc.unions.ClaimUnion(ctx, ours)
		if err != nil {
			return domain.WeChatUser{}, err
		}
		if standing.UserID != id || !standing.Disputed {
			continue
		}
		if _, err := uc.unions.ReplaceUnion(ctx, standing, ours); err != nil {
			return domain.WeChatUser{}, err
		}
	}
	return user, nil
}

// Unlink implements ports.LinkUseCase.
func (uc *LinkUseCase) Unlink(ctx context.Context, from, original domain.UserID) (domain.WeChatUser, error) {
	user, err := uc.unlink(ctx, from, original)
	if err != nil {
		return domain.WeChatUser{}, fmt.Errorf("unlink: %w", err)
	}
	return user, nil
}

func (uc *LinkUseCase) unlink(ctx context.Context, from, original domain.UserID) (domain.WeChatUser, error) {
	if err := uc.part(ctx, from, original); err != nil {
		return domain.WeChatUser{}, err
	}
	user, err := uc.users.Find(ctx, original)
	if err != nil {
		return domain.WeChatUser{}, err
	}
	if !user.Link.Apart || !user.Link.Several || len(user.Others) > 0 {
		return domain.WeChatUser{}, fmt.Errorf("no identity of the user was that one's: %w", domain.ErrNotFound)
	}
	if err := uc.endBoth(ctx, from, original); err != nil {
		return domain.WeChatUser{}, err
	}
	// It is alone, which says that all is done.
	user.Link.Several = false
	return user, uc.users.Assign(ctx, user.Identity.Key(), original, original, user.Link)
}

// part gives the identities back. A try that failed may have done so.
func (uc *LinkUseCase) part(ctx context.Context, from, original domain.UserID) error {
	user, err := uc.users.Find(ctx, from)
	if err != nil {
		return err
	}
	for _, part := range user.All() {
		if part.ID == original || part.Original() != original {
			continue
		}
		link := part.Assigned(original)
		link.Apart = true
		if err := uc.users.Assign(ctx, part.Identity.Key(), from, original, link); err != nil {
			return err
		}
	}
	return nil
}

// endBoth ends the sessions of a user whom identities left, whichever of them they
// were of.
func (uc *LinkUseCase) endBoth(ctx context.Context, from, original domain.UserID) error {
	if err := uc.ender.endOf(ctx, from, uc.clock.Now()); err != nil {
		return err
	}
	return uc.recorder.record(ctx, domain.AuditEntry{Action: domain.AuditUnlinked, By: domain.ByOperator, UserID: from, OtherID: original})
}
