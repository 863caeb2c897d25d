package application_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
)

func TestRepeatWaitsForAFirstTryThatIsUnderWay(t *testing.T) {
	for pause := 1; pause <= 6; pause++ {
		w := once()
		cmd := keyed("code-1", "key-of-16-letters")
		if _, err := w.wechat.ExchangeCode(t.Context(), theApp, cmd.Code); err != nil { // the first try got this far
			t.Fatalf("ExchangeCode: got %v, want no error", err)
		}
		var first ports.Login
		w.pauser = &pausing{meanwhile: func(n int) error {
			if n == pause {
				other := *w
				other.wechat = knows("o1")
				first = other.login(t, cmd)
			}
			return nil
		}}
		if again := w.login(t, cmd); again.Session.ID != first.Session.ID || again.Tokens.Refresh.Reveal() != first.Tokens.Refresh.Reveal() {
			t.Errorf("stored in pause %d: got session %s, want %s", pause, again.Session.ID, first.Session.ID)
		}
	}
}

func TestRepeatOfALoginThatDiedIsUsedAfterAFewSeconds(t *testing.T) {
	w := once()
	cmd := keyed("code-1", "key-of-16-letters")
	whole := w.users
	w.users = contract.FailBefore(t, "RecordLogin").Users(whole)
	got, err := w.loginUseCase().Login(t.Context(), cmd)
	mustFailWith(t, got, err, domain.ErrStoreUnavailable)
	w.users = whole
	p := &pausing{}
	w.pauser = p
	w.mustBeUsed(t, cmd)
	if d := total(p.paused); d < 2*time.Second || d > 3*time.Second {
		t.Errorf("got pauses of %v in all, want between 2 s and 3 s", d)
	}
	w.login(t, keyed("code-2", "key-of-16-letters")) // what code_used tells the client to do
}

func TestRepeatStopsWaitingForAClientThatLeft(t *testing.T) {
	w := once()
	if _, err := w.wechat.ExchangeCode(t.Context(), theApp, domain.NewSecret("code-1")); err != nil {
		t.Fatalf("ExchangeCode: got %v, want no error", err)
	}
	p := &pausing{meanwhile: func(int) error { return errPast }}
	w.pauser = p
	w.mustBeUsed(t, keyed("code-1", "key-of-16-letters"))
	if len(p.paused) != 1 {
		t.Errorf("got %d pauses, want one", len(p.paused))
	}
}

func TestRepeatThatFailsOnTheStoreMayBeRepeated(t *testing.T) {
	for _, method := range []string{"FindByLogin", "Find"} {
		for _, aim := range []func(testing.TB, string) *contract.Fault{contract.FailBefore, contract.FailAfter} {
			w := once()
			cmd := keyed("code-1", "key-of-16-letters")
			first := w.login(t, cmd)
			fault := aim(t, method)
			w.sabotage(fault)
			got, err := w.loginUseCase().Login(t.Context(), cmd)
			mustFailWith(t, got, err, domain.ErrStoreUnavailable)
			mustHide(t, "error", err)
			fault.Heal()
			if again := w.login(t, cmd); again.Tokens.Refresh.Reveal() != first.Tokens.Refresh.Reveal() {
				t.Errorf("%s: got another refresh token, want the same", method)
			}
		}
	}
}

// The session was stored, and nobody was told: that is what the key is for.
func TestLoginWhoseAnswerTheStoreLostIsRepeated(t *testing.T) {
	w := once()
	cmd := keyed("code-1", "key-of-16-letters")
	fault := contract.FailAfter(t, "Save")
	w.sabotage(fault)
	got, err := w.loginUseCase().Login(t.Context(), cmd)
	mustFailWith(t, got, err, domain.ErrStoreUnavailable)
	fault.Heal()
	again := w.login(t, cmd)
	if live := w.live(t, "o1"); len(live) != 1 || live[0].ID != again.Session.ID || !again.NewUser {
		t.Errorf("got session %s of %+v, new user %v; want the one that is stored, true", again.Session.ID, live, again.NewUser)
	}
	w.holding(again).mustGoOn(t)
}

// A client that hung up while WeChat was asked has used its code up. Where it
// may ask again, the login goes on without it.
func TestLoginOfAClientThatLeftIsStoredForItsReturn(t *testing.T) {
	for _, key := range []string{"", "key-of-16-letters"} {
		w := newWorld()
		ctx, leave := context.WithCancel(t.Context())
		exchange := wechatOnce("o1")
		w.wechat = exchanging(func(app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
			leave()
			return exchange(app, code)
		})
		cmd := keyed("code-1", key)
		first, err := w.loginUseCase().Login(ctx, cmd)
		if key == "" {
			mustFailWith(t, first, err, domain.ErrStoreUnavailable)
			continue
		}
		if err != nil {
			t.Fatalf("got %v, want the login finished", err)
		}
		if again := w.login(t, cmd); again.Session.ID != first.Session.ID {
			t.Errorf("got session %s, want %s", again.Session.ID, first.Session.ID)
		}
	}
}

func TestNothingStoredOfARepeatableLoginTellsItsSecrets(t *testing.T) {
	w := once()
	cmd := keyed(canary, canary+"-and-more")
	w.login(t, cmd)
	stored := w.live(t, "o1")
	mustHide(t, "sessions", stored)
	if len(stored) != 1 || stored[0].Retry.Key == "" || stored[0].Retry.Refresh == "" {
		t.Fatalf("got %+v, want something kept for a repetition", stored)
	}
	w.holding(w.login(t, cmd)).renew(t)
	if got := w.live(t, "o1")[0].Retry; got != (domain.LoginRetry{}) {
		t.Errorf("after a refresh: got %+v kept, want nothing", got)
	}
}

var errPast = errors.New("the client is gone")

func total(pauses []time.Duration) (sum time.Duration) {
	for _, d := range pauses {
		sum += d
	}
	return sum
}
