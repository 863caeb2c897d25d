package sqlite

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the repositories, the log and the probe into their ports. It needs a
// config.SQLite and a ports.Clock. The store is private: nothing outside this
// package can reach the database around a port. It is opened only if one of them
// is in use.
var Module = fx.Module("sqlite",
	fx.Provide(fx.Private, fx.Annotate(NewStore,
		fx.OnStart((*Store).Open),
		fx.OnStop((*Store).Close),
	)),
	fx.Provide(
		fx.Annotate(NewUserRepository, fx.As(new(ports.UserRepository))),
		fx.Annotate(NewSessionRepository, fx.As(new(ports.SessionRepository))),
		fx.Annotate(NewRefreshRepository, fx.As(new(ports.RefreshRepository))),
		fx.Annotate(NewRevocationLog, fx.As(new(ports.RevocationLog))),
		fx.Annotate(NewProbe, fx.As(new(ports.Probe))),
	),
)
