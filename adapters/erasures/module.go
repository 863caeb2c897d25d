package erasures

import "go.uber.org/fx"

// Module provides the job, which runs once something needs a *Job. It needs a
// ports.EraseUseCase and a *slog.Logger.
var Module = fx.Module("erasures",
	fx.Provide(fx.Annotate(NewJob,
		fx.OnStart((*Job).Start),
		fx.OnStop((*Job).Stop),
	)),
)
