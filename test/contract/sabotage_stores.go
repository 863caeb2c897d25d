package contract

import (
	"context"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// The faulty stores do not embed the ports: a method that is new in one of them
// must find its way here.
type (
	faultyUsers struct {
		users ports.UserRepository
		fault *Fault
	}
	faultySessions struct {
		sessions ports.SessionRepository
		fault    *Fault
	}
	faultyRefreshes struct {
		refreshes ports.RefreshRepository
		fault     *Fault
	}
	faultyRevocations struct {
		log   ports.RevocationLog
		fault *Fault
	}
)

func (r faultyUsers) RecordLogin(ctx context.Context, visitor domain.WeChatUser) (user domain.WeChatUser, created bool, err error) {
	user, err = told(r.fault, "RecordLogin", func() (domain.WeChatUser, error) {
		user, createdNow, err := r.users.RecordLogin(ctx, visitor)
		created = createdNow
		return user, err
	})
	return user, created && err == nil, err
}

func (r faultyUsers) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	return told(r.fault, "Find", func() (domain.WeChatUser, error) { return r.users.Find(ctx, id) })
}

func (r faultyUsers) SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	return told(r.fault, "SetBan", func() (domain.WeChatUser, error) { return r.users.SetBan(ctx, id, at) })
}

func (r faultyUsers) FindByIdentity(ctx context.Context, key domain.IdentityKey) (domain.WeChatUser, error) {
	return told(r.fault, "FindByIdentity", func() (domain.WeChatUser, error) { return r.users.FindByIdentity(ctx, key) })
}

func (r faultyUsers) Assign(ctx context.Context, key domain.IdentityKey, was, id domain.UserID, link domain.Link) error {
	return r.fault.strike("Assign", func() error { return r.users.Assign(ctx, key, was, id, link) })
}

func (r faultySessions) Save(ctx context.Context, s domain.Session) error {
	return r.fault.strike("Save", func() error { return r.sessions.Save(ctx, s) })
}

func (r faultySessions) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error) {
	return told(r.fault, "FindLive", func() ([]domain.Session, error) { return r.sessions.FindLive(ctx, owner, now) })
}

func (r faultySessions) FindLiveOf(ctx context.Context, user domain.UserID, now time.Time, ids ...domain.SessionID) ([]domain.Session, error) {
	return told(r.fault, "FindLiveOf", func() ([]domain.Session, error) { return r.sessions.FindLiveOf(ctx, user, now, ids...) })
}

func (r faultySessions) Delete(ctx context.Context, user domain.UserID, ids ...domain.SessionID) error {
	return r.fault.strike("Delete", func() error { return r.sessions.Delete(ctx, user, ids...) })
}

func (r faultySessions) SetKey(ctx context.Context, s domain.Session, key domain.SealedKey) error {
	return r.fault.strike("SetKey", func() error { return r.sessions.SetKey(ctx, s, key) })
}

func (r faultyRefreshes) FindByFamily(ctx context.Context, family domain.RefreshFamily, now time.Time) (domain.Session, error) {
	return told(r.fault, "FindByFamily", func() (domain.Session, error) { return r.refreshes.FindByFamily(ctx, family, now) })
}

func (r faultyRefreshes) FindByLogin(ctx context.Context, key domain.LoginKey, now time.Time) (domain.Session, error) {
	return told(r.fault, "FindByLogin", func() (domain.Session, error) { return r.refreshes.FindByLogin(ctx, key, now) })
}

func (r faultyRefreshes) Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error) {
	return told(r.fault, "Claim", func() (domain.RefreshClaim, error) { return r.refreshes.Claim(ctx, claim) })
}

func (r faultyRefreshes) FindClaim(ctx context.Context, parent domain.RefreshHash) (domain.RefreshClaim, error) {
	return told(r.fault, "FindClaim", func() (domain.RefreshClaim, error) { return r.refreshes.FindClaim(ctx, parent) })
}

func (r faultyRefreshes) Renew(ctx context.Context, s domain.Session, spent domain.RefreshHash) (bool, error) {
	return told(r.fault, "Renew", func() (bool, error) { return r.refreshes.Renew(ctx, s, spent) })
}

func (r faultyRevocations) Record(ctx context.Context, revocations ...domain.Revocation) error {
	return r.fault.strike("Record", func() error { return r.log.Record(ctx, revocations...) })
}

func (r faultyRevocations) FindSince(ctx context.Context, since, now time.Time) ([]domain.Revocation, error) {
	return told(r.fault, "FindSince", func() ([]domain.Revocation, error) { return r.log.FindSince(ctx, since, now) })
}
