package sqlite_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/fx"
	"go.uber.org/fx/fxtest"

	"wxlogin/adapters/sqlite"
	"wxlogin/config"
	"wxlogin/domain"
	"wxlogin/ports"
)

func supplies(dir string) fx.Option {
	return fx.Supply(config.SQLite{Dir: dir}, slog.New(slog.DiscardHandler), fx.Annotate(machineClock{}, fx.As(new(ports.Clock))))
}

func TestModulePlugsEveryPort(t *testing.T) {
	dir := t.TempDir()
	var users ports.UserRepository
	var sessions ports.SessionRepository
	var refreshes ports.RefreshRepository
	var log ports.RevocationLog
	var profiles ports.ProfileRepository
	var deletions ports.DeletionRepository
	var unions ports.UnionRepository
	var audit ports.AuditLog
	var probe ports.Probe
	app := fxtest.New(t, sqlite.Module, supplies(dir), fx.Populate(&users, &sessions, &refreshes, &log, &probe),
		fx.Populate(&profiles, &deletions, &unions, &audit))
	app.RequireStart()
	if _, _, err := users.RecordLogin(t.Context(), visitor(1)); err != nil {
		t.Errorf("RecordLogin: got %v, want no error", err)
	}
	if err := sessions.Save(t.Context(), session(1)); err != nil {
		t.Errorf("Save: got %v, want no error", err)
	}
	if stored, err := refreshes.Renew(t.Context(), renewed(1), session(1).Refresh); err != nil || !stored {
		t.Errorf("Renew: got %t and error %v, want true and none", stored, err)
	}
	if err := log.Record(t.Context(), revocation(1)); err != nil {
		t.Errorf("Record: got %v, want no error", err)
	}
	_, changed := profiles.ChangeProfile(t.Context(), visitor(1).Identity.Key(), domain.ProfileChange{})
	err := errors.Join(
		changed,
		deletions.ScheduleDeletion(t.Context(), visitor(1).ID, time.Now()),
		unions.ReleaseUnions(t.Context(), visitor(1).ID),
		audit.Append(t.Context(), domain.AuditEntry{ID: "e1", At: time.Now()}),
	)
	if err != nil {
		t.Errorf("through the ports of accounts: got %v, want no error", err)
	}
	if err := probe.Check(t.Context()); err != nil {
		t.Errorf("Check: got %v, want no error", err)
	}
	app.RequireStop()
	wantUnavailable(t, probe.Check(t.Context()))
}

func TestModuleOpensNothingUnasked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	app := fxtest.New(t, sqlite.Module, supplies(dir))
	app.RequireStart().RequireStop()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("got %v, want no directory made", err)
	}
}

func TestModuleKeepsTheStoreToItself(t *testing.T) {
	var store *sqlite.Store
	app := fx.New(fx.NopLogger, sqlite.Module, supplies(t.TempDir()), fx.Populate(&store))
	if app.Err() == nil {
		t.Error("got the store from outside the module, want an error")
	}
}
