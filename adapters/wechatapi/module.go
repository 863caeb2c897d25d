package wechatapi

import (
	"go.uber.org/fx"

	"wxlogin/ports"
)

// Module plugs WeChat's API into its ports. It needs a config.WeChat, a ports.Clock
// and a ports.PlatformMeter.
var Module = fx.Module("wechatapi",
	fx.Provide(fx.Private, fx.Annotate(NewPlatform, fx.OnStop((*Platform).Close))),
	fx.Provide(
		// By function, since fx.As would hide the type from the stop hook.
		func(p *Platform) ports.PlatformProbe { return p },
		fx.Annotate(NewCodeExchanger, fx.As(new(ports.CodeExchanger))),
		fx.Annotate(NewPlatformTokens, fx.As(new(ports.PlatformTokens))),
		fx.Annotate(NewPhoneCodeExchanger, fx.As(new(ports.PhoneCodeExchanger))),
		fx.Annotate(NewSessionKeyChecker, fx.As(new(ports.SessionKeyChecker))),
		fx.Annotate(NewOpenDataReader, fx.As(new(ports.OpenDataReader))),
		fx.Annotate(NewAppDirectory, fx.As(new(ports.AppDirectory))),
	),
)
