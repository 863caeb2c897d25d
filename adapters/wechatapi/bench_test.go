package wechatapi_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"wxlogin/domain"
)

func BenchmarkExchangeCode(b *testing.B) {
	x := connect(b, serve(b, saying(good)).URL)
	var count atomic.Int64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			code := domain.NewSecret(fmt.Sprint("code-", count.Add(1)))
			if _, err := x.ExchangeCode(b.Context(), oneApp, code); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkReadOpenData(b *testing.B) {
	data, key := sign(tencents(), signedRaw, sampleKey), domain.NewSecret(sampleKey)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reader.ReadOpenData(data, key, person, then); err != nil {
			b.Fatal(err)
		}
	}
}
