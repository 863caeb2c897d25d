package mongodb_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/mongodb"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

func TestStoresMayOpenAtOnce(t *testing.T) {
	uri := testkit.MongoDB(t)
	errs := make(chan error)
	for range 8 {
		s := store(t, uri, &clock{now: time.Now()}, io.Discard)
		go func() { errs <- s.Open(context.Background()) }()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Errorf("Open: got %v, want no error", err)
		}
	}
}

func TestLogHoldsNoValues(t *testing.T) {
	const canary = "canary-Va1ue"
	uri := testkit.MongoDB(t)
	var log testkit.Buffer
	s := store(t, uri, &clock{now: time.Now()}, &log)
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	v := domain.NewWeChatUser(canary, domain.WeChatIdentity{AppID: canary, OpenID: canary, UnionID: canary},
		domain.Profile{Nickname: canary}, time.Now())
	if _, _, err := mongodb.NewUserRepository(s).RecordLogin(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	session := domain.Session{ID: canary, UserID: canary, Identity: v.Identity.Key(), Refresh: canary, Key: canary,
		CreatedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour), AbsoluteAt: time.Now().Add(time.Hour)}
	if err := mongodb.NewSessionRepository(s).Save(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	refreshes, end := mongodb.NewRefreshRepository(s), time.Now().Add(time.Hour)
	for range 2 {
		if _, err := refreshes.Claim(t.Context(), domain.RefreshClaim{Parent: canary, Child: canary, Sealed: canary, EndsAt: end}); err != nil {
			t.Fatal(err)
		}
	}
	if moved, err := refreshes.Renew(t.Context(), session, canary); err != nil || !moved {
		t.Fatalf("Renew: got %t and error %v, want it done", moved, err)
	}
	revoked := domain.Revocation{SessionID: canary, At: time.Now(), Until: end}
	if err := mongodb.NewRevocationLog(s).Record(t.Context(), revoked); err != nil {
		t.Fatal(err)
	}
	if err := mongodb.NewSessionRepository(s).Delete(t.Context(), canary, canary); err != nil {
		t.Fatal(err)
	}
	if _, err := mongodb.NewUserRepository(s).Find(t.Context(), canary+"2"); err == nil {
		t.Fatal("Find of nobody: got no error")
	}
	text := log.String()
	if strings.Contains(text, canary) {
		t.Errorf("the log holds a value:\n%s", text)
	}
	for _, want := range []string{
		"name=findAndModify collection=users", "name=insert collection=sessions", "name=insert collection=refresh_claims",
		"name=update collection=revocations", "name=delete collection=sessions", "failed=false",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the log lacks %q:\n%s", want, text)
		}
	}
}

func TestModuleOpensAndClosesWithTheService(t *testing.T) {
	uri := testkit.MongoDB(t)
	var users ports.UserRepository
	var sessions ports.SessionRepository
	var refreshes ports.RefreshRepository
	var log ports.RevocationLog
	var probe ports.Probe
	app := fxtest.New(t, mongodb.Module, fx.NopLogger,
		fx.Supply(config.MongoDB{URI: domain.NewSecret(uri)}, slog.New(slog.DiscardHandler), fx.Annotate(&clock{}, fx.As(new(ports.Clock)))),
		fx.Populate(&users, &sessions, &refreshes, &log, &probe))
	app.RequireStart()
	if err := probe.Check(t.Context()); err != nil {
		t.Errorf("Check of a started service: got %v, want no error", err)
	}
	if _, created, err := users.RecordLogin(t.Context(), visitor); err != nil || !created {
		t.Errorf("RecordLogin: got created %t and error %v, want a new user", created, err)
	}
	if err := sessions.Save(t.Context(), domain.Session{ID: "s1"}); err != nil {
		t.Errorf("Save: got %v, want no error", err)
	}
	if _, err := refreshes.FindClaim(t.Context(), "nobody's"); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("FindClaim: got %v, want %v", err, domain.ErrNotFound)
	}
	if err := log.Record(t.Context(), domain.Revocation{SessionID: "s1", At: time.Now(), Until: time.Now()}); err != nil {
		t.Errorf("Record: got %v, want no error", err)
	}
	app.RequireStop()
	if err := probe.Check(t.Context()); err == nil {
		t.Error("Check of a stopped service: got no error")
	}
}
