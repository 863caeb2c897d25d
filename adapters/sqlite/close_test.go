package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"runtime"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/sqlite"
	"wxlogin/config"
	"wxlogin/domain"
)

func TestCallerWhoLeavesIsNotKeptWaiting(t *testing.T) {
	store := open(t, t.TempDir())
	release := hold(t, store)
	ctx, cancel := context.WithCancel(t.Context())
	answers := queue(t, store, 1, func(int) error {
		_, _, err := sqlite.NewUserRepository(store).RecordLogin(ctx, visitor(1))
		return err
	})
	cancel()
	err := answers()[0] // while the writer is still held
	wantUnavailable(t, err)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it to wrap %v", err, context.Canceled)
	}
	release()
	record(t, store, 2) // the writer has passed what was left behind
	_, err = sqlite.NewUserRepository(store).Find(t.Context(), visitor(1).ID)
	if !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("Find of the user whose login was given up: got %v, want %v", err, domain.ErrNotFound)
	}
}

func TestFullQueueRefusesAtOnce(t *testing.T) {
	store := open(t, t.TempDir())
	release := hold(t, store)
	answers := queue(t, store, sqlite.MaxWaiting, func(int) error {
		return store.Submit(t.Context(), func(context.Context, *sql.Tx) error { return nil })
	})
	wantUnavailable(t, login(t, store, 1)) // while the writer is still held
	release()
	wantNoErrors(t, answers())
	record(t, store, 1)
}

func TestCloseAnswersWhatWasAskedBefore(t *testing.T) {
	dir := t.TempDir()
	store := open(t, dir)
	release := hold(t, store)
	answers := queue(t, store, 300, func(i int) error { return login(t, store, i) })
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		closeStore(t, store)
	}()
	for sqlite.NewProbe(store).Check(t.Context()) == nil { // until Close has begun
		runtime.Gosched()
	}
	release()
	wantNoErrors(t, answers())
	<-closed
	reopened := open(t, dir)
	for n := range 300 {
		wantStored(t, reopened, n)
	}
}

func TestCloseEndsWithItsContext(t *testing.T) {
	store := open(t, t.TempDir())
	release := hold(t, store)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantUnavailable(t, store.Close(ctx))
	release()
}

func TestWritesDuringCloseAreDoneOrRefused(t *testing.T) {
	dir := t.TempDir()
	store := open(t, dir)
	errs := make([]error, 400)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = login(t, store, i) })
	}
	closeStore(t, store)
	wg.Wait()
	reopened := open(t, dir)
	for i, err := range errs {
		if err == nil {
			wantStored(t, reopened, i)
			continue
		}
		wantUnavailable(t, err)
	}
}

func TestStoreThatIsNotOpenIsUnavailable(t *testing.T) {
	closed := open(t, t.TempDir())
	closeStore(t, closed)
	unopened := sqlite.NewStore(config.SQLite{Dir: t.TempDir()}, machineClock{})
	for name, store := range map[string]*sqlite.Store{"closed": closed, "unopened": unopened} {
		for method, call := range calls(t.Context(), store) {
			if err := call(); !errors.Is(err, domain.ErrStoreUnavailable) {
				t.Errorf("%s on a store that is %s: got %v, want %v", method, name, err, domain.ErrStoreUnavailable)
			}
		}
		closeStore(t, store)
	}
}

// calls are all that can be asked of a store.
func calls(ctx context.Context, store *sqlite.Store) map[string]func() error {
	users, sessions := sqlite.NewUserRepository(store), sqlite.NewSessionRepository(store)
	refreshes, log := sqlite.NewRefreshRepository(store), sqlite.NewRevocationLog(store)
	s, now := session(1), time.Now()
	all := accountCalls(ctx, store)
	maps.Copy(all, map[string]func() error{
		"RecordLogin":  func() error { _, _, err := users.RecordLogin(ctx, visitor(1)); return err },
		"Find":         func() error { _, err := users.Find(ctx, "u1"); return err },
		"SetBan":       func() error { _, err := users.SetBan(ctx, "u1", time.Time{}); return err },
		"Save":         func() error { return sessions.Save(ctx, s) },
		"FindLive":     func() error { _, err := sessions.FindLive(ctx, s.Identity, now); return err },
		"FindLiveOf":   func() error { _, err := sessions.FindLiveOf(ctx, s.UserID, now); return err },
		"Delete":       func() error { return sessions.Delete(ctx, s.UserID, s.ID) },
		"FindByFamily": func() error { _, err := refreshes.FindByFamily(ctx, s.Family, now); return err },
		"FindByLogin":  func() error { _, err := refreshes.FindByLogin(ctx, s.Retry.Key, now); return err },
		"Claim":        func() error { _, err := refreshes.Claim(ctx, claim(1)); return err },
		"FindClaim":    func() error { _, err := refreshes.FindClaim(ctx, s.Refresh); return err },
		"Renew":        func() error { _, err := refreshes.Renew(ctx, renewed(1), s.Refresh); return err },
		"Record":       func() error { return log.Record(ctx, revocation(1)) },
		"FindSince":    func() error { _, err := log.FindSince(ctx, now, now); return err },
		"SetKey":       func() error { return sessions.SetKey(ctx, s, "sealed") },
		"Check":        func() error { return sqlite.NewProbe(store).Check(ctx) },
	})
	return all
}

// accountCalls are those of calls that have to do with what is known of a user.
func accountCalls(ctx context.Context, store *sqlite.Store) map[string]func() error {
	users, profiles := sqlite.NewUserRepository(store), sqlite.NewProfileRepository(store)
	deletions, unions := sqlite.NewDeletionRepository(store), sqlite.NewUnionRepository(store)
	audit, key, now := sqlite.NewAuditLog(store), visitor(1).Identity.Key(), time.Now()
	union := domain.UnionClaim{Union: "union", UserID: "u1"}
	return map[string]func() error{
		"FindByIdentity":   func() error { _, err := users.FindByIdentity(ctx, key); return err },
		"Assign":           func() error { return users.Assign(ctx, key, "u1", "u2", domain.Link{}) },
		"ChangeProfile":    func() error { _, err := profiles.ChangeProfile(ctx, key, domain.ProfileChange{}); return err },
		"ClearProfile":     func() error { return profiles.ClearProfile(ctx, key, domain.PhoneAttribute, now) },
		"FindByPhone":      func() error { _, err := profiles.FindByPhone(ctx, "phone"); return err },
		"ScheduleDeletion": func() error { return deletions.ScheduleDeletion(ctx, "u1", now) },
		"FindDue":          func() error { _, err := deletions.FindDue(ctx, now, 1); return err },
		"Erase":            func() error { return deletions.Erase(ctx, "u1", now) },
		"ClaimUnion":       func() error { _, err := unions.ClaimUnion(ctx, union); return err },
		"ReplaceUnion":     func() error { _, err := unions.ReplaceUnion(ctx, union, union); return err },
		"ReleaseUnions":    func() error { return unions.ReleaseUnions(ctx, "u1") },
		"Append":           func() error { return audit.Append(ctx, domain.AuditEntry{ID: "e1"}) },
		"FindEntries":      func() error { _, err := audit.FindEntries(ctx, "u1", 1); return err },
		"FindAllEntries":   func() error { _, err := audit.FindEntries(ctx, "", 1); return err },
	}
}
