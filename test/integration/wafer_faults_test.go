package integration

import (
	"context"
	"testing"

	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

// panicking is what the routes of wafer2 call, broken.
type panicking struct{}

func (panicking) Login(context.Context, ports.LoginCommand) (ports.Login, error) { panic("login") }

func (panicking) Me(context.Context, domain.Caller) (ports.Account, error) { panic("me") }

func TestWaferPanicIsAnAnswerThatKeepsTheSkey(t *testing.T) { // T-39
	cfg := testkit.Config(t)
	wechat := testkit.Simulate(t, &cfg)
	whole := world{testkit.NewClient(t, testkit.Start(t, cfg)), wechat, cfg}
	phone := &waferPhone{w: whole, person: "alice"}
	phone.login(t, "alice")
	phone.w.Client = testkit.NewClient(t, testkit.Start(t, cfg, testkit.Swap[ports.LoginUseCase](panicking{}), testkit.Swap[ports.AccountUseCase](panicking{})))
	if answer := phone.user(t); answer.Code != 1 || answer.Error != "ERR_INTERNAL" {
		t.Errorf("a request: got %+v, want code 1", answer)
	}
	if _, answer := phone.loginWithCode(t); answer.Code != -1 || answer.Error != "ERR_INTERNAL" {
		t.Errorf("a login: got %+v, want ERR_INTERNAL", answer)
	}
}
