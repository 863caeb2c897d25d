package telemetry

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the sink of events into its port and provides the operators'
// server, which listens once something needs a *Server. It needs a
// config.Admin, a *slog.Logger and the probes.
var Module = fx.Module("telemetry",
	fx.Provide(fx.Private, NewRegistry, NewEventSink),
	fx.Provide(
		func(s *EventSink) ports.EventSink { return s },
		fx.Annotate(NewServer,
			fx.OnStart((*Server).Start),
			fx.OnStop((*Server).Stop),
		),
	),
)
