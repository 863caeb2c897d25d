package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
)

// Another replica's clock is a little behind: the user is just in time there.
func TestUserWhoCameBackMeanwhileStays(t *testing.T) {
	for name, when := range map[string]func(*deletionsThen, func(domain.UserID) error){
		"before it is looked at": func(d *deletionsThen, back func(domain.UserID) error) { d.found = back },
		"before the last step":   func(d *deletionsThen, back func(domain.UserID) error) { d.erases = back },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown()
			login := w.come(t, appA, "a")
			w.clock.now = w.leave(t, login)
			d := &deletionsThen{DeletionRepository: w.deletions}
			when(d, func(id domain.UserID) error {
				return d.ScheduleDeletion(t.Context(), id, time.Time{})
			})
			w.deletions = *d
			if _, err := w.eraseUseCase().EraseDue(t.Context()); err != nil {
				t.Errorf("got %v, want no error", err)
			}
			if got := w.found(t, login.User.ID); !got.DeletionAt.IsZero() {
				t.Errorf("got %+v, want the user stay", got)
			}
		})
	}
}

func TestOneWhoCannotBeErasedKeepsNoneOfTheOthers(t *testing.T) {
	w := newTown()
	var ids []domain.UserID
	for _, says := range []string{"a", "b", "c"} {
		login := w.come(t, appA, says)
		w.leave(t, login)
		ids = append(ids, login.User.ID)
	}
	w.clock.now = w.clock.now.Add(8 * day)
	whole := w.deletions
	w.deletions = deletionsThen{DeletionRepository: whole, erases: func(id domain.UserID) error {
		if id == ids[0] {
			return domain.ErrStoreUnavailable
		}
		return nil
	}}
	if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 2 || !errors.Is(err, domain.ErrStoreUnavailable) {
		t.Errorf("got %d and %v, want two erased and %v", n, err, domain.ErrStoreUnavailable)
	}
	w.wantGone(t, ids[1], appA, "b")
	w.wantGone(t, ids[2], appA, "c")
	w.deletions = whole
	if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 1 || err != nil {
		t.Errorf("again: got %d and %v, want one erased", n, err)
	}
	w.wantGone(t, ids[0], appA, "a")
}

// The mark of one identity is everyone's: another may have been linked while it
// was being made.
func TestMarkOfOneIdentityErasesAll(t *testing.T) {
	w := newTown()
	a := w.come(t, appA, "a u")
	b := w.come(t, appB, "b")
	w.leave(t, b)
	marked := w.part(t, appB, "b")
	link := marked.Assigned(a.User.ID)
	if err := w.users.Assign(t.Context(), marked.Identity.Key(), marked.ID, a.User.ID, link); err != nil {
		t.Fatalf("Assign: got %v, want no error", err)
	}
	mine := w.part(t, appA, "a")
	if err := w.users.Assign(t.Context(), mine.Identity.Key(), mine.ID, mine.ID, domain.Link{Several: true}); err != nil {
		t.Fatalf("Assign: got %v, want no error", err)
	}
	w.clock.now = w.clock.now.Add(8 * day)
	if n, err := w.eraseUseCase().EraseDue(t.Context()); n != 1 || err != nil {
		t.Errorf("got %d and %v, want one erased", n, err)
	}
	w.wantGone(t, a.User.ID, appA, "a")
	w.wantGone(t, a.User.ID, appB, "b")
}

// The user is erased between two calls of a login that would restore the account.
func TestLoginOfOneWhoIsErasedMeanwhileMakesSomebodyNew(t *testing.T) {
	w := newTown()
	first := w.come(t, appA, "a")
	w.leave(t, first)
	d := scheduling{w.deletions, func() {
		if err := w.deletions.ScheduleDeletion(t.Context(), first.User.ID, w.clock.now); err != nil {
			t.Errorf("ScheduleDeletion: got %v, want no error", err)
		}
		if _, err := w.eraseUseCase().EraseDue(t.Context()); err != nil {
			t.Errorf("EraseDue: got %v, want no error", err)
		}
	}}
	slow := *w
	slow.deletions = d
	got := slow.come(t, appA, "a")
	if !got.NewUser || got.Restored || got.User.ID == first.User.ID {
		t.Errorf("got %+v, want a new user", got)
	}
}

// scheduling lets something happen before a mark is made or taken away.
type scheduling struct {
	ports.DeletionRepository
	before func()
}

func (s scheduling) ScheduleDeletion(ctx context.Context, id domain.UserID, at time.Time) error {
	s.before()
	return s.DeletionRepository.ScheduleDeletion(ctx, id, at)
}
