package revocations

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the feed into its ports. It needs a ports.RevocationLog, a
// ports.Clock and a *slog.Logger. The feed runs if something needs one of its
// ports.
var Module = fx.Module("revocations",
	fx.Provide(fx.Private, fx.Annotate(NewFeed,
		fx.OnStart((*Feed).Start),
		fx.OnStop((*Feed).Stop),
	)),
	fx.Provide(
		// By function, since fx.As would hide the type from the hooks.
		func(f *Feed) ports.Revocations { return f },
		func(f *Feed) ports.RevocationProbe { return f },
	),
)
