package contract

import (
	"context"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// As in the other faulty stores, no port is embedded.
type (
	faultyProfiles struct {
		profiles ports.ProfileRepository
		fault    *Fault
	}
	faultyDeletions struct {
		deletions ports.DeletionRepository
		fault     *Fault
	}
	faultyImports struct {
		imports ports.ImportRepository
		fault   *Fault
	}
	faultyUnions struct {
		unions ports.UnionRepository
		fault  *Fault
	}
	faultyAudit struct {
		log   ports.AuditLog
		fault *Fault
	}
)

func (r faultyProfiles) ChangeProfile(ctx context.Context, key domain.IdentityKey, change domain.ProfileChange) (domain.AvatarName, error) {
	return told(r.fault, "ChangeProfile", func() (domain.AvatarName, error) { return r.profiles.ChangeProfile(ctx, key, change) })
}

func (r faultyProfiles) ClearProfile(ctx context.Context, key domain.IdentityKey, what domain.Attributes, upTo time.Time) error {
	return r.fault.strike("ClearProfile", func() error { return r.profiles.ClearProfile(ctx, key, what, upTo) })
}

func (r faultyProfiles) FindByPhone(ctx context.Context, indexes ...domain.PhoneIndex) ([]domain.WeChatUser, error) {
	return told(r.fault, "FindByPhone", func() ([]domain.WeChatUser, error) { return r.profiles.FindByPhone(ctx, indexes...) })
}

func (r faultyDeletions) ScheduleDeletion(ctx context.Context, id domain.UserID, at time.Time) error {
	return r.fault.strike("ScheduleDeletion", func() error { return r.deletions.ScheduleDeletion(ctx, id, at) })
}

func (r faultyDeletions) FindDue(ctx context.Context, now time.Time, limit int) ([]domain.UserID, error) {
	return told(r.fault, "FindDue", func() ([]domain.UserID, error) { return r.deletions.FindDue(ctx, now, limit) })
}

func (r faultyDeletions) Erase(ctx context.Context, id domain.UserID, now time.Time) error {
	return r.fault.strike("Erase", func() error { return r.deletions.Erase(ctx, id, now) })
}

func (r faultyUnions) ClaimUnion(ctx context.Context, claim domain.UnionClaim) (domain.UnionClaim, error) {
	return told(r.fault, "ClaimUnion", func() (domain.UnionClaim, error) { return r.unions.ClaimUnion(ctx, claim) })
}

func (r faultyUnions) ReplaceUnion(ctx context.Context, standing, next domain.UnionClaim) (bool, error) {
	return told(r.fault, "ReplaceUnion", func() (bool, error) { return r.unions.ReplaceUnion(ctx, standing, next) })
}

func (r faultyUnions) ReleaseUnions(ctx context.Context, id domain.UserID) error {
	return r.fault.strike("ReleaseUnions", func() error { return r.unions.ReleaseUnions(ctx, id) })
}

func (r faultyAudit) Append(ctx context.Context, entry domain.AuditEntry) error {
	return r.fault.strike("Append", func() error { return r.log.Append(ctx, entry) })
}

func (r faultyAudit) FindEntries(ctx context.Context, id domain.UserID, limit int) ([]domain.AuditEntry, error) {
	return told(r.fault, "FindEntries", func() ([]domain.AuditEntry, error) { return r.log.FindEntries(ctx, id, limit) })
}

func (r faultyImports) Import(ctx context.Context, user domain.WeChatUser) (bool, error) {
	return told(r.fault, "Import", func() (bool, error) { return r.imports.Import(ctx, user) })
}
