package memory

import (
	"context"

	"go.uber.org/fx"

	"wxlogin/ports"
)

// Probe implements ports.Probe: memory is always within reach.
type Probe struct{}

// NewProbe returns the probe.
func NewProbe() Probe { return Probe{} }

// Check returns nil.
func (Probe) Check(context.Context) error { return nil }

// Module plugs the repositories, the log and the probe into their ports. It needs
// a ports.Clock.
var Module = fx.Module("memory",
	fx.Provide(fx.Private, NewSessionRepository),
	fx.Provide(
		fx.Annotate(NewUserRepository, fx.As(new(ports.UserRepository))),
		func(r *SessionRepository) ports.SessionRepository { return r },
		fx.Annotate(NewRefreshRepository, fx.As(new(ports.RefreshRepository))),
		fx.Annotate(NewRevocationLog, fx.As(new(ports.RevocationLog))),
		fx.Annotate(NewProbe, fx.As(new(ports.Probe))),
	),
)
