package serviceclients

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the directory into its port. It needs a config.Clients.
var Module = fx.Module("serviceclients",
	fx.Provide(fx.Annotate(NewDirectory, fx.As(new(ports.ServiceClientDirectory)))),
)
