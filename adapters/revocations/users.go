package revocations

import (
	"sync"
	"time"

	"wxlogin/domain"
)

// maxUsers bounds the users that are remembered: to 30 MB. Few are banned or log
// out everywhere in a day.
const maxUsers = 100_000

// users are those whose sessions were all revoked: each until no token is left of
// those that began before.
type users struct {
	mu  sync.RWMutex
	all map[domain.UserID]domain.Revocation
}

func newUsers() *users { return &users{all: make(map[domain.UserID]domain.Revocation)} }

// before is on the way of every request, as known.has.
func (u *users) before(id domain.UserID) time.Time {
	u.mu.RLock()
	defer u.mu.RUnlock()
	return u.all[id].At
}

func (u *users) size() int {
	u.mu.RLock()
	defer u.mu.RUnlock()
	return len(u.all)
}

// add remembers r, for as long as anyone said, and reports whether there was no
// room for it.
func (u *users) add(r domain.Revocation) (full bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	old, ok := u.all[r.UserID]
	if !ok && len(u.all) >= maxUsers {
		return true
	}
	if old.At.After(r.At) {
		r.At = old.At
	}
	if old.Until.After(r.Until) {
		r.Until = old.Until
	}
	u.all[r.UserID] = r
	return false
}

// sweep forgets what has ended at now.
func (u *users) sweep(now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, r := range u.all {
		if !now.Before(r.Until) {
			delete(u.all, id)
		}
	}
}
