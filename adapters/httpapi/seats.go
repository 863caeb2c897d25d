package httpapi

import (
	"context"
	"sync"
	"time"

	"wxlogin/domain"
)

const (
	// uploadsAtOnce bounds the pictures that are held in memory; more wait.
	uploadsAtOnce = 32
	awaitUpload   = 10 * time.Second

	// uploadsOfUser leaves a user room for a second try, and others the rest.
	uploadsOfUser = 2
)

// seats are for those who upload: so many in all, of which one user has few.
type seats struct {
	all   chan struct{} // holds one for each that is taken
	mu    sync.Mutex
	users map[domain.UserID]int // have or await so many; none has 0
}

func newSeats() *seats {
	return &seats{all: make(chan struct{}, uploadsAtOnce), users: make(map[domain.UserID]int)}
}

// take waits for a seat, and returns what to call once, at the end. It fails with
// ErrRateLimited at once if the user has or awaits as many as one may, and with
// ErrOverloaded if none becomes free in time.
func (s *seats) take(ctx context.Context, user domain.UserID) (leave func(), err error) {
	if !s.join(user) {
		return nil, domain.ErrRateLimited
	}
	late := time.NewTimer(awaitUpload)
	defer late.Stop()
	select {
	case s.all <- struct{}{}:
		return func() { <-s.all; s.part(user) }, nil
	case <-late.C:
	case <-ctx.Done():
	}
	s.part(user)
	return nil, domain.ErrOverloaded
}

// join counts one more of the user's, unless there are as many as one may have.
func (s *seats) join(user domain.UserID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[user] >= uploadsOfUser {
		return false
	}
	s.users[user]++
	return true
}

// part counts one less, and forgets a user who has none.
func (s *seats) part(user domain.UserID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[user]--; s.users[user] == 0 {
		delete(s.users, user)
	}
}
