package trace

import (
	"context"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// users notes what is asked of the users. What only operators ask is passed on.
type users struct {
	ports.UserRepository
	notes *Recorder
}

// RecordLogin implements ports.UserRepository.
func (u users) RecordLogin(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, bool, error) {
	end := u.notes.begin(ctx, Store, "users.RecordLogin")
	user, created, err := u.UserRepository.RecordLogin(ctx, visitor)
	end(either(created, "created", "known"), err)
	return user, created, err
}

// Find implements ports.UserRepository.
func (u users) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	end := u.notes.begin(ctx, Store, "users.Find")
	user, err := u.UserRepository.Find(ctx, id)
	end("found", err)
	return user, err
}

// FindByIdentity implements ports.UserRepository.
func (u users) FindByIdentity(ctx context.Context, key domain.IdentityKey) (domain.WeChatUser, error) {
	end := u.notes.begin(ctx, Store, "users.FindByIdentity")
	user, err := u.UserRepository.FindByIdentity(ctx, key)
	end("found", err)
	return user, err
}

// SetBan implements ports.UserRepository.
func (u users) SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	end := u.notes.begin(ctx, Store, "users.SetBan")
	user, err := u.UserRepository.SetBan(ctx, id, at)
	end("stored", err)
	return user, err
}

// Assign implements ports.UserRepository.
func (u users) Assign(ctx context.Context, key domain.IdentityKey, was, id domain.UserID, link domain.Link) error {
	end := u.notes.begin(ctx, Store, "users.Assign")
	err := u.UserRepository.Assign(ctx, key, was, id, link)
	end("stored", err)
	return err
}

// profiles notes what changes of a user.
type profiles struct {
	ports.ProfileRepository
	notes *Recorder
}

// ChangeProfile implements ports.ProfileRepository.
func (p profiles) ChangeProfile(ctx context.Context, key domain.IdentityKey, change domain.ProfileChange) (domain.AvatarName, error) {
	end := p.notes.begin(ctx, Store, "users.ChangeProfile")
	replaced, err := p.ProfileRepository.ChangeProfile(ctx, key, change)
	end("stored", err)
	return replaced, err
}

// ClearProfile implements ports.ProfileRepository.
func (p profiles) ClearProfile(ctx context.Context, key domain.IdentityKey, what domain.Attributes, upTo time.Time) error {
	end := p.notes.begin(ctx, Store, "users.ClearProfile")
	err := p.ProfileRepository.ClearProfile(ctx, key, what, upTo)
	end("removed", err)
	return err
}

// deletions notes who leaves, and who comes back.
type deletions struct {
	ports.DeletionRepository
	notes *Recorder
}

// ScheduleDeletion implements ports.DeletionRepository.
func (d deletions) ScheduleDeletion(ctx context.Context, id domain.UserID, at time.Time) error {
	end := d.notes.begin(ctx, Store, "users.ScheduleDeletion")
	err := d.DeletionRepository.ScheduleDeletion(ctx, id, at)
	end(either(at.IsZero(), "taken back", "scheduled"), err)
	return err
}

// unions notes whose a UnionID becomes.
type unions struct {
	ports.UnionRepository
	notes *Recorder
}

// ClaimUnion implements ports.UnionRepository.
func (u unions) ClaimUnion(ctx context.Context, claim domain.UnionClaim) (domain.UnionClaim, error) {
	end := u.notes.begin(ctx, Store, "unions.ClaimUnion")
	standing, err := u.UnionRepository.ClaimUnion(ctx, claim)
	end("claimed", err)
	return standing, err
}

// ReplaceUnion implements ports.UnionRepository.
func (u unions) ReplaceUnion(ctx context.Context, standing, next domain.UnionClaim) (bool, error) {
	end := u.notes.begin(ctx, Store, "unions.ReplaceUnion")
	was, err := u.UnionRepository.ReplaceUnion(ctx, standing, next)
	end(either(was, "replaced", "unchanged"), err)
	return was, err
}
