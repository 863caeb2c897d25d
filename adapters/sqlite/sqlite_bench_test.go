package sqlite_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"wxlogin/adapters/sqlite"
	"wxlogin/domain"
)

// BenchmarkRecordLogin writes rows of full size. First logins touch new pages all
// the time; later ones are of 10,000 users in scattered order. How many clients
// share a commit decides the result, and so does the disk under TMPDIR: where it
// is memory, a sync costs nothing.
func BenchmarkRecordLogin(b *testing.B) {
	for _, perProcessor := range []int{8, 64} {
		b.Run(fmt.Sprintf("first/clients=%dxP", perProcessor), func(b *testing.B) {
			benchmarkLogins(b, perProcessor, func(n int) int { return n })
		})
		b.Run(fmt.Sprintf("later/clients=%dxP", perProcessor), func(b *testing.B) {
			benchmarkLogins(b, perProcessor, func(n int) int { return n * 7919 % 10_000 })
		})
	}
}

func benchmarkLogins(b *testing.B, perProcessor int, who func(n int) int) {
	users := sqlite.NewUserRepository(open(b, b.TempDir()))
	var count atomic.Int64
	b.SetParallelism(perProcessor)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, _, err := users.RecordLogin(b.Context(), fullSize(who(int(count.Add(1))))); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(count.Load())/b.Elapsed().Seconds(), "logins/s")
}

// fullSize is the n-th user with all that WeChat may say of one.
func fullSize(n int) domain.WeChatUser {
	user := visitor(n)
	user.Identity.UnionID = "o6_bmasdasdsad6_2sgVt7hMZOPfL"
	user.Profile.AvatarURL = "https://thirdwx.qlogo.cn/" + strings.Repeat("a", 180)
	return user
}

func BenchmarkFind(b *testing.B) {
	store := open(b, b.TempDir())
	user := record(b, store, 1)
	users := sqlite.NewUserRepository(store)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := users.Find(b.Context(), user.ID); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
