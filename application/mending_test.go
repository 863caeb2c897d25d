package application_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"wxlogin/domain"
	"wxlogin/test/contract"
)

// chore is what is asked for in a world whose stores fail, and what then holds.
type chore struct {
	name  string
	calls []string // of stores
	ready func(*testing.T, *world)
	act   func(context.Context, *world) error // may be repeated
	// spared calls fail without who asked being told.
	spared []string
	done   error // what a repeat returns at last
	holds  func(*testing.T, *world)
}

// mustBeMended has each call of a store fail, before it did anything and after,
// and wants the next try to make it good.
func (c chore) mustBeMended(t *testing.T) {
	t.Helper()
	for _, method := range append(c.calls, c.spared...) {
		for when, aim := range map[string]func(testing.TB, string) *contract.Fault{"before": contract.FailBefore, "after": contract.FailAfter} {
			t.Run(fmt.Sprint(c.name, " fails ", when, " ", method), func(t *testing.T) {
				w := newTown()
				c.ready(t, w)
				fault := aim(t, method)
				w.sabotage(fault)
				first := c.act(t.Context(), w)
				if len(c.spared) == 0 && !errors.Is(first, domain.ErrStoreUnavailable) {
					t.Errorf("got %v, want %v", first, domain.ErrStoreUnavailable)
				}
				second := c.act(t.Context(), w)
				for _, err := range []error{first, second} {
					if err != nil && !errors.Is(err, domain.ErrStoreUnavailable) && !errors.Is(err, c.done) {
						t.Errorf("got %v, want %v", err, domain.ErrStoreUnavailable)
					}
				}
				mustHide(t, "errors", []error{first, second})
				fault.Heal()
				if err := c.act(t.Context(), w); !errors.Is(err, c.done) {
					t.Errorf("afterwards: got %v, want %v", err, c.done)
				}
				c.holds(t, w)
			})
		}
	}
}

// comes is a login that tells nothing but whether it failed.
func comes(app domain.AppID, says string) func(context.Context, *world) error {
	return func(ctx context.Context, w *world) error {
		_, err := w.loginUseCase().Login(ctx, visit(app, says))
		return err
	}
}
