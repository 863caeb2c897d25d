package trace

import (
	"context"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// sessions notes what is asked of the sessions.
type sessions struct {
	ports.SessionRepository
	notes *Recorder
}

// Save implements ports.SessionRepository.
func (s sessions) Save(ctx context.Context, session domain.Session) error {
	end := s.notes.begin(ctx, Store, "sessions.Save")
	err := s.SessionRepository.Save(ctx, session)
	end("stored", err)
	return err
}

// FindLive implements ports.SessionRepository.
func (s sessions) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) ([]domain.Session, error) {
	end := s.notes.begin(ctx, Store, "sessions.FindLive")
	live, err := s.SessionRepository.FindLive(ctx, owner, now)
	end(found(len(live)), err)
	return live, err
}

// FindLiveOf implements ports.SessionRepository.
func (s sessions) FindLiveOf(ctx context.Context, user domain.UserID, now time.Time, ids ...domain.SessionID) ([]domain.Session, error) {
	end := s.notes.begin(ctx, Store, "sessions.FindLiveOf")
	live, err := s.SessionRepository.FindLiveOf(ctx, user, now, ids...)
	end(found(len(live)), err)
	return live, err
}

// Delete implements ports.SessionRepository.
func (s sessions) Delete(ctx context.Context, user domain.UserID, ids ...domain.SessionID) error {
	end := s.notes.begin(ctx, Store, "sessions.Delete")
	err := s.SessionRepository.Delete(ctx, user, ids...)
	end("removed", err)
	return err
}

// SetKey implements ports.SessionRepository.
func (s sessions) SetKey(ctx context.Context, session domain.Session, key domain.SealedKey) error {
	end := s.notes.begin(ctx, Store, "sessions.SetKey")
	err := s.SessionRepository.SetKey(ctx, session, key)
	end("stored", err)
	return err
}

// refreshes notes how a session is renewed.
type refreshes struct {
	ports.RefreshRepository
	notes *Recorder
}

// FindByFamily implements ports.RefreshRepository.
func (r refreshes) FindByFamily(ctx context.Context, family domain.RefreshFamily, now time.Time) (domain.Session, error) {
	end := r.notes.begin(ctx, Store, "sessions.FindByFamily")
	session, err := r.RefreshRepository.FindByFamily(ctx, family, now)
	end("found", err)
	return session, err
}

// FindByLogin implements ports.RefreshRepository.
func (r refreshes) FindByLogin(ctx context.Context, key domain.LoginKey, now time.Time) (domain.Session, error) {
	end := r.notes.begin(ctx, Store, "sessions.FindByLogin")
	session, err := r.RefreshRepository.FindByLogin(ctx, key, now)
	end("found", err)
	return session, err
}

// Claim implements ports.RefreshRepository.
func (r refreshes) Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error) {
	end := r.notes.begin(ctx, Store, "refreshes.Claim")
	standing, err := r.RefreshRepository.Claim(ctx, claim)
	end(either(standing.Child == claim.Child, "claimed", "another was first"), err)
	return standing, err
}

// FindClaim implements ports.RefreshRepository.
func (r refreshes) FindClaim(ctx context.Context, parent domain.RefreshHash) (domain.RefreshClaim, error) {
	end := r.notes.begin(ctx, Store, "refreshes.FindClaim")
	claim, err := r.RefreshRepository.FindClaim(ctx, parent)
	end("found", err)
	return claim, err
}

// Renew implements ports.RefreshRepository.
func (r refreshes) Renew(ctx context.Context, session domain.Session, spent domain.RefreshHash) (bool, error) {
	end := r.notes.begin(ctx, Store, "sessions.Renew")
	renewed, err := r.RefreshRepository.Renew(ctx, session, spent)
	end(either(renewed, "renewed", "moved on"), err)
	return renewed, err
}

// revocations notes what is revoked. That they are read each second is no
// request's doing.
type revocations struct {
	ports.RevocationLog
	notes *Recorder
}

// Record implements ports.RevocationLog.
func (r revocations) Record(ctx context.Context, all ...domain.Revocation) error {
	end := r.notes.begin(ctx, Store, "revocations.Record")
	err := r.RevocationLog.Record(ctx, all...)
	end("stored", err)
	return err
}
