package sqlite

import (
	"log/slog"

	"go.uber.org/fx"

	"wxlogin/config"
	"wxlogin/ports"
)

// Module plugs the repositories, the logs and the probe into their ports. It needs a
// config.SQLite, a ports.Clock and a *slog.Logger. The store is private: nothing outside this
// package can reach the database around a port. It is opened only if one of them
// is in use.
var Module = fx.Module("sqlite",
	fx.Provide(fx.Private, fx.Annotate(newLoggingStore,
		fx.OnStart((*Store).Open),
		fx.OnStop((*Store).Close),
	)),
	fx.Provide(
		fx.Annotate(NewUserRepository, fx.As(new(ports.UserRepository))),
		fx.Annotate(NewProfileRepository, fx.As(new(ports.ProfileRepository))),
		fx.Annotate(NewDeletionRepository, fx.As(new(ports.DeletionRepository))),
		fx.Annotate(NewUnionRepository, fx.As(new(ports.UnionRepository))),
		fx.Annotate(NewImportRepository, fx.As(new(ports.ImportRepository))),
		fx.Annotate(NewAuditLog, fx.As(new(ports.AuditLog))),
		fx.Annotate(NewSessionRepository, fx.As(new(ports.SessionRepository))),
		fx.Annotate(NewRefreshRepository, fx.As(new(ports.RefreshRepository))),
		fx.Annotate(NewRevocationLog, fx.As(new(ports.RevocationLog))),
		fx.Annotate(NewProbe, fx.As(new(ports.Probe))),
	),
)

func newLoggingStore(cfg config.SQLite, clock ports.Clock, log *slog.Logger) *Store {
	s := NewStore(cfg, clock)
	s.LogTo(log)
	return s
}
