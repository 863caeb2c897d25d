package integration

import (
	"context"
	"flag"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/fx"
	"pgregory.net/rapid"

	"wxlogin/cmd/compose"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// replica is one process's use cases.
type replica struct {
	fx.In

	Login        ports.LoginUseCase
	Refresh      ports.RefreshUseCase
	List         ports.ListSessionsUseCase
	Logout       ports.LogoutUseCase
	Authenticate ports.AuthenticateUseCase
	Ban          ports.BanUseCase

	Users       ports.UserRepository
	Sessions    ports.SessionRepository
	Chains      ports.RefreshRepository
	Log         ports.RevocationLog
	Revocations ports.Revocations
}

// stepping is a clock that moves when it is told to.
type stepping struct {
	mu  sync.Mutex
	now time.Time
}

func (c *stepping) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stepping) step(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// oneWord is a WeChat whose codes are "person/number", each good once.
type oneWord struct{ used sync.Map }

func (x *oneWord) ExchangeCode(_ context.Context, app domain.AppID, code domain.Secret) (ports.CodeExchange, error) {
	if _, used := x.used.LoadOrStore(code.Reveal(), true); used {
		return ports.CodeExchange{}, domain.ErrCodeUsed
	}
	return ports.CodeExchange{
		Identity:   domain.WeChatIdentity{AppID: app, OpenID: domain.OpenID(personOf(code.Reveal()))},
		SessionKey: domain.NewSecret("MDEyMzQ1Njc4OWFiY2RlZg=="),
	}, nil
}

// atOnce is a pauser that does not.
type atOnce struct{}

func (atOnce) Pause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// startReplica starts the use cases as the binary composes them.
func startReplica(t *testing.T, cfg config.Config, swaps ...fx.Option) replica {
	t.Helper()
	var r replica
	app := fx.New(compose.Core(cfg, testkit.Log(t, nil)), fx.Options(swaps...), fx.Invoke(func(all replica) { r = all }))
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return r
}

// outcomes are what must have come about, for the test to have said something.
var outcomes = []string{
	"refresh of the current token: <nil>", "refresh of its parent: <nil>", "refresh of its parent: refresh_invalid",
	"refresh of an ancestor: refresh_invalid", "refresh of an ended session: refresh_invalid", "refresh of the current token: user_banned",
	"login: <nil>", "login: user_banned", "login again: <nil>", "login again: code_used",
	"authenticate: <nil>", "authenticate: session_revoked", "authenticate: token_expired",
	"end session: <nil>", "end session: not_found",
}

// checksOn is how many sequences are tried on each store: as many as take some
// seconds.
var checksOn = map[string]string{"memory": "1000", "sqlite": "250", "mongodb": "60"}

// thoroughly sets how much rapid tries, for one test.
func thoroughly(t *testing.T, checks string) {
	t.Helper()
	for name, value := range map[string]string{"rapid.checks": checks, "rapid.steps": "60"} {
		f := flag.Lookup(name)
		before := f.Value.String()
		if err := f.Value.Set(value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Value.Set(before) })
	}
}

// Whatever clients, operators and the clock do, in whatever order, on whichever
// of two replicas: each is answered as the model says.
func TestSessionsDoWhatTheModelSays(t *testing.T) { // I-03, I-04, I-08
	seen := map[string]int{}
	for _, store := range stores {
		t.Run(store.name, func(t *testing.T) {
			cfg := testkit.Config(t)
			store.use(t, &cfg)
			clock := &stepping{now: time.Now().UTC().Truncate(time.Millisecond)}
			outside := []fx.Option{
				testkit.Swap[ports.Clock](clock), testkit.Swap[ports.Pauser](atOnce{}), testkit.Swap[ports.CodeExchanger](&oneWord{}),
			}
			first := startReplica(t, cfg, outside...)
			// How soon one replica hears of the other's revocations is another test.
			shared := append(outside, testkit.Swap[ports.Revocations](first.Revocations))
			if store.name == "memory" {
				shared = append(shared, testkit.Swap[ports.UserRepository](first.Users), testkit.Swap[ports.SessionRepository](first.Sessions),
					testkit.Swap[ports.RefreshRepository](first.Chains), testkit.Swap[ports.RevocationLog](first.Log))
			}
			replicas := []replica{first, startReplica(t, cfg, shared...)}
			thoroughly(t, checksOn[store.name])
			rapid.Check(t, func(t *rapid.T) { t.Repeat(newMachine(replicas, clock, cfg, seen).actions()) })
		})
	}
	for _, outcome := range outcomes {
		if seen[outcome] == 0 {
			t.Errorf("%s: never came about", outcome)
		}
	}
	t.Logf("came about: %v", seen)
}

var machines int

// newMachine begins with nobody.
func newMachine(replicas []replica, clock *stepping, cfg config.Config, seen map[string]int) *machine {
	machines++
	return &machine{
		replicas: replicas, clock: clock, run: fmt.Sprint("run", machines),
		model: model{policy: cfg.Sessions, now: clock.Now(), banned: map[string]bool{}},
		users: map[string]domain.UserID{}, app: testkit.App(cfg), seen: seen,
	}
}
