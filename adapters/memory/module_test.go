package memory_test

import (
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/memory"
	"wxlogin/ports"
)

func TestModulePlugsEveryPort(t *testing.T) {
	var users ports.UserRepository
	var sessions ports.SessionRepository
	var probe ports.Probe
	app := fxtest.New(t, memory.Module, fx.Populate(&users, &sessions, &probe),
		fx.Supply(fx.Annotate(&clock{time.Now().UTC()}, fx.As(new(ports.Clock)))))
	app.RequireStart()
	defer app.RequireStop()
	if err := probe.Check(t.Context()); err != nil {
		t.Errorf("Check: got %v, want no error", err)
	}
	if users == nil || sessions == nil {
		t.Errorf("got repositories %v and %v, want both", users, sessions)
	}
}
