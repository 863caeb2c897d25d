package application

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the use cases into the inbound ports. It needs a Policy and every
// outbound port.
var Module = fx.Module("application",
	fx.Provide(fx.Private, NewProfileReader, NewSessionOpener),
	fx.Provide(
		fx.Annotate(NewLoginUseCase, fx.As(new(ports.LoginUseCase))),
		fx.Annotate(NewAuthenticateUseCase, fx.As(new(ports.AuthenticateUseCase))),
		fx.Annotate(NewAccountUseCase, fx.As(new(ports.AccountUseCase))),
		fx.Annotate(NewBanUseCase, fx.As(new(ports.BanUseCase))),
	),
)
