package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"wxlogin/adapters/wechatsim"
	"wxlogin/test/testkit"
)

const (
	killWorkers = 16
	killPeople  = 40
	// longestRound is when a round ends at the latest, after its first login.
	longestRound = 400 * time.Millisecond
)

// history is what clients were told, over all rounds.
type history struct {
	mu       sync.Mutex
	sessions map[string]string  // id to user
	users    [killPeople]string // whom each person's logins named
	created  [killPeople]int    // logins told that they made the user
	latest   testkit.Login      // of anyone
	faults   []string           // what must not have happened
	wechat   *wechatsim.Simulator
}

func (h *history) fault(format string, args ...any) {
	h.faults = append(h.faults, fmt.Sprintf(format, args...))
}

// note keeps an answer, and reports whether the service still answers.
func (h *history) note(t *testing.T, person int, a testkit.Answer) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case a.Err != nil:
		return false // killed: the outcome is unknown
	case a.Status != 200:
		h.fault("person %d: got %d %s, want 200", person, a.Status, a.Body)
		return false
	}
	login := a.Login(t)
	if known := h.users[person]; known != "" && known != login.User.ID {
		h.fault("person %d was user %s and is %s now", person, known, login.User.ID)
	}
	h.users[person], h.sessions[login.Session.ID], h.latest = login.User.ID, login.User.ID, login
	if login.NewUser {
		h.created[person]++
	}
	return true
}

// size is how many logins were acknowledged.
func (h *history) size() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sessions)
}

func personName(n int) string { return fmt.Sprint("person-", n) }

// storm logs people in with all workers until the service is gone.
func (h *history) storm(t *testing.T, s service) *sync.WaitGroup {
	var workers sync.WaitGroup
	for w := range killWorkers {
		workers.Go(func() {
			for n := w; ; n += killWorkers {
				person := n % killPeople
				code, err := h.wechat.Code("", personName(person))
				if err != nil || !h.note(t, person, s.Post("/v1/login", map[string]any{"code": code})) {
					return
				}
			}
		})
	}
	return &workers
}

func TestF01_KilledServiceLosesNoAcknowledgedLogin(t *testing.T) { // I-01, I-02, I-03, I-07
	rounds, seed := number(t, "KILL_ROUNDS", 20), uint64(number(t, "KILL_SEED", int(time.Now().UnixNano()%1e9)))
	t.Logf("KILL_SEED=%d", seed)
	moments := rand.New(rand.NewPCG(seed, 0))
	wechat, url := simulate(t)
	h := &history{sessions: map[string]string{}, wechat: wechat}
	env := bare(url, t.TempDir()).with(hasty)
	s := serve(t, env)
	var slowest time.Duration
	for round := range rounds {
		before := h.size()
		workers := h.storm(t, s)
		s.eventually(t, "a login", func() bool { return h.size() > before })
		time.Sleep(time.Duration(moments.Int64N(int64(longestRound))))
		s.kill()
		workers.Wait()

		began := time.Now()
		s = serve(t, env)
		wantStatus(t, "readyz", s.Get("/readyz", ""), 200, "")
		slowest = max(slowest, time.Since(began))
		wantStatus(t, "me with an acknowledged token", s.Get("/v1/me", h.latest.AccessToken), 200, "")
		h.check(t, env["DATA_DIR"])
		if t.Failed() {
			t.Fatalf("in round %d of KILL_SEED=%d", round, seed)
		}
	}
	s.stops(t)
	h.check(t, env["DATA_DIR"])
	t.Logf("%d acknowledged logins survived %d kills; the slowest restart was ready after %v", len(h.sessions), rounds, slowest.Round(time.Millisecond))
}

// number reads a whole number from the environment.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text, set := os.LookupEnv(name)
	if !set {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}
