package contract

import (
	"fmt"
	"sync/atomic"
	"testing"

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

// Refreshes returns refreshes with the fault in it.
func (f *Fault) Refreshes(refreshes ports.RefreshRepository) ports.RefreshRepository {
	return faultyRefreshes{refreshes, f}
}

// Revocations returns log with the fault in it.
func (f *Fault) Revocations(log ports.RevocationLog) ports.RevocationLog {
	return faultyRevocations{log, f}
}

// Profiles returns profiles with the fault in it.
func (f *Fault) Profiles(profiles ports.ProfileRepository) ports.ProfileRepository {
	return faultyProfiles{profiles, f}
}

// Deletions returns deletions with the fault in it.
func (f *Fault) Deletions(deletions ports.DeletionRepository) ports.DeletionRepository {
	return faultyDeletions{deletions, f}
}

// Imports returns imports with the fault in it.
func (f *Fault) Imports(imports ports.ImportRepository) ports.ImportRepository {
	return faultyImports{imports, f}
}

// Unions returns unions with the fault in it.
func (f *Fault) Unions(unions ports.UnionRepository) ports.UnionRepository {
	return faultyUnions{unions, f}
}

// Audit returns log with the fault in it.
func (f *Fault) Audit(log ports.AuditLog) ports.AuditLog { return faultyAudit{log, f} }

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

// told is strike for an act with a result, of which nothing is told with an error.
func told[T any](f *Fault, method string, act func() (T, error)) (result T, err error) {
	err = f.strike(method, func() (err error) {
		result, err = act()
		return err
	})
	if err != nil {
		var nothing T
		return nothing, err
	}
	return result, nil
}
