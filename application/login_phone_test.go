package application_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"wxlogin/application"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

func withPhone(cmd ports.LoginCommand, number string) ports.LoginCommand {
	cmd.PhoneCode = domain.NewSecret(number)
	return cmd
}

func TestPhoneOfALoginIsInItsAnswer(t *testing.T) {
	w := newTown()
	w.come(t, appA, "a u")
	got := w.login(t, withPhone(visit(appB, "b u"), hers))
	if got.Phone.Reveal() != hers || len(got.Warnings) != 0 || got.User.Phone.Empty() {
		t.Errorf("got %q with warnings %v, want %q", got.Phone.Reveal(), got.Warnings, hers)
	}
	if want := (domain.WeChatIdentity{AppID: appB, OpenID: "b", UnionID: "u"}); !slices.Equal(w.numbers.asked, []domain.WeChatIdentity{want}) {
		t.Errorf("got %+v asked, want %+v", w.numbers.asked, want)
	}
	if me, err := w.accountUseCase().Me(t.Context(), callerOf(got)); err != nil || me.Phone.Reveal() != hers {
		t.Errorf("stored: got %q and %v, want %q", me.Phone.Reveal(), err, hers)
	}
	if again := w.come(t, appA, "a u"); again.Phone.Reveal() != hers {
		t.Errorf("later: got %q, want %q", again.Phone.Reveal(), hers)
	}
}

// An operator made two of one app one person: the code is of the one who logs in.
func TestPhoneOfALoginIsOfTheIdentityThatLogsIn(t *testing.T) {
	w := newTown()
	a, b := w.come(t, appA, "a"), w.come(t, appA, "b")
	w.link(t, b.User.ID, a.User.ID)
	w.login(t, withPhone(visit(appA, "b"), hers))
	if len(w.numbers.asked) != 1 || w.numbers.asked[0].OpenID != "b" {
		t.Errorf("got %+v asked, want b", w.numbers.asked)
	}
}

func TestPhoneThatCannotBeBoundIsAWarning(t *testing.T) {
	tests := map[string]struct {
		breaks func(*testing.T, *world)
		want   error // nil: any
	}{
		"a code that is none": {func(_ *testing.T, w *world) { w.numbers.err = domain.ErrPhoneCodeInvalid }, domain.ErrPhoneCodeInvalid},
		"too often":           {func(_ *testing.T, w *world) { w.numbers.err = domain.ErrRateLimited }, domain.ErrRateLimited},
		"WeChat is away":      {func(_ *testing.T, w *world) { w.numbers.err = domain.ErrPlatformUnavailable }, domain.ErrPlatformUnavailable},
		"WeChat refuses us":   {func(_ *testing.T, w *world) { w.numbers.err = domain.ErrAppMisconfigured }, domain.ErrAppMisconfigured},
		"it cannot be sealed": {func(_ *testing.T, w *world) { w.phones = unsealing{w.phones} }, nil},
		"it is not stored": {
			func(t *testing.T, w *world) {
				w.profiles = contract.FailBefore(t, "ChangeProfile").Profiles(w.profiles)
			},
			domain.ErrStoreUnavailable,
		},
		"it is not told that it is stored": {
			func(t *testing.T, w *world) { w.profiles = contract.FailAfter(t, "ChangeProfile").Profiles(w.profiles) },
			domain.ErrStoreUnavailable,
		},
		"it is not written down": {
			func(t *testing.T, w *world) { w.audit = contract.FailBefore(t, "Append").Audit(w.audit) },
			domain.ErrStoreUnavailable,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newTown()
			tt.breaks(t, w)
			got := w.login(t, withPhone(visit(appA, "a"), hers))
			if len(got.Warnings) != 1 || tt.want != nil && !errors.Is(got.Warnings[0], tt.want) {
				t.Errorf("got warnings %v, want %v", got.Warnings, tt.want)
			}
			if !got.Phone.Empty() || !got.NewUser || got.Tokens.Access.Empty() {
				t.Errorf("got %+v, want the login without a number", got)
			}
			mustHide(t, "warnings", got.Warnings)
		})
	}
}

func TestPhoneCodeIsNotSpentOnALoginThatFails(t *testing.T) {
	w := newTown()
	login := w.come(t, appA, "a")
	w.ban(t, login.User.ID)
	got, err := w.loginUseCase().Login(t.Context(), withPhone(visit(appA, "a"), hers))
	mustFailWith(t, got, err, domain.ErrUserBanned)
	for _, method := range []string{"RecordLogin", "Save"} {
		fault := contract.FailAfter(t, method)
		other := newTown()
		other.sabotage(fault)
		other.numbers = w.numbers
		got, err := other.loginUseCase().Login(t.Context(), withPhone(visit(appA, "b"), hers))
		mustFailWith(t, got, err, domain.ErrStoreUnavailable)
	}
	if len(w.numbers.asked) != 0 {
		t.Errorf("got the code spent for %+v, want it good", w.numbers.asked)
	}
	w.wantNoPhone(t, login)
}

// hanging is a WeChat that answers nothing about phone codes until it is left.
type hanging struct{}

func (hanging) ExchangePhoneCode(ctx context.Context, _ domain.WeChatIdentity, _ domain.Secret) (domain.PhoneNumber, error) {
	<-ctx.Done()
	return domain.PhoneNumber{}, fmt.Errorf("%w: %w", domain.ErrPlatformUnavailable, ctx.Err())
}

func TestPhoneCodeAddsAFewSecondsAtMost(t *testing.T) {
	for _, key := range []string{"", "key-of-16-letters"} {
		synctest.Test(t, func(t *testing.T) {
			w := newTown()
			binder := application.NewPhoneBinder(w.accounts(), hanging{}, w.recorder())
			uc := w.loginUseCaseWith(binder)
			cmd := withPhone(visit(appA, "a"), hers)
			cmd.IdempotencyKey = domain.NewSecret(key)
			began := time.Now()
			got, err := uc.Login(t.Context(), cmd)
			if took := time.Since(began); took != 3*time.Second || err != nil {
				t.Errorf("got %v after %v, want a login after 3 s", err, took)
			}
			if len(got.Warnings) != 1 || !errors.Is(got.Warnings[0], domain.ErrPlatformUnavailable) || got.Tokens.Access.Empty() {
				t.Errorf("got %+v, want tokens and a warning", got)
			}
		})
	}
}
