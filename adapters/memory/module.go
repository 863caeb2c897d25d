package memory

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the repositories, the logs and the probe into their ports. It needs
// a ports.Clock.
var Module = fx.Module("memory",
	fx.Provide(fx.Private, NewUserRepository, NewSessionRepository),
	fx.Provide(
		func(r *UserRepository) ports.UserRepository { return r },
		fx.Annotate(NewProfileRepository, fx.As(new(ports.ProfileRepository))),
		fx.Annotate(NewDeletionRepository, fx.As(new(ports.DeletionRepository))),
		fx.Annotate(NewUnionRepository, fx.As(new(ports.UnionRepository))),
		fx.Annotate(NewImportRepository, fx.As(new(ports.ImportRepository))),
		fx.Annotate(NewAuditLog, fx.As(new(ports.AuditLog))),
		func(r *SessionRepository) ports.SessionRepository { return r },
		fx.Annotate(NewRefreshRepository, fx.As(new(ports.RefreshRepository))),
		fx.Annotate(NewRevocationLog, fx.As(new(ports.RevocationLog))),
		fx.Annotate(NewProbe, fx.As(new(ports.Probe))),
	),
)

// AvatarModule plugs the pictures into their port. It needs nothing.
var AvatarModule = fx.Module("memory-avatars",
	fx.Provide(fx.Annotate(NewAvatarStore, fx.As(new(ports.AvatarStore)))),
)
