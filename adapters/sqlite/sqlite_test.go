package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"wxlogin/adapters/sqlite"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimDir); dir != "" {
		os.Exit(victim(dir))
	}
	goleak.VerifyTestMain(m)
}

func TestUserRepository(t *testing.T) {
	contract.UserRepository(t, func(t *testing.T) ports.UserRepository {
		return sqlite.NewUserRepository(open(t, t.TempDir()))
	})
}

func TestSessionRepository(t *testing.T) {
	contract.SessionRepository(t, func(t *testing.T) ports.SessionRepository {
		return sqlite.NewSessionRepository(open(t, t.TempDir()))
	})
}

func TestRefreshRepository(t *testing.T) {
	contract.RefreshRepository(t, func(t *testing.T) (ports.SessionRepository, ports.RefreshRepository) {
		store := open(t, t.TempDir())
		return sqlite.NewSessionRepository(store), sqlite.NewRefreshRepository(store)
	})
}

func TestRevocationLog(t *testing.T) {
	contract.RevocationLog(t, func(t *testing.T) ports.RevocationLog {
		return sqlite.NewRevocationLog(open(t, t.TempDir()))
	})
}

func TestProfileRepository(t *testing.T) {
	contract.ProfileRepository(t, func(t *testing.T) (ports.UserRepository, ports.ProfileRepository) {
		store := open(t, t.TempDir())
		return sqlite.NewUserRepository(store), sqlite.NewProfileRepository(store)
	})
}

func TestDeletionRepository(t *testing.T) {
	contract.DeletionRepository(t, func(t *testing.T) (ports.UserRepository, ports.DeletionRepository) {
		store := open(t, t.TempDir())
		return sqlite.NewUserRepository(store), sqlite.NewDeletionRepository(store)
	})
}

func TestImportRepository(t *testing.T) {
	contract.ImportRepository(t, func(t *testing.T) (ports.UserRepository, ports.ImportRepository) {
		store := open(t, t.TempDir())
		return sqlite.NewUserRepository(store), sqlite.NewImportRepository(store)
	})
}

func TestUnionRepository(t *testing.T) {
	contract.UnionRepository(t, func(t *testing.T) ports.UnionRepository {
		return sqlite.NewUnionRepository(open(t, t.TempDir()))
	})
}

func TestAuditLog(t *testing.T) {
	contract.AuditLog(t, func(t *testing.T) ports.AuditLog {
		return sqlite.NewAuditLog(open(t, t.TempDir()))
	})
}

// machineClock is the ports.Clock of tests in which time passes by itself.
type machineClock struct{}

func (machineClock) Now() time.Time { return time.Now().UTC() }

func open(t testing.TB, dir string) *sqlite.Store {
	t.Helper()
	store := sqlite.NewStore(config.SQLite{Dir: dir}, machineClock{})
	if err := store.Open(t.Context()); err != nil {
		t.Fatalf("Open: got %v, want no error", err)
	}
	t.Cleanup(func() { closeStore(t, store) })
	return store
}

func closeStore(t testing.TB, store *sqlite.Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := store.Close(ctx); err != nil {
		t.Errorf("Close: got %v, want no error", err)
	}
}

// visitor is the n-th user, on a first visit.
func visitor(n int) domain.WeChatUser {
	who := domain.WeChatIdentity{AppID: "wx0123456789abcdef", OpenID: domain.OpenID(fmt.Sprint("o", n))}
	now := time.Now().UTC().Truncate(time.Microsecond)
	return domain.NewWeChatUser(domain.UserID(fmt.Sprint("u", n)), who, domain.Profile{Nickname: "小明"}, now)
}

// session is the n-th user's, on one device, live for an hour.
func session(n int) domain.Session {
	device := domain.Device{ID: "device-1"}
	s := domain.StartSession(domain.SessionID(fmt.Sprint("s", n)), visitor(n), device,
		domain.Lifetimes{Idle: time.Hour, Absolute: time.Hour, Deviceless: time.Hour},
		time.Now().UTC().Truncate(time.Microsecond))
	s.Family, s.Refresh, s.Key = domain.RefreshFamily(fmt.Sprint("f", n)), domain.RefreshHash(fmt.Sprint("r", n)), "sealed"
	s.Retry = domain.LoginRetry{Key: domain.LoginKey(fmt.Sprint("l", n)), Refresh: "sealed"}
	return s
}

// claim is that on the refresh token of the n-th user's session.
func claim(n int) domain.RefreshClaim {
	return domain.RefreshClaim{
		Parent: session(n).Refresh,
		Child:  domain.RefreshHash(fmt.Sprint("child of r", n)),
		Sealed: "sealed",
		EndsAt: time.Now().UTC().Truncate(time.Microsecond).Add(time.Hour),
	}
}

// renewed is the n-th user's session after its first refresh.
func renewed(n int) domain.Session {
	s := session(n)
	return s.Renewed(claim(n).Child, domain.Lifetimes{Idle: time.Hour, Absolute: time.Hour, Deviceless: time.Hour}, s.CreatedAt)
}

// revocation is that of the n-th user's session.
func revocation(n int) domain.Revocation {
	now := time.Now().UTC().Truncate(time.Microsecond)
	return domain.Revocation{SessionID: session(n).ID, At: now, Until: now.Add(time.Hour)}
}

func record(t testing.TB, store *sqlite.Store, n int) domain.WeChatUser {
	t.Helper()
	user, _, err := sqlite.NewUserRepository(store).RecordLogin(t.Context(), visitor(n))
	if err != nil {
		t.Fatalf("RecordLogin: got %v, want no error", err)
	}
	return user
}

func wantUser(t testing.TB, store *sqlite.Store, want domain.WeChatUser) {
	t.Helper()
	got, err := sqlite.NewUserRepository(store).Find(t.Context(), want.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Find(%s): got error %v, the user (-want +got):\n%s", want.ID, err, diff)
	}
}
