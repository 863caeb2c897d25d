package system

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the machine into ports.Clock, ports.Pauser and ports.Entropy.
var Module = fx.Module("system",
	fx.Provide(
		fx.Annotate(NewClock, fx.As(new(ports.Clock))),
		fx.Annotate(NewPauser, fx.As(new(ports.Pauser))),
		fx.Annotate(NewEntropy, fx.As(new(ports.Entropy))),
	),
)
