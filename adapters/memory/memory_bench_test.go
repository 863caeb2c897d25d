package memory_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"wxlogin/adapters/memory"
	"wxlogin/domain"
)

func BenchmarkRecordLogin(b *testing.B) {
	users := memory.NewUserRepository()
	now := time.Now().UTC()
	var count atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := count.Add(1)
			who := domain.WeChatIdentity{AppID: "wx0123456789abcdef", OpenID: domain.OpenID(fmt.Sprint("o", n%10_000))}
			visitor := domain.NewWeChatUser(domain.UserID(fmt.Sprint("u", n)), who, domain.Profile{}, now)
			if _, _, err := users.RecordLogin(b.Context(), visitor); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
