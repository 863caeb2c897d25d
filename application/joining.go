package application

import (
	"context"
	"slices"
	"time"

	"wxlogin/domain"
)

// inherit takes the UnionID of one who is no more: erased, or made one with the
// user already by a login that did not get further.
func (l *UserLinker) inherit(ctx context.Context, came, user domain.WeChatUser, claim domain.UnionClaim, now time.Time) (domain.WeChatUser, error) {
	if user.Includes(claim.UserID) {
		gone := domain.WeChatUser{ID: claim.UserID, BannedAt: user.BannedAt}
		if err := l.mover.finish(ctx, gone, user, now); err != nil {
			return domain.WeChatUser{}, err
		}
		if err := l.record(ctx, came, user, gone); err != nil {
			return domain.WeChatUser{}, err
		}
	}
	if err := holdUnion(ctx, l.unions, claim, user.ID); err != nil {
		return domain.WeChatUser{}, err
	}
	return l.decided(ctx, came, came.ID)
}

// join makes the user who came and the owner of the claim one, unless one of them
// is leaving: that is decided when it is known whether they do. Who leaves while
// banned does not come back by another app meanwhile.
func (l *UserLinker) join(ctx context.Context, came, user, owner domain.WeChatUser, claim domain.UnionClaim, now time.Time) (domain.WeChatUser, error) {
	switch leaving := !user.DeletionAt.IsZero() || !owner.DeletionAt.IsZero(); {
	case leaving && owner.Admit() != nil:
		return domain.WeChatUser{}, owner.Admit()
	case leaving:
		return came, nil
	case claim.Disputed || came.Link.Decided != "" || !l.joins(user, owner): // two who swapped their UnionIDs are two
		return l.dispute(ctx, came, claim)
	case !owner.Before(user):
		return l.absorb(ctx, came, user, owner, claim, now)
	}
	if err := l.mover.move(ctx, user, owner, came.Identity.Key(), now); err != nil {
		return domain.WeChatUser{}, err
	}
	if err := l.record(ctx, came, owner, user); err != nil {
		return domain.WeChatUser{}, err
	}
	came.Link, came.ID = came.Assigned(owner.ID), owner.ID
	return l.decided(ctx, came, user.ID)
}

// joins is Joins, whichever key the phone numbers were sealed under.
func (l *UserLinker) joins(user, owner domain.WeChatUser) bool {
	if user.Joins(owner) {
		return true
	}
	number, err := l.phones.OpenPhone(user.Phone)
	return err == nil && slices.Contains(l.phones.PhoneIndexes(number), owner.Phone.Index)
}

// absorb makes the owner of the claim the user who came, and goes before. The claim
// goes last, for it leads whoever stopped halfway here again.
func (l *UserLinker) absorb(ctx context.Context, came, user, owner domain.WeChatUser, claim domain.UnionClaim, now time.Time) (domain.WeChatUser, error) {
	err := inOrder(
		func() error { return l.mover.absorb(ctx, owner, user, now) },
		func() error { return l.record(ctx, came, user, owner) },
		func() error { return l.mover.giveUnions(ctx, owner, user) },
		func() error { return holdUnion(ctx, l.unions, claim, user.ID) },
	)
	if err != nil {
		return domain.WeChatUser{}, err
	}
	came.Link.Several = true
	return l.decided(ctx, came, user.ID)
}

func (l *UserLinker) record(ctx context.Context, came, stays, gone domain.WeChatUser) error {
	return l.recorder.record(ctx, domain.AuditEntry{
		Action: domain.AuditLinked, By: domain.ByService, UserID: stays.ID, OtherID: gone.ID, AppID: came.Identity.AppID,
	})
}

// dispute leaves it to an operator whether the two are one.
func (l *UserLinker) dispute(ctx context.Context, came domain.WeChatUser, claim domain.UnionClaim) (domain.WeChatUser, error) {
	disputed := claim
	disputed.Disputed = true
	done, err := l.unions.ReplaceUnion(ctx, claim, disputed)
	if err == nil && !done {
		err = errMovedOn
	}
	if err != nil {
		return domain.WeChatUser{}, err
	}
	err = l.recorder.record(ctx, domain.AuditEntry{
		Action: domain.AuditLinkConflict, By: domain.ByService, UserID: came.ID, OtherID: claim.UserID, AppID: came.Identity.AppID,
	})
	if err != nil {
		return domain.WeChatUser{}, err
	}
	return l.decided(ctx, came, came.ID)
}
