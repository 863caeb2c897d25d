package mongodb

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the repositories and the probe into their ports. The store is
// private: nothing outside this package reaches the database around a port. It is
// opened only if one of them is in use, and then before whoever uses it starts.
// It needs a config.MongoDB, a ports.Clock and a *slog.Logger.
var Module = fx.Module("mongodb", parts)

// ModuleWithAvatars is Module and keeps the pictures, too.
var ModuleWithAvatars = fx.Module("mongodb", parts,
	fx.Provide(fx.Annotate(NewAvatarStore, fx.As(new(ports.AvatarStore)))),
)

// ScaffoldModule plugs the koa scaffold's users into ports.FormerUsers. It needs a
// config.Former.
var ScaffoldModule = fx.Module("scaffold-users",
	fx.Provide(fx.Private, fx.Annotate(NewScaffoldUsers, fx.OnStop((*ScaffoldUsers).Close))),
	fx.Provide(func(u *ScaffoldUsers) ports.FormerUsers { return u }),
)

var parts = fx.Options(
	fx.Provide(fx.Private, fx.Annotate(NewStore,
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
