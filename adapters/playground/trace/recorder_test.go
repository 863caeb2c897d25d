package trace_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/playground/trace"
	"wxlogin/domain"
	"wxlogin/ports"
)

// platform is a WeChat that answers the same each time.
type platform struct {
	ports.PlatformTokens
	ports.SessionKeyChecker
	err error
}

const canary = "CANARY-7f3a"

func (p platform) ExchangeCode(context.Context, domain.AppID, domain.Secret) (ports.CodeExchange, error) {
	return ports.CodeExchange{Identity: domain.WeChatIdentity{OpenID: canary}, SessionKey: domain.NewSecret(canary)}, p.err
}

func (p platform) ExchangePhoneCode(context.Context, domain.WeChatIdentity, domain.Secret) (domain.PhoneNumber, error) {
	return domain.PhoneNumber{Secret: domain.NewSecret(canary)}, p.err
}

func (p platform) PlatformToken(context.Context, domain.AppID) (domain.PlatformToken, error) {
	return domain.PlatformToken{Token: domain.NewSecret(canary)}, p.err
}

func (p platform) ReplacePlatformToken(context.Context, domain.AppID, domain.Secret) (domain.PlatformToken, error) {
	return domain.PlatformToken{Token: domain.NewSecret(canary)}, p.err
}

func (p platform) CheckSessionKey(context.Context, domain.WeChatIdentity, domain.Secret) (bool, error) {
	return true, p.err
}

// asked is WeChat with a recorder around it.
type asked struct {
	codes  ports.CodeExchanger
	phones ports.PhoneCodeExchanger
	tokens ports.PlatformTokens
	keys   ports.SessionKeyChecker
}

type idKey struct{}

// of returns a context of the request with this id.
func of(t *testing.T, id string) context.Context { return context.WithValue(t.Context(), idKey{}, id) }

func asking(t *testing.T, err error) (*trace.Recorder, asked) {
	t.Helper()
	notes := trace.NewRecorder(func(ctx context.Context) string {
		id, _ := ctx.Value(idKey{}).(string)
		return id
	})
	p := platform{err: err}
	var a asked
	fxtest.New(t, fx.NopLogger, fx.Provide(
		func() ports.CodeExchanger { return p }, func() ports.PhoneCodeExchanger { return p },
		func() ports.PlatformTokens { return p }, func() ports.SessionKeyChecker { return p },
	), trace.Around(notes), fx.Populate(&a.codes, &a.phones, &a.tokens, &a.keys))
	return notes, a
}

// askAll asks for everything once, and returns all errors.
func (a asked) askAll(ctx context.Context) []error {
	_, one := a.codes.ExchangeCode(ctx, "", domain.Secret{})
	_, two := a.phones.ExchangePhoneCode(ctx, domain.WeChatIdentity{}, domain.Secret{})
	_, three := a.tokens.PlatformToken(ctx, "")
	_, four := a.tokens.ReplacePlatformToken(ctx, "", domain.Secret{})
	_, five := a.keys.CheckSessionKey(ctx, domain.WeChatIdentity{}, domain.Secret{})
	return []error{one, two, three, four, five}
}

func TestStepsAreNotedInTheirOrderWithoutValues(t *testing.T) {
	notes, a := asking(t, nil)
	a.askAll(of(t, "r1"))
	want := []trace.Step{
		{To: trace.WeChat, Name: "jscode2session", Outcome: "openid, session_key"},
		{To: trace.WeChat, Name: "getuserphonenumber", Outcome: "phone number"},
		{To: trace.WeChat, Name: "stable_token", Outcome: "access_token"},
		{To: trace.WeChat, Name: "stable_token", Outcome: "access_token"},
		{To: trace.WeChat, Name: "checksession", Outcome: "present"},
	}
	got := notes.Steps("r1")
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(trace.Step{}, "At", "Took")); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
	for _, s := range got {
		if time.Since(s.At) > time.Minute || s.Took < 0 {
			t.Errorf("got %v for %v, want now", s.At, s.Took)
		}
	}
}

func TestErrorsPassUnchangedAndAreNotedByTheirCode(t *testing.T) {
	for code, err := range map[string]error{
		"code_used": fmt.Errorf("login of %s: %w", canary, domain.ErrCodeUsed),
		"internal":  errors.New(canary),
	} {
		notes, a := asking(t, err)
		for i, got := range a.askAll(of(t, "r1")) {
			if got != err { //nolint:errorlint // the very same
				t.Errorf("call %d: got %v, want %v itself", i, got, err)
			}
		}
		for _, s := range notes.Steps("r1") {
			if s.Error != code || s.Outcome != "" {
				t.Errorf("got %+v, want the error %s alone", s, code)
			}
		}
	}
}

func TestWhatIsAnsweredPassesUnchanged(t *testing.T) {
	_, a := asking(t, nil)
	exchange, err := a.codes.ExchangeCode(of(t, "r1"), "", domain.Secret{})
	number, phoneErr := a.phones.ExchangePhoneCode(of(t, "r1"), domain.WeChatIdentity{}, domain.Secret{})
	if err != nil || phoneErr != nil || exchange.Identity.OpenID != canary || exchange.SessionKey.Reveal() != canary || number.Reveal() != canary {
		t.Errorf("got %v %v and %v %v", exchange.Identity, err, number, phoneErr)
	}
}

func TestWhatBelongsToNoRequestIsNotNoted(t *testing.T) {
	notes, a := asking(t, nil)
	a.askAll(t.Context())
	if got := notes.Steps(""); len(got) != 0 {
		t.Errorf("got %v, want nothing", got)
	}
}

func TestTheLatestRequestsAreRemembered(t *testing.T) {
	notes, a := asking(t, nil)
	var all sync.WaitGroup
	for i := range 600 {
		all.Go(func() {
			for range 20 {
				a.askAll(of(t, fmt.Sprint("r", i)))
			}
		})
	}
	all.Wait()
	remembered := 0
	for i := range 600 {
		steps := len(notes.Steps(fmt.Sprint("r", i)))
		if steps > 64 {
			t.Fatalf("got %d steps of one request", steps)
		}
		if steps > 0 {
			remembered++
		}
	}
	if remembered > 512 || remembered < 256 {
		t.Errorf("got %d requests, want no more than 512, and not much less", remembered)
	}
}
