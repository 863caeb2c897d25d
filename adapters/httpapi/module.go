package httpapi

import (
	"go.uber.org/fx"
)

// Module provides the server. It listens once something needs a *Server.
var Module = fx.Module("httpapi",
	fx.Provide(fx.Annotate(NewServer,
		fx.ParamTags("", "", "", "", "", "", "", "", "", `group:"mounts"`),
		fx.OnStart((*Server).Start),
		fx.OnStop((*Server).Stop),
	)),
)
