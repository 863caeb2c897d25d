package application_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"wxlogin/application"
	"wxlogin/domain"
)

type verifying func(token domain.Secret, now time.Time) (domain.Caller, error)

func (f verifying) VerifyAccessToken(_ context.Context, token domain.Secret, now time.Time) (domain.AccessToken, error) {
	caller, err := f(token, now)
	return domain.AccessToken{Caller: caller}, err
}

// authenticating is the use case on a verifier, where nothing is revoked.
func authenticating(f verifying, clock *frozen) *application.AuthenticateUseCase {
	return application.NewAuthenticateUseCase(application.NewInspector(f, &known{}, clock))
}

func TestAuthenticateTellsWhoseTheTokenIs(t *testing.T) {
	want := domain.Caller{UserID: "u1", SessionID: "s1", AppID: theApp}
	clock := &frozen{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	uc := authenticating(func(token domain.Secret, now time.Time) (domain.Caller, error) {
		if token.Reveal() != canary || now != clock.now {
			t.Errorf("got %q at %v, want %q at %v", token.Reveal(), now, canary, clock.now)
		}
		return want, nil
	}, clock)
	if got, err := uc.Authenticate(t.Context(), domain.NewSecret(canary)); err != nil || got != want {
		t.Errorf("got %+v and %v, want %+v", got, err, want)
	}
}

func TestNoTokenIsMissingAndNotInvalid(t *testing.T) {
	uc := authenticating(func(domain.Secret, time.Time) (domain.Caller, error) {
		t.Error("got a token verified, want none")
		return domain.Caller{}, nil
	}, &frozen{})
	for _, token := range []domain.Secret{{}, domain.NewSecret("")} {
		if _, err := uc.Authenticate(t.Context(), token); !errors.Is(err, domain.ErrTokenMissing) {
			t.Errorf("got %v, want %v", err, domain.ErrTokenMissing)
		}
	}
}

func TestRefusedTokenIsRefusedForItsReason(t *testing.T) {
	for _, want := range []error{domain.ErrTokenInvalid, domain.ErrTokenExpired} {
		uc := authenticating(func(domain.Secret, time.Time) (domain.Caller, error) {
			return domain.Caller{}, fmt.Errorf("tokens: %w", want)
		}, &frozen{})
		got, err := uc.Authenticate(t.Context(), domain.NewSecret(canary))
		if !errors.Is(err, want) || got != (domain.Caller{}) {
			t.Errorf("got %+v and %v, want %v alone", got, err, want)
		}
		mustHide(t, "error", err)
	}
}

func TestTokenOfAnEndedSessionIsRevokedAndNotInvalid(t *testing.T) {
	w := newWorld()
	p := w.phone(t, "device-01")
	if got, err := application.NewAuthenticateUseCase(w.inspector()).Authenticate(t.Context(), p.access); err != nil || got != p.caller() {
		t.Fatalf("before: got %+v and %v, want %+v", got, err, p.caller())
	}
	w.revocations.end(p.session)
	got, err := application.NewAuthenticateUseCase(w.inspector()).Authenticate(t.Context(), p.access)
	if !errors.Is(err, domain.ErrSessionRevoked) || got != (domain.Caller{}) {
		t.Errorf("got %+v and %v, want %v alone", got, err, domain.ErrSessionRevoked)
	}
	// What is no token of ours is invalid, whatever session it names.
	if _, err := application.NewAuthenticateUseCase(w.inspector()).Authenticate(t.Context(), domain.NewSecret("nonsense")); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("nonsense: got %v, want %v", err, domain.ErrTokenInvalid)
	}
}
