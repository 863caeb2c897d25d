package memory_test

import (
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/memory"
	"wxlogin/domain"
	"wxlogin/ports"
)

func TestModulePlugsEveryPort(t *testing.T) {
	var users ports.UserRepository
	var sessions ports.SessionRepository
	var refreshes ports.RefreshRepository
	var log ports.RevocationLog
	var probe ports.Probe
	app := fxtest.New(t, memory.Module, fx.Populate(&users, &sessions, &refreshes, &log, &probe),
		fx.Supply(fx.Annotate(&clock{time.Now().UTC()}, fx.As(new(ports.Clock)))))
	app.RequireStart()
	defer app.RequireStop()
	if err := probe.Check(t.Context()); err != nil {
		t.Errorf("Check: got %v, want no error", err)
	}
	if users == nil || log == nil {
		t.Errorf("got users %v and revocations %v, want both", users, log)
	}
	s := domain.Session{ID: "s1", Family: "family", ExpiresAt: time.Now().Add(time.Hour), AbsoluteAt: time.Now().Add(time.Hour)}
	if err := sessions.Save(t.Context(), s); err != nil {
		t.Fatalf("Save: got %v, want no error", err)
	}
	if found, err := refreshes.FindByFamily(t.Context(), "family", time.Now()); err != nil || found.ID != s.ID {
		t.Errorf("FindByFamily: got %v and error %v, want what was saved through the other port", found.ID, err)
	}
}
