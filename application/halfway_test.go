package application_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/test/contract"
)

// deed is what a client, a backend or an operator asks for, and what then holds.
type deed struct {
	name  string
	calls []string                            // of stores, in order
	ready func(*testing.T, *scene)            // before; may be nil
	act   func(context.Context, *scene) error // may be repeated
	done  error                               // what a repeat returns at last
	holds func(*testing.T, *scene)            // afterwards
}

// scene is a user with a phone, whose deed it is, and a tablet.
type scene struct {
	*world
	phone, tablet *phone
	spent         domain.Secret // by the phone
}

func ban(t *testing.T, s *scene) {
	t.Helper()
	if _, err := s.banUseCase().Ban(t.Context(), s.phone.user); err != nil {
		t.Fatalf("Ban: got %v, want no error", err)
	}
}

func phoneIsOverAlone(t *testing.T, s *scene) {
	t.Helper()
	s.phone.mustBeOver(t)
	s.tablet.mustGoOn(t)
}

func tabletIsOverAlone(t *testing.T, s *scene) {
	t.Helper()
	s.tablet.mustBeOver(t)
	s.phone.mustGoOn(t)
}

func bothAreOver(t *testing.T, s *scene) {
	t.Helper()
	s.phone.mustBeOver(t)
	s.tablet.mustBeOver(t)
}

func refresh(token func(*scene) domain.Secret) func(context.Context, *scene) error {
	return func(ctx context.Context, s *scene) error {
		got, err := s.refreshUseCase().Refresh(ctx, token(s))
		if err != nil && (!got.Tokens.Refresh.Empty() || !got.Tokens.Access.Empty()) {
			return errors.New("a token left with an error")
		}
		return err
	}
}

func current(s *scene) domain.Secret { return s.phone.refresh }
func spent(s *scene) domain.Secret   { return s.spent }

func revoke(token func(*scene) domain.Secret) func(context.Context, *scene) error {
	return func(ctx context.Context, s *scene) error {
		return s.revokeTokenUseCase().RevokeToken(ctx, backend, token(s))
	}
}

var deeds = []deed{
	{
		name: "refresh", calls: []string{"FindByFamily", "Find", "Claim", "Renew"}, act: refresh(current),
		holds: func(t *testing.T, s *scene) { s.phone.renew(t); s.phone.mustGoOn(t); s.tablet.mustGoOn(t) },
	},
	{
		name: "refresh again", calls: []string{"FindByFamily", "Find", "FindClaim"}, act: refresh(spent),
		ready: func(t *testing.T, s *scene) { s.spent = s.phone.renew(t) },
		holds: func(t *testing.T, s *scene) { s.phone.mustGoOn(t); s.tablet.mustGoOn(t) },
	},
	{
		name: "reuse", calls: []string{"FindByFamily", "Find", "FindClaim", "Record", "Delete"}, act: refresh(spent),
		ready: func(t *testing.T, s *scene) { s.spent = s.phone.renew(t); s.clock.now = s.clock.now.Add(grace + 1) },
		done:  domain.ErrRefreshInvalid, holds: phoneIsOverAlone,
	},
	{
		name: "logout", calls: []string{"FindLiveOf", "Delete", "Record"}, holds: phoneIsOverAlone,
		act: func(ctx context.Context, s *scene) error { return s.logoutUseCase().Logout(ctx, s.phone.caller()) },
	},
	{
		name: "logout all", calls: []string{"FindLiveOf", "Record", "Delete"}, holds: bothAreOver,
		act: func(ctx context.Context, s *scene) error { return s.logoutUseCase().LogoutAll(ctx, s.phone.caller()) },
	},
	{
		name: "end a session", calls: []string{"FindLiveOf", "Record", "Delete"}, holds: tabletIsOverAlone,
		act: func(ctx context.Context, s *scene) error {
			err := s.logoutUseCase().EndSession(ctx, s.phone.caller(), s.tablet.session)
			if errors.Is(err, domain.ErrNotFound) {
				return nil // it was done by the try before
			}
			return err
		},
	},
	{
		name: "end the own session", calls: []string{"FindLiveOf", "Delete", "Record"}, holds: phoneIsOverAlone,
		act: func(ctx context.Context, s *scene) error {
			return s.logoutUseCase().EndSession(ctx, s.phone.caller(), s.phone.session)
		},
	},
	{
		name: "revoke an access token", calls: []string{"FindLiveOf", "Delete", "Record"}, holds: phoneIsOverAlone,
		act: revoke(func(s *scene) domain.Secret { return s.phone.access }),
	},
	{
		name: "revoke a refresh token", calls: []string{"FindByFamily", "Record", "Delete"}, act: revoke(current), holds: phoneIsOverAlone,
	},
	{
		name: "ban", calls: []string{"SetBan", "Record"},
		act: func(ctx context.Context, s *scene) error { _, err := s.banUseCase().Ban(ctx, s.phone.user); return err },
		holds: func(t *testing.T, s *scene) {
			for _, p := range []*phone{s.phone, s.tablet} {
				s.mustRefuse(t, p.refresh, domain.ErrUserBanned)
				p.mustBeRevoked(t)
			}
			got, err := s.loginUseCase().Login(t.Context(), withCode("key-9"))
			mustFailWith(t, got, err, domain.ErrUserBanned)
		},
	},
	{
		name: "unban", calls: []string{"Find", "FindLiveOf", "Record", "Delete", "SetBan"}, ready: ban,
		act: func(ctx context.Context, s *scene) error {
			_, err := s.banUseCase().Unban(ctx, s.phone.user)
			return err
		},
		holds: func(t *testing.T, s *scene) {
			bothAreOver(t, s)
			s.clock.now = s.clock.now.Add(2 * time.Second) // tokens tell seconds
			s.world.phone(t, "device-01").mustGoOn(t)
		},
	},
}

func TestI04_StoreThatFailsHalfwayIsMendedByAskingAgain(t *testing.T) {
	for _, d := range deeds {
		for _, method := range d.calls {
			for when, aim := range map[string]func(testing.TB, string) *contract.Fault{"before": contract.FailBefore, "after": contract.FailAfter} {
				t.Run(fmt.Sprint(d.name, " fails ", when, " ", method), func(t *testing.T) {
					w := newWorld()
					s := &scene{world: w, phone: w.phone(t, "device-01"), tablet: w.phone(t, "device-02")}
					if d.ready != nil {
						d.ready(t, s)
					}
					fault := aim(t, method)
					w.sabotage(fault)
					first, second := d.act(t.Context(), s), d.act(t.Context(), s)
					// What was done the first time may be nothing left to do.
					if !errors.Is(first, domain.ErrStoreUnavailable) || (when == "before" && !errors.Is(second, domain.ErrStoreUnavailable)) {
						t.Errorf("got %v and %v, want %v", first, second, domain.ErrStoreUnavailable)
					}
					mustHide(t, "errors", []error{first, second})
					fault.Heal()
					if err := d.act(t.Context(), s); !errors.Is(err, d.done) {
						t.Errorf("afterwards: got %v, want %v", err, d.done)
					}
					d.holds(t, s)
				})
			}
		}
	}
}

// Whoever was told that a session could not be ended, and does not ask again,
// may still count on it once its access tokens are refused: it is not renewed.
func TestI04_HalfEndedSessionIsNotRenewed(t *testing.T) {
	for _, d := range deeds {
		if d.name != "reuse" && d.name != "end a session" && d.name != "revoke a refresh token" {
			continue
		}
		t.Run(d.name, func(t *testing.T) {
			w := newWorld()
			s := &scene{world: w, phone: w.phone(t, "device-01"), tablet: w.phone(t, "device-02")}
			if d.ready != nil {
				d.ready(t, s)
			}
			fault := contract.FailBefore(t, "Delete")
			w.sabotage(fault)
			if err := d.act(t.Context(), s); !errors.Is(err, domain.ErrStoreUnavailable) {
				t.Fatalf("got %v, want %v", err, domain.ErrStoreUnavailable)
			}
			fault.Heal()
			d.holds(t, s)
		})
	}
}
