package application

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs the use cases into the inbound ports. It needs a Policy and every
// outbound port.
var Module = fx.Module("application",
	fx.Provide(fx.Private, NewProfileReader, NewGranter, NewSessionOpener, NewLoginRetrier, NewSessionEnder, NewInspector,
		NewAccountKeeper, NewSessionKeys, NewPhoneBinder, NewRecorder, NewUserMover, NewUserLinker, NewUserEraser, NewUserAdmitter, NewLoginFinisher),
	fx.Provide(
		fx.Annotate(NewLoginUseCase, fx.As(new(ports.LoginUseCase))),
		fx.Annotate(NewVouchedLoginUseCase, fx.As(new(ports.VouchedLoginUseCase))),
		fx.Annotate(NewRefreshUseCase, fx.As(new(ports.RefreshUseCase))),
		fx.Annotate(NewListSessionsUseCase, fx.As(new(ports.ListSessionsUseCase))),
		fx.Annotate(NewLogoutUseCase, fx.As(new(ports.LogoutUseCase))),
		fx.Annotate(NewIntrospectUseCase, fx.As(new(ports.IntrospectUseCase))),
		fx.Annotate(NewRevokeTokenUseCase, fx.As(new(ports.RevokeTokenUseCase))),
		fx.Annotate(NewAuthenticateUseCase, fx.As(new(ports.AuthenticateUseCase))),
		fx.Annotate(NewAccountUseCase, fx.As(new(ports.AccountUseCase))),
		fx.Annotate(NewExportUseCase, fx.As(new(ports.ExportUseCase))),
		fx.Annotate(NewProfileUseCase, fx.As(new(ports.ProfileUseCase))),
		fx.Annotate(NewAvatarUseCase, fx.As(new(ports.AvatarUseCase))),
		fx.Annotate(NewPhoneUseCase, fx.As(new(ports.PhoneUseCase))),
		fx.Annotate(NewWeChatSessionUseCase, fx.As(new(ports.WeChatSessionUseCase))),
		fx.Annotate(NewLeaveUseCase, fx.As(new(ports.LeaveUseCase))),
		fx.Annotate(NewEraseUseCase, fx.As(new(ports.EraseUseCase))),
		fx.Annotate(NewPlatformEventUseCase, fx.As(new(ports.PlatformEventUseCase))),
		fx.Annotate(NewPlatformTokenUseCase, fx.As(new(ports.PlatformTokenUseCase))),
		fx.Annotate(NewBanUseCase, fx.As(new(ports.BanUseCase))),
		fx.Annotate(NewLinkUseCase, fx.As(new(ports.LinkUseCase))),
		fx.Annotate(NewInspectUsersUseCase, fx.As(new(ports.InspectUsersUseCase))),
		fx.Annotate(NewFindByPhoneUseCase, fx.As(new(ports.FindByPhoneUseCase))),
		fx.Annotate(NewImportUseCase, fx.As(new(ports.ImportUseCase))),
		fx.Annotate(NewResetSessionKeyUseCase, fx.As(new(ports.ResetSessionKeyUseCase))),
	),
)
