package bench

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wxlogin/test/testkit"
)

// people log in again and again.
const people = 1000

// login is the n-th login, as the SDK sends it.
func (w world) login(n int64) (testkit.Answer, error) {
	person := n % people
	code, err := w.wechat.Code("", "p"+strconv.FormatInt(person, 10))
	if err != nil {
		return testkit.Answer{}, err
	}
	device := map[string]string{"id": fmt.Sprintf("device-%08d", person), "name": "iPhone 15 Pro", "platform": "ios"}
	a := w.Post("/v1/login", map[string]any{"code": code, "device": device})
	return a, answered(a)
}

func answered(a testkit.Answer) error {
	if a.Err == nil && a.Status != http.StatusOK {
		return fmt.Errorf("got %d %s, want 200", a.Status, a.Body)
	}
	return a.Err
}

// BenchmarkHTTPLogin is a whole login over HTTP, by many phones at a time. Phones,
// WeChat and server share the process and so the CPU time: the difference of two
// servers is their own, their ratio is not. test/bench/load measures that.
func BenchmarkHTTPLogin(b *testing.B) {
	for _, store := range stores {
		for _, server := range servers {
			b.Run(store.name+"/"+server.name, func(b *testing.B) {
				w := newWorld(b, store.use, server.start)
				var n atomic.Int64
				inParallel(b, store.phones, func() error {
					_, err := w.login(n.Add(1))
					return err
				})
			})
		}
	}
}

// BenchmarkHTTPMe asks who the caller is: a token is verified, a user is found.
func BenchmarkHTTPMe(b *testing.B) {
	for _, server := range servers {
		b.Run(server.name, func(b *testing.B) {
			w := newWorld(b, stores[0].use, server.start)
			answer, err := w.login(1)
			if err != nil {
				b.Fatal(err)
			}
			token := answer.Login(b).AccessToken
			inParallel(b, stores[0].phones, func() error { return answered(w.Get("/v1/me", token)) })
		})
	}
}

// inParallel measures what many do at the same time, and the process's CPU time
// for each.
func inParallel(b *testing.B, perProcessor int, do func() error) {
	b.Helper()
	b.ReportAllocs()
	b.SetParallelism(perProcessor)
	b.ResetTimer()
	before := cpuTime(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := do(); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// cpuTime is what this process has spent so far.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestBareServerDoesTheSameWork keeps the comparison honest: every server of it
// redeems the code, keeps user and session, and signs a token that is believed.
func TestBareServerDoesTheSameWork(t *testing.T) {
	for _, store := range stores {
		for _, server := range servers {
			t.Run(store.name+"/"+server.name, func(t *testing.T) { loginsAreReal(t, newWorld(t, store.use, server.start)) })
		}
	}
}

func loginsAreReal(t *testing.T, w world) {
	var logins [2]testkit.Login
	for i := range logins {
		answer, err := w.login(1)
		if err != nil {
			t.Fatal(err)
		}
		logins[i] = answer.Login(t)
	}
	first, second := logins[0], logins[1]
	if !first.NewUser || second.NewUser || first.User.ID != second.User.ID || first.Session.ID == second.Session.ID {
		t.Errorf("got %+v, then %+v, want one user with two sessions", first, second)
	}
	if calls := len(w.wechat.Calls()); calls != 2 {
		t.Errorf("WeChat was called %d times, want 2", calls)
	}
	var me struct{ ID string }
	answer := w.Get("/v1/me", second.AccessToken)
	if err := answered(answer); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer.Body, &me); err != nil || me.ID != first.User.ID {
		t.Errorf("me: got %s, want user %s", answer.Body, first.User.ID)
	}
}
