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
	changeAll(t, s, v.Identity.Key(), canary)
	if _, err := mongodb.NewUserRepository(s).Find(t.Context(), canary+"2"); err == nil {
		t.Fatal("Find of nobody: got no error")
	}
	text := log.String()
	if strings.Contains(text, canary) {
		t.Errorf("the log holds a value:\n%s", text)
	}
	for _, want := range []string{
		"name=findAndModify collection=users", "name=insert collection=sessions", "name=insert collection=refresh_claims",
		"name=update collection=revocations", "name=delete collection=sessions",
		"name=insert collection=unions", "name=insert collection=audit", "failed=false",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the log lacks %q:\n%s", want, text)
		}
	}
}

// changeAll stores the canary wherever an account has a place for it.
func changeAll(t *testing.T, s *mongodb.Store, key domain.IdentityKey, canary string) {
	t.Helper()
	profiles, unions := mongodb.NewProfileRepository(s), mongodb.NewUnionRepository(s)
	change := domain.ProfileChange{Nickname: canary, AvatarURL: canary, Avatar: domain.AvatarName(canary), At: time.Now(),
		Phone: domain.SealedPhone{Text: canary, Index: domain.PhoneIndex(canary)}}
	if _, err := profiles.ChangeProfile(t.Context(), key, change); err != nil {
		t.Fatal(err)
	}
	if _, err := profiles.FindByPhone(t.Context(), change.Phone.Index); err != nil {
		t.Fatal(err)
	}
	claim := domain.UnionClaim{Union: domain.UnionID(canary), UserID: domain.UserID(canary)}
	for range 2 {
		if _, err := unions.ClaimUnion(t.Context(), claim); err != nil {
			t.Fatal(err)
		}
		entry := domain.AuditEntry{ID: canary, At: time.Now(), Action: domain.AuditErased, UserID: claim.UserID, OtherID: claim.UserID}
		if err := mongodb.NewAuditLog(s).Append(t.Context(), entry); err != nil {
			t.Fatal(err)
		}
	}
}

// started is a service of the module, whose ports are put into all of these.
func started(t *testing.T, targets ...any) *fxtest.App {
	t.Helper()
	cfg := config.MongoDB{URI: domain.NewSecret(testkit.MongoDB(t))}
	app := fxtest.New(t, mongodb.Module, fx.NopLogger, fx.Populate(targets...),
		fx.Supply(cfg, slog.New(slog.DiscardHandler), fx.Annotate(&clock{}, fx.As(new(ports.Clock)))))
	app.RequireStart()
	return app
}

func TestModuleOpensAndClosesWithTheService(t *testing.T) {
	var users ports.UserRepository
	var sessions ports.SessionRepository
	var refreshes ports.RefreshRepository
	var log ports.RevocationLog
	var probe ports.Probe
	app := started(t, &users, &sessions, &refreshes, &log, &probe)
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

func TestModulePlugsInTheAccounts(t *testing.T) {
	var profiles ports.ProfileRepository
	var deletions ports.DeletionRepository
	var unions ports.UnionRepository
	var audit ports.AuditLog
	app := started(t, &profiles, &deletions, &unions, &audit)
	defer app.RequireStop()
	if found, err := profiles.FindByPhone(t.Context(), "p"); err != nil || len(found) != 0 {
		t.Errorf("FindByPhone: got %v and error %v, want nobody", found, err)
	}
	if err := deletions.Erase(t.Context(), "nobody", time.Now()); err != nil {
		t.Errorf("Erase: got %v, want no error", err)
	}
	if err := unions.ReleaseUnions(t.Context(), "nobody"); err != nil {
		t.Errorf("ReleaseUnions: got %v, want no error", err)
	}
	if found, err := audit.FindEntries(t.Context(), "", 1); err != nil || len(found) != 0 {
		t.Errorf("FindEntries: got %v and error %v, want none", found, err)
	}
}
