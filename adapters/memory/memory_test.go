package memory_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/memory"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

// clock is a ports.Clock that a test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func TestUserRepository(t *testing.T) {
	contract.UserRepository(t, func(*testing.T) ports.UserRepository {
		return memory.NewUserRepository()
	})
}

func TestSessionRepository(t *testing.T) {
	contract.SessionRepository(t, func(*testing.T) ports.SessionRepository {
		return memory.NewSessionRepository(&clock{time.Now().UTC()})
	})
}

func TestRefreshRepository(t *testing.T) {
	contract.RefreshRepository(t, func(*testing.T) (ports.SessionRepository, ports.RefreshRepository) {
		sessions := memory.NewSessionRepository(&clock{time.Now().UTC()})
		return sessions, memory.NewRefreshRepository(sessions)
	})
}

func TestRevocationLog(t *testing.T) {
	contract.RevocationLog(t, func(*testing.T) ports.RevocationLog {
		return memory.NewRevocationLog(&clock{time.Now().UTC()})
	})
}

func TestProfileRepository(t *testing.T) {
	contract.ProfileRepository(t, func(*testing.T) (ports.UserRepository, ports.ProfileRepository) {
		users := memory.NewUserRepository()
		return users, memory.NewProfileRepository(users)
	})
}

func TestDeletionRepository(t *testing.T) {
	contract.DeletionRepository(t, func(*testing.T) (ports.UserRepository, ports.DeletionRepository) {
		users := memory.NewUserRepository()
		return users, memory.NewDeletionRepository(users)
	})
}

func TestImportRepository(t *testing.T) {
	contract.ImportRepository(t, func(*testing.T) (ports.UserRepository, ports.ImportRepository) {
		users := memory.NewUserRepository()
		return users, memory.NewImportRepository(users)
	})
}

func TestUnionRepository(t *testing.T) {
	contract.UnionRepository(t, func(*testing.T) ports.UnionRepository { return memory.NewUnionRepository() })
}

func TestAuditLog(t *testing.T) {
	contract.AuditLog(t, func(*testing.T) ports.AuditLog { return memory.NewAuditLog() })
}

func TestOfParallelReplacementsOneIsDone(t *testing.T) {
	unions, standing := memory.NewUnionRepository(), domain.UnionClaim{Union: "union", UserID: "u"}
	if _, err := unions.ClaimUnion(t.Context(), standing); err != nil {
		t.Fatalf("ClaimUnion: got %v, want no error", err)
	}
	var done atomic.Int32
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			next := domain.UnionClaim{Union: "union", UserID: domain.UserID(fmt.Sprint("u", i))}
			if ok, err := unions.ReplaceUnion(t.Context(), standing, next); err != nil || ok {
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if got := done.Load(); got != 1 {
		t.Errorf("got %d replacements done, want 1", got)
	}
}

// perHour is how much is stored of everything in each hour, which is how long it
// lives.
const perHour = 100

// wantBounded stores for fifty hours, and wants no more held than twice what
// lives at a time.
func wantBounded(t *testing.T, frozen *clock, store func(i int, until time.Time) error, held func() int) {
	t.Helper()
	for i := range 50 * perHour {
		if err := store(i, frozen.now.Add(time.Hour)); err != nil {
			t.Fatalf("got %v, want no error", err)
		}
		if got := held(); got > 2*perHour+1 {
			t.Fatalf("after %d: got %d held, want at most %d", i+1, got, 2*perHour+1)
		}
		frozen.now = frozen.now.Add(time.Hour / perHour)
	}
}

func TestMemoryHoldsNoMoreThanTwiceWhatIsLive(t *testing.T) {
	frozen := &clock{time.Now().UTC()}
	sessions := memory.NewSessionRepository(frozen)
	store := func(i int, until time.Time) error {
		id := fmt.Sprint(i)
		return sessions.Save(t.Context(), domain.Session{
			ID: domain.SessionID(id), Identity: domain.IdentityKey(id), UserID: domain.UserID(id),
			Family: domain.RefreshFamily(id), Retry: domain.LoginRetry{Key: domain.LoginKey(id)},
			ExpiresAt: until, AbsoluteAt: until,
		})
	}
	wantBounded(t, frozen, store, func() int {
		return max(sessions.Held(), sessions.Owners(), sessions.Indexed()/3)
	})
}

func TestMemoryHoldsNoMoreClaimsThanTwiceWhatHaveNotEnded(t *testing.T) {
	frozen := &clock{time.Now().UTC()}
	refreshes := memory.NewRefreshRepository(memory.NewSessionRepository(frozen))
	wantBounded(t, frozen, func(i int, until time.Time) error {
		_, err := refreshes.Claim(t.Context(), domain.RefreshClaim{Parent: domain.RefreshHash(fmt.Sprint(i)), EndsAt: until})
		return err
	}, refreshes.Held)
}

func TestMemoryHoldsNoMoreRevocationsThanTwiceWhatHaveNotEnded(t *testing.T) {
	frozen := &clock{time.Now().UTC()}
	log := memory.NewRevocationLog(frozen)
	wantBounded(t, frozen, func(i int, until time.Time) error {
		return log.Record(t.Context(), domain.Revocation{SessionID: domain.SessionID(fmt.Sprint(i)), At: frozen.now, Until: until})
	}, log.Held)
}

func TestMemoryHoldsNothingOfSessionsThatAreGone(t *testing.T) {
	sessions := memory.NewSessionRepository(&clock{time.Now().UTC()})
	refreshes := memory.NewRefreshRepository(sessions)
	end := time.Now().Add(time.Hour)
	for i := range 10 {
		s := domain.Session{
			ID: domain.SessionID(fmt.Sprint(i)), Identity: "identity", UserID: "user", Device: domain.Device{ID: fmt.Sprint(i % 5)},
			Family: domain.RefreshFamily(fmt.Sprint(i)), Refresh: "first", Retry: domain.LoginRetry{Key: domain.LoginKey(fmt.Sprint(i))},
			ExpiresAt: end, AbsoluteAt: end,
		}
		if err := sessions.Save(t.Context(), s); err != nil {
			t.Fatalf("Save: got %v, want no error", err)
		}
		s.Refresh, s.Retry = "second", domain.LoginRetry{}
		if stored, err := refreshes.Renew(t.Context(), s, "first"); err != nil || !stored {
			t.Fatalf("Renew: got %t and error %v, want true and none", stored, err)
		}
	}
	if err := sessions.Delete(t.Context(), "user", "5", "6", "7", "8", "9"); err != nil {
		t.Fatalf("Delete: got %v, want no error", err)
	}
	if held, owners, indexed := sessions.Held(), sessions.Owners(), sessions.Indexed(); held+owners+indexed != 0 {
		t.Errorf("got %d sessions, %d owners and %d names, want none", held, owners, indexed)
	}
}
