package telemetry

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the sink of events and the meter into their ports and provides the
// operators' server, which listens once something needs a *Server. It needs a
// config.Admin, a *slog.Logger and the probes; only the server needs these, so that
// what is probed may need the meter.
var Module = fx.Module("telemetry",
	fx.Provide(fx.Private, NewRegistry),
	fx.Provide(
		fx.Annotate(NewEventSink, fx.As(new(ports.EventSink))),
		fx.Annotate(NewPlatformMeter, fx.As(new(ports.PlatformMeter))),
		fx.Annotate(NewServer,
			fx.OnStart((*Server).Start),
			fx.OnStop((*Server).Stop),
		),
	),
)
