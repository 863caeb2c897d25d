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
	var profiles ports.ProfileRepository
	var deletions ports.DeletionRepository
	var unions ports.UnionRepository
	var audit ports.AuditLog
	var probe ports.Probe
	app := fxtest.New(t, memory.Module, fx.Populate(&users, &sessions, &refreshes, &log, &probe),
		fx.Populate(&profiles, &deletions, &unions, &audit),
		fx.Supply(fx.Annotate(&clock{time.Now().UTC()}, fx.As(new(ports.Clock)))))
	app.RequireStart()
	defer app.RequireStop()
	if err := probe.Check(t.Context()); err != nil {
		t.Errorf("Check: got %v, want no error", err)
	}
	if log == nil || unions == nil || audit == nil {
		t.Errorf("got revocations %v, unions %v and audit %v, want all", log, unions, audit)
	}
	who := domain.WeChatIdentity{AppID: "wx0123456789abcdef", OpenID: "o1"}
	if _, _, err := users.RecordLogin(t.Context(), domain.NewWeChatUser("u1", who, domain.Profile{}, time.Now())); err != nil {
		t.Fatalf("RecordLogin: got %v, want no error", err)
	}
	if _, err := profiles.ChangeProfile(t.Context(), who.Key(), domain.ProfileChange{}); err != nil {
		t.Errorf("ChangeProfile: got %v, want who was recorded through the other port", err)
	}
	if err := deletions.ScheduleDeletion(t.Context(), "u1", time.Now()); err != nil {
		t.Errorf("ScheduleDeletion: got %v, want who was recorded through the other port", err)
	}
	s := domain.Session{ID: "s1", Family: "family", ExpiresAt: time.Now().Add(time.Hour), AbsoluteAt: time.Now().Add(time.Hour)}
	if err := sessions.Save(t.Context(), s); err != nil {
		t.Fatalf("Save: got %v, want no error", err)
	}
	if found, err := refreshes.FindByFamily(t.Context(), "family", time.Now()); err != nil || found.ID != s.ID {
		t.Errorf("FindByFamily: got %v and error %v, want what was saved through the other port", found.ID, err)
	}
}
