package application_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
)

// counting counts what is stored.
type counting struct {
	ports.RefreshRepository
	own, moved atomic.Int64 // claims that stood, renewals that were made
}

func (r *counting) Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error) {
	standing, err := r.RefreshRepository.Claim(ctx, claim)
	if err == nil && standing.Child == claim.Child {
		r.own.Add(1)
	}
	return standing, err
}

func (r *counting) Renew(ctx context.Context, s domain.Session, spent domain.RefreshHash) (bool, error) {
	moved, err := r.RefreshRepository.Renew(ctx, s, spent)
	if moved {
		r.moved.Add(1)
	}
	return moved, err
}

func TestI08_ParallelRefreshesWithOneTokenGiveOneChild(t *testing.T) {
	const clients, rounds = 100, 20
	w := newWorld()
	p := w.phone(t, "device-01")
	for range rounds {
		chains := &counting{RefreshRepository: w.chains}
		w.chains = chains
		uc := w.refreshUseCase()
		results, errs := make([]ports.Refreshed, clients), make([]error, clients)
		gate := make(chan struct{})
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				<-gate
				results[i], errs[i] = uc.Refresh(t.Context(), p.refresh)
			})
		}
		close(gate)
		all.Wait()
		children, access := map[string]bool{}, map[string]bool{}
		for i, r := range results {
			if errs[i] != nil {
				t.Fatalf("refresh %d: got %v, want no error", i, errs[i])
			}
			children[r.Tokens.Refresh.Reveal()], access[r.Tokens.Access.Reveal()] = true, true
		}
		if len(children) != 1 || len(access) != clients || chains.own.Load() != 1 || chains.moved.Load() != 1 {
			t.Fatalf("got %d children, %d access tokens, %d claims, %d renewals; want 1, %d, 1, 1",
				len(children), len(access), chains.own.Load(), chains.moved.Load(), clients)
		}
		p.refresh, w.chains = results[0].Tokens.Refresh, chains.RefreshRepository
	}
	p.mustGoOn(t)
}

// Parallel refreshes and a logout: whoever is first, afterwards all is over.
func TestI04_LogoutAmongParallelRefreshesIsFinal(t *testing.T) {
	const clients, rounds = 20, 50
	for range rounds {
		w := newWorld()
		p := w.phone(t, "device-01")
		uc, logout := w.refreshUseCase(), w.logoutUseCase()
		results, errs := make([]ports.Refreshed, clients), make([]error, clients)
		gate := make(chan struct{})
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				<-gate
				results[i], errs[i] = uc.Refresh(t.Context(), p.refresh)
			})
		}
		all.Go(func() {
			<-gate
			if err := logout.Logout(t.Context(), p.caller()); err != nil {
				t.Errorf("Logout: got %v, want no error", err)
			}
		})
		close(gate)
		all.Wait()
		p.mustBeOver(t)
		for i, r := range results {
			if errs[i] == nil {
				w.holding(ports.Login{Account: ports.Account{User: domain.WeChatUser{ID: p.user}}, Session: r.Session, Tokens: r.Tokens}).mustBeOver(t)
			}
		}
	}
}

// shifting is a store in which another client is faster each time.
type shifting struct{ ports.RefreshRepository }

func (shifting) Renew(context.Context, domain.Session, domain.RefreshHash) (bool, error) {
	return false, nil
}

func TestRefreshGivesUpOnAStoreThatNeverSettles(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	whole := w.chains
	w.chains = shifting{whole}
	w.mustRefuse(t, p.refresh, domain.ErrStoreUnavailable)
	w.chains = whole
	p.mustGoOn(t)
}

// swapped is a store whose claims are another's, and were exchanged by someone who
// writes to it.
type swapped struct {
	ports.RefreshRepository
	sealed domain.SealedToken
}

func (r swapped) Claim(ctx context.Context, claim domain.RefreshClaim) (domain.RefreshClaim, error) {
	standing, err := r.RefreshRepository.Claim(ctx, claim)
	standing.Child, standing.Sealed = "another's", r.sealed
	return standing, err
}

func TestT14_ChildIsOpenedWithItsParentAlone(t *testing.T) {
	w := newWorld()
	foreign := w.phone(t, "device-02")
	spent := foreign.renew(t)
	token, _ := domain.ParseRefreshToken(spent)
	claim, err := w.chains.FindClaim(t.Context(), token.Hash())
	if err != nil {
		t.Fatalf("FindClaim: got %v, want no error", err)
	}
	mustHide(t, "a claim", claim)
	for _, sealed := range []domain.SealedToken{claim.Sealed, "", "AAAA", "no base64!", claim.Sealed[:30], claim.Sealed + "AAAA"} {
		p := w.phone(t, "device-01")
		whole := w.chains
		w.chains = swapped{whole, sealed}
		got, err := w.refreshUseCase().Refresh(t.Context(), p.refresh)
		if err == nil || !got.Tokens.Refresh.Empty() || !got.Tokens.Access.Empty() {
			t.Errorf("sealed %q: got %+v and %v, want an error alone", sealed, got, err)
		}
		mustHide(t, "error", err)
		w.chains = whole
		p.mustGoOn(t) // the session has not moved on to what cannot be read
	}
}
