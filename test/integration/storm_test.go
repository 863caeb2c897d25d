package integration

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"wxlogin/test/testkit"
)

// The storm: so many parallel first logins of each of so many people.
const (
	stormPeople = 50
	stormLogins = 200
)

func TestT20_ParallelFirstLoginsMakeOneUserEach(t *testing.T) { // I-01, I-09, F-09
	onEveryStore(t, func(t *testing.T, w world) {
		storm := newTally()
		var phones sync.WaitGroup
		for range stormLogins {
			phones.Go(func() {
				for p := range stormPeople {
					code, err := w.wechat.Code("", fmt.Sprintf("person-%02d", p))
					if err != nil {
						t.Error(err) // not Fatal: this is not the test's own goroutine
						return
					}
					storm.count(p, w.Post("/v1/login", map[string]any{"code": code}))
					if n := w.wechat.CallsOf(code); n != 1 {
						t.Errorf("a code reached WeChat %d times, want once", n)
					}
				}
			})
		}
		phones.Wait()
		storm.check(t)
	})
}

func TestT01_ParallelRequestsWithOneCodeMakeOneSession(t *testing.T) {
	onEveryStore(t, func(t *testing.T, w world) {
		code := w.code(t, "alice")
		var mu sync.Mutex
		outcomes := map[string]int{}
		var phones sync.WaitGroup
		for range 100 {
			phones.Go(func() {
				a := w.Post("/v1/login", map[string]any{"code": code})
				mu.Lock()
				defer mu.Unlock()
				outcomes[fmt.Sprintf("%d %s", a.Status, a.Code())]++
			})
		}
		phones.Wait()
		if outcomes["200 "] != 1 || outcomes["401 code_used"] != 99 {
			t.Errorf("got %v, want one success and 99 times code_used", outcomes)
		}
	})
}

// tally collects what a storm of logins came to.
type tally struct {
	mu      sync.Mutex
	users   [stormPeople]map[string]bool
	created [stormPeople]int
	good    int
	bad     map[string]int
}

func newTally() *tally {
	s := &tally{bad: map[string]int{}}
	for p := range s.users {
		s.users[p] = map[string]bool{}
	}
	return s
}

func (s *tally) count(person int, a testkit.Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var login testkit.Login
	if a.Err == nil && a.Status == http.StatusOK {
		a.Err = json.Unmarshal(a.Body, &login)
	}
	if a.Err != nil || a.Status != http.StatusOK {
		s.bad[fmt.Sprintf("%d %s %v", a.Status, a.Code(), a.Err)]++
		return
	}
	s.good++
	s.users[person][login.User.ID] = true
	if login.NewUser {
		s.created[person]++
	}
}

func (s *tally) check(t *testing.T) {
	t.Helper()
	if s.good != stormPeople*stormLogins {
		t.Errorf("got %d good answers, want %d; the others: %v", s.good, stormPeople*stormLogins, s.bad)
	}
	all := map[string]bool{}
	for p := range s.users {
		if len(s.users[p]) != 1 || s.created[p] != 1 {
			t.Errorf("person %d: %d users, made by %d logins, want one by one", p, len(s.users[p]), s.created[p])
		}
		for id := range s.users[p] {
			all[id] = true
		}
	}
	if len(all) != stormPeople {
		t.Errorf("got %d users, want %d", len(all), stormPeople)
	}
}
