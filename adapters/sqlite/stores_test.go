package sqlite_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"wxlogin/adapters/sqlite"
	"wxlogin/config"
	"wxlogin/domain"
)

func TestStoresThatOpenAtOnceShareOneFile(t *testing.T) {
	dir := t.TempDir()
	stores := make([]*sqlite.Store, 4)
	var wg sync.WaitGroup
	for i := range stores {
		wg.Go(func() {
			stores[i] = sqlite.NewStore(config.SQLite{Dir: dir}, machineClock{})
			if err := stores[i].Open(t.Context()); err != nil {
				t.Errorf("Open: got %v, want no error", err)
			}
		})
	}
	wg.Wait()
	for i, store := range stores {
		user := record(t, store, i)
		for _, other := range stores {
			wantUser(t, other, user)
		}
		defer closeStore(t, store)
	}
}

func TestStoresOnOneFileWaitForEachOther(t *testing.T) {
	dir := t.TempDir()
	service, operator := open(t, dir), open(t, dir)
	users := sqlite.NewUserRepository(service)
	var wg sync.WaitGroup
	for n := range 200 {
		wg.Go(func() {
			if _, _, err := users.RecordLogin(t.Context(), visitor(n)); err != nil {
				t.Errorf("RecordLogin beside another process: got %v, want no error", err)
			}
		})
	}
	user := record(t, operator, 1000)
	banned, err := sqlite.NewUserRepository(operator).SetBan(t.Context(), user.ID, user.CreatedAt)
	if err != nil {
		t.Fatalf("SetBan beside a busy service: got %v, want no error", err)
	}
	wg.Wait()
	wantUser(t, service, banned)
}

func TestStoresOnOneFileRenewASessionOnce(t *testing.T) {
	dir := t.TempDir()
	stores := []*sqlite.Store{open(t, dir), open(t, dir)}
	if err := sqlite.NewSessionRepository(stores[0]).Save(t.Context(), session(1)); err != nil {
		t.Fatalf("Save: got %v, want no error", err)
	}
	var stored atomic.Int32
	var children sync.Map
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			refreshes, mine := sqlite.NewRefreshRepository(stores[i%2]), claim(1)
			mine.Child = domain.RefreshHash(fmt.Sprint("child-", i))
			standing, err := refreshes.Claim(t.Context(), mine)
			if err != nil {
				t.Errorf("Claim beside another process: got %v, want no error", err)
			}
			children.Store(standing.Child, true)
			next := renewed(1)
			next.Refresh = standing.Child
			ok, err := refreshes.Renew(t.Context(), next, session(1).Refresh)
			if err != nil {
				t.Errorf("Renew beside another process: got %v, want no error", err)
			}
			if ok {
				stored.Add(1)
			}
		})
	}
	wg.Wait()
	different := 0
	children.Range(func(any, any) bool { different++; return true })
	if different != 1 || stored.Load() != 1 {
		t.Errorf("got %d children and %d renewals stored, want 1 and 1", different, stored.Load())
	}
}

func TestStoresOnOneFileReplaceAClaimOnce(t *testing.T) {
	dir := t.TempDir()
	stores := []*sqlite.Store{open(t, dir), open(t, dir)}
	standing := domain.UnionClaim{Union: "union", UserID: "u"}
	if _, err := sqlite.NewUnionRepository(stores[0]).ClaimUnion(t.Context(), standing); err != nil {
		t.Fatalf("ClaimUnion: got %v, want no error", err)
	}
	var done atomic.Int32
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			next := domain.UnionClaim{Union: "union", UserID: domain.UserID(fmt.Sprint("u", i))}
			ok, err := sqlite.NewUnionRepository(stores[i%2]).ReplaceUnion(t.Context(), standing, next)
			if err != nil {
				t.Errorf("ReplaceUnion beside another process: got %v, want no error", err)
			}
			if ok {
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if got := done.Load(); got != 1 {
		t.Errorf("got %d replacements done, want 1", got)
	}
}
