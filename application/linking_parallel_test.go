package application_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// TestParallelLoginsThroughSeveralAppsConverge has one person log in through
// several apps at once. Whoever is told that the store was busy comes again.
func TestParallelLoginsThroughSeveralAppsConverge(t *testing.T) {
	for round := range 40 {
		w := newTown()
		apps := []domain.AppID{appA, appB, appC, "wxdddddddddddddddd"}[:2+round%3]
		for i, app := range apps[:round%2*len(apps)] { // every other time they are users before
			w.login(t, visit(app, fmt.Sprint("o", i)))
			w.clock.now = w.clock.now.Add(time.Second)
		}
		var all sync.WaitGroup
		for i, app := range apps {
			all.Go(func() {
				_, err := w.loginUseCase().Login(t.Context(), visit(app, fmt.Sprintf("o%d u", i)))
				if err != nil && !errors.Is(err, domain.ErrStoreUnavailable) {
					t.Errorf("got %v, want no error", err)
				}
			})
		}
		all.Wait()
		for i, app := range apps {
			w.come(t, app, fmt.Sprintf("o%d u", i))
		}
		people := map[domain.OpenID]domain.AppID{}
		for i, app := range apps {
			people[domain.OpenID(fmt.Sprint("o", i))] = app
		}
		w.wantConverged(t, people)
		if t.Failed() {
			t.Fatalf("round %d of %d apps", round, len(apps))
		}
	}
}

// wantConverged wants one user of these, who has the UnionID u.
func (w *world) wantConverged(t *testing.T, people map[domain.OpenID]domain.AppID) {
	t.Helper()
	var parts []domain.WeChatUser
	for open, app := range people {
		part := w.part(t, app, open)
		if part.ID == part.Original() {
			parts = append([]domain.WeChatUser{part}, parts...)
		} else {
			parts = append(parts, part)
		}
	}
	w.wantOne(t, parts...)
	w.wantClaim(t, "u", parts[0].ID, false)
}

// meanwhile lets something happen before one of the calls of the two stores that
// linking is about.
type meanwhile struct {
	calls   int // before it happens
	happens func()
}

func (m *meanwhile) pass() {
	if m.calls--; m.calls < 0 && m.happens != nil {
		does := m.happens
		m.happens = nil
		does()
	}
}

type meanwhileUsers struct {
	ports.UserRepository
	*meanwhile
}

func (u meanwhileUsers) Assign(ctx context.Context, key domain.IdentityKey, was, id domain.UserID, link domain.Link) error {
	u.pass()
	return u.UserRepository.Assign(ctx, key, was, id, link)
}

func (u meanwhileUsers) Find(ctx context.Context, id domain.UserID) (domain.WeChatUser, error) {
	u.pass()
	return u.UserRepository.Find(ctx, id)
}

type meanwhileUnions struct {
	ports.UnionRepository
	*meanwhile
}

func (u meanwhileUnions) ClaimUnion(ctx context.Context, claim domain.UnionClaim) (domain.UnionClaim, error) {
	u.pass()
	return u.UnionRepository.ClaimUnion(ctx, claim)
}

func (u meanwhileUnions) ReplaceUnion(ctx context.Context, standing, next domain.UnionClaim) (bool, error) {
	u.pass()
	return u.UnionRepository.ReplaceUnion(ctx, standing, next)
}

// interrupted is the world, in which something happens after so many calls.
func (w *world) interrupted(calls int, happens func()) *world {
	slow := *w
	m := &meanwhile{calls, happens}
	slow.users, slow.unions = meanwhileUsers{w.users, m}, meanwhileUnions{w.unions, m}
	return &slow
}

// One login of a person is interrupted by another, at each of its calls. When all
// have come again, they are one.
func TestLoginsThatInterruptEachOtherConverge(t *testing.T) {
	tests := []struct {
		name          string
		ready         []stop
		first, second stop
	}{
		{"both are new", nil, stop{appA, "a u"}, stop{appB, "b u"}},
		{"the older is interrupted", []stop{{appA, "a"}}, stop{appA, "a u"}, stop{appB, "b u"}},
		{"the younger is interrupted", []stop{{appA, "a"}}, stop{appB, "b u"}, stop{appA, "a u"}},
		{"the owner is absorbed by two", []stop{{appA, "a"}, {appB, "b"}, {appC, "c u"}}, stop{appA, "a u"}, stop{appB, "b u"}},
		{"by two, the older last", []stop{{appA, "a"}, {appB, "b"}, {appC, "c u"}}, stop{appB, "b u"}, stop{appA, "a u"}},
		{"the owner moves on", []stop{{appC, "c"}, {appA, "a u"}, {appB, "b"}}, stop{appB, "b u"}, stop{appC, "c u"}},
		{"the owner moves on, of three", []stop{{appC, "c"}, {appA, "a u"}, {appB, "b u"}}, stop{appA, "a2 u"}, stop{appC, "c u"}},
	}
	for _, tt := range tests {
		for calls := range 25 {
			w := newTown()
			for _, s := range tt.ready {
				w.come(t, s.app, s.says)
			}
			w.interrupted(calls, func() { w.come(t, tt.second.app, tt.second.says) }).come(t, tt.first.app, tt.first.says)
			people := map[domain.OpenID]domain.AppID{}
			for _, s := range append(tt.ready, tt.second, tt.first) {
				open, _, _ := strings.Cut(s.says, " ")
				people[domain.OpenID(open)] = s.app
				w.come(t, s.app, open+" u")
			}
			w.wantConverged(t, people)
			if t.Failed() {
				t.Fatalf("%s: interrupted after %d calls", tt.name, calls)
			}
		}
	}
}
