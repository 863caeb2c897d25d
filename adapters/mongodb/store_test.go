package mongodb_test

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/mongodb"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/testkit"
)

func indexes(t *testing.T, c *mongo.Collection) []string {
	t.Helper()
	all, err := c.Indexes().ListSpecifications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, index := range all {
		names = append(names, index.Name)
	}
	slices.Sort(names)
	return names
}

func TestIndexesAreMadeOnceHoweverOftenAStoreOpens(t *testing.T) {
	uri := testkit.MongoDB(t)
	for range 3 {
		opened(t, uri)
	}
	db := raw(t, uri)
	if got, want := indexes(t, db.Collection("users")), []string{"_id_", "uid"}; !slices.Equal(got, want) {
		t.Errorf("users: got indexes %v, want %v", got, want)
	}
	got := indexes(t, db.Collection("sessions"))
	if want := []string{"_id_", "identity_newest"}; !slices.Equal(got, want) && !slices.Equal(got, append(want[:1:1], "ends_at_ttl", want[1])) {
		t.Errorf("sessions: got indexes %v, want %v and perhaps ends_at_ttl", got, want)
	}
}

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

func TestWhatHasExpiredIsSweptWhereTheServerDoesNot(t *testing.T) {
	uri := testkit.MongoDB(t)
	now := time.Now().UTC()
	sessions := mongodb.NewSessionRepository(opened(t, uri))
	stored := raw(t, uri).Collection("sessions")
	if slices.Contains(indexes(t, stored), "ends_at_ttl") {
		t.Skip("this server has TTL indexes and removes what has expired by itself")
	}
	for device, absolute := range map[string]time.Duration{"expires-1": time.Hour, "stays-1": 3 * time.Hour, "expires-2": time.Hour} {
		s := domain.Session{ID: domain.SessionID(device), UserID: "u1", Identity: "wx1:o1", Device: domain.Device{ID: device},
			CreatedAt: now, ExpiresAt: now.Add(3 * time.Hour), AbsoluteAt: now.Add(absolute)}
		if err := sessions.Save(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	later := store(t, uri, &clock{now: now.Add(2 * time.Hour)}, io.Discard)
	if err := later.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left []struct {
		Slot string `bson:"_id"`
	}
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end) && len(left) != 1; time.Sleep(5 * time.Millisecond) {
		cursor, err := stored.Find(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		if err := cursor.All(t.Context(), &left); err != nil {
			t.Fatal(err)
		}
	}
	if len(left) != 1 || left[0].Slot != "wx1:o1@stays-1" {
		t.Errorf("got %v left, want the live session alone", left)
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
	if _, err := mongodb.NewUserRepository(s).Find(t.Context(), canary+"2"); err == nil {
		t.Fatal("Find of nobody: got no error")
	}
	text := log.String()
	if strings.Contains(text, canary) {
		t.Errorf("the log holds a value:\n%s", text)
	}
	for _, want := range []string{"name=findAndModify collection=users", "name=insert collection=sessions", "failed=false"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log lacks %q:\n%s", want, text)
		}
	}
}

func TestModuleOpensAndClosesWithTheService(t *testing.T) {
	uri := testkit.MongoDB(t)
	var users ports.UserRepository
	var sessions ports.SessionRepository
	var probe ports.Probe
	app := fxtest.New(t, mongodb.Module, fx.NopLogger,
		fx.Supply(config.MongoDB{URI: domain.NewSecret(uri)}, slog.New(slog.DiscardHandler), fx.Annotate(&clock{}, fx.As(new(ports.Clock)))),
		fx.Populate(&users, &sessions, &probe))
	app.RequireStart()
	if err := probe.Check(t.Context()); err != nil {
		t.Errorf("Check of a started service: got %v, want no error", err)
	}
	if _, created, err := users.RecordLogin(t.Context(), visitor); err != nil || !created {
		t.Errorf("RecordLogin: got created %t and error %v, want a new user", created, err)
	}
	app.RequireStop()
	if err := probe.Check(t.Context()); err == nil {
		t.Error("Check of a stopped service: got no error")
	}
}
