package sealing

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the key ring into ports.SessionKeySealer and ports.PhoneSealer.
var Module = fx.Module("sealing",
	fx.Provide(
		fx.Annotate(NewSessionKeySealer, fx.As(new(ports.SessionKeySealer))),
		fx.Annotate(NewPhoneSealer, fx.As(new(ports.PhoneSealer))),
	),
)
