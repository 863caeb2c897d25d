package contract

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// Fault makes one method of a store fail with domain.ErrStoreUnavailable, every
// time, until it is healed.
type Fault struct {
	method string
	after  bool
	healed atomic.Bool
	struck atomic.Bool
}

// FailBefore is the fault that did nothing: the method fails and the store is as
// it was. A fault that never strikes fails t: it was aimed at nothing.
func FailBefore(t testing.TB, method string) *Fault { return aim(t, method, false) }

// FailAfter is the fault that did it and then failed, as when an answer is lost:
// the store has changed and the caller is told otherwise. It fails t like
// FailBefore.
func FailAfter(t testing.TB, method string) *Fault { return aim(t, method, true) }

func aim(t testing.TB, method string, after bool) *Fault {
	f := &Fault{method: method, after: after}
	t.Cleanup(func() {
		if !f.struck.Load() {
			t.Errorf("sabotage: nobody called %s", method)
		}
	})
	return f
}

// Heal ends the fault. From then on every call goes through.
func (f *Fault) Heal() { f.healed.Store(true) }

// Users returns users with the fault in it.
func (f *Fault) Users(users ports.UserRepository) ports.UserRepository {
	return faultyUsers{users, f}
}

// Sessions returns sessions with the fault in it.
func (f *Fault) Sessions(sessions ports.SessionRepository) ports.SessionRepository {
	return faultySessions{sessions, f}
}

// strike calls act, unless the fault forbids it, and returns what the caller of
// method is told.
func (f *Fault) strike(method string, act func() error) error {
	if method != f.method || f.healed.Load() {
		return act()
	}
	f.struck.Store(true)
	if !f.after {
		return fmt.Errorf("sabotage: before %s: %w", method, domain.ErrStoreUnavailable)
	}
	if err := act(); err != nil {
		return err
	}
	return fmt.Errorf("sabotage: after %s: %w", method, domain.ErrStoreUnavailable)
}

type faultyUsers struct {
	ports.UserRepository
	fault *Fault
}

func (r faultyUsers) RecordLogin(ctx context.Context, visitor domain.WeChatUser) (domain.WeChatUser, bool, error) {
	var user domain.WeChatUser
	var created bool
	err := r.fault.strike("RecordLogin", func() (err error) {
		user, created, err = r.UserRepository.RecordLogin(ctx, visitor)
		return err
	})
	if err != nil {
		return domain.WeChatUser{}, false, err
	}
	return user, created, nil
}

func (r faultyUsers) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	return r.one("Find", func() (domain.WeChatUser, error) { return r.UserRepository.Find(ctx, id) })
}

func (r faultyUsers) SetBan(ctx context.Context, id domain.UserID, at time.Time) (domain.WeChatUser, error) {
	return r.one("SetBan", func() (domain.WeChatUser, error) { return r.UserRepository.SetBan(ctx, id, at) })
}

func (r faultyUsers) one(method string, act func() (domain.WeChatUser, error)) (user domain.WeChatUser, err error) {
	err = r.fault.strike(method, func() (err error) {
		user, err = act()
		return err
	})
	if err != nil {
		return domain.WeChatUser{}, err
	}
	return user, nil
}

type faultySessions struct {
	ports.SessionRepository
	fault *Fault
}

func (r faultySessions) Save(ctx context.Context, s domain.Session) error {
	return r.fault.strike("Save", func() error { return r.SessionRepository.Save(ctx, s) })
}

func (r faultySessions) FindLive(ctx context.Context, owner domain.IdentityKey, now time.Time) (found []domain.Session, err error) {
	err = r.fault.strike("FindLive", func() (err error) {
		found, err = r.SessionRepository.FindLive(ctx, owner, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}
