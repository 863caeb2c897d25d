package wechatsim_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"testing"

	"wxlogin/adapters/wechatsim"
)

func TestManyPeopleAreSmall(t *testing.T) {
	const people, budget = 20_000, 1500 // bytes each, with a live code
	sim, err := wechatsim.New(wechatsim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range people {
		if _, err := sim.Code("", "p"+strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if got := (after.HeapAlloc - before.HeapAlloc) / people; got > budget {
		t.Errorf("%d bytes a person, budget %d", got, budget)
	}
	if _, total := sim.People(0, 0); total != people+1 {
		t.Errorf("%d people", total)
	}
}

// BenchmarkLogin is a whole login without the network: a code, and its exchange.
func BenchmarkLogin(b *testing.B) {
	sim, err := wechatsim.New(wechatsim.Config{})
	if err != nil {
		b.Fatal(err)
	}
	api := sim.API()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for n := 0; pb.Next(); n++ {
			code, err := sim.Code("", "p"+strconv.Itoa(n%1000))
			if err != nil {
				b.Error(err)
				return
			}
			query := login("wxsimulator000001", "simulator-secret", code).Encode()
			w := httptest.NewRecorder()
			api.ServeHTTP(w, httptest.NewRequest(http.MethodGet, loginPath+"?"+query, nil))
			if w.Code != http.StatusOK {
				b.Errorf("status %d", w.Code)
				return
			}
		}
	})
}
