package revocations_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/memory"
	"wxlogin/adapters/revocations"
	"wxlogin/domain"
	"wxlogin/ports"
)

func TestNoIDIsTakenForAnother(t *testing.T) {
	id := string(session(1))
	ids := []string{
		id, "", "s-1", "s-2", strings.ReplaceAll(id, "-", ""), id + "0", id[1:], "x" + id[1:], strings.Replace(id, "-", "0", 1),
		strings.Repeat("-", 36), strings.Repeat("0", 36), "00000000-0000-0000-0000-000000000000", "g0000000-0000-0000-0000-000000000000",
	}
	for n := range id {
		other := "1"
		if id[n] == '1' {
			other = "2"
		}
		ids = append(ids, id[:n]+other+id[n+1:])
	}
	for _, one := range ids {
		feed := revocations.NewFeed(&store{}, machine{}, (&journal{}).logger())
		r := domain.Revocation{SessionID: domain.SessionID(one), At: time.Now(), Until: time.Now().Add(time.Hour)}
		if err := feed.Revoke(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		for _, other := range ids {
			if got := feed.Revoked(domain.SessionID(other)); got != (one == other) {
				t.Errorf("%q revoked: got %v for %q", one, got, other)
			}
		}
	}
}

func TestRevocationWithoutAnEndStays(t *testing.T) {
	bubble(t, func(t *testing.T, w world) {
		w.start(t)
		never := domain.Revocation{SessionID: session(1), At: time.Now(), Until: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
		if err := w.Revoke(t.Context(), never); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		w.wantRevoked(t, "after an hour", session(1), true)
	})
}

func TestOfTooManyThoseThatEndFirstAreForgotten(t *testing.T) { // T-29
	synctest.Test(t, func(t *testing.T) {
		w := small(t, 100)
		for n := range 200 { // the longest lives come in the middle
			until := time.Now().Add(time.Hour + time.Duration(100-max(n-100, 100-n))*time.Second)
			if err := w.Revoke(t.Context(), domain.Revocation{SessionID: session(n), At: time.Now(), Until: until}); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 200 {
			if n < 49 || n > 151 {
				w.wantRevoked(t, "one that ends early", session(n), false)
			} else if n > 51 && n < 149 {
				w.wantRevoked(t, "one that ends late", session(n), true)
			}
		}
		time.Sleep(10 * time.Minute) // with reads that find all of them
		if got := w.RevocationState().Known; got != 100 {
			t.Errorf("got %d known, want 100", got)
		}
		w.wantLines(t, "level=ERROR", 1)
		w.wantLines(t, "too many to remember", 1)
		time.Sleep(time.Hour)
		for n := range 150 {
			w.elsewhere(session(1000+n), 0)
		}
		time.Sleep(2 * time.Second)
		w.wantLines(t, "too many to remember", 2)
	})
}

func TestARevocationTakesAHundredBytesAtMost(t *testing.T) { // T-29
	const count = 150_000
	before := allocated()
	feed, _ := filled(t, count)
	each := float64(allocated()-before) / count
	runtime.KeepAlive(feed)
	t.Logf("%.0f bytes each", each)
	if each < 24 || each > 100 {
		t.Errorf("got %.0f bytes each, want 24 to 100", each)
	}
}

func allocated() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// filled is a feed that read count revocations from a log that is empty again.
func filled(t testing.TB, count int) (*revocations.Feed, *store) {
	t.Helper()
	s := &store{}
	for n := range count {
		now := time.Now()
		s.all = append(s.all, domain.Revocation{SessionID: session(n), At: now, Until: now.Add(time.Hour + time.Duration(n*7919%count)*time.Millisecond)})
	}
	feed := revocations.NewFeed(s, machine{}, (&journal{}).logger())
	if err := feed.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := feed.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.all = nil
	if got := feed.RevocationState().Known; got != count {
		t.Fatalf("got %d known, want %d", got, count)
	}
	return feed, s
}

func TestRevokedAllocatesNothing(t *testing.T) {
	feed, _ := filled(t, 10_000)
	ids := []domain.SessionID{session(1), session(20_000), "another kind of id, longer than most of them are"}
	if got := testing.AllocsPerRun(1000, func() {
		for _, id := range ids {
			_ = feed.Revoked(id)
		}
	}); got != 0 {
		t.Errorf("got %v allocations, want none", got)
	}
}

func TestModulePlugsOneFeedIntoBothPorts(t *testing.T) {
	var one ports.Revocations
	var probe ports.RevocationProbe
	app := fxtest.New(t, revocations.Module, memory.Module,
		fx.Supply((&journal{}).logger()),
		fx.Provide(func() ports.Clock { return machine{} }),
		fx.Populate(&one, &probe))
	app.RequireStart()
	now := time.Now()
	if err := one.Revoke(t.Context(), domain.Revocation{SessionID: session(1), At: now, Until: now.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if got := probe.RevocationState(); !one.Revoked(session(1)) || !got.Current || got.Known != 1 {
		t.Errorf("got %+v, want one known and current", got)
	}
	app.RequireStop()
}

func BenchmarkRevoked(b *testing.B) {
	for _, count := range []int{0, 1000, 1_000_000} {
		feed, _ := filled(b, count)
		for name, id := range map[string]domain.SessionID{"known": session(count / 2), "unknown": session(count + 1)} {
			b.Run(fmt.Sprintf("%s of %d", name, count), func(b *testing.B) {
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						_ = feed.Revoked(id)
					}
				})
			})
		}
	}
}
