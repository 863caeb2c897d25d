package application

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the use cases into the inbound ports. It needs a Policy and every
// outbound port.
var Module = fx.Module("application",
	fx.Provide(fx.Private, NewProfileReader, NewGranter, NewSessionOpener, NewLoginRetrier, NewSessionEnder, NewInspector),
	fx.Provide(
		fx.Annotate(NewLoginUseCase, fx.As(new(ports.LoginUseCase))),
		fx.Annotate(NewRefreshUseCase, fx.As(new(ports.RefreshUseCase))),
		fx.Annotate(NewListSessionsUseCase, fx.As(new(ports.ListSessionsUseCase))),
		fx.Annotate(NewLogoutUseCase, fx.As(new(ports.LogoutUseCase))),
		fx.Annotate(NewIntrospectUseCase, fx.As(new(ports.IntrospectUseCase))),
		fx.Annotate(NewRevokeTokenUseCase, fx.As(new(ports.RevokeTokenUseCase))),
		fx.Annotate(NewAuthenticateUseCase, fx.As(new(ports.AuthenticateUseCase))),
		fx.Annotate(NewAccountUseCase, fx.As(new(ports.AccountUseCase))),
		fx.Annotate(NewBanUseCase, fx.As(new(ports.BanUseCase))),
	),
)
