package mongodb_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.uber.org/goleak"

	"wxlogin/adapters/mongodb"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
	"wxlogin/test/contract"
	"wxlogin/test/testkit"
)

func TestMain(m *testing.M) {
	code := m.Run()
	testkit.StopMongoDB()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func TestUserRepository(t *testing.T) {
	contract.UserRepository(t, func(t *testing.T) ports.UserRepository {
		return mongodb.NewUserRepository(opened(t, testkit.MongoDB(t)))
	})
}

func TestProfileRepository(t *testing.T) {
	contract.ProfileRepository(t, func(t *testing.T) (ports.UserRepository, ports.ProfileRepository) {
		s := opened(t, testkit.MongoDB(t))
		return mongodb.NewUserRepository(s), mongodb.NewProfileRepository(s)
	})
}

func TestDeletionRepository(t *testing.T) {
	contract.DeletionRepository(t, func(t *testing.T) (ports.UserRepository, ports.DeletionRepository) {
		s := opened(t, testkit.MongoDB(t))
		return mongodb.NewUserRepository(s), mongodb.NewDeletionRepository(s)
	})
}

func TestImportRepository(t *testing.T) {
	contract.ImportRepository(t, func(t *testing.T) (ports.UserRepository, ports.ImportRepository) {
		s := opened(t, testkit.MongoDB(t))
		return mongodb.NewUserRepository(s), mongodb.NewImportRepository(s)
	})
}

func TestUnionRepository(t *testing.T) {
	contract.UnionRepository(t, func(t *testing.T) ports.UnionRepository {
		return mongodb.NewUnionRepository(opened(t, testkit.MongoDB(t)))
	})
}

func TestAuditLog(t *testing.T) {
	contract.AuditLog(t, func(t *testing.T) ports.AuditLog {
		return mongodb.NewAuditLog(opened(t, testkit.MongoDB(t)))
	})
}

func TestSessionRepository(t *testing.T) {
	contract.SessionRepository(t, func(t *testing.T) ports.SessionRepository {
		return mongodb.NewSessionRepository(opened(t, testkit.MongoDB(t)))
	})
}

func TestRefreshRepository(t *testing.T) {
	contract.RefreshRepository(t, func(t *testing.T) (ports.SessionRepository, ports.RefreshRepository) {
		s := opened(t, testkit.MongoDB(t))
		return mongodb.NewSessionRepository(s), mongodb.NewRefreshRepository(s)
	})
}

func TestRevocationLog(t *testing.T) {
	contract.RevocationLog(t, func(t *testing.T) ports.RevocationLog {
		return mongodb.NewRevocationLog(opened(t, testkit.MongoDB(t)))
	})
}

// clock is a ports.Clock that stands still.
type clock struct {
	now time.Time
}

func (c *clock) Now() time.Time { return c.now }

// store returns a store that is closed after the test.
func store(t *testing.T, uri string, clock ports.Clock, log io.Writer) *mongodb.Store {
	t.Helper()
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := mongodb.NewStore(config.MongoDB{URI: domain.NewSecret(uri)}, clock, logger)
	if err != nil {
		t.Fatalf("NewStore: got %v, want no error", err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("Close: got %v, want no error", err)
		}
	})
	return s
}

func opened(t *testing.T, uri string) *mongodb.Store {
	t.Helper()
	s := store(t, uri, &clock{now: time.Now().UTC()}, io.Discard)
	if err := s.Open(t.Context()); err != nil {
		t.Fatalf("Open: got %v, want no error", err)
	}
	return s
}

// raw is the same database, seen around the adapter.
func raw(t *testing.T, uri string) *mongo.Database {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	return client.Database(mongodb.DatabaseOf(uri))
}
