package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/sqlite"
	"wxlogin/domain"
)

// sized is the n-th session, with all that a login stores, of the user who is named,
// or where none is of the who-th, who has one device.
func sized(n, who int, now time.Time, user string) domain.Session {
	owner := fmt.Sprintf("wx0123456789abcdef:o%027d", who)
	if user == "" {
		user = fmt.Sprintf("%08x-0000-7000-8000-%012d", who*7919%65_537, who)
	}
	hash := fmt.Sprintf("%043d", n)
	return domain.Session{
		ID: domain.SessionID(fmt.Sprintf("%08x-%04x-7000-9000-%012d", n>>16, n&0xffff, n)), UserID: domain.UserID(user),
		Identity: domain.IdentityKey(owner), AppID: "wx0123456789abcdef",
		Device:    domain.Device{ID: "0123456789abcdef0123456789abcdef", Name: "iPhone 15", Platform: "ios"},
		CreatedAt: now.Add(time.Duration(n) * time.Microsecond), ExpiresAt: now.Add(time.Hour), AbsoluteAt: now.Add(2 * time.Hour),
		Family: domain.RefreshFamily(hash), Refresh: domain.RefreshHash(hash), Key: domain.SealedKey(strings.Repeat("k", 90)),
	}
}

// saveMany stores n sessions in one commit.
func saveMany(tb testing.TB, store *sqlite.Store, n int, now time.Time, user string) {
	tb.Helper()
	err := store.Submit(tb.Context(), func(ctx context.Context, tx *sql.Tx) error {
		for i := range n {
			if err := store.SaveIn(ctx, tx, sized(i, i, now, user)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkSave stores the sessions of logins beside 100,000 others: first ones, and
// those that replace one.
func BenchmarkSave(b *testing.B) {
	const standing = 100_000
	for name, which := range map[string]func(n int) int{
		"first":     func(n int) int { return standing + n*7919%10_000_000 },
		"replacing": func(n int) int { return n * 7919 % standing },
	} {
		b.Run(name, func(b *testing.B) {
			store, now := open(b, b.TempDir()), time.Now()
			saveMany(b, store, standing, now, "")
			sessions := sqlite.NewSessionRepository(store)
			var count atomic.Int64
			b.SetParallelism(64)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					n := int(count.Add(1))
					if err := sessions.Save(b.Context(), sized(standing+n, which(n), now, "")); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(count.Load())/b.Elapsed().Seconds(), "saves/s")
		})
	}
}

// BenchmarkOneOfMany finds, and removes, sessions of a user who has 50,000.
func BenchmarkOneOfMany(b *testing.B) {
	const has = 50_000
	store, now := open(b, b.TempDir()), time.Now()
	saveMany(b, store, has, now, "u1")
	sessions := sqlite.NewSessionRepository(store)
	b.Run("find", func(b *testing.B) {
		for n := range b.N {
			found, err := sessions.FindLiveOf(b.Context(), "u1", now, sized(n%has, 0, now, "u1").ID)
			if err != nil || len(found) != 1 {
				b.Fatalf("got %d and %v, want it found", len(found), err)
			}
		}
	})
	b.Run("newest", func(b *testing.B) {
		for range b.N {
			if found, err := sessions.FindLiveOf(b.Context(), "u1", now); err != nil || len(found) != 200 {
				b.Fatalf("got %d and %v, want 200", len(found), err)
			}
		}
	})
	b.Run("delete", func(b *testing.B) {
		for range b.N { // none is there
			if err := sessions.Delete(b.Context(), "u1", "absent"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
